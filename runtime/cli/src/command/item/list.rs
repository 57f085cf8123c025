//! `wharf item list`.

use clap::value_parser;

use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::select::{self, Filter};
use crate::view;
use crate::view::item::Items;

/// List items in the order they were added
///
/// A long list comes in pages: the cursor of the next one is printed on stderr.
///
/// Example: wharf item list invoices --status queued --where 'value.Amount > 500' --limit 20
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// Key, name or id [default: every queue]
    queue: Option<String>,
    #[command(flatten)]
    filter: Filter,
    /// How many items at most
    #[arg(long, value_name = "N", default_value_t = 100)]
    #[arg(value_parser = value_parser!(u32).range(1..=100_000))]
    limit: u32,
    /// Go on where the page before ended
    #[arg(long, value_name = "CURSOR")]
    cursor: Option<String>,
    /// The last added first
    #[arg(long)]
    newest_first: bool,
}

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    let mut query = args.filter.query(args.queue.as_deref(), context.now());
    query.cursor.clone_from(&args.cursor);
    query.newest_first = args.newest_first;
    let mut condition = args.filter.condition()?;
    let limit = args.limit as usize;
    let (items, next) = select::page(context.store, query, condition.as_mut(), limit)?;
    if context.output.is_text() {
        context.output.table(&view::item::table(&items, args.queue.is_none()))?;
    } else {
        let mut shown = Items::new(context.store, context.now());
        let objects = items.iter().map(|item| Ok(shown.object(item, None)?.finish()));
        let objects = objects.collect::<Result<Vec<String>>>()?;
        context.output.objects(objects)?;
    }
    if let Some(skipped) = condition.and_then(|condition| condition.skipped()) {
        context.output.warn(&skipped);
    }
    match next {
        Some(next) => {
            if items.is_empty() && context.output.is_text() {
                context.output.say("no items so far: go on with --cursor");
            }
            context.output.warn(&format!("cursor: {next}"));
        }
        None if items.is_empty() && context.output.is_text() => context.output.say("no items"),
        None => {}
    }
    Ok(ExitCode::Ok)
}
