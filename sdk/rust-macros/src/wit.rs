//! The interface in WIT, as the bindings are made from.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::model::{Field, Interface, Kind, Payload, Shape, Step};

/// The part of the contract that every plugin names.
const TYPES: &str = include_str!("../../wit/host-1.0.0/types.wit");
const PACKAGE: &str = "package wharf:host@1.0.0;";

/// A whole document: the plugin's package, with what it needs of the contract inside.
pub(crate) fn document(interface: &Interface, package: &str) -> String {
    let (_, types) = TYPES.split_once(PACKAGE).expect("types.wit names its package");
    let name = &interface.name.wire;
    let world = world(interface);
    let used = used(interface).into_iter().collect::<Vec<_>>().join(", ");
    let items = items(interface);
    format!(
        "package plugin:%{package};\n\n\
         interface %{name} {{\n  use wharf:host/types@1.0.0.{{{used}}};\n{items}}}\n\n\
         world {world} {{\n  export %{name};\n}}\n\n\
         package wharf:host@1.0.0 {{{types}}}\n"
    )
}

/// The world of one module: where a plugin has several, the linker joins them by their names.
pub(crate) fn world(interface: &Interface) -> String {
    format!("world-of-{}", interface.name.wire)
}

/// What is in the interface.
pub(crate) fn items(interface: &Interface) -> String {
    let mut text = String::new();
    for named in interface.exported() {
        text.push('\n');
        let name = &named.name.wire;
        match &named.kind {
            Kind::Record { fields, .. } => record(&mut text, name, fields, interface),
            Kind::Newtype(_, shape) | Kind::Alias(_, shape) => {
                let inner = form(shape, interface);
                line(&mut text, format_args!("  type %{name} = {inner};"));
            }
            Kind::Choice(cases) => {
                let word = if named.kind.is_enum() { "enum" } else { "variant" };
                line(&mut text, format_args!("  {word} %{name} {{"));
                for case in cases {
                    let carries = match &case.payload {
                        Payload::None => String::new(),
                        Payload::One(_, shape) => format!("({})", form(shape, interface)),
                        Payload::Fields { record, .. } => format!("(%{record})"),
                    };
                    line(&mut text, format_args!("    %{}{carries},", case.name.wire));
                }
                line(&mut text, format_args!("  }}"));
                for case in cases {
                    if let Payload::Fields { record: name, fields } = &case.payload {
                        record(&mut text, name, fields, interface);
                    }
                }
            }
        }
    }
    text.push('\n');
    for step in &interface.steps {
        function(&mut text, step, interface);
    }
    text
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("text takes whatever is written");
}

fn record(text: &mut String, name: &str, fields: &[Field], of: &Interface) {
    line(text, format_args!("  record %{name} {{"));
    for field in fields {
        line(text, format_args!("    %{}: {},", field.name.wire, form(&field.shape, of)));
    }
    line(text, format_args!("  }}"));
}

fn function(text: &mut String, step: &Step, of: &Interface) {
    let params =
        step.params.iter().map(|param| format!("%{}: {}", param.name.wire, form(&param.shape, of)));
    let params = params.collect::<Vec<_>>().join(", ");
    let word = if step.is_async { "async func" } else { "func" };
    let value = step.returns.value.as_ref();
    let value = value.map_or_else(|| "_".to_owned(), |(_, shape)| form(shape, of));
    let name = &step.name.wire;
    line(text, format_args!("  %{name}: {word}({params}) -> result<{value}, failure>;"));
}

/// A type, as WIT writes it.
fn form(shape: &Shape, of: &Interface) -> String {
    let inner = |shape: &Shape| form(shape, of);
    match shape {
        Shape::Bool => "bool".into(),
        Shape::Int { signed, bits } => format!("{}{bits}", if *signed { 's' } else { 'u' }),
        Shape::Float(bits) => format!("f{bits}"),
        Shape::Char => "char".into(),
        Shape::Text => "string".into(),
        Shape::Decimal => "decimal".into(),
        Shape::DateTime => "datetime".into(),
        Shape::Json => "json".into(),
        Shape::Bytes => "list<u8>".into(),
        Shape::List(item) => format!("list<{}>", inner(item)),
        Shape::Map(item) => format!("list<tuple<string, {}>>", inner(item)),
        Shape::Option(item) => format!("option<{}>", inner(item)),
        Shape::Result(None, None) => "result".into(),
        Shape::Result(Some(ok), None) => format!("result<{}>", inner(ok)),
        Shape::Result(ok, Some(err)) => {
            let ok = ok.as_ref().map_or_else(|| "_".to_owned(), |ok| inner(ok));
            format!("result<{ok}, {}>", inner(err))
        }
        Shape::Tuple(parts) => {
            let parts: Vec<String> = parts.iter().map(inner).collect();
            format!("tuple<{}>", parts.join(", "))
        }
        Shape::Own(name) => match of.named(name) {
            Some(named) => format!("%{}", named.name.wire),
            None => "json".into(),
        },
    }
}

/// The names of the contract that the interface uses.
fn used(interface: &Interface) -> BTreeSet<&'static str> {
    let mut names = BTreeSet::from(["failure"]);
    let params = interface.steps.iter().flat_map(|step| &step.params).map(|param| &param.shape);
    let values = interface.steps.iter().filter_map(|step| step.returns.value.as_ref());
    let parts = interface.exported().flat_map(crate::model::Named::parts);
    let inner = parts.map(|(_, shape)| shape);
    for shape in params.chain(values.map(|(_, shape)| shape)).chain(inner) {
        note(shape, &mut names);
    }
    names
}

fn note(shape: &Shape, names: &mut BTreeSet<&'static str>) {
    match shape {
        Shape::Decimal => drop(names.insert("decimal")),
        Shape::DateTime => drop(names.insert("datetime")),
        Shape::Json => drop(names.insert("json")),
        _ => shape.parts().into_iter().for_each(|part| note(part, names)),
    }
}
