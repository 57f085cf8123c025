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
/// Fields: `name, reference, status, priority, created, expires, delay_until, value`.
/// Only waiting items can be imported again: --status queued,scheduled,on-hold.
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
    if let Some(skipped) = scan.skipped() {
        context.output.warn(&skipped);
    }
    Ok(ExitCode::Ok)
}

fn object(item: &Item) -> String {
    Object::new()
        .maybe("name", item.name.as_ref())
        .maybe("reference", item.reference.as_ref())
        .text("status", item.life.status)
        .number("priority", item.priority.number())
        .time("created", Some(item.created))
        .time("expires", item.life.expires)
        .time("delay_until", item.life.delay_until)
        .raw("value", &item.value)
        .finish()
}

fn record(item: &Item) -> String {
    let time = |at: Option<model::Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let cells = [
        item.name.clone().unwrap_or_default(),
        item.reference.clone().unwrap_or_default(),
        item.life.status.to_string(),
        item.priority.number().to_string(),
        item.created.to_string(),
        time(item.life.expires),
        time(item.life.delay_until),
        item.value.clone(),
    ];
    csv(cells.iter().map(String::as_str))
}

fn csv<'t>(cells: impl Iterator<Item = &'t str>) -> String {
    let style = rows::Style::default();
    let cells: Vec<_> = cells.map(|cell| rows::field(cell, &style)).collect();
    cells.join(",")
}
