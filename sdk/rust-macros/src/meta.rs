//! What the plugin says about itself: docs, defaults and places, as JSON in the section
//! `wharf:meta`.

use crate::model::{Case, Fails, Field, Interface, Kind, Named, Payload, Step};
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
    if matches!(step.returns.fails, Fails::Never) {
        object.raw("infallible", "true");
    }
    object.list("params", step.params.iter().filter_map(field));
    object.finish()
}

/// None where there is nothing to tell beyond what the component says by itself.
fn field(field: &Field) -> Option<String> {
    let mut object = Object::default();
    object.text("name", &field.name.wire);
    object.docs(&field.docs);
    if let Some(default) = &field.default {
        object.raw("default", &default.json());
    }
    object.finish_if_told()
}

/// A type, and the records that its cases need, as far as there is something to tell.
fn types(named: &Named) -> Vec<String> {
    let told = |fields: &[Field]| fields.iter().filter_map(field).collect();
    let (name, docs) = (&named.name.wire, &named.docs);
    let mut all = Vec::new();
    match &named.kind {
        Kind::Record { fields, open } => all.push(whole(name, docs, *open, told(fields))),
        Kind::Newtype(..) | Kind::Alias(..) => all.push(whole(name, docs, false, Vec::new())),
        Kind::Choice(cases) => {
            all.push(whole(name, docs, false, cases.iter().filter_map(case).collect()));
            for case in cases {
                if let Payload::Fields { record, fields } = &case.payload {
                    all.push(whole(record, &case.docs, false, told(fields)));
                }
            }
        }
    }
    all.into_iter().flatten().collect()
}

fn whole(name: &str, docs: &str, open: bool, fields: Vec<String>) -> Option<String> {
    let mut object = Object::default();
    object.text("name", name);
    object.docs(docs);
    if open {
        object.raw("open", "true");
    }
    object.list("fields", fields.into_iter());
    object.finish_if_told()
}

fn case(case: &Case) -> Option<String> {
    let mut object = Object::default();
    object.text("name", &case.name.wire);
    object.docs(&case.docs);
    object.finish_if_told()
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

    /// None where only a name is told.
    fn finish_if_told(self) -> Option<String> {
        (self.0.len() > 1).then(|| self.finish())
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
            c if c.is_control() => quoted.extend(format!("\\u{:04x}", u32::from(c)).chars()),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
