//! Changes to queues.

use std::sync::Arc;

use model::{Done, Error, Id, Queue, QueueEdit, QueueSettings, QueueState, limits};

use crate::conform::Schema;
use crate::error::Attempt;
use crate::ledger::Ledger;
use crate::queues::{self, Known};
use crate::sql;

fn done(known: &Known) -> Done {
    Done::new(known.queue.id, None)
}

pub(crate) fn create(
    ledger: &mut Ledger,
    id: Id,
    settings: QueueSettings,
    schema: Option<String>,
) -> Attempt<Done> {
    if ledger.queues.has_key(&settings.key) {
        return Err(Error::QueueExists { key: settings.key }.into());
    }
    if ledger.queues.all().any(|known| known.queue.id == id) {
        return Err(Error::DuplicateId { item: id }.into());
    }
    Error::limit("queues", ledger.queues.len() + 1, limits::QUEUES_MAX)?;
    let queue = Queue {
        id,
        settings,
        state: QueueState::Active,
        schema_version: schema.as_ref().map(|_| 1),
        created: ledger.now,
        modified: ledger.now,
    };
    let mut known = Known { number: ledger.queues.next_number(), queue, schema: None };
    if let Some(text) = schema {
        known.schema = Some(add_schema(ledger, known.number, 1, &text)?);
    }
    queues::write(&ledger.db, sql::CREATE_QUEUE, &known)?;
    let done = done(&known);
    ledger.queues.put(known);
    ledger.queues_changed = true;
    Ok(done)
}

fn add_schema(ledger: &Ledger, queue: i64, version: u32, text: &str) -> Attempt<Arc<Schema>> {
    let schema = Schema::new(version, text)?;
    ledger.db.prepare_cached(sql::ADD_SCHEMA)?.execute((queue, version, text))?;
    Ok(Arc::new(schema))
}

pub(crate) fn edit(ledger: &mut Ledger, queue: &str, edit: QueueEdit) -> Attempt<Done> {
    let mut known = ledger.queues.find(queue)?.clone();
    let before = known.rules().clone();
    let settings = &mut known.queue.settings;
    settings.name = edit.name.unwrap_or_else(|| settings.name.clone());
    settings.description = edit.description.unwrap_or_else(|| settings.description.clone());
    settings.rules = edit.rules.unwrap_or_else(|| settings.rules.clone());
    settings.check()?;
    match edit.schema {
        None => {}
        Some(None) => {
            known.queue.schema_version = None;
            known.schema = None;
        }
        Some(Some(text)) => {
            let last: u32 = ledger
                .db
                .prepare_cached(sql::LAST_SCHEMA_VERSION)?
                .query_row([known.number], |row| row.get(0))?;
            known.schema = Some(add_schema(ledger, known.number, last + 1, &text)?);
            known.queue.schema_version = Some(last + 1);
        }
    }
    let rules = known.rules();
    let timing = rules.continue_if_violated != before.continue_if_violated
        || rules.processing_limit != before.processing_limit;
    if timing {
        // What is due when has changed for all of them: each is looked at once, in portions.
        ledger.db.prepare_cached(sql::FLAG_DUE)?.execute([known.number])?;
        ledger.note_due(Some(model::Timestamp::UNIX_EPOCH));
    }
    store(ledger, known)
}

fn store(ledger: &mut Ledger, mut known: Known) -> Attempt<Done> {
    known.queue.modified = ledger.now;
    queues::write(&ledger.db, sql::EDIT_QUEUE, &known)?;
    let done = done(&known);
    ledger.queues.put(known);
    ledger.queues_changed = true;
    Ok(done)
}

pub(crate) fn set_state(ledger: &mut Ledger, queue: &str, state: QueueState) -> Attempt<Done> {
    let mut known = ledger.queues.find(queue)?.clone();
    if known.queue.state == QueueState::Deleting && state != QueueState::Deleting {
        let (queue, state) = (known.key().into(), known.queue.state);
        return Err(Error::QueueClosed { queue, state }.into());
    }
    known.queue.state = state;
    store(ledger, known)
}

pub(crate) fn drop(ledger: &mut Ledger, queue: &str) -> Attempt<Done> {
    let known = ledger.queues.find(queue)?.clone();
    let items = ledger.count_all(known.number);
    if items > 0 {
        return Err(Error::QueueNotEmpty { queue: known.key().into(), items }.into());
    }
    for statement in sql::DROP_QUEUE_PARTS.split_inclusive(';').filter(|text| text.contains(';')) {
        ledger.db.prepare_cached(statement)?.execute([known.number])?;
    }
    ledger.db.prepare_cached(sql::DROP_QUEUE)?.execute([known.number])?;
    ledger.forget_counts(known.number);
    ledger.queues.remove(known.number);
    ledger.queues_changed = true;
    Ok(done(&known))
}
