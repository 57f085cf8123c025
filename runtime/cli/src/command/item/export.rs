//! `wharf item export`.

use clap::ValueEnum;
use model::Item;

use super::import::EXPORT;
use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::output::json::Object;
use crate::select::{Filter, OneQueue, Scan};

/// Write items in the form that import reads
///
/// Fields: `name, reference, status, priority, created, expires, delay_until, value`. An import
/// gives all of them back but `created`: it adds new items, without attempts, notes and history.
/// Only waiting items can be imported again: --status queued,scheduled,on-hold.
/// An item without a reference gets one by the import. Importing it into the queue that it came
/// from adds it a second time, unless `wharf item edit` gave it a reference before the export.
///
/// Example: wharf item export invoices --status on-hold > held.jsonl
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment, override_usage = "wharf item export [OPTIONS] <QUEUE>")]
pub(crate) struct Args {
    #[command(flatten)]
    queue: OneQueue,
    #[command(flatten)]
    filter: Filter,
    /// jsonl, or csv with the value as JSON text
    #[arg(long, value_enum, default_value = "jsonl", hide_possible_values = true)]
    format: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    Jsonl,
    Csv,
}

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    let query = args.filter.query(Some(args.queue.name()), context.now());
    let mut scan = Scan::new(context, query, args.filter.condition(context)?);
    if args.format == Form::Csv {
        context.output.line(&csv(EXPORT.iter().copied()))?;
    }
    while let Some(items) = scan.next_page()? {
        context.check_interrupted()?;
        for item in &items {
            let line = match args.format {
                Form::Jsonl => object(item),
                Form::Csv => record(item),
            };
            context.output.line(&line)?;
        }
    }
    scan.check_answered()?;
    if let Some(skipped) = scan.skipped() {
        context.output.warn(&skipped);
    }
    scan.check_whole().map(|()| ExitCode::Ok)
}

fn object(item: &Item) -> String {
    Object::new()
        .maybe("name", item.name.as_ref())
        .maybe("reference", item.reference.as_ref())
        .text("status", item.life.status)
        .number("priority", item.priority.number())
        .time("created", Some(item.created))
        .text("expires", expires(item))
        .time("delay_until", item.life.delay_until)
        .raw("value", &item.value)
        .finish()
}

/// What never expires says so: without a word, an import would go by the TTL of the queue.
fn expires(item: &Item) -> String {
    item.life.expires.map_or_else(|| "none".into(), |at| at.to_string())
}

fn record(item: &Item) -> String {
    let cells = [
        item.name.clone().unwrap_or_default(),
        item.reference.clone().unwrap_or_default(),
        item.life.status.to_string(),
        item.priority.number().to_string(),
        item.created.to_string(),
        expires(item),
        item.life.delay_until.map(|at| at.to_string()).unwrap_or_default(),
        item.value.clone(),
    ];
    csv(cells.iter().map(String::as_str))
}

fn csv<'t>(cells: impl Iterator<Item = &'t str>) -> String {
    let style = rows::Style::default();
    let cells: Vec<_> = cells.map(|cell| rows::field(cell, &style)).collect();
    cells.join(",")
}
