//! `wharf queue export`.

use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::view;

/// Write the settings of queues as JSON Lines, in the form that import reads
///
/// Example: wharf queue export > queues.jsonl
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// Key, name or id [default: every queue]
    queue: Option<String>,
}

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    let queues = match &args.queue {
        Some(queue) => vec![context.store.queue(queue)?],
        None => context.store.queues()?,
    };
    for queue in &queues {
        let schema = context.store.schema(&queue.settings.key, None)?;
        context.output.line(&view::queue::export(queue, schema.as_deref()))?;
    }
    Ok(ExitCode::Ok)
}
