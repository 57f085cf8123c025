//! `queue.list`: a page of items.

use flow::signature::Effect;
use model::{ItemQuery, Status};

use super::item::Shown;
use crate::action::input::{Inputs, read};
use crate::action::output::{given, of};
use crate::action::{Action, Output};
use crate::failure::{Failure, Kind};
use crate::step::Step;

pub(in crate::action) const ACTION: Action = Action {
    name: "queue.list",
    docs: "Gives a page of the items of a queue, oldest first.\n\n`next` is the cursor of the page \
           behind it, null at the end. A page may be short, even empty, and still have a next one. \
           What a group that is `atomic` has changed so far would be missing, so it is refused \
           there.",
    example: "\
id: failed
uses: queue.list
with: { queue: vendor-invoices, status: [it-exception, generic-exception], limit: 50 }",
    effect: Effect::Store,
    errors: &[
        "queue/not-found",
        "queue/ambiguous",
        "queue/not-written-yet",
        "value/bad-cursor",
        "limit/exceeded",
    ],
    inputs: List::params,
    output: of::<Listed>,
    perform: |step, inputs| list(step, read(inputs)?),
};

inputs! {
    struct List {
        /// Key, name or id of the queue.
        queue: String,
        /// Only items of these statuses.
        status: Option<Vec<Status>>,
        /// How many at most, up to 500.
        limit: u64 = 100_u64,
        /// The `next` of the page before.
        cursor: Option<String>,
        /// Newest first.
        newest_first: bool = false,
    }
}

outputs! {
    struct Listed { items: Vec<Shown>, next: Option<String>, }
}

fn list(step: &mut Step, inputs: List) -> Result<Output, Failure> {
    let List { queue, status, limit, cursor, newest_first } = inputs;
    refuse_pending(step)?;
    let query = ItemQuery {
        statuses: status.unwrap_or_default(),
        limit: usize::try_from(limit).unwrap_or(usize::MAX),
        cursor,
        newest_first,
        ..ItemQuery::default()
    };
    let page = step.list(&queue, query)?;
    let items = page.items.into_iter().map(Shown::from).collect();
    Ok(given(Listed { items, next: page.next }))
}

/// The store does not know yet what is not written.
pub(super) fn refuse_pending(step: &Step) -> Result<(), Failure> {
    if !step.is_pending() {
        return Ok(());
    }
    let message = "what was changed before is not written yet, and would be missing";
    let hint = "do it before or after the group that is `atomic`";
    Err(Failure::new(Kind::Generic, "queue/not-written-yet", message).with_hint(hint))
}
