//! The queues of an import: there and open before a row is added.

use std::collections::BTreeSet;
use std::fs::File;

use model::{Change, QueueSettings, QueueState};

use super::plan::{Plan, Target};
use super::{Args, QUEUE_COLUMN};
use crate::context::Context;
use crate::error::Result;
use crate::import::Reader;

/// The queue that is named has to be there and open before anything is read.
pub(super) fn target(
    queue: Option<&str>,
    args: &Args,
    context: &mut Context<'_>,
) -> Result<Target> {
    let Some(name) = queue else {
        return Ok(Target::Column(QUEUE_COLUMN.into()));
    };
    Ok(Target::Queue(open(name, args, context)?))
}

/// The queues that a column names. All are made where that is wanted; else the first row tells
/// whether the file is meant for this store, and later rows are rejected one by one.
pub(super) fn check(
    args: &Args,
    plan: &Plan,
    reader: &mut Reader<&File>,
    context: &mut Context<'_>,
) -> Result<()> {
    let Some(column) = plan.queue_column() else { return Ok(()) };
    let mut known = BTreeSet::new();
    while let Some(row) = reader.next_row()? {
        let Ok(row) = row else { continue };
        let Some(name) = row.content.get(column) else { continue };
        let name = name.trim();
        if !name.is_empty() && !known.contains(name) {
            open(name, args, context)?;
            known.insert(name.to_owned());
        }
        if !args.create {
            break;
        }
    }
    Ok(())
}

/// The key of a queue that takes items; made if it is not there and may be made.
fn open(name: &str, args: &Args, context: &mut Context<'_>) -> Result<String> {
    let queue = match context.store.queue(name) {
        Err(model::Error::QueueNotFound { .. }) if args.create => {
            return create(name, args, context);
        }
        found => found?,
    };
    if queue.state != QueueState::Active {
        let (queue, state) = (queue.settings.key, queue.state);
        return Err(model::Error::QueueClosed { queue, state }.into());
    }
    Ok(queue.settings.key)
}

fn create(key: &str, args: &Args, context: &mut Context<'_>) -> Result<String> {
    let settings = QueueSettings::new(key);
    settings.check()?;
    if !args.dry_run {
        let id = context.new_id();
        let create = Change::CreateQueue { id, settings: Box::new(settings), schema: None };
        context.store.make(create)?;
    }
    Ok(key.to_owned())
}
