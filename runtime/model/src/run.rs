//! A run: one execution of a flow, what it may say, and the records of its journal.
//!
//! What inputs, outputs and records mean is the engine's affair; here they are bounded texts.

mod key;
mod life;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use key::{Digest, EffectKey, NotHex};
pub use life::{
    Event, Held, Life, Move, Moved, Refusal, Row, State, TABLE, allowed, apply, born, due, explain,
    targets,
};

use crate::limits;
use crate::time::{self, Timestamp};
use crate::{Ending, Error, Id, Token};

/// How long an ended run is kept where nothing else is said.
pub const KEEP: Duration = Duration::from_hours(30 * 24);

/// What started a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trigger {
    /// Somebody did.
    Manual,
    /// An item of a queue.
    Item(Id),
    /// A file that was claimed.
    File(Id),
}

/// What a driver wants to hold a run by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hold {
    /// A lease of its own, under a random token of the driver's choice.
    Lease { token: Token, driver: String, lease: Duration },
    /// The claim on an item: the run is held for as long as the item is.
    Claim { item: Id, token: Token },
}

impl Hold {
    pub fn token(&self) -> Token {
        match self {
            Self::Lease { token, .. } | Self::Claim { token, .. } => *token,
        }
    }

    fn check(&self) -> Result<(), Error> {
        let Self::Lease { driver, lease, .. } = self else { return Ok(()) };
        Error::not_blank("driver name", driver)?;
        Error::limit("driver-name", driver.len(), limits::DRIVER_NAME_BYTES_MAX)?;
        limits::check_lease(*lease)
    }
}

/// The text of a flow, with all it calls, that a run is bound to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    pub digest: Digest,
    /// Needed where the store does not have the text yet.
    pub text: Option<String>,
}

impl Pin {
    fn bytes(&self) -> usize {
        self.text.as_ref().map_or(0, String::len)
    }

    fn check(&self) -> Result<(), Error> {
        Error::limit("run-pin", self.bytes(), limits::RUN_PIN_BYTES_MAX)
    }
}

/// A run to be started. Its id is chosen by whoever starts it: at random, or derived from what
/// triggers it, so that it is started once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRun {
    pub id: Id,
    /// The name of the flow.
    pub flow: String,
    pub pin: Pin,
    pub trigger: Trigger,
    pub inputs: String,
    pub hold: Hold,
    /// How long the run is kept once it has ended.
    pub keep: Duration,
}

impl NewRun {
    /// A run that somebody starts, without inputs.
    pub fn new(id: Id, flow: impl Into<String>, pin: Pin, hold: Hold) -> Self {
        let (flow, inputs) = (flow.into(), "{}".into());
        Self { id, flow, pin, trigger: Trigger::Manual, inputs, hold, keep: KEEP }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.flow.len() + self.inputs.len() + self.pin.bytes()
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        Error::not_blank("flow name", &self.flow)?;
        Error::limit("run-flow", self.flow.len(), limits::RUN_FLOW_BYTES_MAX)?;
        Error::limit("run-inputs", self.inputs.len(), limits::RUN_INPUTS_BYTES_MAX)?;
        let keep = self.keep.as_secs() as usize;
        Error::limit("span", keep, limits::SPAN_MAX.as_secs() as usize)?;
        self.pin.check()?;
        self.hold.check()
    }
}

/// A run that goes to another driver, or on by another hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeOver {
    pub run: Id,
    pub hold: Hold,
    /// The run goes on with this text; what it was bound to before is kept beside it.
    pub pin: Option<Pin>,
}

impl TakeOver {
    pub(crate) fn bytes(&self) -> usize {
        self.pin.as_ref().map_or(0, Pin::bytes)
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        self.pin.as_ref().map_or(Ok(()), Pin::check)?;
        self.hold.check()
    }
}

/// One record of a run's journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    pub at: Timestamp,
    /// The engine's word for what is recorded.
    pub kind: String,
    /// The step it is about.
    pub path: String,
    pub data: String,
    /// The run can go on from here without what precedes it.
    pub checkpoint: bool,
}

impl Record {
    /// Bytes of text.
    pub fn bytes(&self) -> usize {
        self.kind.len() + self.path.len() + self.data.len()
    }

