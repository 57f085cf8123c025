//! The fields of an item that an expression can read.

use std::borrow::Cow;

use flow::expr::{Path, Scope, Segment, Type, Types};
use model::json::{self, Step};
use model::{Item, Sla, Timestamp, Value};

/// The fields, with what is known of each, in the order of the output.
///
/// What may be null is not marked: null may be compared with anything, and an item that has
/// nothing where something is needed is passed over.
const FIELDS: [(&str, Type); 22] = [
    ("id", Type::Text),
    ("queue", Type::Text),
    ("name", Type::Text),
    ("reference", Type::Text),
    ("status", Type::Text),
    ("priority", Type::Number),
    ("attempt", Type::Number),
    ("value", Type::Unknown),
    ("expires", Type::Text),
    ("result", Type::Text),
    ("sla", Type::Text),
    ("delay_until", Type::Text),
    ("worker", Type::Text),
    ("lease_until", Type::Text),
    ("retries", Type::Number),
    ("crashes", Type::Number),
    ("requeues", Type::Number),
    ("created", Type::Text),
    ("modified", Type::Text),
    ("completed", Type::Text),
    ("schema_version", Type::Number),
    ("batch", Type::Text),
];

pub(super) fn known() -> Types {
    FIELDS.into_iter().map(|(name, known)| (name.to_owned(), known)).collect()
}

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FIELDS.into_iter().map(|(name, _)| name)
}

/// An item as a scope. Of its value only what the expression asks for is read.
pub(super) struct Fields<'i> {
    pub(super) item: &'i Item,
    pub(super) sla: Option<Sla>,
}

impl Scope for Fields<'_> {
    fn read(&self, path: &Path) -> Option<Cow<'_, Value>> {
        let (Segment::Name(first), rest) = path.0.split_first()? else { return None };
        if first == "value" {
            let steps: Vec<Step<'_>> = rest.iter().map(step).collect();
            // What is stored is JSON: it was checked when it was added.
            return json::find(&self.item.value, &steps).ok().flatten().map(Cow::Owned);
        }
        rest.is_empty().then(|| self.field(first)).flatten().map(Cow::Owned)
    }

    fn names(&self) -> Vec<String> {
        names().map(str::to_owned).collect()
    }
}

impl Fields<'_> {
    fn field(&self, name: &str) -> Option<Value> {
        let (item, life) = (self.item, &self.item.life);
        let holder = life.holder.as_ref();
        let number = |number: u32| Value::from(u64::from(number));
        Some(match name {
            "id" => text(&item.id),
            "queue" => text(&item.queue),
            "name" => maybe(item.name.as_ref()),
            "reference" => maybe(item.reference.as_ref()),
            "status" => text(&life.status),
            "priority" => number(item.priority.number()),
            "attempt" => number(life.attempt),
            "expires" => time(life.expires),
            "result" => maybe(item.result.as_ref()),
            "sla" => maybe(self.sla.map(Sla::name)),
            "delay_until" => time(life.delay_until),
            "worker" => maybe(holder.map(|holder| &holder.worker)),
            "lease_until" => time(holder.map(|holder| holder.until)),
            "retries" => number(life.retries),
            "crashes" => number(life.crashes),
            "requeues" => number(life.requeues),
            "created" => text(&item.created),
            "modified" => text(&item.modified),
            "completed" => time(life.completed),
            "schema_version" => item.schema_version.map_or(Value::Null, number),
            "batch" => maybe(item.batch),
            _ => return None,
        })
    }
}

fn step(segment: &Segment) -> Step<'_> {
    match segment {
        Segment::Name(name) => Step::Name(name),
        Segment::Index(index) => Step::Index(*index),
    }
}

fn text(text: &impl ToString) -> Value {
    Value::Text(text.to_string())
}

fn maybe(field: Option<impl ToString>) -> Value {
    field.map_or(Value::Null, |field| text(&field))
}

fn time(at: Option<Timestamp>) -> Value {
    maybe(at)
}
