//! The states of an item and the closed table of moves between them.
//!
//! The table is data: `life::apply` is checked against it, and `docs/states.md` and the hints of
//! refusals are written from it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::similar::one_of;

/// Where an item is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Status {
    /// Waits for its batch to be decided.
    Staged,
    /// Waits for its time to come.
    Scheduled,
    /// Waits for a worker.
    Queued,
    /// Is held by a worker.
    Processing,
    /// Done.
    Processed,
    /// Failed because of what it says; a person decides.
    BusinessException,
    /// Failed because of a system, retries included.
    ItException,
    /// Failed for another reason.
    GenericException,
    /// Was held longer than its queue allows.
    ProcessingTimeout,
    /// Somebody keeps it back.
    OnHold,
    /// Waited past its expiry.
    Expired,
    /// Lost its worker too often.
    DeadLetter,
}

use Status::{
    BusinessException, DeadLetter, Expired, GenericException, ItException, OnHold, Processed,
    Processing, ProcessingTimeout, Queued, Scheduled, Staged,
};

impl Status {
    pub const ALL: [Self; 12] = [
        Staged,
        Scheduled,
        Queued,
        Processing,
        Processed,
        BusinessException,
        ItException,
        GenericException,
        ProcessingTimeout,
        OnHold,
        Expired,
        DeadLetter,
    ];

    /// The word users write and read.
    pub fn name(self) -> &'static str {
        match self {
            Staged => "staged",
            Scheduled => "scheduled",
            Queued => "queued",
            Processing => "processing",
            Processed => "processed",
            BusinessException => "business-exception",
            ItException => "it-exception",
            GenericException => "generic-exception",
            ProcessingTimeout => "processing-timeout",
            OnHold => "on-hold",
            Expired => "expired",
            DeadLetter => "dead-letter",
        }
    }

    /// The number the store keeps; never reused.
    pub fn code(self) -> u8 {
        self as u8
    }

    pub fn from_code(code: i64) -> Option<Self> {
        usize::try_from(code).ok().and_then(|code| Self::ALL.get(code).copied())
    }

    /// Nothing more happens to it by itself.
    pub fn is_final(self) -> bool {
        !matches!(self, Staged | Scheduled | Queued | Processing | OnHold)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.name())
    }
}

/// The word is not a status.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a status")]
pub struct NotAStatus {
    pub text: String,
}

impl NotAStatus {
    pub fn hint(&self) -> String {
        one_of(&self.text, &Status::ALL.map(Status::name))
    }
}

impl FromStr for Status {
    type Err = NotAStatus;

    fn from_str(text: &str) -> Result<Self, NotAStatus> {
        let known = Self::ALL.into_iter().find(|status| status.name() == text);
        known.ok_or_else(|| NotAStatus { text: text.chars().take(64).collect() })
    }
}

/// The moves whose text in the history is a note; `None` is the adding of the item. The text of any
/// other is a result, or what an edit changed.
pub const WITH_NOTE: [Option<Move>; 5] =
    [None, Some(Move::Requeue), Some(Move::Hold), Some(Move::Release), Some(Move::Note)];

/// What can happen to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Move {
    /// Its batch was committed.
    Ready,
    /// Its batch was discarded.
    Discard,
    /// Its delay is over.
    Promote,
    /// Its expiry has passed.
    Expire,
    /// A worker took it.
    Claim,
    /// The worker asks for more time.
    Renew,
    /// The worker says how it ended.
    Settle,
    /// The worker returns it untouched.
    GiveBack,
    /// The worker vanished: its lease ran out.
    Lose,
    /// The worker took longer than the queue allows.
    TimeOut,
    /// Somebody puts it into the queue again.
    Requeue,
    /// Somebody keeps it back.
    Hold,
    /// Somebody lets it go on.
    Release,
    /// Somebody changes what it carries.
    Edit,
    /// Somebody writes a note.
    Note,
    /// Somebody deletes it.
    Delete,
}

impl Move {
    pub const ALL: [Self; 16] = [
        Self::Ready,
        Self::Discard,
        Self::Promote,
        Self::Expire,
        Self::Claim,
        Self::Renew,
        Self::Settle,
        Self::GiveBack,
        Self::Lose,
        Self::TimeOut,
        Self::Requeue,
        Self::Hold,
        Self::Release,
        Self::Edit,
        Self::Note,
        Self::Delete,
    ];

    /// The word users read in refusals and in the history.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Discard => "discard",
            Self::Promote => "promote",
            Self::Expire => "expire",
            Self::Claim => "claim",
            Self::Renew => "renew",
            Self::Settle => "settle",
            Self::GiveBack => "give-back",
            Self::Lose => "lose",
            Self::TimeOut => "time-out",
            Self::Requeue => "requeue",
            Self::Hold => "hold",
            Self::Release => "release",
            Self::Edit => "edit",
            Self::Note => "note",
            Self::Delete => "delete",
        }
    }

    /// Whether a person or a worker makes this move, rather than time or the system.
    pub fn is_asked_for(self) -> bool {
        !matches!(
            self,
            Self::Ready | Self::Discard | Self::Promote | Self::Expire | Self::Lose | Self::TimeOut
        )
    }
}

