//! Claims, renewals, and the deletion of whole queues in portions.

use model::life::{self, Event};
use model::{Claim, Claimed, Error, Id, QueueState, Renewal, Status, Timestamp, Token, limits};
use rusqlite::params;

use crate::error::{Attempt, Fault};
use crate::ledger::{Ledger, Saying};
use crate::row::{self, Whole, micros, span_micros};
use crate::{sql, tick};

/// Hands out items in the order of the queue. What time has made due happens first.
pub(crate) fn claim(ledger: &mut Ledger, claim: &Claim) -> Attempt<Vec<Claimed>> {
    check(claim)?;
    let known = ledger.queues.find_open(&claim.queue)?;
    let (queue, key) = (known.number, known.key().to_owned());
    tick::due_now(ledger)?;
    let mut claimed = Vec::new();
    let (mut bytes, mut expired) = (0, 0);
    while ledger.count(queue, Status::Queued) > 0 && expired <= limits::MOVES_PER_TRANSACTION_MAX {
        let wanted = claim.count - claimed.len();
        if wanted == 0 {
            break;
        }
        let ready = read_ready(ledger, queue, wanted)?;
        if ready.is_empty() {
            let detail = format!("`{key}` counts items as queued that are not there");
            let damaged = Err(Error::StoreDamaged { detail }.into());
            return if claimed.is_empty() { damaged } else { Ok(claimed) };
        }
        for whole in ready {
            let mut whole = match whole {
                Ok(whole) => whole,
                Err(Error::ItemDamaged { item, problem }) if claimed.is_empty() => {
                    return Err(set_aside(ledger, item, &problem)?.into());
                }
                // The next claim meets it first, and says so.
                Err(_) => return Ok(claimed),
            };
            if expire(ledger, &mut whole)? {
                expired += 1;
                continue;
            }
            bytes += whole.value.len();
            if bytes > limits::CLAIM_BYTES_MAX && !claimed.is_empty() {
                return Ok(claimed);
            }
            claimed.push(hand_out(ledger, whole, claim, key.clone())?);
        }
    }
    Ok(claimed)
}

fn check(claim: &Claim) -> Result<(), Error> {
    Error::limit("claim-items", claim.count, limits::CLAIM_ITEMS_MAX)?;
    Error::not_blank("worker name", &claim.worker)?;
    Error::limit("worker-name", claim.worker.len(), limits::WORKER_NAME_BYTES_MAX)?;
    limits::check_lease(claim.lease)
}

/// Those that are next. One that is damaged hides none of the others. A disk that fails ends the
/// transaction, and with it everything: what was read before must not be written after.
fn read_ready(ledger: &Ledger, queue: i64, wanted: usize) -> Attempt<Vec<Result<Whole, Error>>> {
    let mut statement = ledger.db.prepare_cached(sql::CLAIM)?;
    let rows = statement.query_map((queue, wanted as i64), row::whole)?;
    let judged = rows.map(|whole| match whole.map_err(Fault::from) {
        Ok(whole) => Ok(Ok(whole)),
        Err(Fault::Refused(damaged)) => Ok(Err(damaged)),
        Err(fatal) => Err(fatal),
    });
    judged.collect()
}

/// Puts an item on hold that nobody can work on, so that it is in nobody's way; what to tell about
/// it.
fn set_aside(ledger: &mut Ledger, item: Id, problem: &str) -> Attempt<Error> {
    let mut head = ledger.head(item)?;
    let error = Error::ItemDamaged { item, problem: format!("{problem}; it is on hold now") };
    let note = error.to_string();
    ledger.make(&mut head, &Event::Hold, Saying { result: None, note: Some(&note) })?;
    Ok(error)
}

/// Time may have run out since the mover last passed.
fn expire(ledger: &mut Ledger, whole: &mut Whole) -> Attempt<bool> {
    if whole.head.life.expires.is_none_or(|at| at > ledger.now) {
        return Ok(false);
    }
    match ledger.make(&mut whole.head, &Event::Due, Saying::default()) {
        Ok(_) => Ok(true),
        Err(Fault::Refused(_)) => Ok(false),
        Err(fatal) => Err(fatal),
    }
}

fn hand_out(
    ledger: &mut Ledger,
    mut whole: Whole,
    claim: &Claim,
    queue: String,
) -> Attempt<Claimed> {
    let token = Token::new(&*ledger.entropy);
    let event = Event::Claim { token, worker: claim.worker.clone(), lease: claim.lease };
    ledger.make(&mut whole.head, &event, Saying::default())?;
    Ok(Claimed { item: whole.item(queue), token })
}

/// Extends leases, each for itself.
pub(crate) fn renew(
    ledger: &mut Ledger,
    renewals: &[Renewal],
) -> Attempt<Vec<Result<Timestamp, Error>>> {
    Error::limit("claim-items", renewals.len(), limits::CLAIM_ITEMS_MAX)?;
    let mut ends = Vec::with_capacity(renewals.len());
    for renewal in renewals {
        ends.push(match renew_one(ledger, renewal) {
            Ok(end) => Ok(end),
            Err(Fault::Refused(error)) => Err(error),
            Err(fatal) => return Err(fatal),
        });
    }
    Ok(ends)
}

pub(crate) fn renew_one(ledger: &mut Ledger, renewal: &Renewal) -> Attempt<Timestamp> {
    renewal.lease.map_or(Ok(()), limits::check_lease)?;
    let mut head = ledger.head(renewal.item)?;
    let known = ledger.queues.of(head.queue);
    if matches!(known.queue.state, QueueState::Stopped | QueueState::Deleting) {
        return Err(known.open().expect_err("the queue is closed").into());
    }
    let event = Event::Renew { token: renewal.token, lease: renewal.lease };
    let from = head.life.status;
    life::apply(&mut head.life, known.rules(), &event, ledger.now)
        .map_err(|refusal| life::explain(refusal, head.id, from, ledger.now))?;
    let due = life::due(&head.life, known.rules());
    let holder = head.life.holder.as_ref().expect("a renewed item has a holder");
    ledger.db.prepare_cached(sql::RENEW)?.execute(params![
        head.number,
        due.map(micros),
        span_micros(holder.lease),
        micros(holder.until),
    ])?;
    Ok(holder.until)
}

/// Deletes items of a queue, whatever their status, and says how many.
pub(crate) fn sweep(ledger: &mut Ledger, queue: &str, limit: usize) -> Attempt<u64> {
    let queue = ledger.queues.find(queue)?.number;
    let limit = limit.min(limits::MOVES_PER_TRANSACTION_MAX);
    let mut statement = ledger.db.prepare_cached(sql::SWEEP)?;
    let rows = statement.query_map((queue, limit as i64), row::head)?;
    let heads: Vec<_> = rows.collect::<rusqlite::Result<_>>()?;
    drop(statement);
    for head in &heads {
        ledger.drop_item(head)?;
    }
    Ok(heads.len() as u64)
}
