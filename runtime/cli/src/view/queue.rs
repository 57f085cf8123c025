//! Queues, as JSON and for people.

use std::time::Duration;

use model::time::format_span;
use model::{Queue, QueueSettings, Stats, Status};

use super::{maybe_time, time};
use crate::output::json::Object;
use crate::output::{Table, fields, one_line};

fn span(span: Option<Duration>) -> Option<String> {
    span.map(format_span)
}

/// The settings, in the words of the options that set them.
fn settings(object: Object, settings: &QueueSettings) -> Object {
    let rules = &settings.rules;
    object
        .text("key", &settings.key)
        .text("name", &settings.name)
        .text("description", &settings.description)
        .maybe("ttl", span(rules.ttl))
        .maybe_number("at_risk", rules.at_risk_percent)
        .flag("continue_if_violated", rules.continue_if_violated)
        .number("retries", rules.retries)
        .text("retry_delay", format_span(rules.retry_delay))
        .number("crashes", rules.crashes)
        .maybe("processing_limit", span(rules.processing_limit))
        .flag("edit_while_processing", rules.edit_while_processing)
        .maybe("keep", span(rules.keep))
}

pub(crate) fn object(queue: &Queue) -> String {
    settings(Object::new().text("id", queue.id), &queue.settings)
        .text("state", queue.state.name())
        .maybe_number("schema_version", queue.schema_version)
        .time("created", Some(queue.created))
        .time("modified", Some(queue.modified))
        .finish()
}

/// What `queue import` reads: the settings and the schema, nothing of this one store.
pub(crate) fn export(queue: &Queue, schema: Option<&str>) -> String {
    settings(Object::new(), &queue.settings).raw("schema", schema.unwrap_or("null")).finish()
}

/// Everything about one queue, for people.
pub(crate) fn page(queue: &Queue) -> String {
    let (settings, rules) = (&queue.settings, &queue.settings.rules);
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "none".into());
    let yes_no = |flag: bool| if flag { "yes" } else { "no" }.to_owned();
    let at_risk = rules.at_risk_percent.map(|percent| format!("{percent}% of the time to expiry"));
    let line = |text: &str| one_line(text, 400);
    fields(&[
        ("key", settings.key.clone()),
        ("name", line(&settings.name)),
        ("description", line(&settings.description)),
        ("state", queue.state.name().into()),
        ("ttl", or_none(span(rules.ttl))),
        ("at risk", or_none(at_risk)),
        ("continue if violated", yes_no(rules.continue_if_violated)),
        ("retries", rules.retries.to_string()),
        ("retry delay", format_span(rules.retry_delay)),
        ("crashes", rules.crashes.to_string()),
        ("processing limit", or_none(span(rules.processing_limit))),
        ("edit while processing", yes_no(rules.edit_while_processing)),
        ("keep", rules.keep.map_or_else(|| "forever".into(), format_span)),
        ("schema", or_none(queue.schema_version.map(|version| format!("version {version}")))),
        ("created", time(queue.created)),
        ("modified", time(queue.modified)),
    ])
}

/// Queues as a table, with what is in them.
pub(crate) fn table(all: &[Stats]) -> Table {
    let titles = ["KEY", "NAME", "STATE", "WAITING", "PROCESSING", "ITEMS"];
    let mut table = Table::new(titles, &["NAME"]);
    for stats in all {
        let waiting = stats.count(Status::Queued) + stats.count(Status::Scheduled);
        table.row([
            stats.queue.settings.key.clone(),
            stats.queue.settings.name.clone(),
            stats.queue.state.name().into(),
            waiting.to_string(),
            stats.count(Status::Processing).to_string(),
            stats.total().to_string(),
        ]);
    }
    table
}

/// One count for each status, and what they add up to.
pub(crate) fn stats_object(stats: &Stats) -> String {
    let object = Object::new().text("queue", &stats.queue.settings.key);
    let object = object.text("state", stats.queue.state.name());
    let counted = Status::ALL
        .into_iter()
        .fold(object, |object, status| object.number(status.name(), stats.count(status)));
    counted.number("total", stats.total()).time("oldest_queued", stats.oldest_queued).finish()
}

/// The counts that are not zero, for people.
pub(crate) fn stats_page(stats: &Stats) -> String {
    let mut rows: Vec<(&str, String)> = Status::ALL
        .into_iter()
        .filter(|status| stats.count(*status) > 0)
        .map(|status| (status.name(), stats.count(status).to_string()))
        .collect();
    rows.push(("total", stats.total().to_string()));
    if stats.oldest_queued.is_some() {
        rows.push(("oldest queued", maybe_time(stats.oldest_queued)));
    }
    fields(&rows)
}
