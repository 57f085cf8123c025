//! Batches: items that become ready together, or not at all.

use model::{Done, Error, Id};
use rusqlite::OptionalExtension;

use crate::error::Attempt;
use crate::ledger::{BatchState, Ledger};
use crate::sql;

fn done(batch: Id) -> Done {
    Done::new(batch, None)
}

fn find(ledger: &Ledger, batch: Id) -> Attempt<(i64, BatchState)> {
    let mut statement = ledger.db.prepare_cached(sql::BATCH)?;
    let found = statement
        .query_row([batch.to_bytes()], |row| Ok((row.get(0)?, BatchState::from_code(row.get(1)?))))
        .optional()?;
    found.ok_or_else(|| Error::BatchNotFound { batch }.into())
}

/// Whether items of the queue may still be added under the batch.
pub(crate) fn check_open(ledger: &Ledger, batch: Id, queue: i64) -> Attempt<()> {
    match find(ledger, batch)? {
        (of, BatchState::Open) if of == queue => Ok(()),
        (_, BatchState::Open) => Err(Error::BatchNotFound { batch }.into()),
        _ => Err(Error::BatchDecided { batch }.into()),
    }
}

/// Opens a batch; opening it again is no change.
pub(crate) fn open(ledger: &mut Ledger, batch: Id, queue: &str) -> Attempt<Done> {
    let queue = ledger.queues.find_open(queue)?.number;
    ledger.db.prepare_cached(sql::OPEN_BATCH)?.execute((batch.to_bytes(), queue))?;
    check_open(ledger, batch, queue)?;
    Ok(done(batch))
}

/// Decides a batch. Its items follow in portions, so that a million of them stall nobody.
pub(crate) fn decide(ledger: &mut Ledger, batch: Id, commit: bool) -> Attempt<Done> {
    let wanted = if commit { BatchState::Committed } else { BatchState::Discarded };
    match find(ledger, batch)?.1 {
        BatchState::Open => {}
        // Saying the same again is no change: the first answer may have been lost.
        state if state == wanted || state == wanted.followed() => return Ok(done(batch)),
        _ => return Err(Error::BatchDecided { batch }.into()),
    }
    set_state(ledger, batch, wanted)?;
    ledger.decided.push((batch, wanted));
    Ok(done(batch))
}

pub(crate) fn set_state(ledger: &Ledger, batch: Id, state: BatchState) -> Attempt<()> {
    let mut statement = ledger.db.prepare_cached(sql::DECIDE_BATCH)?;
    statement.execute((batch.to_bytes(), state as i64))?;
    Ok(())
}
