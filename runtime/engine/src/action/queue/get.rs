//! `queue.get`: one item.

use flow::signature::Effect;
use model::{Error as Refusal, Item};

use super::item::Shown;
use super::target::{self, Target};
use crate::action::given::Misfit;
use crate::action::input::{Inputs, read};
use crate::action::output::{given, of};
use crate::action::{Action, Output};
use crate::failure::Failure;
use crate::step::{self, Step};

pub(in crate::action) const ACTION: Action = Action {
    name: "queue.get",
    docs: "Gives an item by its id, or by its queue and reference; null if there is none.\n\nIt \
           shows what the step has done to the item so far.",
    example: "\
id: known
uses: queue.get
with: { queue: vendor-invoices, reference: \"${{ row.ID }}\" }",
    effect: Effect::Store,
    errors: &["queue/not-found", "queue/ambiguous"],
    inputs: Get::params,
    output: of::<Option<Shown>>,
    perform: |step, inputs| get(step, read(inputs)?),
};

inputs! {
    struct Get {
        /// The id of an item.
        item: Option<Target>,
        /// Key, name or id of a queue; with a reference.
        queue: Option<String>,
        /// The reference of an item of that queue.
        reference: Option<String>,
    }
}

fn get(step: &mut Step, inputs: Get) -> Result<Output, Failure> {
    let found = match inputs {
        Get { item: Some(item), queue: None, reference: None } => {
            let id = target::find(step, Some(item))?;
            there_or_not(step.get(id))?
        }
        Get { item: None, queue: Some(queue), reference: Some(reference) } => {
            step.find(&queue, &reference)?
        }
        _ => {
            let hint = "give either `item`, or `queue` and `reference`";
            return Err(Misfit::new("must say which item is meant", hint).into());
        }
    };
    Ok(given(found.map(Shown::from)))
}

fn there_or_not(found: Result<Item, step::Error>) -> Result<Option<Item>, step::Error> {
    match found {
        Ok(item) => Ok(Some(item)),
        Err(step::Error::Store(Refusal::ItemNotFound { .. })) => Ok(None),
        Err(error) => Err(error),
    }
}
