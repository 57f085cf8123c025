//! `wharf item import`.

mod pipeline;
mod plan;
mod queues;
mod rehearsal;
mod rejects;
mod report;
mod types;

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};

use crate::args::{Misfit, shown};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::import::{Form, Reader, Source};
use pipeline::Pipeline;
pub(crate) use plan::EXPORT;
use plan::{Layout, Plan, Target};
use rejects::Rejects;
use report::Report;
use types::Typing;

/// Add an item for each row of a CSV, JSON or JSON Lines file.
///
/// A row that is there already, by its reference, counts as a duplicate: an import that was
/// interrupted is simply run again. Where no column gives the reference, it is made of the file's
/// content and the row's number. Rejected rows are told with their line and reason; exit code 4.
/// A file of them has the form of the input, with `rejected_line`, `rejected_code` and
/// `rejected_reason` last, as far as a row has columns; an import ignores these three.
#[derive(clap::Args, Debug)]
#[command(override_usage = USAGE, after_help = EXAMPLE)]
pub(crate) struct Args {
    /// The queue, by key, name or id, and the file, or - for stdin [default queue: what the column
    /// `WorkQueueKey` of each row names]
    // Options may stand between the two: a first one that can be missing would then be taken for
    // the second.
    #[arg(value_names = ["QUEUE", "FILE"], num_args = 1..=2, required = true)]
    from: Vec<OsString>,
    /// Make the queues that are named and not there
    #[arg(long)]
    pub(super) create: bool,
    /// csv, json (one array) or jsonl [default: what the name of the file ends with, else what the
    /// text begins with: { for jsonl, [ for json, anything else for csv]
    #[arg(long, value_enum, hide_possible_values = true)]
    format: Option<Form>,
    #[command(flatten)]
    mapping: Mapping,
    /// What the columns mean: auto, row, export or power-automate
    #[arg(long, value_enum, default_value = "auto", hide_possible_values = true)]
    columns: Layout,
    /// text keeps every cell as it is; infer reads whole columns as numbers and times
    #[arg(long, value_enum, default_value = "text", hide_possible_values = true)]
    types: Types,
    /// What separates the cells [default: found out]
    #[arg(long, value_name = "CHAR", value_parser = delimiter)]
    delimiter: Option<u8>,
    /// Such as windows-1252 [default: UTF-8, or what the file says]
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// Write the rejected rows to this new file, to correct and import it
    // The reasons stand behind the row, so that its own columns keep their places.
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Read and check everything, show the first two items, and write nothing
    #[arg(long, conflicts_with = "rejects")]
    dry_run: bool,
}

const USAGE: &str = "wharf item import [OPTIONS] [QUEUE] <FILE>";

const EXAMPLE: &str =
    "Example: wharf item import invoices new.csv --reference-from InvoiceId --types infer";

/// Which columns become what.
#[derive(clap::Args, Clone, Debug, Default, PartialEq, Eq)]
#[command(next_help_heading = "Columns")]
struct Mapping {
    /// The column with what people call the item
    #[arg(long = "name-from", value_name = "COLUMN")]
    name: Option<String>,
    /// The column with what is unique in the queue
    #[arg(long = "reference-from", value_name = "COLUMN")]
    reference: Option<String>,
    /// The column with the value as JSON text, or row for the whole row [default: row]
    #[arg(long = "value-from", value_name = "row|COLUMN")]
    value: Option<String>,
    /// The column with high, normal, low or a number
    #[arg(long = "priority-from", value_name = "COLUMN")]
    priority: Option<String>,
    /// The column with a time, a span such as 7d, or none
    #[arg(long = "expires-from", value_name = "COLUMN")]
    expires: Option<String>,
    /// The column with a time or a span such as 5m, before which the item is not handed out
    #[arg(long = "delay-from", value_name = "COLUMN")]
    delay: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Types {
    Text,
    Infer,
}

fn delimiter(text: &str) -> std::result::Result<u8, Misfit> {
    match (text, text.as_bytes()) {
        ("tab" | "\\t", _) => Ok(b'\t'),
        (_, [byte]) if byte.is_ascii() => Ok(*byte),
        _ => {
            let problem = format!("`{}` is not one character", shown(text));
            Err(Misfit::new(problem, "such as , or ; or tab"))
        }
    }
}

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    let (queue, file) = queue_and_file(args)?;
    if let Some(queue) = queue {
        refuse_swapped(queue, file)?;
    }
    args.rejects.as_deref().map_or(Ok(()), Rejects::check)?;
    let target = queues::target(queue, args, context)?;
    let source = Source::open(file)?;
    if source.bytes == 0 {
        return nothing(&source, Report::new(None), context);
    }
    let form = Form::of(args.format, &source, context.output)?;
    let input = Input { form, options: options(args) };
    let mut reader = input.reader(&source)?;
    let columns = reader.columns()?;
    let plan = plan(args, target, &columns, reader.has_header(), &source, context)?;
    let rejects = args.rejects.as_deref();
    let rejects = rejects.map(|path| Rejects::new(path, columns, reader.delimiter()));
    drop(reader);
    queues::check(args, &plan, &mut input.reader(&source)?, context)?;
    let typing = match args.types {
        Types::Text => Typing::Text,
        Types::Infer => {
            Typing::infer(input.form, source.reader()?, input.options.clone(), context.output)?
        }
    };
    let mut reader = input.reader(&source)?;
    if args.dry_run {
        let code = rehearsal::rehearse(&mut reader, &plan, &typing, args.create, context)?;
        say_columns(args, &plan, context);
        return Ok(code);
    }
    let bar = bar(&source, context);
    let mut pipeline = Pipeline::new(context.store, Report::new(rejects));
    let fed = feed(&mut reader, &plan, &typing, &mut pipeline, context, &bar);
    // Whatever stopped the reading: what was sent is waited for and told.
    let (report, finished) = pipeline.finish();
    bar.finish_and_clear();
    if report.is_empty() && fed.is_ok() && finished.is_ok() {
        return nothing(&source, report, context);
    }
    let told = report.accepted > 0 && plan.makes_references();
    let code = report.tell(context.output)?;
    say_columns(args, &plan, context);
    if told {
        context.output.say(MADE);
    }
    if let Err(error) = fed.and(finished) {
        let again = "the same import can be run again: what is there counts as duplicate";
        context.output.say(again);
        return Err(error);
    }
    Ok(code)
}

