//! What happens to an item: `state x event x now -> outcome`, with no effect besides.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::item::{Expiry, Holder, Life};
use crate::queue::Rules;
use crate::status::{self, Move, Status};
use crate::time::{self, Timestamp};
use crate::{Id, Token};

/// What happened to an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Ready,
    Discard,
    /// Time has passed: whatever it made due happens.
    Due,
    Claim {
        token: Token,
        worker: String,
        lease: Duration,
    },
    Renew {
        token: Token,
        lease: Option<Duration>,
    },
    Settle {
        token: Token,
        ending: Ending,
        /// An IT exception is tried again while retries remain.
        retry: bool,
    },
    GiveBack {
        token: Token,
        /// Work on it had begun, so that this delivery counts.
        begun: bool,
    },
    Requeue {
        /// Required while a worker holds the item.
        token: Option<Token>,
        delay_until: Option<Timestamp>,
        expires: Option<Expiry>,
    },
    Hold,
    Release,
    Edit {
        /// Whether name, value or reference change, which a worker may already have read.
        content: bool,
        expires: Option<Expiry>,
    },
    Note,
    Delete,
}

/// How a worker ends its work on an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Ending {
    Processed,
    BusinessException,
    ItException,
    GenericException,
}

impl Ending {
    pub const ALL: [Self; 4] =
        [Self::Processed, Self::BusinessException, Self::ItException, Self::GenericException];

    pub fn status(self) -> Status {
        match self {
            Self::Processed => Status::Processed,
            Self::BusinessException => Status::BusinessException,
            Self::ItException => Status::ItException,
            Self::GenericException => Status::GenericException,
        }
    }
}

/// Where an item that enters `queued` stands among those of its priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Where it stood before.
    Keep,
    /// Behind all others.
    Back,
}

/// The move that an event made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    pub by: Move,
    pub from: Status,
    /// `None`: the item is gone.
    pub to: Option<Status>,
    pub place: Place,
}

/// Why an event changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The table has no such move.
    NotAllowed(Move),
    /// The token is not that of the claim that holds the item.
    LeaseLost,
    /// A worker holds the item, and the event came without its token.
    Held,
    /// The expiry asked for has already passed.
    ExpiryInPast(Timestamp),
    /// Its expiry has passed, so it is no longer handed out.
    Expired,
    /// Nothing is due yet.
    NotDue,
}

/// The next moment at which time alone changes the item.
pub fn due(life: &Life, rules: &Rules) -> Option<Timestamp> {
    let expires = life.expires.filter(|_| !rules.continue_if_violated);
    match life.status {
        Status::Scheduled => life.delay_until.into_iter().chain(expires).min(),
        Status::Queued => expires,
        Status::Processing => {
            let until = life.holder.as_ref().map(|holder| holder.until);
            until.into_iter().chain(deadline(life, rules)).min()
        }
        _ => None,
    }
}

/// When the queue takes the item from its worker, however alive that is.
pub fn deadline(life: &Life, rules: &Rules) -> Option<Timestamp> {
    deadline_since(life.holder.as_ref()?.since, rules)
}

fn deadline_since(since: Timestamp, rules: &Rules) -> Option<Timestamp> {
    rules.processing_limit.map(|limit| time::after(since, limit))
}

/// A lease never promises more time than the queue allows: its worker relies on the end it is told.
fn lease_end(since: Timestamp, lease: Duration, rules: &Rules, now: Timestamp) -> Timestamp {
    let end = time::after(now, lease);
    deadline_since(since, rules).map_or(end, |deadline| end.min(deadline))
}

/// Whether the item is past its expiry at `at`, and its queue minds.
fn is_expired(life: &Life, rules: &Rules, at: Timestamp) -> bool {
    !rules.continue_if_violated && life.expires.is_some_and(|expires| expires <= at)
}

/// Applies an event. On refusal nothing has changed.
pub fn apply(
    life: &mut Life,
    rules: &Rules,
    event: &Event,
    now: Timestamp,
) -> Result<Moved, Refusal> {
    let from = life.status;
    let by = kind(life, rules, event, now)?;
    let targets = status::targets(from, by).ok_or_else(|| refusal(life, event, by))?;
    check_token(life, event)?;
    let mut next = life.clone();
    let place = change(&mut next, rules, event, by, now)?;
    let gone = matches!(by, Move::Discard | Move::Delete);
    let to = (!gone).then_some(next.status);
    assert!(
        to.map_or(targets.is_empty(), |to| targets.contains(&to)),
        "{from} by {by} led to {to:?}, which the table does not have"
    );
    *life = next;
    Ok(Moved { by, from, to, place })
}

