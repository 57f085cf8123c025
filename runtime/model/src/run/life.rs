//! The states of a run, the closed table of moves between them, and what happens to a run:
//! `state x event x now -> outcome`, with no effect besides.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Hold;
use crate::item::Holder;
use crate::limits;
use crate::similar::one_of;
use crate::time::{self, Timestamp};
use crate::{Error, Id, Token};

/// Where a run is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum State {
    /// Is driven.
    Running,
    /// Its driver is gone.
    Interrupted,
    Succeeded,
    Failed,
    /// Somebody ended it.
    Cancelled,
}

use State::{Cancelled, Failed, Interrupted, Running, Succeeded};

impl State {
    pub const ALL: [Self; 5] = [Running, Interrupted, Succeeded, Failed, Cancelled];

    /// The word users write and read.
    pub fn name(self) -> &'static str {
        match self {
            Running => "running",
            Interrupted => "interrupted",
            Succeeded => "succeeded",
            Failed => "failed",
            Cancelled => "cancelled",
        }
    }

    /// The number the store keeps; never reused.
    pub fn code(self) -> u8 {
        self as u8
    }

    pub fn from_code(code: i64) -> Option<Self> {
        usize::try_from(code).ok().and_then(|code| Self::ALL.get(code).copied())
    }

    /// Nothing but its deletion follows.
    pub fn is_final(self) -> bool {
        !matches!(self, Running | Interrupted)
    }
}

impl fmt::Display for State {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.name())
    }
}

/// The word is not a state of a run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a state of a run")]
pub struct NotAState {
    pub text: String,
}

impl NotAState {
    pub fn hint(&self) -> String {
        one_of(&self.text, &State::ALL.map(State::name))
    }
}

impl FromStr for State {
    type Err = NotAState;

    fn from_str(text: &str) -> Result<Self, NotAState> {
        let known = Self::ALL.into_iter().find(|state| state.name() == text);
        known.ok_or_else(|| NotAState { text: text.chars().take(64).collect() })
    }
}

/// What can happen to a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Move {
    /// Its driver asks for more time.
    Renew,
    /// Its driver writes records.
    Record,
    /// A driver takes it, or goes on by another hold.
    TakeOver,
    /// Its driver is gone: the lease ran out, or the claim ended.
    Interrupt,
    /// Somebody wants it to end.
    Cancel,
    /// Its driver says how it ended.
    End,
    /// It was kept long enough.
    Retire,
}

impl Move {
    pub const ALL: [Self; 7] = [
        Self::Renew,
        Self::Record,
        Self::TakeOver,
        Self::Interrupt,
        Self::Cancel,
        Self::End,
        Self::Retire,
    ];

    /// The word users read in refusals.
    pub fn name(self) -> &'static str {
        match self {
            Self::Renew => "renew",
            Self::Record => "record",
            Self::TakeOver => "take-over",
            Self::Interrupt => "interrupt",
            Self::Cancel => "cancel",
            Self::End => "end",
            Self::Retire => "retire",
        }
    }
}

impl fmt::Display for Move {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.name())
    }
}

/// One row of the table: from a state, by a move, to one of these; to none of them where the run is
/// gone.
#[derive(Debug)]
pub struct Row {
    pub from: State,
    pub by: Move,
    pub to: &'static [State],
}

const fn row(from: State, by: Move, to: &'static [State]) -> Row {
    Row { from, by, to }
}

/// Every move there is. What is not here is refused.
pub const TABLE: &[Row] = &[
    row(Running, Move::Renew, &[Running]),
    row(Running, Move::Record, &[Running]),
    row(Running, Move::TakeOver, &[Running]),
    row(Running, Move::Interrupt, &[Interrupted, Cancelled]),
    row(Running, Move::Cancel, &[Running]),
    row(Running, Move::End, &[Succeeded, Failed, Cancelled]),
    row(Interrupted, Move::TakeOver, &[Running]),
    row(Interrupted, Move::Cancel, &[Cancelled]),
    row(Succeeded, Move::Retire, &[]),
    row(Failed, Move::Retire, &[]),
    row(Cancelled, Move::Retire, &[]),
];

