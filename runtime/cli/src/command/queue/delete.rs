//! `wharf queue delete`.

use model::{Change, QueueState};

use super::clear::sweep;
use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::output::json::Object;
use crate::view::count;

/// Delete a queue for good.
///
/// One that still has items needs --force. When it is interrupted, running it again completes it.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Key, name or id
    queue: String,
    /// Delete its items with it
    #[arg(long)]
    force: bool,
    /// Only say how many items would be deleted
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    let stats = context.store.stats(&args.queue)?;
    // From here on by id: the name could come to mean another queue.
    let (id, key) = (stats.queue.id.to_string(), stats.queue.settings.key.clone());
    let items = stats.total();
    if args.dry_run {
        return report(&key, items, true, context);
    }
    if items > 0 && !args.force {
        return Err(model::Error::QueueNotEmpty { queue: key, items }.into());
    }
    if args.force {
        let closing = Change::SetQueueState { queue: id.clone(), state: QueueState::Deleting };
        context.store.make(closing)?;
        sweep(&id, u64::MAX, context)?;
    }
    context.store.make(Change::DropQueue { queue: id })?;
    report(&key, items, false, context)
}

fn report(key: &str, items: u64, dry_run: bool, context: &mut Context<'_>) -> Result<ExitCode> {
    let output = &mut *context.output;
    let told = count(items, "item");
    if !output.is_text() {
        let object = Object::new().text("queue", key).number("items", items);
        output.line(&object.flag("dry_run", dry_run).finish())?;
    } else if dry_run {
        output.line(&format!("would delete the queue `{key}` and {told}"))?;
    } else {
        output.say(&format!("deleted the queue `{key}` and {told}"));
    }
    Ok(ExitCode::Ok)
}
