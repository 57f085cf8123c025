//! `wharf item list`.

use crate::args::from_to;
use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::output::Output;
use crate::select::{self, Condition, Filter, Found, Reach};
use crate::view;
use crate::view::item::Items;

/// List items in the order they were added
///
/// A long list comes in pages: the cursor of the next one is printed on stderr.
///
/// Example: wharf item list invoices --status queued --where 'number(value.Amount) > 500'
///
/// docs/reference/expressions.md tells what --where understands.
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// Key, name or id [default: every queue]
    queue: Option<String>,
    #[arg(long = "queue", value_name = "QUEUE", conflicts_with = "queue", hide = true)]
    named: Option<String>,
    #[command(flatten)]
    filter: Filter,
    /// How many items at most, up to 100000
    #[arg(long, value_name = "N", default_value_t = 100)]
    #[arg(value_parser = from_to(1, LIMIT_ITEMS_MAX))]
    limit: u32,
    /// Go on where the page before ended
    #[arg(long, value_name = "CURSOR")]
    cursor: Option<String>,
    /// The last added first
    #[arg(long)]
    newest_first: bool,
}

/// Items of one list; `item export` has no such limit.
const LIMIT_ITEMS_MAX: u32 = 100_000;

/// Rows looked at in one call: somebody waits for them.
const ROWS: usize = 1_000_000;

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    let queue = args.queue.as_deref().or(args.named.as_deref());
    let mut query = args.filter.query(queue, context.now());
    query.cursor.clone_from(&args.cursor);
    query.newest_first = args.newest_first;
    let mut condition = args.filter.condition(context)?;
    let reach = Reach { items: args.limit as usize, rows: ROWS };
    let found = select::page(context, query, condition.as_mut(), reach)?;
    if context.output.is_text() {
        context.output.table(&view::item::table(&found.items, queue.is_none()))?;
    } else {
        let mut shown = Items::new(context.store, context.now());
        let objects = found.items.iter().map(|item| Ok(shown.object(item, None)?.finish()));
        let objects = objects.collect::<Result<Vec<String>>>()?;
        context.output.objects(objects)?;
    }
    if let Some(error) = condition.as_ref().and_then(Condition::unanswered) {
        tell_next(&found, context.output);
        return Err(error);
    }
    if let Some(skipped) = condition.and_then(|condition| condition.skipped()) {
        context.output.warn(&skipped);
    }
    tell_end(&found, context.output);
    found.damaged.check().map(|()| ExitCode::Ok)
}

/// Says whether this was all, and how to go on where it was not.
fn tell_end(found: &Found, output: &mut Output) {
    if found.next.is_none() && found.items.is_empty() && output.is_text() {
        output.say("no items");
    }
    tell_next(found, output);
}

/// Says how to go on where this was not all.
fn tell_next(found: &Found, output: &mut Output) {
    match (&found.next, found.stopped) {
        (Some(next), Some(rows)) if output.is_text() => {
            output.warn(&format!("stopped after {rows} rows: go on with --cursor {next}"));
        }
        (Some(next), _) => output.warn(&format!("cursor: {next}")),
        (None, _) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Format;
    use crate::output::tests::captured;
    use crate::select::Damaged;

    #[test]
    fn help_and_page_name_the_limit() {
        let help = include_str!("list.rs").contains(&format!("up to {LIMIT_ITEMS_MAX}\n"));
        assert!(help, "the help of --limit says it");
        let page = include_str!("../../../../../docs/limits.md");
        assert!(page.contains("`item list --limit` takes at most 100,000 items"));
        assert_eq!(LIMIT_ITEMS_MAX, 100_000);
    }

    #[test]
    fn list_says_how_to_go_on() {
        let (next, stopped) = (|| Some("o5".to_owned()), Some(1_000_000));
        for (format, next, stopped, expected) in [
            (Format::Text, None, None, "no items\n"),
            (Format::Text, next(), None, "cursor: o5\n"),
            (Format::Text, next(), stopped, "stopped after 1000000 rows: go on with --cursor o5\n"),
            (Format::Jsonl, next(), stopped, "cursor: o5\n"),
            (Format::Jsonl, None, None, ""),
        ] {
            let (mut output, _, err) = captured(format);
            let (items, damaged) = (Vec::new(), Damaged::default());
            tell_end(&Found { items, next, stopped, damaged }, &mut output);
            assert_eq!(err.take(), expected);
        }
    }
}
