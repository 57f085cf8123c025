//! What time makes due: delays over, expiries passed, leases lost, batches to move, items and
//! runs kept long enough.
//!
//! Every portion is small, so that no claim waits long behind it.

use model::life::{self, Event};
use model::{Move, Status, Ticked, Timestamp, limits, time};

use crate::change::batch;
use crate::error::{Attempt, Fault};
use crate::ledger::{BatchState, Ledger, Saying};
use crate::row::{self, Head, micros};
use crate::sql;

/// How long finished items may outlive their time: retention is no clockwork.
const RETIRE_EVERY: std::time::Duration = std::time::Duration::from_mins(1);
/// The cursor behind every item.
const LOOKED_AT_ALL: i64 = i64::MAX;

/// Does a portion of everything that is due.
pub(crate) fn tick(ledger: &mut Ledger) -> Attempt<Ticked> {
    let mut ticked = Ticked::default();
    due(ledger, &mut ticked)?;
    ticked.interrupted += ledger.interrupt_lost()?;
    move_batches(ledger, &mut ticked)?;
    retire(ledger, &mut ticked)?;
    if ledger.runs.remains {
        ledger.clear_remains()?;
        ticked.more |= ledger.runs.remains;
    }
    // What was noted may have been done otherwise meanwhile.
    ledger.next_due = ledger.read_next_due().map_err(Fault::Fatal)?;
    ticked.next = ledger.next_due;
    Ok(ticked)
}

/// Does what must happen before a claim.
pub(crate) fn due_now(ledger: &mut Ledger) -> Attempt<()> {
    due(ledger, &mut Ticked::default())
}

fn due(ledger: &mut Ledger, ticked: &mut Ticked) -> Attempt<()> {
    if ledger.next_due.is_none_or(|next| next > ledger.now) {
        return Ok(());
    }
    let mut heads = {
        let mut statement = ledger.db.prepare_cached(sql::DUE)?;
        let portion = limits::MOVES_PER_TRANSACTION_MAX as i64;
        let rows = statement.query_map((micros(ledger.now), portion), row::head)?;
        rows.collect::<rusqlite::Result<Vec<_>>>()?
    };
    ticked.more |= heads.len() == limits::MOVES_PER_TRANSACTION_MAX;
    // Those that are only looked at again come first, but they are not due first.
    heads.sort_by_key(|head| {
        (life::due(&head.life, ledger.queues.of(head.queue).rules()), head.number)
    });
    for head in heads {
        become_due(ledger, head, ticked)?;
    }
    let (interrupted, retired, more) = ledger.make_runs_due()?;
    ticked.interrupted += interrupted;
    ticked.runs_retired += retired;
    ticked.more |= more;
    ledger.next_due = ledger.read_next_due().map_err(Fault::Fatal)?;
    Ok(())
}

fn become_due(ledger: &mut Ledger, mut head: Head, ticked: &mut Ticked) -> Attempt<()> {
    let moved = match ledger.make(&mut head, &Event::Due, Saying::default()) {
        Ok(moved) => moved,
        Err(Fault::Refused(_)) => {
            // Not due after all: the rules of its queue have changed.
            let due = life::due(&head.life, ledger.queues.of(head.queue).rules());
            ledger.db.prepare_cached(sql::SET_DUE)?.execute((head.number, due.map(micros)))?;
            return Ok(());
        }
        Err(fatal) => return Err(fatal),
    };
    let count = match (moved.by, moved.to) {
        (Move::Promote, _) => &mut ticked.promoted,
        (Move::Expire, _) => &mut ticked.expired,
        (Move::TimeOut, _) => &mut ticked.timed_out,
        (_, Some(Status::DeadLetter)) => &mut ticked.buried,
        _ => &mut ticked.recovered,
    };
    *count += 1;
    Ok(())
}

/// Makes the items of decided batches ready, or deletes them, in the order in which they were
/// added.
fn move_batches(ledger: &mut Ledger, ticked: &mut Ticked) -> Attempt<()> {
    let Some((id, state)) = ledger.decided.first().copied() else { return Ok(()) };
    let heads = {
        let mut statement = ledger.db.prepare_cached(sql::STAGED)?;
        let portion = limits::MOVES_PER_TRANSACTION_MAX as i64;
        let rows = statement.query_map((id.to_bytes(), portion), row::head)?;
        rows.collect::<rusqlite::Result<Vec<_>>>()?
    };
    let whole = heads.len() < limits::MOVES_PER_TRANSACTION_MAX;
    let event = if state == BatchState::Committed { Event::Ready } else { Event::Discard };
    for mut head in heads {
        ledger.make(&mut head, &event, Saying::default())?;
        ticked.batched += 1;
    }
    if whole {
        batch::set_state(ledger, id, state.followed())?;
        ledger.decided.remove(0);
    }
    ticked.more |= !ledger.decided.is_empty();
    Ok(())
}

/// Deletes finished items that were kept as long as their queue says.
fn retire(ledger: &mut Ledger, ticked: &mut Ticked) -> Attempt<()> {
    if ledger.now < ledger.retire_at {
        return Ok(());
    }
    let kept: Vec<(i64, Timestamp)> = ledger
        .queues
        .all()
        .filter_map(|known| {
            let keep = known.rules().keep?;
            let until = ledger.now.saturating_sub(keep).unwrap_or(Timestamp::MIN);
            Some((known.number, until))
        })
        .collect();
    let mut more = false;
    for (queue, until) in kept {
        for status in Status::ALL.into_iter().filter(|status| status.is_final()) {
            more |= retire_some(ledger, queue, status, until, ticked)?;
        }
    }
    ticked.more |= more;
    if !more {
        ledger.retire_cursors.clear();
        ledger.retire_at = time::after(ledger.now, RETIRE_EVERY);
    }
    Ok(())
}

/// Looks at a portion of one status of a queue; answers whether there is more. A look that has come
/// to its end rests until all have: else they would start over in turn, and never end together.
fn retire_some(
    ledger: &mut Ledger,
    queue: i64,
    status: Status,
    until: Timestamp,
    ticked: &mut Ticked,
) -> Attempt<bool> {
    let portion = limits::MOVES_PER_TRANSACTION_MAX;
    let cursor = ledger.retire_cursors.get(&(queue, status)).copied().unwrap_or(0);
    if cursor == LOOKED_AT_ALL {
        return Ok(false);
    }
    let heads = {
        let mut statement = ledger.db.prepare_cached(sql::FINISHED)?;
        let rows =
            statement.query_map((queue, status.code(), cursor, portion as i64), row::head)?;
        rows.collect::<rusqlite::Result<Vec<_>>>()?
    };
    // What is too young stays behind the cursor until the next round from the start.
    let last = heads.last().filter(|_| heads.len() == portion);
    let next = last.map_or(LOOKED_AT_ALL, |head| head.number);
    ledger.retire_cursors.insert((queue, status), next);
    for head in heads.iter().filter(|head| head.life.completed.is_some_and(|at| at < until)) {
        ledger.drop_item(head)?;
        ticked.retired += 1;
    }
    Ok(next != LOOKED_AT_ALL)
}
