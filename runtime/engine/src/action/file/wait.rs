//! `file.wait`: until a file is there, or gone.

use std::time::Duration;

use flow::signature::Effect;

use crate::action::input::{Inputs, read, words};
use crate::action::output::nothing;
use crate::action::{Action, Output};
use crate::failure::Failure;
use crate::step::Step;

pub(in crate::action) const WAIT: Action = Action {
    name: "file.wait",
    docs: "Waits until a file is there, or until it is gone.\n\nThe `timeout` of the step says for \
           how long. A file that is there may still be written; whoever writes it should give it \
           its name last.",
    example: "\
uses: file.wait
timeout: 10m
with: { file: inbox/done.marker }",
    effect: Effect::Outside,
    errors: &["file/no-folder", "file/bad-path"],
    inputs: Wait::params,
    output: nothing,
    perform: |step, inputs| look(step, read(inputs)?),
};

/// How long it is between two looks.
const PAUSE: Duration = Duration::from_secs(1);

inputs! {
    struct Wait {
        /// The path of the file.
        file: String,
        /// `created` or `deleted`.
        until: Change = "created",
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Created,
    Deleted,
}

impl Change {
    const ALL: [Self; 2] = [Self::Created, Self::Deleted];

    fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Deleted => "deleted",
        }
    }
}

words!(Change);

fn look(step: &Step, Wait { file, until }: Wait) -> Result<Output, Failure> {
    let is_there = step.files().exists(&file)?;
    if is_there == (until == Change::Created) {
        return Ok(Output::Nothing);
    }
    Ok(Output::Later(PAUSE))
}
