//! `wharf item history`.

use model::{Entry, Id, Store};

use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::select::OneItem;
use crate::view;

/// Show what happened to an item, oldest first
///
/// Example: wharf item history "$id"
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    #[command(flatten)]
    item: OneItem,
}

/// Entries asked for at once.
const PAGE: usize = 500;

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    let entries = entries(args.item.find(context.store)?, context.store)?;
    if context.output.is_text() {
        context.output.table(&view::item::history(&entries))?;
    } else {
        context.output.objects(entries.iter().map(view::item::entry))?;
    }
    Ok(ExitCode::Ok)
}

/// The whole history of an item.
pub(crate) fn entries(item: Id, store: &dyn Store) -> Result<Vec<Entry>> {
    let mut all: Vec<Entry> = Vec::new();
    loop {
        let after = all.last().map_or(0, |entry| entry.number);
        let page = store.history(item, after, PAGE)?;
        let more = page.len() == PAGE;
        all.extend(page);
        if !more {
            return Ok(all);
        }
    }
}
