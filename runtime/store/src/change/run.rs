//! Changes to runs.

use std::time::Duration;

use model::run::{self, EffectKey, End, Event, Held, Hold, Journal, NewRun, TakeOver};
use model::{Done, Error, Id, Renewal, Token};
use rusqlite::{OptionalExtension, params};

use crate::claim;
use crate::error::{Attempt, Fault};
use crate::ledger::Ledger;
use crate::row::{self, RunHead, micros};
use crate::sql;

fn done(ledger: &Ledger, head: &RunHead) -> Attempt<Done> {
    Ok(Done { run: Some(ledger.told(head)?), ..Done::new(head.id, None) })
}

/// Whether a commit comes from the run's driver and follows the records that are there; answers the
/// number of the run.
pub(crate) fn check_fence(ledger: &Ledger, fence: run::Fence) -> Attempt<i64> {
    let head = ledger.run(fence.run)?;
    if head.life.held.as_ref().map(Held::token) != Some(fence.token) {
        return Err(Error::RunLost { run: fence.run }.into());
    }
    let (records, after) = (head.life.records, fence.after);
    if records != after {
        return Err(Error::RunOutOfStep { run: fence.run, records, after }.into());
    }
    Ok(head.number)
}

/// A claim that is to hold a run must hold.
fn check_hold(ledger: &Ledger, hold: &Hold) -> Attempt<()> {
    let Hold::Claim { item, token } = hold else { return Ok(()) };
    match ledger.head(*item)?.life.holder {
        Some(holder) if holder.token == *token => Ok(()),
        _ => Err(Error::LeaseLost { item: *item }.into()),
    }
}

pub(crate) fn start(ledger: &mut Ledger, new: &NewRun) -> Attempt<Done> {
    if let Some(head) = ledger.find_run(new.id)? {
        return Err(Error::RunExists { run: new.id, state: head.life.state }.into());
    }
    check_hold(ledger, &new.hold)?;
    ledger.check_pin(&new.pin)?;
    let head = ledger.write_new_run(new)?;
    done(ledger, &head)
}

pub(crate) fn take_over(ledger: &mut Ledger, wanted: &TakeOver) -> Attempt<Done> {
    let mut head = ledger.run(wanted.run)?;
    check_hold(ledger, &wanted.hold)?;
    if let Some(pin) = &wanted.pin {
        ledger.check_pin(pin)?;
        head.pin = pin.digest;
    }
    let by_driver = ledger.runs.acting == Some(head.number);
    let event = Event::TakeOver { hold: wanted.hold.clone(), by_driver };
    ledger.make_run(&mut head, &event)?;
    if let Some(pin) = &wanted.pin {
        ledger.bind_pin(head.number, pin)?;
    }
    done(ledger, &head)
}

pub(crate) fn renew(
    ledger: &mut Ledger,
    run: Id,
    token: Token,
    lease: Option<Duration>,
) -> Attempt<Done> {
    let mut head = ledger.run(run)?;
    match head.life.held {
        Some(Held::Claim { item, token: own }) if own == token => {
            match claim::renew_one(ledger, &Renewal { item, token, lease }) {
                Err(Fault::Refused(Error::LeaseLost { .. })) => {
                    return Err(Error::RunLost { run }.into());
                }
                renewed => renewed.map(drop)?,
            }
        }
        _ => drop(ledger.make_run(&mut head, &Event::Renew { token, lease })?),
    }
    done(ledger, &head)
}

pub(crate) fn cancel(ledger: &mut Ledger, run: Id) -> Attempt<Done> {
    let mut head = ledger.run(run)?;
    ledger.make_run(&mut head, &Event::Cancel)?;
    done(ledger, &head)
}

pub(crate) fn record(ledger: &mut Ledger, journal: &Journal) -> Attempt<Done> {
    let mut head = ledger.acting_run()?;
    let mut seq = head.life.records;
    let (records, bytes) = (journal.records.len() as u64, journal.bytes() as u64);
    ledger.make_run(&mut head, &Event::Record { records, bytes, steps: journal.steps })?;
    let mut statement = ledger.db.prepare_cached(sql::RECORD)?;
    for record in &journal.records {
        seq += 1;
        statement.execute(params![
            head.number,
            seq as i64,
            micros(record.at),
            record.checkpoint,
            record.kind,
            record.path,
            record.data,
        ])?;
    }
    drop(statement);
    done(ledger, &head)
}

pub(crate) fn end(ledger: &mut Ledger, end: &End) -> Attempt<Done> {
    let mut head = ledger.acting_run()?;
    ledger.make_run(&mut head, &Event::End(end.state()))?;
    let (outputs, failure) = match end {
        End::Succeeded { outputs } => (Some(outputs), None),
        End::Failed(failure) => (None, Some(failure)),
        End::Cancelled => (None, None),
    };
    ledger.db.prepare_cached(sql::END_RUN_TEXT)?.execute(params![
        head.number,
        outputs,
        failure.map(|failure| failure.kind as u8),
        failure.map(|failure| &failure.code),
        failure.map(|failure| &failure.message),
        failure.map(|failure| &failure.path),
    ])?;
    done(ledger, &head)
}

/// The item that this effect added before.
pub(crate) fn added_by(ledger: &Ledger, effect: &EffectKey) -> Attempt<Option<Id>> {
    let mut statement = ledger.db.prepare_cached(sql::EFFECT)?;
    Ok(statement.query_row([effect.as_bytes()], |row| row::id(row, 0)).optional()?)
}

/// Remembers what an effect added, for as long as the run is kept.
pub(crate) fn remember(ledger: &Ledger, effect: &EffectKey, run: i64, item: Id) -> Attempt<()> {
    let mut statement = ledger.db.prepare_cached(sql::ADD_EFFECT)?;
    statement.execute((effect.as_bytes(), run, item.to_bytes()))?;
    Ok(())
}
