//! Items as flows see them.

use flow::expr::Type;
use model::{Item, Status, Timestamp, Value, json};

use crate::action::output::Answer;

outputs! {
    pub(super) struct Shown {
        id: String,
        queue: String,
        name: Option<String>,
        reference: Option<String>,
        status: Status,
        priority: u64,
        value: Value,
        attempt: u64,
        retries: u64,
        crashes: u64,
        requeues: u64,
        result: Option<String>,
        created: Timestamp,
        modified: Timestamp,
        completed: Option<Timestamp>,
        expires: Option<Timestamp>,
        delay_until: Option<Timestamp>,
    }
}

impl From<Item> for Shown {
    fn from(item: Item) -> Self {
        let life = item.life;
        Self {
            id: item.id.to_string(),
            queue: item.queue,
            name: item.name,
            reference: item.reference,
            status: life.status,
            priority: item.priority.number().into(),
            // The store takes JSON only; a store that is damaged may still hold anything.
            value: json::parse(&item.value).unwrap_or(Value::Text(item.value)),
            attempt: life.attempt.into(),
            retries: life.retries.into(),
            crashes: life.crashes.into(),
            requeues: life.requeues.into(),
            result: item.result,
            created: item.created,
            modified: item.modified,
            completed: life.completed,
            expires: life.expires,
            delay_until: life.delay_until,
        }
    }
}

/// An item as the value that `item` is in a flow, and that actions give.
pub fn item_of(item: Item) -> Value {
    Shown::from(item).value()
}

pub fn type_of_item() -> Type {
    Shown::gives()
}
