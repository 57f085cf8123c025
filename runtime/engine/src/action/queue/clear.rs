//! `queue.clear`: all items of a queue away.

use flow::signature::Effect;
use model::limits::PAGE_ITEMS_MAX;
use model::{ItemQuery, Status};

use super::list::refuse_pending;
use crate::action::input::{Inputs, read};
use crate::action::output::{given, of};
use crate::action::{Action, Output};
use crate::failure::Failure;
use crate::step::Step;

pub(in crate::action) const ACTION: Action = Action {
    name: "queue.clear",
    docs: "Deletes the items of a queue, with their histories, and gives how many.\n\nItems that a \
           worker holds and those of a batch that is not decided stay, unless their status is \
           named. The items are gone at once, in portions: when the step fails, those deleted \
           before stay deleted.",
    example: "\
id: gone
uses: queue.clear
with: { queue: vendor-invoices, status: [processed] }",
    effect: Effect::Outside,
    errors: &["queue/not-found", "queue/ambiguous", "queue/not-written-yet"],
    inputs: Clear::params,
    output: of::<Cleared>,
    perform: |step, inputs| clear(step, read(inputs)?),
};

inputs! {
    struct Clear {
        /// Key, name or id of the queue.
        queue: String,
        /// Only items of these statuses; otherwise all but `processing` and `staged`.
        status: Option<Vec<Status>>,
    }
}

outputs! {
    struct Cleared { deleted: u64, }
}

fn clear(step: &mut Step, Clear { queue, status }: Clear) -> Result<Output, Failure> {
    refuse_pending(step)?;
    let all = || Status::ALL.into_iter().filter(|it| !is_kept(*it)).collect();
    let statuses = status.unwrap_or_else(all);
    let mut query = ItemQuery { statuses, limit: PAGE_ITEMS_MAX, ..ItemQuery::default() };
    let mut deleted = 0;
    loop {
        let page = step.list(&queue, query.clone())?;
        if !page.items.is_empty() {
            deleted += step.delete(&queue, page.items.iter().map(|item| item.id).collect())?;
        }
        match page.next {
            Some(next) => query.cursor = Some(next),
            None => return Ok(given(Cleared { deleted })),
        }
    }
}

fn is_kept(status: Status) -> bool {
    matches!(status, Status::Processing | Status::Staged)
}
