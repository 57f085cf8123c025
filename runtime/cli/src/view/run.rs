//! Runs, as JSON and for people.

use std::fmt::Write as _;
use std::time::Duration;

use model::run::{End, Recorded, Run, Trigger};
use model::{Value, json};

use super::time;
use crate::output::json::{Object, list};
use crate::output::{Table, fields, one_line};

/// How much of a value is shown to people.
const VALUE_CHARS: usize = 160;

pub(crate) fn table(runs: &[Run]) -> Table {
    let mut table = Table::new(["ID", "FLOW", "STATE", "STARTED", "TOOK", "STEPS"], &["FLOW"]);
    for run in runs {
        table.row([
            run.id.to_string(),
            run.flow.clone(),
            run.life.state.name().to_owned(),
            time(run.started),
            took(run),
            run.life.steps.to_string(),
        ]);
    }
    table
}

fn took(run: &Run) -> String {
    let Some(ended) = run.life.ended else { return "-".into() };
    let took = Duration::try_from(ended.duration_since(run.started)).unwrap_or(Duration::ZERO);
    match took.as_millis() {
        milliseconds @ 0..=999 => format!("{milliseconds} ms"),
        _ => format!("{:.1} s", took.as_secs_f64()),
    }
}

fn started_by(run: &Run) -> String {
    match run.trigger {
        Trigger::Manual => "by hand".into(),
        Trigger::Item(item) => format!("item {item}"),
        Trigger::File(claim) => format!("file {claim}"),
    }
}

/// Everything about one run but its steps, for people.
pub(crate) fn page(run: &Run) -> String {
    let mut told = vec![
        ("id", run.id.to_string()),
        ("flow", run.flow.clone()),
        ("state", run.life.state.name().to_owned()),
        ("trigger", started_by(run)),
        ("started", time(run.started)),
        ("took", took(run)),
        ("steps", run.life.steps.to_string()),
        ("inputs", one_line(&run.inputs, VALUE_CHARS)),
    ];
    match &run.end {
        Some(End::Succeeded { outputs }) => told.push(("outputs", one_line(outputs, VALUE_CHARS))),
        Some(End::Failed(failure)) => {
            told.push(("failed at", failure.path.clone()));
            told.push(("error", format!("{}: {}", failure.code, one_line(&failure.message, 400))));
        }
        Some(End::Cancelled) | None => {}
    }
    fields(&told)
}

/// A record that tells of a step's end, for people.
pub(crate) fn step(recorded: &Recorded) -> Option<String> {
    let record = &recorded.record;
    let data = json::parse(&record.data).ok()?;
    let sign = match record.kind.as_str() {
        "done" => "✓",
        "failed" => "✗",
        "rejected" => "-",
        _ => return None,
    };
    let mut lines = format!("{sign} {}  {}\n", record.path, time(record.at));
    let shown = ["inputs", "output", "stream", "claimed", "settled", "failure", "message"];
    for name in shown {
        let Some(value) = data.get(name) else { continue };
        if value.as_object().is_some_and(indexmap::IndexMap::is_empty) || value.is_null() {
            continue;
        }
        let text = one_line(&json::write(value), VALUE_CHARS);
        writeln!(lines, "    {name:8} {text}").expect("a text has room");
    }
    Some(lines)
}

pub(crate) fn object(run: &Run) -> String {
    fields_of(run).finish()
}

fn fields_of(run: &Run) -> Object {
    let (outputs, error) = match &run.end {
        Some(End::Succeeded { outputs }) => (outputs.clone(), "null".into()),
        Some(End::Failed(failure)) => {
            let error = Object::new()
                .text("kind", failure.kind.name())
                .text("code", &failure.code)
                .text("message", &failure.message)
                .text("step", &failure.path);
            ("null".into(), error.finish())
        }
        Some(End::Cancelled) | None => ("null".to_owned(), "null".to_owned()),
    };
    Object::new()
        .text("id", run.id)
        .text("flow", &run.flow)
        .text("state", run.life.state.name())
        .text("trigger", started_by(run))
        .time("started", Some(run.started))
        .time("ended", run.life.ended)
        .number("steps", run.life.steps)
        .number("records", run.life.records)
        .raw("inputs", &run.inputs)
        .raw("outputs", &outputs)
        .raw("error", &error)
}

/// A record of the journal.
pub(crate) fn record(recorded: &Recorded) -> String {
    let record = &recorded.record;
    let data = json::parse(&record.data).map_or(Value::Null, |data| data);
    Object::new()
        .number("seq", recorded.seq)
        .time("at", Some(record.at))
        .text("kind", &record.kind)
        .text("step", &record.path)
        .raw("data", &json::write(&data))
        .finish()
}

/// A run with its journal.
pub(crate) fn whole(run: &Run, records: &[String]) -> String {
    fields_of(run).raw("journal", &list(records.iter().cloned())).finish()
}