    fn check(&self) -> Result<(), Error> {
        Error::limit("record-kind", self.kind.len(), limits::RECORD_KIND_BYTES_MAX)?;
        Error::limit("record-path", self.path.len(), limits::RECORD_PATH_BYTES_MAX)?;
        Error::limit("record-data", self.data.len(), limits::RECORD_DATA_BYTES_MAX)?;
        time::check_moment(self.at)
    }
}

/// Records to be written behind those that are there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    pub records: Vec<Record>,
    /// How many steps they complete.
    pub steps: u64,
}

impl Journal {
    pub fn bytes(&self) -> usize {
        self.records.iter().map(Record::bytes).sum()
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        Error::limit("journal-records", self.records.len(), limits::JOURNAL_RECORDS_MAX)?;
        Error::limit("journal-steps", self.steps as usize, limits::JOURNAL_STEPS_MAX)?;
        self.records.iter().try_for_each(Record::check)
    }
}

/// A record where it stands in its journal, counted from 1 without a gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    pub seq: u64,
    pub record: Record,
}

/// Whose affair a failure is, and so what it means for the item that is worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FailureKind {
    /// The case itself is not in order: trying again would not help.
    Business,
    /// Something around it did not work: trying again may help.
    It,
    /// Neither, or unknown.
    Generic,
}

impl FailureKind {
    pub const ALL: [Self; 3] = [Self::Business, Self::It, Self::Generic];

    pub fn name(self) -> &'static str {
        match self {
            Self::Business => "business",
            Self::It => "it",
            Self::Generic => "generic",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// How an item ends whose work failed like this.
    pub fn ending(self) -> Ending {
        match self {
            Self::Business => Ending::BusinessException,
            Self::It => Ending::ItException,
            Self::Generic => Ending::GenericException,
        }
    }
}

/// Why a run failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub kind: FailureKind,
    pub code: String,
    pub message: String,
    /// The step that failed.
    pub path: String,
}

/// How a run ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum End {
    Succeeded {
        outputs: String,
    },
    Failed(Failure),
    /// It was asked to, or its driver was.
    Cancelled,
}

impl End {
    pub fn state(&self) -> State {
        match self {
            Self::Succeeded { .. } => State::Succeeded,
            Self::Failed(_) => State::Failed,
            Self::Cancelled => State::Cancelled,
        }
    }

    /// Bytes of text.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Succeeded { outputs } => outputs.len(),
            Self::Failed(failure) => {
                failure.code.len() + failure.message.len() + failure.path.len()
            }
            Self::Cancelled => 0,
        }
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        match self {
            Self::Succeeded { outputs } => {
                Error::limit("run-outputs", outputs.len(), limits::RUN_OUTPUTS_BYTES_MAX)
            }
            Self::Failed(failure) => {
                let Failure { code, message, path, .. } = failure;
                Error::limit("failure-code", code.len(), limits::FAILURE_CODE_BYTES_MAX)?;
                Error::limit("failure-message", message.len(), limits::FAILURE_MESSAGE_BYTES_MAX)?;
                Error::limit("record-path", path.len(), limits::RECORD_PATH_BYTES_MAX)
            }
            Self::Cancelled => Ok(()),
        }
    }
}

/// A run as the store knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    pub id: Id,
    pub flow: String,
    /// The text it is bound to.
    pub pin: Digest,
    pub trigger: Trigger,
    pub inputs: String,
    pub life: Life,
    pub keep: Duration,
    pub started: Timestamp,
    /// How it ended; `None` while it has not.
    pub end: Option<End>,
}

/// What a run's driver is told with the outcome of each change to the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub state: State,
    /// How many records its journal has.
    pub records: u64,
    /// When its lease, or the claim it is held by, runs out.
    pub until: Option<Timestamp>,
    /// Somebody wants the run to end.
    pub cancel: bool,
}

/// A condition on the whole commit: the writer still drives this run, and its journal has just so
/// many records. Changes to the run that name none are to this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fence {
    pub run: Id,
    pub token: Token,
    /// How many records the journal has. What was sent behind a commit that was refused is refused
    /// with it.
    pub after: u64,
}

/// Which runs a list shows, newest first, and from where on. All conditions narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    pub flow: Option<String>,
    /// Any of these; every state where empty.
    pub states: Vec<State>,
    /// The `next` of the page before.
    pub cursor: Option<String>,
    pub limit: usize,
}

/// A part of a list of runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    pub runs: Vec<Run>,
    /// Where to go on; `None` at the end.
    pub next: Option<String>,
}
