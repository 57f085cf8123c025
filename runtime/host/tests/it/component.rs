//! Components made from WIT alone. Each function gives back what it is called with where that is
//! the same word in the core module, and traps otherwise.

use std::fmt::Write as _;
use std::path::Path;

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::abi::{AbiVariant, WasmSignature, WasmType};
use wit_parser::{
    Function, LiftLowerAbi, ManglingAndAbi, Resolve, WasmExport, WasmExportKind, WasmImport,
    WorldId, WorldItem, WorldKey,
};

const MANGLING: ManglingAndAbi = ManglingAndAbi::Legacy(LiftLowerAbi::Sync);

/// Memory, and an allocator that never frees.
const MEMORY: &str = r#"
  (memory (export "memory") 16)
  (global $next (mut i32) (i32.const 1024))
  (func (export "cabi_realloc") (param $old i32) (param $old_size i32) (param $align i32)
    (param $size i32) (result i32)
    (local $at i32)
    (local.set $at
      (i32.and
        (i32.add (global.get $next) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
    (global.set $next (i32.add (local.get $at) (local.get $size)))
    (local.get $at))
"#;

/// A component of the one world in `wit`, which may use `wharf:host`.
pub(crate) fn from_wit(wit: &str) -> Vec<u8> {
    with_core_sections(wit, &[])
}

/// A component whose core module carries these custom sections.
pub(crate) fn with_core_sections(wit: &str, sections: &[(&str, &[u8])]) -> Vec<u8> {
    let (resolve, world) = parse(wit);
    let mut module = wat::parse_str(core(&resolve, world)).expect("the core module is well-formed");
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8)
        .expect("the world can be embedded");
    for (name, content) in sections {
        append_section(&mut module, name, content);
    }
    let mut encoder = ComponentEncoder::default().validate(true).module(&module);
    encoder.as_mut().expect("the module is accepted").encode().expect("the component is made")
}

/// Adds a custom section to a module or a component.
pub(crate) fn append_section(binary: &mut Vec<u8>, name: &str, content: &[u8]) {
    let mut body = leb(name.len());
    body.extend(name.as_bytes());
    body.extend(content);
    binary.push(0);
    binary.extend(leb(body.len()));
    binary.extend(body);
}

/// Entries of a section `wharf:meta`.
pub(crate) fn entries(texts: &[&str]) -> Vec<u8> {
    let entry = |text: &&str| {
        let length = u32::try_from(text.len()).expect("a test writes short texts");
        [&length.to_le_bytes()[..], text.as_bytes()].concat()
    };
    texts.iter().flat_map(entry).collect()
}

pub(crate) fn leb(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        bytes.push(if number == 0 { low } else { low | 0x80 });
        if number == 0 {
            return bytes;
        }
    }
}

fn parse(wit: &str) -> (Resolve, WorldId) {
    let contract = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk/wit/host-1.0.0");
    let mut resolve = Resolve::default();
    if !wit.contains("package wharf:host") {
        resolve.push_dir(contract).expect("the contract parses");
    }
    let package = resolve.push_source("test.wit", wit).expect("the test's WIT parses");
    let world = resolve.select_world(&[package], None).expect("there is one world");
    (resolve, world)
}

/// The core module of the world.
fn core(resolve: &Resolve, world: WorldId) -> String {
    let mut text = "(module\n".to_owned();
    for (interface, function) in functions(resolve, &resolve.worlds[world].imports) {
        let (module, name) =
            resolve.wasm_import_name(MANGLING, WasmImport::Func { interface, func: function });
        let shape = resolve.wasm_signature(AbiVariant::GuestImport, function);
        writeln!(text, "(import {module:?} {name:?} (func {}))", types(&shape)).expect("a string");
    }
    text.push_str(MEMORY);
    for (interface, function) in functions(resolve, &resolve.worlds[world].exports) {
        let kind = WasmExportKind::Normal;
        let name = resolve
            .wasm_export_name(MANGLING, WasmExport::Func { interface, func: function, kind });
        let shape = resolve.wasm_signature(AbiVariant::GuestExport, function);
        let body = if shape.params == shape.results || is_pointer_to_pointer(&shape) {
            "local.get 0"
        } else {
            "unreachable"
        };
        let body = if shape.results.is_empty() { "" } else { body };
        writeln!(text, "(func (export {name:?}) {} {body})", types(&shape)).expect("a string");
    }
    text.push(')');
    text
}

fn is_pointer_to_pointer(shape: &WasmSignature) -> bool {
    shape.params.len() == 1 && shape.indirect_params && shape.retptr
}

fn functions<'r>(
    resolve: &'r Resolve,
    items: &'r wit_parser::IndexMap<WorldKey, WorldItem>,
) -> Vec<(Option<&'r WorldKey>, &'r Function)> {
    let mut functions = Vec::new();
    for (key, item) in items {
        match item {
            WorldItem::Interface { id, .. } => {
                let all = resolve.interfaces[*id].functions.values();
                functions.extend(all.map(|function| (Some(key), function)));
            }
            WorldItem::Function(function) => functions.push((None, function)),
            WorldItem::Type { .. } => {}
        }
    }
    functions
}

fn types(shape: &WasmSignature) -> String {
    let list = |word: &str, types: &[WasmType]| {
        let names = types.iter().map(|ty| match ty {
            WasmType::I32 | WasmType::Pointer | WasmType::Length => " i32",
            WasmType::I64 | WasmType::PointerOrI64 => " i64",
            WasmType::F32 => " f32",
            WasmType::F64 => " f64",
        });
        format!("({word}{})", names.collect::<String>())
    };
    format!("{} {}", list("param", &shape.params), list("result", &shape.results))
}
