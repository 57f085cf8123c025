//! `queue.update`: how the work on an item ended, and what the item carries.

use flow::signature::Effect;
use model::{Ending, Expiry, ItemEdit, Priority, Value, json};

use super::target::{self, Target};
use crate::action::given::Misfit;
use crate::action::input::{Inputs, read};
use crate::action::output::nothing;
use crate::action::{Action, Output};
use crate::failure::Failure;
use crate::step::Step;

pub(in crate::action) const ACTION: Action = Action {
    name: "queue.update",
    docs: "Ends the work on an item with a status, or changes what the item carries.\n\nWithout \
           `item` it is the one that the run works on. A status can be given to an item that is \
           held: that one, or one that `queue.take` gave. An `it-exception` is tried again while \
           the queue has retries left for it. Name and value of an item that is held change only \
           if its queue allows that.",
    example: "\
uses: queue.update
with: { status: business-exception, result: The amount needs an approval }",
    effect: Effect::Store,
    errors: &[
        "queue/no-item",
        "queue/item-not-found",
        "queue/item-on-hold",
        "queue/item-held",
        "queue/invalid-transition",
        "queue/lease-lost",
        "value/schema-violation",
        "value/blank",
        "value/expiry-in-past",
        "limit/exceeded",
    ],
    inputs: Update::params,
    output: nothing,
    perform: |step, inputs| update(step, read(inputs)?),
};

inputs! {
    struct Update {
        /// The id of an item, or an item that `queue.take` gave.
        item: Option<Target>,
        /// `processed`, `business-exception`, `it-exception` or `generic-exception`.
        status: Option<Ending>,
        /// What is said about how it went; with a status.
        result: Option<String>,
        /// A datetime, `never`, or `of-queue` for the queue's TTL from now on.
        expires: Option<Expiry>,
        /// `high`, `normal`, `low`, or a number; the lower goes first.
        priority: Option<Priority>,
        /// What people call it.
        name: Option<String>,
        /// What the item carries from now on.
        value: Option<Value>,
    }
}

fn update(step: &mut Step, inputs: Update) -> Result<Output, Failure> {
    let Update { item, status, result, expires, priority, name, value } = inputs;
    if result.is_some() && status.is_none() {
        let hint = "give a status with it, or write a note with `queue.note`";
        return Err(Misfit::new("needs a status", hint).within("result").into());
    }
    let changes = expires.is_some() || priority.is_some() || name.is_some() || value.is_some();
    if status.is_none() && !changes {
        return Err(Misfit::new("says nothing to change", "give a status").into());
    }
    let item = target::find(step, item)?;
    if changes {
        let edit = ItemEdit {
            name: name.map(Some),
            value: value.as_ref().map(json::write),
            priority,
            reference: None,
            expires,
        };
        step.update(item, edit)?;
    }
    if let Some(status) = status {
        // A status for an item that nobody holds is refused in the words of what the item is.
        step.get(item)?;
        step.settle(item, status, result)?;
    }
    Ok(Output::Nothing)
}