/// A worker whose claim is gone hears that, whatever became of the item.
fn refusal(life: &Life, event: &Event, by: Move) -> Refusal {
    let fenced = event_token(event).is_some() && life.status != Status::OnHold;
    if fenced { Refusal::LeaseLost } else { Refusal::NotAllowed(by) }
}

fn event_token(event: &Event) -> Option<Token> {
    match event {
        Event::Renew { token, .. }
        | Event::Settle { token, .. }
        | Event::GiveBack { token, .. } => Some(*token),
        Event::Requeue { token, .. } => *token,
        _ => None,
    }
}

fn check_token(life: &Life, event: &Event) -> Result<(), Refusal> {
    let held = life.holder.as_ref().map(|holder| holder.token);
    match (event, event_token(event)) {
        (_, Some(token)) if held != Some(token) => Err(Refusal::LeaseLost),
        (Event::Requeue { token: None, .. }, _) if held.is_some() => Err(Refusal::Held),
        _ => Ok(()),
    }
}

/// Which move the event asks for, given what time has made of the item.
fn kind(life: &Life, rules: &Rules, event: &Event, now: Timestamp) -> Result<Move, Refusal> {
    Ok(match event {
        Event::Ready => Move::Ready,
        Event::Discard => Move::Discard,
        Event::Due => return kind_of_due(life, rules, now).ok_or(Refusal::NotDue),
        Event::Claim { .. } if life.status == Status::Queued && is_expired(life, rules, now) => {
            return Err(Refusal::Expired);
        }
        Event::Claim { .. } => Move::Claim,
        Event::Renew { .. } => Move::Renew,
        Event::Settle { .. } => Move::Settle,
        Event::GiveBack { .. } => Move::GiveBack,
        Event::Requeue { .. } => Move::Requeue,
        Event::Hold => Move::Hold,
        Event::Release => Move::Release,
        Event::Edit { content, .. } => {
            let locked = *content && !rules.edit_while_processing;
            if life.status == Status::Processing && locked {
                return Err(Refusal::Held);
            }
            Move::Edit
        }
        Event::Note => Move::Note,
        Event::Delete => Move::Delete,
    })
}

fn kind_of_due(life: &Life, rules: &Rules, now: Timestamp) -> Option<Move> {
    let passed = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
    match life.status {
        Status::Scheduled | Status::Queued if is_expired(life, rules, now) => Some(Move::Expire),
        Status::Scheduled if passed(life.delay_until) => Some(Move::Promote),
        Status::Processing => {
            let until = life.holder.as_ref().map(|holder| holder.until);
            let deadline = deadline(life, rules);
            let too_long = passed(deadline) && deadline <= until;
            match (too_long, passed(until)) {
                (true, _) => Some(Move::TimeOut),
                (false, true) => Some(Move::Lose),
                (false, false) => None,
            }
        }
        _ => None,
    }
}

/// Makes the move on `life`; what it may lead to is checked by the caller.
fn change(
    life: &mut Life,
    rules: &Rules,
    event: &Event,
    by: Move,
    now: Timestamp,
) -> Result<Place, Refusal> {
    match (by, event) {
        (Move::Claim, Event::Claim { token, worker, lease }) => {
            life.status = Status::Processing;
            life.attempt += 1;
            life.holder = Some(Holder {
                token: *token,
                worker: worker.clone(),
                since: now,
                lease: *lease,
                until: lease_end(now, *lease, rules, now),
            });
        }
        (Move::Renew, Event::Renew { lease, .. }) => {
            if deadline(life, rules).is_some_and(|deadline| deadline <= now) {
                return Err(Refusal::LeaseLost);
            }
            renew(life, rules, *lease, now);
        }
        (Move::Settle, Event::Settle { ending, retry, .. }) => {
            return Ok(settle(life, rules, *ending, *retry, now));
        }
        (Move::GiveBack, Event::GiveBack { begun, .. }) => {
            life.attempt -= u32::from(!begun);
            return Ok(back_to_queue(life, Place::Keep));
        }
        (Move::Lose, _) => return Ok(lose(life, rules, now)),
        (Move::TimeOut, _) => finish(life, Status::ProcessingTimeout, now),
        (Move::Expire, _) => finish(life, Status::Expired, now),
        (Move::Promote, _) => return Ok(back_to_queue(life, Place::Back)),
        (Move::Ready, _) => return Ok(enter(life, now)),
        (Move::Release, _) => return Ok(release(life, rules, now)),
        (Move::Requeue, Event::Requeue { delay_until, expires, .. }) => {
            return requeue(life, rules, *delay_until, *expires, now);
        }
        (Move::Hold, _) => {
            // `completed` stays: a release must know whether the item was at its end.
            life.status = Status::OnHold;
            life.holder = None;
        }
        (Move::Edit, Event::Edit { expires: Some(expires), .. }) => {
            life.expires = expires.moment(rules, now).map_err(Refusal::ExpiryInPast)?;
        }
        _ => {}
    }
    Ok(Place::Keep)
}

