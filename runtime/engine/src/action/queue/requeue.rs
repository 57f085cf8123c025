//! `queue.requeue`: an item back into its queue.

use flow::signature::Effect;
use model::{Expiry, Timestamp};

use super::target::{self, Target};
use crate::action::input::{Inputs, read};
use crate::action::output::nothing;
use crate::action::{Action, Output};
use crate::failure::Failure;
use crate::step::Step;
use crate::work::Requeueing;

pub(in crate::action) const ACTION: Action = Action {
    name: "queue.requeue",
    docs: "Puts an item back into its queue, behind the others, now or after a delay.\n\nWithout \
           `item` it is the one that the run works on, and the work on it ends.",
    example: "\
uses: queue.requeue
with: { delay-until: \"${{ tomorrow }}\", note: The portal is closed until tomorrow }",
    effect: Effect::Store,
    errors: &[
        "queue/no-item",
        "queue/item-not-found",
        "queue/item-held",
        "queue/invalid-transition",
        "queue/lease-lost",
        "value/expiry-in-past",
        "limit/exceeded",
    ],
    inputs: Requeue::params,
    output: nothing,
    perform: |step, inputs| requeue(step, read(inputs)?),
};

inputs! {
    struct Requeue {
        /// The id of an item, or an item that `queue.take` gave.
        item: Option<Target>,
        /// Not handed out before this moment.
        delay_until: Option<Timestamp>,
        /// A datetime, `never`, or `of-queue`; without it the expiry stays, unless it has passed.
        expires: Option<Expiry>,
        /// Why, for its history.
        note: Option<String>,
    }
}

fn requeue(step: &mut Step, inputs: Requeue) -> Result<Output, Failure> {
    let Requeue { item, delay_until, expires, note } = inputs;
    let item = target::find(step, item)?;
    step.requeue(item, Requeueing { delay_until, expires, note })?;
    Ok(Output::Nothing)
}
