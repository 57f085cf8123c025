//! The component that a module becomes, as a host reads it.

use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use expect_test::expect_file;
use wharf::Json;
use wit_component::{DecodedWasm, WitPrinter};
use wit_parser::{Resolve, WorldId, WorldItem, WorldKey};

const TARGET: &str = "wasm32-wasip2";
const META: &[u8] = b"\x0awharf:meta";

/// Builds the plugins that the tests look at, once.
static BUILT: LazyLock<()> = LazyLock::new(|| {
    let arguments = ["build", "--release", "--target", TARGET, "--package", "guest"];
    let output = Command::new(env!("CARGO")).args(arguments).args(["--lib", "--examples"]).output();
    let output = output.expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
});

fn component(file: &str) -> Vec<u8> {
    LazyLock::force(&BUILT);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it is in the target");
    let path = target.join(TARGET).join("release").join(file);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn decoded(component: &[u8]) -> (Resolve, WorldId) {
    match wit_component::decode(component).expect("the component is valid") {
        DecodedWasm::Component(resolve, world) => (resolve, world),
        DecodedWasm::WitPackage(..) => panic!("this is no component"),
    }
}

/// The contract's part of the imports; those of WASI come with the standard library.
fn imports(component: &[u8]) -> Vec<String> {
    let (resolve, world) = decoded(component);
    let names = resolve.worlds[world].imports.iter().map(|(key, _)| resolve.name_world_key(key));
    names.filter(|name| !name.starts_with("wasi:")).collect()
}

/// The plugin's own package, in WIT.
fn interfaces(component: &[u8]) -> String {
    let (resolve, world) = decoded(component);
    let exports = resolve.worlds[world].exports.iter();
    let packages = exports.filter_map(|(key, item)| match (key, item) {
        (WorldKey::Interface(id), WorldItem::Interface { .. }) => resolve.interfaces[*id].package,
        _ => None,
    });
    let mut packages: Vec<_> = packages.collect();
    packages.dedup();
    let [package] = packages.as_slice() else { panic!("one package is exported: {packages:?}") };
    let mut printer = WitPrinter::default();
    printer.print(&resolve, *package, &[]).expect("what was decoded can be printed");
    let text = printer.output.to_string();
    // In which order a linker joins the modules of a plugin is its own affair.
    let mut interfaces: Vec<&str> = text.split("\ninterface ").collect();
    interfaces[1..].sort_unstable();
    interfaces.join("\ninterface ")
}

/// The entries of the section `wharf:meta`, indented.
fn meta(component: &[u8]) -> Vec<String> {
    let start = component.windows(META.len()).position(|window| window == META);
    let mut rest = &component[start.expect("there is a section `wharf:meta`") + META.len()..];
    let mut entries = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = u32::from_le_bytes(*length) as usize;
        if !after.starts_with(b"{\"format\":1,") {
            break;
        }
        let text = std::str::from_utf8(&after[..length]).expect("an entry is text");
        entries.push(Json::from(text).document().expect("an entry is JSON").to_text(true));
        rest = &after[length..];
    }
    entries.sort();
    entries
}

#[test]
fn types_cross_as_the_contract_says() {
    let expected = expect_file!["../expected/guest.wit.txt"];
    expected.assert_eq(&interfaces(&component("guest.wasm")));
}

#[test]
fn modules_tell_about_themselves() {
    let entries = meta(&component("guest.wasm"));
    assert_eq!(entries.len(), 3);
    expect_file!["../expected/guest.meta.txt"].assert_eq(&(entries.join("\n") + "\n"));
}

#[test]
fn unused_functions_are_not_imported() {
    let expected = ["wharf:host/types@1.0.0", "wharf:host/work-queue@1.0.0"];
    assert_eq!(imports(&component("examples/small.wasm")), expected);
}

#[test]
fn used_functions_are_all_imported() {
    let used = ["types", "work-queue", "json", "datetime", "log", "secrets", "http", "files"];
    let expected = used.map(|name| format!("wharf:host/{name}@1.0.0"));
    assert_eq!(imports(&component("guest.wasm")), expected);
}
