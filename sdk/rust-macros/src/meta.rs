//! What the plugin says about itself: docs, defaults and places, as JSON in the section
//! `wharf:meta`.

use crate::model::{Case, Field, Interface, Kind, Named, Payload, Step};
use crate::plugin::Origin;

const FORMAT: u32 = 1;
const SDK: &str = concat!("rust ", env!("CARGO_PKG_VERSION"));

/// The section's content: a length, and as many bytes of JSON.
pub(crate) fn section(interface: &Interface, origin: &Origin) -> Vec<u8> {
    let entry = entry(interface, origin);
    let length = u32::try_from(entry.len()).expect("a module has less than 4 GiB of docs");
    [&length.to_le_bytes(), entry.as_bytes()].concat()
}

pub(crate) fn entry(interface: &Interface, origin: &Origin) -> String {
    let mut entry = Object::default();
    entry.raw("format", &FORMAT.to_string());
    entry.text("sdk", SDK);
    entry.text("plugin", &origin.package);
    entry.text("version", &origin.version);
    entry.text("interface", &interface.name.wire);
    entry.docs(&interface.docs);
    entry.list("steps", interface.steps.iter().map(step));
    entry.list("types", interface.exported().flat_map(types));
    entry.finish()
}

fn step(step: &Step) -> String {
    let mut object = Object::default();
    object.text("name", &step.name.wire);
    object.docs(&step.docs);
    object.text("file", &step.file);
    object.raw("line", &step.line.to_string());
    object.list("params", step.params.iter().map(field));
    object.finish()
}

fn field(field: &Field) -> String {
    let mut object = Object::default();
    object.text("name", &field.name.wire);
    object.docs(&field.docs);
    if let Some(default) = &field.default {
        object.raw("default", &default.json());
    }
    object.finish()
}

/// A type, and the records that its cases need.
fn types(named: &Named) -> Vec<String> {
    let whole = |name: &str, docs: &str, open: bool, fields: Vec<String>| {
        let mut object = Object::default();
        object.text("name", name);
        object.docs(docs);
        if open {
            object.raw("open", "true");
        }
        object.list("fields", fields.into_iter());
        object.finish()
    };
    let (name, docs) = (&named.name.wire, &named.docs);
    let told = |fields: &[Field]| fields.iter().map(field).collect();
    match &named.kind {
        Kind::Record { fields, open } => vec![whole(name, docs, *open, told(fields))],
        Kind::Newtype(..) | Kind::Alias(..) => vec![whole(name, docs, false, Vec::new())],
        Kind::Choice(cases) => {
            let mut all = vec![whole(name, docs, false, cases.iter().map(case).collect())];
            for case in cases {
                if let Payload::Fields { record, fields } = &case.payload {
                    all.push(whole(record, &case.docs, false, told(fields)));
                }
            }
            all
        }
    }
}

fn case(case: &Case) -> String {
    let mut object = Object::default();
    object.text("name", &case.name.wire);
    object.docs(&case.docs);
    object.finish()
}

/// An object of JSON in the making.
#[derive(Default)]
struct Object(Vec<String>);

impl Object {
    fn raw(&mut self, name: &str, value: &str) {
        self.0.push(format!("{}:{value}", quoted(name)));
    }

    fn text(&mut self, name: &str, text: &str) {
        self.raw(name, &quoted(text));
    }

    fn docs(&mut self, docs: &str) {
        if !docs.is_empty() {
            self.text("docs", docs);
        }
    }

    fn list(&mut self, name: &str, items: impl Iterator<Item = String>) {
        let items: Vec<String> = items.collect();
        if !items.is_empty() {
            self.raw(name, &format!("[{}]", items.join(",")));
        }
    }

    fn finish(self) -> String {
        format!("{{{}}}", self.0.join(","))
    }
}

/// Text as JSON writes it.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