impl fmt::Display for Move {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.name())
    }
}

/// One row of the table: from a status, by a move, to one of these; to none of them where the item
/// is gone.
#[derive(Debug)]
pub struct Row {
    pub from: Status,
    pub by: Move,
    pub to: &'static [Status],
}

const fn row(from: Status, by: Move, to: &'static [Status]) -> Row {
    Row { from, by, to }
}

const AGAIN: &[Status] = &[Queued, Scheduled];

/// Every move there is. What is not here is refused.
pub const TABLE: &[Row] = &[
    row(Staged, Move::Ready, AGAIN),
    row(Staged, Move::Discard, &[]),
    row(Scheduled, Move::Promote, &[Queued]),
    row(Scheduled, Move::Expire, &[Expired]),
    row(Scheduled, Move::Requeue, AGAIN),
    row(Scheduled, Move::Hold, &[OnHold]),
    row(Scheduled, Move::Edit, &[Scheduled]),
    row(Scheduled, Move::Note, &[Scheduled]),
    row(Scheduled, Move::Delete, &[]),
    row(Queued, Move::Expire, &[Expired]),
    row(Queued, Move::Claim, &[Processing]),
    row(Queued, Move::Requeue, AGAIN),
    row(Queued, Move::Hold, &[OnHold]),
    row(Queued, Move::Edit, &[Queued]),
    row(Queued, Move::Note, &[Queued]),
    row(Queued, Move::Delete, &[]),
    row(Processing, Move::Renew, &[Processing]),
    row(
        Processing,
        Move::Settle,
        &[Processed, BusinessException, ItException, GenericException, Queued, Scheduled],
    ),
    row(Processing, Move::GiveBack, &[Queued]),
    row(Processing, Move::Lose, &[Queued, DeadLetter]),
    row(Processing, Move::TimeOut, &[ProcessingTimeout]),
    row(Processing, Move::Requeue, AGAIN),
    row(Processing, Move::Hold, &[OnHold]),
    row(Processing, Move::Edit, &[Processing]),
    row(Processing, Move::Note, &[Processing]),
    row(Processing, Move::Delete, &[]),
    row(Processed, Move::Requeue, AGAIN),
    row(Processed, Move::Hold, &[OnHold]),
    row(Processed, Move::Note, &[Processed]),
    row(Processed, Move::Delete, &[]),
    row(BusinessException, Move::Requeue, AGAIN),
    row(BusinessException, Move::Hold, &[OnHold]),
    row(BusinessException, Move::Edit, &[BusinessException]),
    row(BusinessException, Move::Note, &[BusinessException]),
    row(BusinessException, Move::Delete, &[]),
    row(ItException, Move::Requeue, AGAIN),
    row(ItException, Move::Hold, &[OnHold]),
    row(ItException, Move::Edit, &[ItException]),
    row(ItException, Move::Note, &[ItException]),
    row(ItException, Move::Delete, &[]),
    row(GenericException, Move::Requeue, AGAIN),
    row(GenericException, Move::Hold, &[OnHold]),
    row(GenericException, Move::Edit, &[GenericException]),
    row(GenericException, Move::Note, &[GenericException]),
    row(GenericException, Move::Delete, &[]),
    row(ProcessingTimeout, Move::Requeue, AGAIN),
    row(ProcessingTimeout, Move::Hold, &[OnHold]),
    row(ProcessingTimeout, Move::Edit, &[ProcessingTimeout]),
    row(ProcessingTimeout, Move::Note, &[ProcessingTimeout]),
    row(ProcessingTimeout, Move::Delete, &[]),
    row(OnHold, Move::Release, AGAIN),
    row(OnHold, Move::Edit, &[OnHold]),
    row(OnHold, Move::Note, &[OnHold]),
    row(OnHold, Move::Delete, &[]),
    row(Expired, Move::Requeue, AGAIN),
    row(Expired, Move::Hold, &[OnHold]),
    row(Expired, Move::Edit, &[Expired]),
    row(Expired, Move::Note, &[Expired]),
    row(Expired, Move::Delete, &[]),
    row(DeadLetter, Move::Requeue, AGAIN),
    row(DeadLetter, Move::Hold, &[OnHold]),
    row(DeadLetter, Move::Edit, &[DeadLetter]),
    row(DeadLetter, Move::Note, &[DeadLetter]),
    row(DeadLetter, Move::Delete, &[]),
];

/// Where `by` may lead from `from`; `None` where the move is refused.
pub fn targets(from: Status, by: Move) -> Option<&'static [Status]> {
    TABLE.iter().find(|row| row.from == from && row.by == by).map(|row| row.to)
}

/// The moves somebody may ask for at `from`, in the order of the table.
pub fn allowed(from: Status) -> Vec<Move> {
    let rows = TABLE.iter().filter(|row| row.from == from && row.by.is_asked_for());
    rows.map(|row| row.by).collect()
}
