//! `wharf queue import`.

mod wanted;

use std::path::PathBuf;

use model::{Change, QueueEdit, QueueSettings};

use crate::context::Context;
use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::import::{Form, Place, Reader, Reject, Source};
use crate::output::json::{self, Object};
use wanted::{EXPORT, POWER_AUTOMATE, Wanted};

/// Make or change queues as a file says
///
/// The file is JSON Lines as export writes them, or Power Automate's CSV. A queue is known by its
/// key. What the file does not speak of stays; importing the same file again changes nothing.
///
/// Example: wharf queue import vendor-invoice-queue.csv
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// The file, or - for stdin
    file: PathBuf,
    /// csv, json (one array) or jsonl [default: what the name of the file ends with, else what the
    /// text begins with: { for jsonl, [ for json, anything else for csv]
    #[arg(long, value_enum, hide_possible_values = true)]
    format: Option<Form>,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Became {
    Created,
    Changed,
    Unchanged,
}

#[derive(Debug, Default)]
struct Report {
    created: u64,
    changed: u64,
    unchanged: u64,
    rejected: Vec<Reject>,
}

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    let source = Source::open(&args.file)?;
    let form = Form::of(args.format, &source, context.output)?;
    let mut reader = Reader::new(form, source.reader()?, rows::Options::default())?;
    check_columns(form, &reader.columns()?)?;
    let mut report = Report::default();
    while let Some(row) = reader.next_row()? {
        context.check_interrupted()?;
        let wanted = row.and_then(|row| {
            let wanted = Wanted::of(&row.content);
            let wanted = wanted
                .map_err(|fault| Reject::new(row.place, fault.code, fault.reason, fault.hint));
            Ok((row.place, wanted?))
        });
        match wanted.and_then(|(place, wanted)| apply(place, wanted, context)) {
            Ok(Became::Created) => report.created += 1,
            Ok(Became::Changed) => report.changed += 1,
            Ok(Became::Unchanged) => report.unchanged += 1,
            Err(reject) => report.rejected.push(reject),
        }
    }
    tell(&report, context)
}

fn check_columns(form: Form, columns: &[String]) -> Result<()> {
    let exactly = columns.iter().map(String::as_str).eq(POWER_AUTOMATE);
    if form != Form::Csv || exactly {
        return Ok(());
    }
    Err(Error::Columns {
        problem: format!("they are {}", columns.join(", ")),
        hint: format!(
            "a CSV file has exactly {}; JSON Lines have {}",
            POWER_AUTOMATE.join(", "),
            EXPORT.join(", ")
        ),
    })
}

/// Makes the queue what is wanted. Writes only where something differs.
fn apply(
    place: Place,
    wanted: Wanted,
    context: &Context<'_>,
) -> std::result::Result<Became, Reject> {
    upsert(wanted, context).map_err(|error| Reject::model(place, &error))
}

fn upsert(wanted: Wanted, context: &Context<'_>) -> std::result::Result<Became, model::Error> {
    let store = context.store;
    // A name or an id is no key: only the queue that has this key is meant.
    let queues = store.queues()?;
    let known = queues.into_iter().find(|queue| queue.settings.key == wanted.key);
    let Some(known) = known else {
        let settings = wanted.over(QueueSettings::new(&wanted.key));
        settings.check()?;
        let (id, schema) = (context.new_id(), wanted.schema.and_then(|schema| schema.0));
        store.make(Change::CreateQueue { id, settings: Box::new(settings), schema })?;
        return Ok(Became::Created);
    };
    let settings = wanted.over(known.settings.clone());
    settings.check()?;
    let present = store.schema(&known.settings.key, None)?;
    let edit = QueueEdit {
        name: (settings.name != known.settings.name).then_some(settings.name),
        description: (settings.description != known.settings.description)
            .then_some(settings.description),
        rules: (settings.rules != known.settings.rules).then_some(settings.rules),
        schema: wanted
            .schema
            .map(|schema| schema.0)
            .filter(|schema| !same(schema.as_deref(), present.as_deref())),
    };
    if edit == QueueEdit::default() {
        return Ok(Became::Unchanged);
    }
    let queue = known.settings.key;
    store.make(Change::EditQueue { queue, edit: Box::new(edit) })?;
    Ok(Became::Changed)
}

/// Whether two schemas say the same, however they are laid out.
fn same(one: Option<&str>, other: Option<&str>) -> bool {
    let read = |text: Option<&str>| text.map(model::json::parse);
    read(one) == read(other)
}

fn tell(report: &Report, context: &mut Context<'_>) -> Result<ExitCode> {
    let Report { created, changed, unchanged, rejected } = report;
    let output = &mut *context.output;
    if output.is_text() {
        Reject::tell_all(rejected, output);
        let rejected = rejected.len();
        output.line(&format!(
            "created {created}, changed {changed}, unchanged {unchanged}, rejected {rejected}"
        ))?;
    } else {
        let rejects = rejected.iter().map(Reject::object);
        let object = Object::new()
            .number("created", created)
            .number("changed", changed)
            .number("unchanged", unchanged)
            .number("rejected", rejected.len())
            .raw("rejects", &json::list(rejects));
        output.line(&object.finish())?;
    }
    Ok(if rejected.is_empty() { ExitCode::Ok } else { ExitCode::Refused })
}