/// Where `by` may lead from `from`; `None` where the move is refused.
pub fn targets(from: State, by: Move) -> Option<&'static [State]> {
    TABLE.iter().find(|row| row.from == from && row.by == by).map(|row| row.to)
}

/// The moves that are possible at `from`, in the order of the table.
pub fn allowed(from: State) -> Vec<Move> {
    TABLE.iter().filter(|row| row.from == from).map(|row| row.by).collect()
}

/// What a driver holds a run by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Held {
    Lease(Holder),
    /// The claim on an item, which has a lease and an end of its own.
    Claim {
        item: Id,
        token: Token,
    },
}

impl Held {
    /// The hold that begins now.
    pub fn begin(hold: &Hold, now: Timestamp) -> Self {
        match hold {
            Hold::Claim { item, token } => Self::Claim { item: *item, token: *token },
            Hold::Lease { token, driver, lease } => Self::Lease(Holder {
                token: *token,
                worker: driver.clone(),
                since: now,
                lease: *lease,
                until: time::after(now, *lease),
            }),
        }
    }

    pub fn token(&self) -> Token {
        match self {
            Self::Lease(holder) => holder.token,
            Self::Claim { token, .. } => *token,
        }
    }

    /// When the lease runs out; a claim has its end elsewhere.
    pub fn until(&self) -> Option<Timestamp> {
        match self {
            Self::Lease(holder) => Some(holder.until),
            Self::Claim { .. } => None,
        }
    }
}

/// The part of a run that its life changes. `apply` is the only place that does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    pub state: State,
    /// There is one exactly while the run is running.
    pub held: Option<Held>,
    /// Somebody wants the run to end, and its driver is told.
    pub cancel: bool,
    /// How often the run was taken over.
    pub takes: u32,
    /// How many records its journal has, and of how many bytes.
    pub records: u64,
    pub bytes: u64,
    /// How many steps are done.
    pub steps: u64,
    pub ended: Option<Timestamp>,
}

/// What happened to a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Renew {
        token: Token,
        /// The lease so far, where `None`.
        lease: Option<Duration>,
    },
    Record {
        records: u64,
        bytes: u64,
        steps: u64,
    },
    TakeOver {
        hold: Hold,
        /// The present driver wants it: it goes on by another hold.
        by_driver: bool,
    },
    /// The claim by which the run was held has ended.
    ClaimEnded,
    /// Time has passed: whatever it made due happens.
    Due,
    Cancel,
    End(State),
}

/// The move that an event made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    pub by: Move,
    pub from: State,
    /// `None`: the run is gone.
    pub to: Option<State>,
}

/// Why an event changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The table has no such move.
    NotAllowed(Move),
    /// The token is not that of the present driver.
    Lost,
    /// A driver holds the run.
    Held,
    /// The journal would have more records than a run may.
    Full(u64),
    /// Nothing is due yet.
    NotDue,
}

/// The life of a run that is started now.
pub fn born(hold: &Hold, now: Timestamp) -> Life {
    Life {
        state: Running,
        held: Some(Held::begin(hold, now)),
        cancel: false,
        takes: 0,
        records: 0,
        bytes: 0,
        steps: 0,
        ended: None,
    }
}

/// The next moment at which time alone changes the run.
pub fn due(life: &Life, keep: Duration) -> Option<Timestamp> {
    match life.state {
        Running => life.held.as_ref().and_then(Held::until),
        Interrupted => None,
        Succeeded | Failed | Cancelled => life.ended.map(|ended| time::after(ended, keep)),
    }
}

/// Applies an event. On refusal nothing has changed.
pub fn apply(
    life: &mut Life,
    keep: Duration,
    event: &Event,
    now: Timestamp,
) -> Result<Moved, Refusal> {
    let from = life.state;
    let by = kind(life, event);
    let targets = targets(from, by).ok_or(match event {
        Event::Renew { .. } => Refusal::Lost,
        _ => Refusal::NotAllowed(by),
    })?;
    check(life, keep, event, now)?;
    let mut next = life.clone();
    change(&mut next, event, by, now);
    let to = (by != Move::Retire).then_some(next.state);
    assert!(
        to.map_or(targets.is_empty(), |to| targets.contains(&to)),
        "{from} by {by} led to {to:?}, which the table does not have"
    );
    *life = next;
    Ok(Moved { by, from, to })
}

