//! Changes to items.

use model::item::{ItemEdit, NewItem};
use model::life::{self, Event};
use model::{Done, Error, Id, Move, Settlement, Status, status};
use rusqlite::{OptionalExtension, params};

use crate::change::{batch, run};
use crate::conform::{self, Verdict};
use crate::error::Attempt;
use crate::ledger::{BatchState, Ledger, Saying};
use crate::row::{self, Head, micros};
use crate::sql;

fn done(head: &Head) -> Done {
    Done::new(head.id, Some(head.life.status))
}

/// Adds an item, unless its effect has been before.
pub(crate) fn add(ledger: &mut Ledger, new: &NewItem, verdict: Option<Verdict>) -> Attempt<Done> {
    let Some(effect) = &new.effect else { return add_new(ledger, new, verdict) };
    let run = ledger.runs.acting.ok_or(Error::NotOfARun)?;
    if let Some(item) = run::added_by(ledger, effect)? {
        let status = ledger.find_head(item)?.map(|head| head.life.status);
        return Ok(Done::new(item, status));
    }
    let done = add_new(ledger, new, verdict)?;
    run::remember(ledger, effect, run, done.id)?;
    Ok(done)
}

fn add_new(ledger: &mut Ledger, new: &NewItem, verdict: Option<Verdict>) -> Attempt<Done> {
    let known = ledger.queues.find_open(&new.queue)?;
    let queue = known.number;
    let schema_version = conform::still_conforms(known, &new.value, verdict)?;
    let expires = new.expires.at_add(known.rules(), ledger.now)?;
    if let Some(batch) = new.batch {
        batch::check_open(ledger, batch, queue)?;
    }
    let life = life::born(new.hold, new.batch.is_some(), new.delay_until, expires, ledger.now);
    let due = life::due(&life, ledger.queues.of(queue).rules());
    let number = ledger.take_number();
    let seq = if life.status == Status::Queued { ledger.take_place() } else { 0 };
    let added = ledger.db.prepare_cached(sql::ADD)?.execute(params![
        number,
        new.id.to_bytes(),
        queue,
        life.status.code(),
        new.priority.number(),
        seq,
        due.map(micros),
        life.expires.map(micros),
        life.delay_until.map(micros),
        micros(ledger.now),
        new.batch.map(Id::to_bytes),
        schema_version,
        new.name,
        new.reference,
        new.value,
    ])?;
    if added == 0 {
        return Err(conflict(ledger, new.id, queue, new.reference.as_deref())?.into());
    }
    ledger.note_due(due);
    ledger.counted(queue, life.status, 1);
    ledger.enter_first(number, life.status, new.note.as_deref())?;
    Ok(Done::new(new.id, Some(life.status)))
}

/// Which of the two unique indexes refused a row.
fn conflict(ledger: &Ledger, id: Id, queue: i64, reference: Option<&str>) -> Attempt<Error> {
    if let Some(reference) = reference
        && let Some((_, error)) = taken(ledger, queue, reference)?
    {
        return Ok(error);
    }
    Ok(Error::DuplicateId { item: id })
}

/// The item of the queue that has the reference, and the error for another one that wants it.
fn taken(ledger: &Ledger, queue: i64, reference: &str) -> Attempt<Option<(Id, Error)>> {
    let mut statement = ledger.db.prepare_cached(sql::OWNER_OF_REFERENCE)?;
    let owner = statement
        .query_row((queue, reference), |row| {
            Ok((row::id(row, 0)?, row::status(row, 1)?, row.get::<_, Option<i64>>(3)?))
        })
        .optional()?;
    let Some((item, status, batch)) = owner else { return Ok(None) };
    let batch = batch.map(BatchState::from_code);
    // The items of a committed batch are sure to come; those of any other may still go.
    let pending = status == Status::Staged && batch != Some(BatchState::Committed);
    let (queue, reference) = (ledger.queues.of(queue).key().to_owned(), reference.to_owned());
    let error = if pending {
        Error::ReferencePending { queue, reference, item }
    } else {
        Error::DuplicateReference { queue, reference, item }
    };
    Ok(Some((item, error)))
}

