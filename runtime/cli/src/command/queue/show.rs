//! `wharf queue show`.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::view;

/// Show the settings of a queue.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Key, name or id
    queue: String,
    /// Print its JSON Schema instead
    #[arg(long)]
    schema: bool,
}

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    let queue = context.store.queue(&args.queue)?;
    if args.schema {
        let schema = context.store.schema(&args.queue, None)?;
        let none = || Error::NoSchema { queue: queue.settings.key.clone() };
        context.output.line(schema.ok_or_else(none)?.trim_end())?;
    } else if context.output.is_text() {
        context.output.write(&view::queue::page(&queue))?;
    } else {
        context.output.objects([view::queue::object(&queue)])?;
    }
    Ok(ExitCode::Ok)
}
