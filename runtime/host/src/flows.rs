//! The steps of a plugin as flows are checked against them.

use std::collections::BTreeSet;

use flow::expr::{Shape, Type as Known};
use flow::signature::{Effect, Output, Param};

use crate::signature::{Provider, Signature, StepSignature};
use crate::types::{Choice, Field, Type};
use crate::value::Way;

/// What flows know of the steps of a plugin that is installed under that name.
pub fn signatures(plugin: &str, signature: &Signature) -> Vec<flow::Signature> {
    let effect = effect(signature);
    signature.steps.iter().map(|step| of_step(plugin, step, effect)).collect()
}

fn of_step(plugin: &str, step: &StepSignature, effect: Effect) -> flow::Signature {
    flow::Signature {
        name: format!("{plugin}/{}", step.name),
        docs: step.docs.clone().unwrap_or_default(),
        inputs: step.params.iter().map(param).collect(),
        output: match step.outcome.value() {
            Some(ty) => Output::Of(known(ty, Way::Out)),
            None => Output::Nothing,
        },
        effect,
        errors: Vec::new(),
    }
}

fn param(field: &Field) -> (String, Param) {
    let param = Param {
        takes: known(&field.ty, Way::In),
        required: !field.may_be_missing(),
        default: field.default.clone(),
        docs: field.docs.clone().unwrap_or_default(),
    };
    (field.name.snake().to_owned(), param)
}

/// The most it can do by what it asks for; what it is granted may be less.
fn effect(signature: &Signature) -> Effect {
    let effects = signature.imports.iter().map(|import| match &import.from {
        Provider::Host(interface) => match interface.as_str() {
            "files" | "http" => Effect::Outside,
            "work-queue" => Effect::Store,
            _ => Effect::None,
        },
        Provider::Wasi => Effect::None,
    });
    effects.max().unwrap_or_default()
}

/// What is known of values of a type, as they go into a step or come out of it.
fn known(ty: &Type, way: Way) -> Known {
    match ty {
        Type::Bool => Known::Bool,
        Type::Decimal if way == Way::In => Known::Numeric,
        Type::Integer(_) | Type::F32 | Type::F64 | Type::Decimal => Known::Number,
        Type::Char | Type::Text | Type::Bytes => Known::Text,
        Type::DateTime => Known::Datetime,
        Type::List(item) => Known::list(known(item, way)),
        Type::Map(item) => Known::map(known(item, way)),
        // Items of a tuple have types of their own.
        Type::Tuple(_) => Known::list(Known::Unknown),
        Type::Option(inner) => match **inner {
            Type::Option(_) => Known::Unknown,
            ref inner => known(inner, way).optional(),
        },
        Type::Record(record) => {
            let fields = record.fields.iter();
            let fields = fields.map(|field| (field.name.snake().to_owned(), known(&field.ty, way)));
            Known::Object(Shape {
                fields: fields.collect(),
                open: record.open && way == Way::In,
                loose: way == Way::In,
                may_miss: if way == Way::In { missing(&record.fields) } else { BTreeSet::new() },
            })
        }
        Type::Enum(choice) => words(choice),
        Type::Flags(choice) => Known::list(words(choice)),
        Type::Variant(choice) if choice.cases.iter().all(|case| case.payload.is_none()) => {
            words(choice)
        }
        // What is in it depends on which case it is.
        Type::Json | Type::Variant(_) | Type::Result(_) => Known::Unknown,
    }
}

fn missing(fields: &[Field]) -> BTreeSet<String> {
    let missing = fields.iter().filter(|field| field.may_be_missing());
    missing.map(|field| field.name.snake().to_owned()).collect()
}

fn words(choice: &Choice) -> Known {
    Known::word(choice.cases.names())
}
