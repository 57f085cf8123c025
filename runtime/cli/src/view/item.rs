//! Items, as JSON and for people.

use std::collections::HashMap;

use model::{Entry, Error, Item, Move, Rules, Sla, Store, Timestamp, Token};

use super::{maybe_time, time};
use crate::output::json::{self, Object};
use crate::output::{Table, fields, one_line};

/// Shows items as they stand at one moment. Remembers the rules of their queues.
pub(crate) struct Items<'a> {
    store: &'a dyn Store,
    now: Timestamp,
    rules: HashMap<String, Option<Rules>>,
}

impl<'a> Items<'a> {
    pub(crate) fn new(store: &'a dyn Store, now: Timestamp) -> Self {
        Self { store, now, rules: HashMap::new() }
    }

    /// How the item stands with its expiry. Only an item that expires makes us ask for its queue.
    pub(crate) fn sla(&mut self, item: &Item) -> Result<Option<Sla>, Error> {
        if item.life.expires.is_none() {
            return Ok(None);
        }
        if !self.rules.contains_key(&item.queue) {
            let rules = match self.store.queue(&item.queue) {
                Ok(queue) => Some(queue.settings.rules),
                // The queue was deleted since the item was read: no rules, no standing.
                Err(Error::QueueNotFound { .. }) => None,
                Err(error) => return Err(error),
            };
            self.rules.insert(item.queue.clone(), rules);
        }
        Ok(self.rules[&item.queue].as_ref().and_then(|rules| item.sla(rules, self.now)))
    }

    /// The fields every JSON form of an item has, in their order.
    pub(crate) fn object(&mut self, item: &Item, token: Option<Token>) -> Result<Object, Error> {
        let life = &item.life;
        let mut object = Object::new()
            .text("id", item.id)
            .text("queue", &item.queue)
            .maybe("name", item.name.as_ref())
            .maybe("reference", item.reference.as_ref())
            .text("status", life.status)
            .number("priority", item.priority.number())
            .number("attempt", life.attempt)
            .raw("value", &item.value)
            .time("expires", life.expires)
            .maybe("result", item.result.as_ref());
        if let Some(token) = token {
            object = object.text("token", token);
        }
        let holder = life.holder.as_ref();
        Ok(object
            .maybe("sla", self.sla(item)?.map(Sla::name))
            .time("delay_until", life.delay_until)
            .maybe("worker", holder.map(|holder| &holder.worker))
            .time("lease_until", holder.map(|holder| holder.until))
            .number("retries", life.retries)
            .number("crashes", life.crashes)
            .number("requeues", life.requeues)
            .time("created", Some(item.created))
            .time("modified", Some(item.modified))
            .time("completed", life.completed)
            .maybe_number("schema_version", item.schema_version)
            .maybe("batch", item.batch))
    }

    /// As `object`, with the notes.
    pub(crate) fn object_with_notes(
        &mut self,
        item: &Item,
        notes: &[Entry],
    ) -> Result<String, Error> {
        let notes = notes.iter().map(|entry| {
            let text = entry.text.as_deref().unwrap_or_default();
            Object::new().time("at", Some(entry.at)).text("text", text).finish()
        });
        Ok(self.object(item, None)?.raw("notes", &json::list(notes)).finish())
    }

