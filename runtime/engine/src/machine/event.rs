//! What a machine is told, and what it asks for.

use indexmap::IndexMap;
use model::{Timestamp, Value};

use crate::failure::Failure;

/// Something that happened, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub at: Timestamp,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// The run begins.
    Begin(Input),
    /// An effect has come to its end.
    Done { ticket: Ticket, result: Box<Result<Output, Failure>> },
    /// The moment that a timer was set to.
    Fired { ticket: Ticket },
    /// The run is to end now.
    Cancel,
    /// The run is asked to end where it allows that.
    Stop,
    /// The machine may go on after a `Yield`.
    Go,
}

/// What a run begins with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    pub inputs: IndexMap<String, Value>,
    pub trigger: Option<Value>,
    pub item: Option<Value>,
}

/// What an effect gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    Value(Value),
    /// A description of rows that can be opened again and again.
    Stream(Value),
    /// The next rows of a stream, each with the number of its record, and whether they are the
    /// last.
    Rows {
        rows: Vec<(u64, Value)>,
        last: bool,
    },
    /// A claimed item, if there was one.
    Claimed(Option<Value>),
    /// A claimed item was settled, as this says.
    Settled(Settled),
}

/// What became of an item after the work on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    Processed,
    Failed,
    /// It went back to its queue, to be tried again before what waits behind it.
    Retried,
}

impl Settled {
    pub const ALL: [Self; 3] = [Self::Processed, Self::Failed, Self::Retried];

    pub fn name(self) -> &'static str {
        match self {
            Self::Processed => "processed",
            Self::Failed => "failed",
            Self::Retried => "retried",
        }
    }
}

/// Names what a machine waits for. An answer carries it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket {
    pub(super) slot: u32,
    pub(super) stamp: u64,
}

impl Ticket {
    /// The numbers it is made of, for the journal.
    pub fn numbers(self) -> (u64, u64) {
        (u64::from(self.slot), self.stamp)
    }

    pub fn of_numbers(slot: u64, stamp: u64) -> Self {
        Self { slot: u32::try_from(slot).unwrap_or(u32::MAX), stamp }
    }
}

/// Where in a run an action is performed.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub path: String,
    /// The item that is worked on there.
    pub item: Option<Value>,
    /// The path within the work on that item, which is the same whenever the item comes again.
    pub path_in_work: String,
}

/// What is to be done for a machine.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Perform an action. Its answer is a value or a stream.
    Perform {
        ticket: Ticket,
        action: String,
        inputs: IndexMap<String, Value>,
        place: Place,
        masked: bool,
    },
    /// Tell when this moment has come, or at random up to so many percent of the time later.
    Timer { ticket: Ticket, at: Timestamp, jitter: u8 },
    /// Read rows of a stream behind so many records.
    Read { ticket: Ticket, stream: Value, after: u64 },
    /// Keep the row of that record out, because of this.
    Reject { ticket: Ticket, stream: Value, record: u64, failure: Box<Failure> },
    /// Claim the most urgent item of a queue.
    Claim { ticket: Ticket, queue: String },
    /// The work on an item has ended like this; it may have been settled already.
    Settle { ticket: Ticket, item: Value, failure: Option<Box<Failure>>, retries: Retries },
    /// Nobody waits for this any more: stop it, and keep nothing of it.
    Abort { ticket: Ticket },
    /// Much was done: have a look around, then let the machine go on.
    Yield,
    /// The run has ended; see [`super::Machine::outcome`].
    End,
}

impl Effect {
    /// Under what it is answered.
    pub fn ticket(&self) -> Option<Ticket> {
        match self {
            Self::Perform { ticket, .. }
            | Self::Timer { ticket, .. }
            | Self::Read { ticket, .. }
            | Self::Reject { ticket, .. }
            | Self::Claim { ticket, .. }
            | Self::Settle { ticket, .. }
            | Self::Abort { ticket } => Some(*ticket),
            Self::Yield | Self::End => None,
        }
    }
}

/// How often an item whose work failed is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retries {
    /// What its queue says, where `None`.
    pub most: Option<u32>,
    pub delay: Option<std::time::Duration>,
}

/// What one event led to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Turn {
    /// Somebody waited for the event. One that nobody waited for changed nothing.
    pub taken: bool,
    pub effects: Vec<Effect>,
    pub records: Vec<Record>,
}

/// What happened to a step, for those who look at the run.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    Began {
        path: String,
        attempt: u32,
    },
    Skipped {
        path: String,
    },
    Succeeded {
        path: String,
    },
    Failed {
        path: String,
        failure: Box<Failure>,
    },
    /// It is tried again at that moment.
    Retrying {
        path: String,
        attempt: u32,
        at: Timestamp,
        failure: Box<Failure>,
    },
    Handled {
        path: String,
        handler: usize,
        failure: Box<Failure>,
    },
}
