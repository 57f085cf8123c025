//! `wharf runs show`.

use model::run::Recorded;
use model::{Id, Store};

use super::OneRun;
use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::view;

/// Show a run: how it stands, and each step with what went in and what came out
///
/// Example: wharf runs show last
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    #[command(flatten)]
    run: OneRun,
}

/// Records asked for at once.
const PAGE: usize = 500;

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    let run = context.store.run(args.run.find(context.store)?)?;
    let output = &mut *context.output;
    if output.is_text() {
        output.write(&view::run::page(&run))?;
        return records(run.id, context.store, |recorded| match view::run::step(recorded) {
            Some(lines) => output.write(&lines),
            None => Ok(()),
        });
    }
    let mut all = Vec::new();
    records(run.id, context.store, |recorded| {
        all.push(view::run::record(recorded));
        Ok(())
    })?;
    let whole = view::run::whole(&run, &all);
    output.line(&whole)?;
    Ok(ExitCode::Ok)
}

/// Looks at each record of a journal, oldest first.
fn records(
    run: Id,
    store: &dyn Store,
    mut look: impl FnMut(&Recorded) -> Result<()>,
) -> Result<ExitCode> {
    let mut after = 0;
    loop {
        let page = store.journal(run, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(ExitCode::Ok) };
        after = last.seq;
        page.iter().try_for_each(&mut look)?;
    }
}
