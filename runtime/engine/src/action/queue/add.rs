//! `queue.add`: one new item.

use flow::signature::Effect;
use model::{Expiry, Id, NewItem, Priority, Timestamp, Value, json};

use crate::action::input::{Inputs, read};
use crate::action::output::{given, of};
use crate::action::{Action, Output};
use crate::failure::Failure;
use crate::step::{self, Step};

pub(in crate::action) const ACTION: Action = Action {
    name: "queue.add",
    docs: "Adds an item to a queue.\n\nIt is there when the step has succeeded. An item whose \
           reference the queue has already is refused.",
    example: "\
id: added
uses: queue.add
with:
  queue: vendor-invoices
  name: Invoice ${{ row.ID }}
  value: ${{ row }}
  reference: ${{ row.ID }}
  priority: high",
    effect: Effect::Store,
    errors: &[
        "queue/not-found",
        "queue/ambiguous",
        "queue/paused",
        "queue/stopped",
        "queue/duplicate-reference",
        "queue/reference-pending",
        "value/schema-violation",
        "value/blank",
        "value/expiry-in-past",
        "limit/exceeded",
    ],
    inputs: Add::params,
    output: of::<Added>,
    perform: |step, inputs| add(step, read(inputs)?),
};

inputs! {
    struct Add {
        /// Key, name or id of the queue.
        queue: String,
        ..item: New
    }
}

inputs! {
    pub(super) struct New {
        /// What the item carries: anything that JSON can say.
        value: Value,
        /// What people call the item; need not be unique.
        name: Option<String>,
        /// The flow's own word for the item, unique in its queue.
        reference: Option<String>,
        /// `high`, `normal`, `low`, or a number; the lower goes first.
        priority: Priority = "normal",
        /// A datetime, or `never`; without it the queue's TTL counts.
        expires: Expiry = "of-queue",
        /// Not handed out before this moment.
        delay_until: Option<Timestamp>,
        /// Keep it back until somebody releases it.
        hold: bool = false,
        /// The first note in its history.
        note: Option<String>,
    }
}

outputs! {
    struct Added { id: String, queue: String, }
}

fn add(step: &mut Step, Add { queue, item }: Add) -> Result<Output, Failure> {
    let id = item.add(step, &queue)?;
    let queue = step.get(id)?.queue;
    Ok(given(Added { id: id.to_string(), queue }))
}

impl New {
    pub(super) fn add(self, step: &mut Step, queue: &str) -> Result<Id, step::Error> {
        let new = step.new_item(queue, json::write(&self.value));
        step.add(NewItem {
            name: self.name,
            reference: self.reference,
            priority: self.priority,
            expires: self.expires,
            delay_until: self.delay_until,
            hold: self.hold,
            note: self.note,
            ..new
        })
    }
}
