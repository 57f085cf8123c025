//! `wharf queue stats`.

use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::view;

/// Count the items of a queue by status.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Key, name or id
    queue: String,
}

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    let stats = context.store.stats(&args.queue)?;
    if context.output.is_text() {
        context.output.write(&view::queue::stats_page(&stats))?;
    } else {
        context.output.line(&view::queue::stats_object(&stats))?;
    }
    Ok(ExitCode::Ok)
}
