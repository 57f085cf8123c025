//! Plugins, as JSON and for people.

mod types;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use engine::grant::Grants;
use host::project::Entry;
use host::registry::Digest;
use host::signature::{Import, Provider};
use host::types::Field;
use host::{Need, Outcome, Signature, StepError, StepSignature};
use model::json::write;

use crate::error::Result;
use crate::output::Output;
use crate::output::json::{self, Object};

/// A component, and what the project and the operator say of it.
pub(crate) struct Sight<'s> {
    pub(crate) name: &'s str,
    pub(crate) signature: &'s Signature,
    pub(crate) bytes: usize,
    pub(crate) digest: Digest,
    pub(crate) entry: &'s Entry,
    pub(crate) ceiling: Option<Grants>,
}

/// The start of a digest, which tells it from others well enough for a person.
pub(crate) fn short(digest: Digest) -> String {
    digest.to_string()[..12].to_owned()
}

pub(crate) fn show(sight: &Sight<'_>, output: &mut Output) -> Result<()> {
    if output.is_text() { output.write(&sight.page()) } else { output.line(&sight.object()) }
}

impl Sight<'_> {
    /// What it may really do.
    fn effective(&self) -> Grants {
        let grants = self.entry.grants_for(self.signature);
        self.ceiling.as_ref().map_or(grants.clone(), |ceiling| grants.meet(ceiling))
    }

    /// What it asks for and has nothing of.
    fn missing(&self) -> BTreeSet<Need> {
        let grants = self.effective();
        Need::of(self.signature).into_iter().filter(|need| !need.is_met(&grants)).collect()
    }

    fn imports(&self) -> impl Iterator<Item = (&str, &Import)> {
        self.signature.imports.iter().filter_map(|import| match &import.from {
            Provider::Host(interface) if interface != "types" => Some((&**interface, import)),
            Provider::Host(_) | Provider::Wasi => None,
        })
    }

    fn page(&self) -> String {
        let mut page = String::new();
        let about = self.signature.interfaces.first();
        let version = about.and_then(|about| about.version.as_deref()).unwrap_or_default();
        let line = format!("{} {version}", self.name);
        let (kilobytes, digest) = (self.bytes.div_ceil(1024), short(self.digest));
        put(&mut page, &format!("{} ({kilobytes} KB, {digest})", line.trim_end()));
        for step in &self.signature.steps {
            put(&mut page, "");
            put(&mut page, &headline(step));
            for line in step.docs.iter().flat_map(|docs| docs.lines()) {
                put(&mut page, &format!("    {line}"));
            }
            for field in step.params.iter().filter(|field| field.docs.is_some()) {
                let docs = field.docs.as_deref().unwrap_or_default().replace('\n', " ");
                put(&mut page, &format!("    {}: {docs}", field.name.snake()));
            }
            if let Some(source) = &step.source {
                put(&mut page, &format!("    {source}"));
            }
        }
        types::put_types(self.signature, &mut page);
        self.put_capabilities(&mut page);
        page
    }

    fn put_capabilities(&self, page: &mut String) {
        put(page, "");
        let asks: Vec<String> = self
            .imports()
            .map(|(name, import)| format!("{name} ({})", import.functions.join(", ")))
            .collect();
        if asks.is_empty() {
            put(page, "asks for nothing");
        } else {
            put(page, &format!("asks for {}", asks.join(", ")));
        }
        let granted = crate::command::plugin::words(&self.effective());
        for word in &granted {
            put(page, &format!("granted  {word}"));
        }
        for need in self.missing() {
            let (name, option) = (self.name, need.option());
            put(page, &format!("missing  wharf plugin grant {name} {option}"));
        }
    }

    fn object(&self) -> String {
        let about = self.signature.interfaces.first();
        let about = |get: fn(&host::signature::Interface) -> &Option<String>| {
            about.and_then(|about| get(about).clone())
        };
        let words = |words: &mut dyn Iterator<Item = String>| {
            json::list(words.map(|word| json::quoted(&word)))
        };
        let granted = crate::command::plugin::words(&self.entry.grants);
        let effective = crate::command::plugin::words(&self.effective());
        Object::new()
            .text("plugin", self.name)
            .maybe("version", about(|about| &about.version))
            .maybe("sdk", about(|about| &about.sdk))
            .text("digest", self.digest)
            .number("bytes", self.bytes)
            .flag("installed", self.entry.digest == Some(self.digest))
            .maybe("source", self.entry.source.as_ref())
            .raw("steps", &json::list(self.signature.steps.iter().map(step_object)))
            .raw("types", &types::type_objects(self.signature))
            .raw("imports", &json::list(self.imports().map(import_object)))
            .raw("grants", &words(&mut granted.into_iter()))
            .raw("effective", &words(&mut effective.into_iter()))
            .raw("missing", &words(&mut self.missing().into_iter().map(Need::option)))
            .finish()
    }
}

fn put(page: &mut String, line: &str) {
    // What a plugin says of itself is foreign.
    writeln!(page, "{}", engine::visible(line)).expect("a String takes all");
}

/// `classify(invoice: invoice, limit: decimal = 1000) -> verdict`
fn headline(step: &StepSignature) -> String {
    let params: Vec<String> = step.params.iter().map(parameter).collect();
    let result = step.outcome.value().map(|ty| format!(" -> {ty}")).unwrap_or_default();
    let fails = matches!(step.outcome, Outcome::Fallible { .. }) && !step.infallible;
    let may_fail = if fails { ", may fail" } else { "" };
    format!("{}({}){result}{may_fail}", step.name, params.join(", "))
}

fn parameter(field: &Field) -> String {
    let default = field.default.as_ref().map(|it| format!(" = {}", write(it)));
    format!("{}: {}{}", field.name.snake(), field.ty, default.unwrap_or_default())
}

fn step_object(step: &StepSignature) -> String {
    let fails = match &step.outcome {
        _ if step.infallible => None,
        Outcome::Value(_) => None,
        Outcome::Fallible { err: StepError::Failure(_), .. } => Some("failure".to_owned()),
        Outcome::Fallible { err: StepError::Other(ty), .. } => {
            Some(ty.as_ref().map_or_else(|| "nothing".to_owned(), ToString::to_string))
        }
    };
    Object::new()
        .text("step", &step.name)
        .maybe("docs", step.docs.as_ref())
        .raw("params", &json::list(step.params.iter().map(param_object)))
        .maybe("result", step.outcome.value())
        .maybe("error", fails)
        .flag("async", step.is_async)
        .maybe("source", step.source.as_ref())
        .finish()
}

fn param_object(field: &Field) -> String {
    let default = field.default.as_ref().map(write);
    Object::new()
        .text("name", field.name.snake())
        .text("type", &field.ty)
        .maybe("docs", field.docs.as_ref())
        .flag("required", !field.may_be_missing())
        .maybe_number("default", default)
        .finish()
}

fn import_object((interface, import): (&str, &Import)) -> String {
    Object::new()
        .text("interface", interface)
        .raw("functions", &json::list(import.functions.iter().map(|it| json::quoted(it))))
        .finish()
}
