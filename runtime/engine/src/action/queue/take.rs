//! `queue.take`: one item to work on.

use flow::expr::Type;
use flow::signature::Effect;
use model::Value;

use super::item::Shown;
use crate::action::input::{Inputs, read};
use crate::action::output::{Answer, given, of};
use crate::action::{Action, Output};
use crate::failure::Failure;
use crate::step::Step;

pub(in crate::action) const ACTION: Action = Action {
    name: "queue.take",
    docs: "Claims the most urgent item of a queue; null if there is none.\n\nThe item is held \
           while the run lives, and goes back when its lease has run out; `queue.update` or \
           `queue.requeue` with the item ends the work on it before. A loop over a whole queue is \
           better written as `process:`.",
    example: "\
id: next
uses: queue.take
with: { queue: vendor-invoices }",
    effect: Effect::Store,
    errors: &[
        "queue/not-found",
        "queue/ambiguous",
        "queue/paused",
        "queue/stopped",
        "limit/exceeded",
    ],
    inputs: Take::params,
    output: of::<Option<Taken>>,
    perform: |step, inputs| take(step, read(inputs)?),
};

inputs! {
    struct Take {
        /// Key, name or id of the queue.
        queue: String,
    }
}

/// An item, with the token that proves the claim.
struct Taken {
    item: Shown,
    token: String,
}

impl Answer for Taken {
    fn gives() -> Type {
        let mut gives = Shown::gives();
        if let Type::Object(shape) = &mut gives {
            shape.fields.insert("token".into(), String::gives());
        }
        gives
    }

    fn value(self) -> Value {
        let mut value = self.item.value();
        if let Value::Object(fields) = &mut value {
            fields.insert("token".into(), self.token.value());
        }
        value
    }
}

fn take(step: &mut Step, Take { queue }: Take) -> Result<Output, Failure> {
    let taken = step
        .take(&queue)?
        .map(|claimed| Taken { item: claimed.item.into(), token: claimed.token.to_string() });
    Ok(given(taken))
}
