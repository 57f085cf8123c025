//! `file.copy`, `file.move` and `file.delete`: where files are.

use flow::signature::Effect;

use crate::action::input::{Inputs, read};
use crate::action::output::nothing;
use crate::action::{Action, Output};
use crate::failure::Failure;
use crate::files::Error;

const ERRORS: &[&str] =
    &["file/not-found", "file/no-folder", "file/bad-path", "file/exists", "file/not-a-file"];

pub(in crate::action) const COPY: Action = Action {
    name: "file.copy",
    docs: "Copies a file of any size, also into another folder.\n\nNobody sees half of the copy.",
    example: "\
uses: file.copy
with: { from: inbox/march.csv, to: archive/march.csv }",
    effect: Effect::Outside,
    errors: ERRORS,
    inputs: FromTo::params,
    output: nothing,
    perform: |step, inputs| {
        let FromTo { from, to, replace } = read(inputs)?;
        step.files().copy(&from, &to, replace)?;
        Ok(Output::Nothing)
    },
};

pub(in crate::action) const MOVE: Action = Action {
    name: "file.move",
    docs: "Moves a file, also into another folder, or gives it another name.",
    example: "\
uses: file.move
with: { from: inbox/march.csv, to: archive/march.csv }",
    effect: Effect::Outside,
    errors: ERRORS,
    inputs: FromTo::params,
    output: nothing,
    perform: |step, inputs| {
        let FromTo { from, to, replace } = read(inputs)?;
        step.files().rename(&from, &to, replace)?;
        Ok(Output::Nothing)
    },
};

inputs! {
    struct FromTo {
        /// The path of the file.
        from: String,
        /// Its path afterwards, with its name.
        to: String,
        /// Replace what is there.
        replace: bool = false,
    }
}

pub(in crate::action) const DELETE: Action = Action {
    name: "file.delete",
    docs: "Deletes a file.",
    example: "\
uses: file.delete
with: { file: inbox/march.csv, missing-ok: true }",
    effect: Effect::Outside,
    errors: &["file/not-found", "file/no-folder", "file/bad-path", "file/not-a-file"],
    inputs: Delete::params,
    output: nothing,
    perform: |step, inputs| {
        let Delete { file, missing_ok } = read(inputs)?;
        delete(step.files().delete(&file), missing_ok)
    },
};

inputs! {
    struct Delete {
        /// The path of the file.
        file: String,
        /// It is no error if there is none.
        missing_ok: bool = false,
    }
}

fn delete(deleted: Result<(), Error>, missing_ok: bool) -> Result<Output, Failure> {
    match deleted {
        Err(Error::NotFound { .. }) if missing_ok => Ok(Output::Nothing),
        other => Ok(other.map(|()| Output::Nothing)?),
    }
}
