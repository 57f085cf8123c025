//! `log`: a line in the log of the run.

use flow::signature::Effect;
use model::Value;

use super::input::{Inputs, read};
use super::output::nothing;
use super::{Action, Output};
use crate::log::Level;

pub(super) const LOG: Action = Action {
    name: "log",
    docs: "Writes a line into the log of the run.\n\nIt is there at once, whatever becomes of the \
           step. Long lines are cut, and no run writes more than a person can use.",
    example: "\
uses: log
with: { message: \"${{ invoice.ID }} is late\", level: warning, data: \"${{ invoice }}\" }",
    effect: Effect::None,
    errors: &[],
    inputs: Log::params,
    output: nothing,
    perform: |step, inputs| {
        let Log { message, level, data } = read(inputs)?;
        step.log(level, &message, data);
        Ok(Output::Nothing)
    },
};

inputs! {
    struct Log {
        /// What it says.
        message: String,
        /// `debug`, `info`, `warning` or `error`.
        level: Level = "info",
        /// More about it, for whoever reads the log with a machine.
        data: Option<Value>,
    }
}