pub(crate) fn settle(ledger: &mut Ledger, settlement: &Settlement) -> Attempt<Done> {
    let mut head = ledger.head(settlement.item)?;
    let event = Event::Settle {
        token: settlement.token,
        ending: settlement.ending,
        retry: settlement.retry,
    };
    let result = settlement.result.as_deref();
    ledger.make(&mut head, &event, Saying { result, note: None })?;
    Ok(done(&head))
}

pub(crate) fn requeue(
    ledger: &mut Ledger,
    item: Id,
    event: &Event,
    note: Option<&str>,
    clear_notes: bool,
) -> Attempt<Done> {
    let mut head = ledger.head(item)?;
    let before = head.entries;
    ledger.make(&mut head, event, Saying { result: None, note })?;
    let cleared = if clear_notes { clear(ledger, &head, before)? } else { 0 };
    Ok(Done { cleared, ..done(&head) })
}

/// A move that needs nothing but its event.
pub(crate) fn plain(
    ledger: &mut Ledger,
    item: Id,
    event: &Event,
    note: Option<&str>,
) -> Attempt<Done> {
    let mut head = ledger.head(item)?;
    let moved = ledger.make(&mut head, event, Saying { result: None, note })?;
    Ok(Done::new(item, moved.to))
}

pub(crate) fn note(ledger: &mut Ledger, item: Id, text: &str, clear_first: bool) -> Attempt<Done> {
    let mut head = ledger.head(item)?;
    let before = head.entries;
    let note = (!text.is_empty()).then_some(text);
    ledger.make(&mut head, &Event::Note, Saying { result: None, note })?;
    let cleared = if clear_first { clear(ledger, &head, before)? } else { 0 };
    Ok(Done { cleared, ..done(&head) })
}

/// Takes the texts of the notes before that entry away, and says how many; that there were some
/// stays on record.
fn clear(ledger: &Ledger, head: &Head, before: u32) -> Attempt<u32> {
    let mut statement = ledger.db.prepare_cached(sql::CLEAR_NOTES)?;
    let mut cleared = 0;
    for by in status::WITH_NOTE {
        cleared += statement.execute((head.number, by.map(|by| by as u8), before))?;
    }
    Ok(cleared as u32)
}

pub(crate) fn edit(ledger: &mut Ledger, item: Id, edit: &ItemEdit) -> Attempt<Done> {
    let mut head = ledger.head(item)?;
    let known = ledger.queues.of(head.queue);
    let value = edit.value.as_deref();
    let schema_version = value.map(|value| conform::conforms(known, value)).transpose()?.flatten();
    let reference = edit.reference.as_ref().map(Option::as_deref);
    if let Some(Some(wanted)) = reference
        && let Some((owner, error)) = taken(ledger, head.queue, wanted)?
        && owner != item
    {
        return Err(error.into());
    }
    let content = edit.name.is_some() || value.is_some() || reference.is_some();
    let event = Event::Edit { content, expires: edit.expires };
    let from = head.life.status;
    let rules = ledger.queues.of(head.queue).rules();
    life::apply(&mut head.life, rules, &event, ledger.now)
        .map_err(|refusal| life::explain(refusal, item, from, ledger.now))?;
    let due = life::due(&head.life, ledger.queues.of(head.queue).rules());
    ledger.db.prepare_cached(sql::EDIT)?.execute(params![
        head.number,
        due.map(micros),
        head.life.expires.map(micros),
        head.entries + 1,
        micros(ledger.now),
        edit.name.as_ref().and_then(Option::as_deref),
        edit.value,
        edit.priority.map(model::Priority::number),
        reference.is_some(),
        reference.flatten(),
        schema_version,
        edit.name.is_some(),
    ])?;
    ledger.note_due(due);
    ledger.enter(&mut head, Some(Move::Edit), None, Some(&edit.fields()))?;
    Ok(done(&head))
}
