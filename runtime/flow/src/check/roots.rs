//! The names that are there without anybody declaring them.

use model::run::FailureKind;
use model::{Sla, Status};

use crate::expr::{Type, Types};
use crate::program::{Flow, Trigger};

/// Names that nothing else may have.
pub(super) const RESERVED: &[&str] = &["inputs", "now", "run", "trigger", "item", "error"];

/// What is in scope of every step of a flow.
pub(super) fn of(flow: &Flow) -> Vec<(&'static str, Type)> {
    let inputs = flow.inputs.iter().map(|(name, input)| (name.clone(), input.takes.clone()));
    let mut roots = vec![
        ("inputs", Type::Object(inputs.collect::<Types>().into())),
        ("now", Type::Datetime),
        ("run", Type::object([("id", Type::Text), ("flow", Type::Text)])),
    ];
    let triggers = || flow.triggers.iter().map(|trigger| &trigger.value);
    // A flow that may be started in several ways has what each of them brings, at times.
    let several = flow.triggers.len() > 1;
    let maybe = |known: Type| if several { known.optional() } else { known };
    if let Some(known) = triggers().map(trigger).reduce(Type::or) {
        roots.push(("trigger", known));
    }
    if triggers().any(|trigger| matches!(trigger, Trigger::Queue(_))) {
        let always = triggers().all(|trigger| matches!(trigger, Trigger::Queue(_)));
        roots.push(("item", if always { item() } else { maybe(item()) }));
    }
    roots
}

fn trigger(trigger: &Trigger) -> Type {
    match trigger {
        Trigger::Queue(_) => Type::object([("queue", Type::Text)]),
        Trigger::File(_) => {
            Type::object([("file", Type::Text), ("name", Type::Text), ("claim", Type::Text)])
        }
    }
}

/// A claimed item.
pub fn item() -> Type {
    let text = || Type::Text.optional();
    let moment = || Type::Datetime.optional();
    Type::object([
        ("id", Type::Text),
        ("queue", Type::Text),
        ("name", text()),
        ("reference", text()),
        ("status", Type::word(Status::ALL.map(Status::name))),
        ("priority", Type::Number),
        ("attempt", Type::Number),
        ("value", Type::Unknown),
        ("expires", moment()),
        ("result", text()),
        ("sla", Type::word(Sla::ALL.map(Sla::name)).optional()),
        ("delay_until", moment()),
        ("worker", text()),
        ("lease_until", moment()),
        ("retries", Type::Number),
        ("crashes", Type::Number),
        ("requeues", Type::Number),
        ("created", Type::Datetime),
        ("modified", Type::Datetime),
        ("completed", moment()),
        ("schema_version", Type::Number.optional()),
        ("batch", text()),
    ])
}

/// An error, in the scope of a handler.
pub fn error() -> Type {
    let cause = Type::open([("code", Type::Text), ("message", Type::Text)]);
    Type::object([
        ("kind", Type::word(FailureKind::ALL.map(FailureKind::name))),
        ("code", Type::Text),
        ("message", Type::Text),
        ("hint", Type::Text.optional()),
        ("step", Type::Text),
        ("data", Type::Unknown),
        ("cause", cause.optional()),
    ])
}
