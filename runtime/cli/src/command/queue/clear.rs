//! `wharf queue clear`.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::output::json::Object;
use crate::view::count;

/// Delete all items of a queue, with their history; the queue stays.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Key, name or id
    queue: String,
    /// Really delete them
    #[arg(long)]
    yes: bool,
    /// Only say how many items would be deleted
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
}

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    let items = context.store.stats(&args.queue)?.total();
    let told = count(items, "item");
    if args.dry_run {
        return report(args, context, "would delete", items);
    }
    if !args.yes {
        return Err(Error::Consent {
            message: format!("this would delete {told} of the queue `{}`", args.queue),
            hint: "--yes deletes them; --dry-run only counts".into(),
        });
    }
    let deleted = sweep(&args.queue, items, context)?;
    report(args, context, "deleted", deleted)
}

fn report(args: &Args, context: &mut Context<'_>, verb: &str, items: u64) -> Result<ExitCode> {
    let output = &mut *context.output;
    if !output.is_text() {
        let object = Object::new().text("queue", &args.queue).number("items", items);
        output.line(&object.flag("dry_run", args.dry_run).finish())?;
    } else if args.dry_run {
        output.line(&format!("{verb} {}", count(items, "item")))?;
    } else {
        output.say(&format!("{verb} {}", count(items, "item")));
    }
    Ok(ExitCode::Ok)
}

/// Items deleted in one go.
const STEP: u64 = 1_000;

/// Deletes up to so many items: what others add meanwhile does not keep us busy for ever.
pub(super) fn sweep(queue: &str, most: u64, context: &mut Context<'_>) -> Result<u64> {
    let mut deleted = 0;
    while deleted < most {
        let step = STEP.min(most - deleted) as usize;
        let swept = context
            .check_interrupted()
            .and_then(|()| Ok(context.store.sweep(queue, step)?))
            // What is gone is said before what stopped it.
            .inspect_err(|_| context.output.say(&format!("deleted {}", count(deleted, "item"))))?;
        if swept == 0 {
            break;
        }
        deleted += swept;
    }
    Ok(deleted)
}
