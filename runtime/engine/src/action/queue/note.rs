//! `queue.note`: a line in the history of an item.

use flow::signature::Effect;

use super::target::{self, Target};
use crate::action::input::{Inputs, read};
use crate::action::output::nothing;
use crate::action::{Action, Output};
use crate::failure::Failure;
use crate::step::Step;

pub(in crate::action) const ACTION: Action = Action {
    name: "queue.note",
    docs: "Writes a note into the history of an item; its status stays.\n\nWithout `item` it is \
           the one that the run works on.",
    example: "\
uses: queue.note
with: { text: \"Sent to ${{ inputs.manager }} for approval\" }",
    effect: Effect::Store,
    errors: &["queue/no-item", "queue/item-not-found", "value/blank", "limit/exceeded"],
    inputs: Note::params,
    output: nothing,
    perform: |step, inputs| note(step, read(inputs)?),
};

inputs! {
    struct Note {
        /// The id of an item, or an item that `queue.take` gave.
        item: Option<Target>,
        /// The note.
        text: String,
        /// Take the notes so far away.
        clear: bool = false,
    }
}

fn note(step: &mut Step, Note { item, text, clear }: Note) -> Result<Output, Failure> {
    let item = target::find(step, item)?;
    if clear {
        step.replace_notes(item, text)?;
    } else {
        step.note(item, text)?;
    }
    Ok(Output::Nothing)
}