    /// Everything about one item, for people.
    pub(crate) fn page(&mut self, item: &Item, notes: &[Entry]) -> Result<String, Error> {
        let life = &item.life;
        let sla = self.sla(item)?.map(|sla| format!(" ({})", sla.name())).unwrap_or_default();
        let mut rows = vec![("id", item.id.to_string()), ("queue", item.queue.clone())];
        let mut maybe = |name, text: Option<String>| rows.extend(text.map(|text| (name, text)));
        maybe("name", item.name.as_deref().map(line));
        maybe("reference", item.reference.as_deref().map(line));
        maybe("status", Some(life.status.to_string()));
        maybe("priority", Some(item.priority.to_string()));
        maybe("attempt", Some(counters(item)));
        maybe("expires", life.expires.map(|at| format!("{}{sla}", time(at))));
        maybe("delayed", life.delay_until.map(|at| format!("until {}", time(at))));
        maybe(
            "held by",
            life.holder
                .as_ref()
                .map(|holder| format!("{} until {}", line(&holder.worker), time(holder.until))),
        );
        maybe("created", Some(time(item.created)));
        maybe("modified", Some(time(item.modified)));
        maybe("completed", life.completed.map(time));
        maybe("batch", item.batch.map(|batch| batch.to_string()));
        maybe("result", item.result.as_deref().map(line));
        for note in notes {
            let text = line(note.text.as_deref().unwrap_or_default());
            maybe("note", Some(format!("{}  {text}", time(note.at))));
        }
        let value = model::json::parse(&item.value).map(|value| model::json::pretty(&value));
        let value = value.unwrap_or_else(|_| line(&item.value));
        Ok(format!("{}value\n{}\n", fields(&rows), indented(&value)))
    }
}

/// No text of a page is longer than this.
const LINE_CHARS_MAX: usize = 400;

fn line(text: &str) -> String {
    one_line(text, LINE_CHARS_MAX)
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {}", engine::visible(line))).collect::<Vec<_>>().join("\n")
}

/// `2 (1 retry, 1 crash)`: only the counters that say something.
fn counters(item: &Item) -> String {
    let life = &item.life;
    let counters =
        [(life.retries, "retries"), (life.crashes, "crashes"), (life.requeues, "requeues")];
    let told: Vec<String> = counters
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{name}: {count}"))
        .collect();
    if told.is_empty() {
        return life.attempt.to_string();
    }
    format!("{} ({})", life.attempt, told.join(", "))
}

/// Items as a table; with their queue where they may be of several.
pub(crate) fn table(items: &[Item], with_queue: bool) -> Table {
    let dash = |text: Option<&String>| text.cloned().unwrap_or_else(|| "-".into());
    let cells = |item: &Item| {
        [
            item.id.to_string(),
            dash(item.name.as_ref()),
            dash(item.reference.as_ref()),
            item.life.status.to_string(),
            item.priority.to_string(),
            item.life.attempt.to_string(),
            time(item.created),
        ]
    };
    let header = ["ID", "NAME", "REFERENCE", "STATUS", "PRIORITY", "ATTEMPT", "CREATED"];
    let cut = ["NAME", "REFERENCE"];
    if !with_queue {
        let mut table = Table::new(header, &cut);
        for item in items {
            table.row(cells(item));
        }
        return table;
    }
    let [id, name, reference, status, priority, attempt, created] = header;
    let header = [id, "QUEUE", name, reference, status, priority, attempt, created];
    let mut table = Table::new(header, &cut);
    for item in items {
        let [id, name, reference, status, priority, attempt, created] = cells(item);
        let queue = item.queue.clone();
        table.row([id, queue, name, reference, status, priority, attempt, created]);
    }
    table
}

/// What happened to an item, as JSON.
pub(crate) fn entry(entry: &Entry) -> String {
    Object::new()
        .number("number", entry.number)
        .time("at", Some(entry.at))
        .text("move", move_name(entry.by))
        .text("status", entry.status)
        .number("attempt", entry.attempt)
        .maybe("worker", entry.worker.as_ref())
        .maybe("text", entry.text.as_ref())
        .finish()
}

/// The word for a move in a history; an item's first entry is that it was added.
fn move_name(by: Option<Move>) -> &'static str {
    by.map_or("add", Move::name)
}

/// What happened to an item, as a table.
pub(crate) fn history(entries: &[Entry]) -> Table {
    let titles = ["AT", "MOVE", "STATUS", "ATTEMPT", "WORKER", "TEXT"];
    let mut table = Table::new(titles, &["WORKER", "TEXT"]);
    for entry in entries {
        table.row([
            maybe_time(Some(entry.at)),
            move_name(entry.by).into(),
            entry.status.to_string(),
            entry.attempt.to_string(),
            entry.worker.clone().unwrap_or_else(|| "-".into()),
            entry.text.clone().unwrap_or_default(),
        ]);
    }
    table
}
