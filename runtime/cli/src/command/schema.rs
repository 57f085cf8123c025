//! `wharf schema`: JSON Schemas for editors and for flows.

mod flow;
mod infer;

use clap::Subcommand;

use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::output::Output;
use crate::stage::Stage;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Flow(flow::Args),
    Infer(infer::Args),
}

pub(crate) fn cmd(verb: &Verb, stage: &Stage<'_>, output: &mut Output) -> Result<ExitCode> {
    match verb {
        Verb::Flow(args) => flow::cmd(args, stage, output),
        Verb::Infer(args) => infer::cmd(args, output),
    }
}

/// A document as it is written: over several lines for people.
fn print(document: &model::Value, output: &mut Output) -> Result<ExitCode> {
    let pretty = output.is_text();
    let text = if pretty { model::json::pretty(document) } else { model::json::write(document) };
    output.line(text.trim_end())?;
    Ok(ExitCode::Ok)
}
