//! `wharf runs resume`.

use super::OneRun;
use crate::command::run::refused;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::flows;
use crate::output::Output;
use crate::runs::{self, Begin};
use crate::stage::Stage;

/// Go on with a run that lost its driver
///
/// Finished steps are not performed again. The run goes on with the text of the flow that it began
/// with, whatever the file says now.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(flatten)]
    run: OneRun,
}

pub(crate) fn cmd(args: &Args, stage: &Stage<'_>, output: &mut Output) -> Result<ExitCode> {
    let store = stage.store();
    let shared: &dyn model::Store = &store;
    let looked = args.run.find(shared).and_then(|id| {
        let run = shared.run(id)?;
        Ok((run.id, run.flow, shared.pinned(run.pin)?))
    });
    store.close()?;
    let (id, flow, text) = looked?;
    match flows::pinned(&text, stage)? {
        Ok(loaded) => runs::drive(Begin::Again(id), &loaded, stage, output),
        Err(broken) => Err(refused(&flow, &broken, output)),
    }
}
