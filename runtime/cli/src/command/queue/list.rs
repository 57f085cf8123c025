//! `wharf queue list`.

use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::view;

pub(crate) fn cmd(context: &mut Context<'_>) -> Result<ExitCode> {
    let queues = context.store.queues()?;
    if !context.output.is_text() {
        context.output.objects(queues.iter().map(view::queue::object))?;
        return Ok(ExitCode::Ok);
    }
    let mut all = Vec::new();
    for queue in &queues {
        match context.store.stats(&queue.settings.key) {
            Ok(stats) => all.push(stats),
            // Deleted since the list was read.
            Err(model::Error::QueueNotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    context.output.table(&view::queue::table(&all))?;
    if all.is_empty() {
        context.output.say("no queues; `wharf queue create KEY` makes one");
    }
    Ok(ExitCode::Ok)
}
