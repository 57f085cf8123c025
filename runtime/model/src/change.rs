//! Everything that can be written: one `Commit` of `Change`s under fences.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::item::{Expiry, ItemEdit, NewItem, check_note};
use crate::life::Ending;
use crate::limits;
use crate::queue::{QueueEdit, QueueSettings, QueueState};
use crate::run::{self, End, Journal, NewRun, TakeOver, Told};
use crate::status::Status;
use crate::time::{self, Timestamp};
use crate::{Error, Id, Token};

/// One thing to be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    Add(Box<NewItem>),
    Settle(Settlement),
    GiveBack {
        item: Id,
        token: Token,
        /// Work on it had begun, so that this delivery counts.
        begun: bool,
    },
    Requeue {
        item: Id,
        /// Required while a worker holds the item.
        token: Option<Token>,
        delay_until: Option<Timestamp>,
        /// None leaves it as it is, unless it has passed.
        expires: Option<Expiry>,
        note: Option<String>,
        clear_notes: bool,
    },
    Hold {
        item: Id,
        note: Option<String>,
    },
    Release {
        item: Id,
        note: Option<String>,
    },
    Edit {
        item: Id,
        edit: Box<ItemEdit>,
    },
    Note {
        item: Id,
        text: String,
        /// The notes so far are taken away first.
        clear: bool,
    },
    Delete {
        item: Id,
    },
    OpenBatch {
        batch: Id,
        queue: String,
    },
    CommitBatch {
        batch: Id,
    },
    DiscardBatch {
        batch: Id,
    },
    CreateQueue {
        id: Id,
        settings: Box<QueueSettings>,
        schema: Option<String>,
    },
    EditQueue {
        queue: String,
        edit: Box<QueueEdit>,
    },
    SetQueueState {
        queue: String,
        state: QueueState,
    },
    /// Only a queue without items can be dropped.
    DropQueue {
        queue: String,
    },
    StartRun(Box<NewRun>),
    TakeOverRun(Box<TakeOver>),
    /// Extends the lease of a run, or the claim it is held by.
    RenewRun {
        run: Id,
        token: Token,
        /// The lease so far, where `None`.
        lease: Option<Duration>,
    },
    /// Asks the driver of a run to end it; a run without one is ended.
    CancelRun {
        run: Id,
    },
    /// Writes to the journal of the commit's run.
    Journal(Journal),
    /// Ends the commit's run.
    EndRun(Box<End>),
}

/// How a worker ends its work on an item it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    pub item: Id,
    pub token: Token,
    pub ending: Ending,
    pub result: Option<String>,
    /// An IT exception is tried again while retries remain.
    pub retry: bool,
}

/// A condition on the whole commit: the writer still holds this item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fence {
    pub item: Id,
    pub token: Token,
}

/// What becomes of a commit when one of its changes is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// Nothing is written.
    AllOrNothing,
    /// What came before it is written, what comes after is skipped.
    StopAtFirst,
    /// All others are written.
    Independent,
}

/// Changes that are written together, durably, or not at all (see `Mode`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    pub changes: Vec<Change>,
    pub fences: Vec<Fence>,
    /// The run whose driver writes, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<run::Fence>,
    pub mode: Mode,
}

impl Commit {
    pub fn one(change: Change) -> Self {
        Self::of(vec![change], Mode::AllOrNothing)
    }

    pub fn of(changes: Vec<Change>, mode: Mode) -> Self {
        Self { changes, fences: Vec::new(), run: None, mode }
    }

    /// Changes that the driver of a run makes: all of them or none.
    pub fn of_run(run: run::Fence, changes: Vec<Change>) -> Self {
        Self { run: Some(run), ..Self::of(changes, Mode::AllOrNothing) }
    }

    /// The limits of a commit as a whole.
    pub fn check(&self) -> Result<(), Error> {
        Self::check_size(self.changes.len(), self.changes.iter().map(Change::bytes).sum())
    }

    /// Whether so many changes with so many bytes of text fit into one commit.
    pub fn check_size(changes: usize, bytes: usize) -> Result<(), Error> {
        Error::limit("commit-changes", changes, limits::COMMIT_CHANGES_MAX)?;
        Error::limit("commit-bytes", bytes, limits::COMMIT_BYTES_MAX)
    }
}

impl Change {
    /// Takes away the name of the effect of a run.
    pub fn forget_effect(&mut self) {
        if let Self::Add(item) = self {
            item.effect = None;
        }
    }

    /// Bytes of text, for the limit of a commit.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Add(item) => item.bytes(),
            Self::Settle(settlement) => settlement.result.as_ref().map_or(0, String::len),
            Self::Edit { edit, .. } => edit.value.as_ref().map_or(0, String::len),
            Self::Note { text, .. } => text.len(),
            Self::StartRun(new) => new.bytes(),
            Self::TakeOverRun(take_over) => take_over.bytes(),
            Self::Journal(journal) => journal.bytes(),
            Self::EndRun(end) => end.bytes(),
            _ => 0,
        }
    }

    /// Everything that can be said about the change without the store.
    pub fn check(&self) -> Result<(), Error> {
        match self {
            Self::Add(item) => item.check(),
            Self::Settle(settlement) => {
                let bytes = settlement.result.as_ref().map_or(0, String::len);
                Error::limit("item-result", bytes, limits::ITEM_RESULT_BYTES_MAX)
            }
            Self::Edit { edit, .. } => edit.check(),
            Self::Note { text, clear, .. } => {
                if !clear {
                    Error::not_blank("note", text)?;
                }
                check_note(text)
            }
            Self::Requeue { delay_until, expires, note, .. } => {
                delay_until.map_or(Ok(()), time::check_moment)?;
                expires.map_or(Ok(()), Expiry::check)?;
                check_note(note.as_deref().unwrap_or_default())
            }
            Self::Hold { note: Some(note), .. } | Self::Release { note: Some(note), .. } => {
                check_note(note)
            }
            Self::CreateQueue { settings, .. } => settings.check(),
            Self::StartRun(new) => new.check(),
            Self::TakeOverRun(take_over) => take_over.check(),
            Self::RenewRun { lease: Some(lease), .. } => limits::check_lease(*lease),
            Self::Journal(journal) => journal.check(),
            Self::EndRun(end) => end.check(),
            _ => Ok(()),
        }
    }
}

/// What became of one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    Done(Done),
    Refused(Error),
    /// Not tried, or taken back, because another change was refused.
    Skipped,
}

/// A change that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The item, batch, queue or run.
    pub id: Id,
    /// The status of the item now; `None` where it is gone or the change is not about an item.
    pub status: Option<Status>,
    /// How the run stands now; `None` where the change is not about a run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Told>,
    /// How many notes were taken away.
    #[serde(default)]
    pub cleared: u32,
}

impl Done {
    /// What is done about an item, a batch or a queue.
    pub fn new(id: Id, status: Option<Status>) -> Self {
        Self { id, status, cleared: 0, run: None }
    }
}