/// Which move the event asks for.
fn kind(life: &Life, event: &Event) -> Move {
    match event {
        Event::Renew { .. } => Move::Renew,
        Event::Record { .. } => Move::Record,
        Event::TakeOver { .. } => Move::TakeOver,
        Event::Due if life.state.is_final() => Move::Retire,
        Event::Due | Event::ClaimEnded => Move::Interrupt,
        Event::Cancel => Move::Cancel,
        Event::End(_) => Move::End,
    }
}

/// What the table does not say.
fn check(life: &Life, keep: Duration, event: &Event, now: Timestamp) -> Result<(), Refusal> {
    let held = life.held.as_ref();
    match event {
        Event::Renew { token, .. } if held.map(Held::token) != Some(*token) => Err(Refusal::Lost),
        Event::Record { records, .. } => {
            let all = life.records.saturating_add(*records);
            if all > limits::RUN_RECORDS_MAX { Err(Refusal::Full(all)) } else { Ok(()) }
        }
        Event::TakeOver { by_driver: false, .. }
            if held.is_some_and(|held| held.until().is_none_or(|until| until > now)) =>
        {
            Err(Refusal::Held)
        }
        Event::Due if due(life, keep).is_none_or(|due| due > now) => Err(Refusal::NotDue),
        Event::ClaimEnded if !matches!(held, Some(Held::Claim { .. })) => Err(Refusal::NotDue),
        _ => Ok(()),
    }
}

/// Makes the move on `life`; what it may lead to is checked by the caller.
fn change(life: &mut Life, event: &Event, by: Move, now: Timestamp) {
    match (by, event) {
        (Move::Renew, Event::Renew { lease, .. }) => renew(life, *lease, now),
        (Move::Record, Event::Record { records, bytes, steps }) => {
            life.records += records;
            life.bytes = life.bytes.saturating_add(*bytes);
            life.steps = life.steps.saturating_add(*steps);
        }
        (Move::TakeOver, Event::TakeOver { hold, by_driver }) => {
            life.state = Running;
            life.held = Some(Held::begin(hold, now));
            life.takes = life.takes.saturating_add(u32::from(!by_driver));
        }
        // Whoever was told to end it is gone.
        (Move::Interrupt, _) if life.cancel => end(life, Cancelled, now),
        (Move::Interrupt, _) => {
            life.state = Interrupted;
            life.held = None;
        }
        (Move::Cancel, _) => {
            life.cancel = true;
            // Without a driver there is nobody to tell.
            if life.state == Interrupted {
                end(life, Cancelled, now);
            }
        }
        (Move::End, Event::End(state)) => end(life, *state, now),
        _ => {}
    }
}

fn renew(life: &mut Life, lease: Option<Duration>, now: Timestamp) {
    // A claim is renewed where it is kept.
    let Some(Held::Lease(holder)) = &mut life.held else { return };
    let wanted = lease.unwrap_or(holder.lease);
    // A renewal never shortens what was granted.
    holder.lease = holder.lease.max(wanted);
    holder.until = holder.until.max(time::after(now, wanted));
}

fn end(life: &mut Life, state: State, now: Timestamp) {
    life.state = state;
    life.held = None;
    life.ended = Some(now);
}

/// The error of a refused event, in the words of the user.
pub fn explain(refusal: Refusal, run: Id, from: State) -> Error {
    match refusal {
        Refusal::NotAllowed(by) => Error::RunNotAllowed { run, from, by },
        Refusal::Lost => Error::RunLost { run },
        Refusal::Held => Error::RunHeld { run },
        Refusal::Full(actual) => {
            Error::OverLimit { what: "run-records".into(), actual, limit: limits::RUN_RECORDS_MAX }
        }
        Refusal::NotDue => Error::RunNotAllowed { run, from, by: Move::Interrupt },
    }
}
