//! `wharf runs cancel`.

use model::Change;
use model::run::State;

use super::OneRun;
use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;

/// Ask a run to end now
///
/// What it did so far stays done, and items it works on go back to their queues. A run that lost
/// its driver is ended at once.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(flatten)]
    run: OneRun,
}

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    let run = args.run.find(context.store)?;
    let done = context.store.make(Change::CancelRun { run })?;
    let over = done.run.is_some_and(|told| told.state == State::Cancelled);
    context.output.say(&if over {
        format!("the run {run} is cancelled")
    } else {
        format!("asked the run {run} to end")
    });
    Ok(ExitCode::Ok)
}
