//! `wharf queue pause`, `resume` and `stop`.

use model::{Change, QueueState};

use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::view;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Key, name or id
    queue: String,
}

pub(crate) fn cmd(args: &Args, state: QueueState, context: &mut Context<'_>) -> Result<ExitCode> {
    let queue = args.queue.clone();
    context.store.make(Change::SetQueueState { queue, state })?;
    if context.output.is_text() {
        context.output.say(&format!("the queue `{}` is {}", args.queue, state.name()));
    } else {
        let queue = context.store.queue(&args.queue)?;
        context.output.line(&view::queue::object(&queue))?;
    }
    Ok(ExitCode::Ok)
}
