//! The types that steps take and return and that have names of their own.

use host::types::{Case, Field, Origin, Type};
use host::{Outcome, Signature, StepError};

use super::{param_object, parameter, put};
use crate::output::json::{self, Object};

/// The named types of all steps, each once, in the order in which a reader meets them.
pub(super) fn named(signature: &Signature) -> Vec<&Type> {
    let mut found = Vec::new();
    for step in &signature.steps {
        let failure = match &step.outcome {
            // Every step of an SDK fails with the same type, which is no step's own.
            Outcome::Value(_) | Outcome::Fallible { err: StepError::Failure(_), .. } => None,
            Outcome::Fallible { err: StepError::Other(ty), .. } => ty.as_ref(),
        };
        let params = step.params.iter().map(|field| &field.ty);
        for ty in params.chain(step.outcome.value()).chain(failure) {
            collect(ty, &mut found);
        }
    }
    found
}

fn collect<'s>(ty: &'s Type, found: &mut Vec<&'s Type>) {
    if ty.origin().is_some() {
        if found.iter().any(|known| known.origin() == ty.origin()) {
            return;
        }
        found.push(ty);
    }
    for part in ty.parts() {
        collect(part, found);
    }
}

/// What a type is, and what it is made of.
struct Told<'t> {
    kind: &'static str,
    origin: &'t Origin,
    docs: Option<&'t String>,
    open: bool,
    fields: Vec<&'t Field>,
    cases: Vec<&'t Case>,
}

fn told(ty: &Type) -> Option<Told<'_>> {
    let kind = match ty {
        Type::Record(record) => {
            let (origin, docs) = (&record.origin, record.docs.as_ref());
            let fields = record.fields.iter().collect();
            let (kind, open, cases) = ("record", record.open, Vec::new());
            return Some(Told { kind, origin, docs, open, fields, cases });
        }
        Type::Enum(_) => "enum",
        Type::Variant(_) => "variant",
        Type::Flags(_) => "flags",
        _ => return None,
    };
    let (Type::Enum(choice) | Type::Variant(choice) | Type::Flags(choice)) = ty else {
        return None;
    };
    let (origin, docs, cases) = (&choice.origin, choice.docs.as_ref(), choice.cases.iter());
    let (open, fields, cases) = (false, Vec::new(), cases.collect());
    Some(Told { kind, origin, docs, open, fields, cases })
}

/// Below the steps, for a person.
pub(super) fn put_types(signature: &Signature, page: &mut String) {
    let types = named(signature);
    for told in types.iter().filter_map(|ty| told(ty)) {
        let name = told.origin.name.kebab();
        let twice = types.iter().filter_map(|ty| ty.origin()).filter(|it| it.name.kebab() == name);
        let interface = told.origin.interface.as_deref().filter(|_| twice.count() > 1);
        let of = interface.map(|interface| format!(" of {interface}")).unwrap_or_default();
        let open = if told.open { ", open" } else { "" };
        put(page, "");
        put(page, &format!("{} {name}{of}{open}", told.kind));
        put_docs(page, 4, told.docs);
        for field in told.fields {
            put(page, &format!("    {}", parameter(field)));
            put_docs(page, 8, field.docs.as_ref());
        }
        for case in told.cases {
            let payload = case.payload.as_ref().map(|ty| format!(": {ty}")).unwrap_or_default();
            put(page, &format!("    {}{payload}", case.name.snake()));
            put_docs(page, 8, case.docs.as_ref());
        }
    }
}

fn put_docs(page: &mut String, indent: usize, docs: Option<&String>) {
    for line in docs.into_iter().flat_map(|docs| docs.lines()) {
        put(page, &format!("{:indent$}{line}", ""));
    }
}

pub(super) fn type_objects(signature: &Signature) -> String {
    json::list(named(signature).into_iter().filter_map(told).map(|told| {
        Object::new()
            .text("type", told.origin.name.kebab())
            .text("kind", told.kind)
            .maybe("interface", told.origin.interface.as_ref())
            .maybe("docs", told.docs)
            .flag("open", told.open)
            .raw("fields", &json::list(told.fields.into_iter().map(param_object)))
            .raw("cases", &json::list(told.cases.into_iter().map(case_object)))
            .finish()
    }))
}

fn case_object(case: &Case) -> String {
    Object::new()
        .text("name", case.name.snake())
        .maybe("type", case.payload.as_ref())
        .maybe("docs", case.docs.as_ref())
        .finish()
}