fn renew(life: &mut Life, rules: &Rules, lease: Option<Duration>, now: Timestamp) {
    let holder = life.holder.as_mut().expect("a processing item has a holder");
    let wanted = lease.unwrap_or(holder.lease);
    let end = lease_end(holder.since, wanted, rules, now);
    // A renewal never shortens what was granted, nor the lease on record: a store that is opened
    // anew takes the item when that has passed.
    holder.lease = holder.lease.max(wanted);
    holder.until = holder.until.max(end);
}

fn settle(life: &mut Life, rules: &Rules, ending: Ending, retry: bool, now: Timestamp) -> Place {
    let again = retry && ending == Ending::ItException && life.retries < rules.retries;
    // A retry that could only expire would hide why the item failed.
    let in_vain = is_expired(life, rules, time::after(now, rules.retry_delay));
    if !again || in_vain {
        finish(life, ending.status(), now);
        return Place::Keep;
    }
    life.retries += 1;
    if rules.retry_delay.is_zero() {
        // Its old place is before all that came later: nothing of its priority overtakes a retry.
        return back_to_queue(life, Place::Keep);
    }
    life.holder = None;
    life.status = Status::Scheduled;
    life.delay_until = Some(time::after(now, rules.retry_delay));
    Place::Back
}

fn lose(life: &mut Life, rules: &Rules, now: Timestamp) -> Place {
    life.crashes += 1;
    if life.crashes > rules.crashes {
        finish(life, Status::DeadLetter, now);
        Place::Keep
    } else {
        back_to_queue(life, Place::Keep)
    }
}

fn requeue(
    life: &mut Life,
    rules: &Rules,
    delay_until: Option<Timestamp>,
    expires: Option<Expiry>,
    now: Timestamp,
) -> Result<Place, Refusal> {
    if let Some(expires) = expires {
        life.expires = expires.moment(rules, now).map_err(Refusal::ExpiryInPast)?;
    }
    life.delay_until = delay_until;
    Ok(start_anew(life, rules, now))
}

/// What was held on its way goes on; what was held at its end starts anew, or its spent counters
/// would end it again at the first mishap.
fn release(life: &mut Life, rules: &Rules, now: Timestamp) -> Place {
    if life.completed.is_some() { start_anew(life, rules, now) } else { enter(life, now) }
}

fn start_anew(life: &mut Life, rules: &Rules, now: Timestamp) -> Place {
    // An item whose time is over gets a new time, or it would expire on the spot.
    if life.expires.is_some_and(|at| at <= now) {
        life.expires = rules.ttl.map(|ttl| time::after(now, ttl));
    }
    life.requeues += 1;
    life.retries = 0;
    life.crashes = 0;
    life.holder = None;
    life.completed = None;
    enter(life, now)
}

/// Into the queue, or to `scheduled` while the delay lasts.
pub(crate) fn enter(life: &mut Life, now: Timestamp) -> Place {
    if life.delay_until.is_some_and(|at| at > now) {
        life.status = Status::Scheduled;
        return Place::Back;
    }
    back_to_queue(life, Place::Back)
}

fn back_to_queue(life: &mut Life, place: Place) -> Place {
    life.status = Status::Queued;
    life.holder = None;
    life.delay_until = None;
    place
}

fn finish(life: &mut Life, status: Status, now: Timestamp) {
    life.status = status;
    life.holder = None;
    life.delay_until = None;
    life.completed = Some(now);
}

/// The life of an item that is added now.
pub fn born(
    hold: bool,
    staged: bool,
    delay_until: Option<Timestamp>,
    expires: Option<Timestamp>,
    now: Timestamp,
) -> Life {
    let mut life = Life {
        status: Status::OnHold,
        expires,
        delay_until,
        holder: None,
        attempt: 0,
        retries: 0,
        crashes: 0,
        requeues: 0,
        completed: None,
    };
    if staged {
        life.status = Status::Staged;
    } else if !hold {
        enter(&mut life, now);
    }
    life
}

/// The error of a refused event, in the words of the user.
pub fn explain(refusal: Refusal, item: Id, from: Status, now: Timestamp) -> crate::Error {
    match refusal {
        Refusal::NotAllowed(by) => crate::Error::NotAllowed { item, from, by },
        Refusal::LeaseLost => crate::Error::LeaseLost { item },
        Refusal::Held => crate::Error::Held { item },
        Refusal::Expired => crate::Error::NotAllowed { item, from, by: Move::Claim },
        Refusal::ExpiryInPast(expires) => crate::Error::ExpiryInPast { expires, now },
        Refusal::NotDue => crate::Error::NotAllowed { item, from, by: Move::Promote },
    }
}