/// Says how the columns were understood, where nobody said what they mean.
fn say_columns(args: &Args, plan: &Plan, context: &mut Context<'_>) {
    if args.columns == Layout::Auto && args.mapping == Mapping::default() {
        context.output.say(&format!("columns: {}", plan.layout.understood()));
    }
}

/// The column that names the queue of each row, where the command line names none.
const QUEUE_COLUMN: &str = "WorkQueueKey";

/// Said where items were added whose references are made.
const MADE: &str = "references are made of the file's content: the same file adds nothing, a \
                    changed one adds all its rows; --reference-from COLUMN ties them to a column";

/// How the file is read, each time.
struct Input {
    form: Form,
    options: rows::Options,
}

impl Input {
    fn reader<'s>(&self, source: &'s Source) -> Result<Reader<&'s File>> {
        Reader::new(self.form, source.reader()?, self.options.clone())
    }
}

fn options(args: &Args) -> rows::Options {
    let mut options = rows::Options::default();
    options.dialect.delimiter = args.delimiter;
    options.encoding.clone_from(&args.encoding);
    options
}

/// A file without rows is no fault, but seldom what was meant.
fn nothing(source: &Source, report: Report, context: &mut Context<'_>) -> Result<ExitCode> {
    let code = report.tell(context.output)?;
    context.output.warn(&format!("no rows in {}", source.shown()));
    Ok(code)
}

/// The file stands last, with the queue before it or without one.
fn queue_and_file(args: &Args) -> Result<(Option<&str>, &Path)> {
    let fault = |problem| Err(Error::usage(problem, format!("the usage is `{USAGE}`")));
    match args.from.as_slice() {
        [file] => Ok((None, Path::new(file))),
        [queue, file] => match queue.to_str() {
            Some(queue) => Ok((Some(queue), Path::new(file))),
            None => fault("the queue is not UTF-8"),
        },
        [_, _, more, ..] => {
            let problem = format!("`{}` is one word too many", shown(&more.to_string_lossy()));
            let hint = format!("one file is imported at a time; the usage is `{USAGE}`");
            Err(Error::usage(problem, hint))
        }
        [] => fault("there is one queue and one file"),
    }
}

/// An error where the first word is a file and the second one is none.
fn refuse_swapped(queue: &str, file: &Path) -> Result<()> {
    if file.exists() || !Path::new(queue).is_file() || file.as_os_str() == "-" {
        return Ok(());
    }
    let hint = format!("`wharf item import {} {}`", file.display(), shown(queue));
    Err(Error::usage("the queue and the file look swapped", hint))
}

fn plan(
    args: &Args,
    target: Target,
    columns: &[String],
    complete: bool,
    source: &Source,
    context: &Context<'_>,
) -> Result<Plan> {
    let layout = args.columns.settle(columns, args.mapping == Mapping::default(), complete)?;
    let mut plan = Plan::new(layout, &args.mapping, target, context.now());
    if complete {
        plan.check_columns(columns)?;
    }
    if plan.needs_digest() {
        plan.digest = source.digest()?;
    }
    Ok(plan)
}

fn feed(
    reader: &mut Reader<&File>,
    plan: &Plan,
    typing: &Typing,
    pipeline: &mut Pipeline<'_>,
    context: &Context<'_>,
    bar: &ProgressBar,
) -> Result<()> {
    while let Some(row) = reader.next_row()? {
        let row = row.and_then(|row| {
            bar.set_position(row.place.byte);
            let kept = pipeline.keeps().then(|| row.content.keep());
            match plan.item(context.new_id(), &row, typing) {
                Ok(item) => Ok(((row.place, kept), item)),
                Err(reject) => Err(reject.keeping(kept)),
            }
        });
        if pipeline.push(row)? {
            context.check_interrupted()?;
        }
    }
    Ok(())
}

/// How far the file is read, where somebody can see it.
fn bar(source: &Source, context: &Context<'_>) -> ProgressBar {
    if !context.output.progress {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{wide_bar} {percent:>3}%  {eta} left");
    let bar = ProgressBar::new(source.bytes);
    bar.with_style(style.expect("the template is valid"))
}

impl Error {
    /// A column that is needed and not there.
    fn no_column(name: &str, columns: &[String]) -> Self {
        let known = columns.iter().map(String::as_str);
        let similar = model::similar::closest(name, known);
        let meant =
            similar.map(|similar| format!("did you mean `{similar}`? ")).unwrap_or_default();
        Self::Columns {
            problem: format!("there is no column `{name}`"),
            hint: if name == QUEUE_COLUMN {
                format!(
                    "give the queue before the file; {meant}the columns are {}",
                    columns.join(", ")
                )
            } else {
                format!("{meant}the columns are {}", columns.join(", "))
            },
        }
    }
}
