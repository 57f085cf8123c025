//! The one door to everything that lasts: requests and replies as plain data, and the trait between
//! them.
//!
//! Whoever implements `Store` implements `send`. The typed methods below are how everybody calls
//! it, be the store in this process or behind a socket.

use std::fmt;
use std::sync::mpsc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::change::{Change, Commit, Done, Outcome};
use crate::item::Item;
use crate::queue::Queue;
use crate::run::{self, Digest, Recorded, Run};
use crate::status::{Move, Status};
use crate::time::Timestamp;
use crate::{Error, Id, Token};

/// An answer that is on its way. Asking and waiting are separate, so that one caller can have many
/// on their way.
pub struct Pending<T>(Box<dyn FnOnce() -> Result<T, Error> + Send>);

impl<T: Send + 'static> Pending<T> {
    /// An answer that is already here.
    pub fn ready(answer: Result<T, Error>) -> Self {
        Self(Box::new(move || answer))
    }

    /// An answer that is looked up when it is waited for.
    pub fn when_waited(look_up: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Self {
        Self(Box::new(look_up))
    }

    /// An answer that another thread will send; a sender that is dropped without one answers
    /// `lost`.
    pub fn on_its_way(receiver: mpsc::Receiver<Result<T, Error>>, lost: Error) -> Self {
        Self(Box::new(move || receiver.recv().unwrap_or(Err(lost))))
    }

    /// Waits for the answer.
    pub fn wait(self) -> Result<T, Error> {
        (self.0)()
    }

    pub fn map<U: Send + 'static>(
        self,
        change: impl FnOnce(T) -> U + Send + 'static,
    ) -> Pending<U> {
        Pending(Box::new(move || self.wait().map(change)))
    }
}

impl<T> fmt::Debug for Pending<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Pending")
    }
}

/// Asks for items to work on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Key, name or id.
    pub queue: String,
    pub count: usize,
    pub lease: Duration,
    pub worker: String,
}

/// An item that is the caller's until the lease runs out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claimed {
    pub item: Item,
    pub token: Token,
}

/// Asks for more time on an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewal {
    pub item: Id,
    pub token: Token,
    /// The lease of the claim, where `None`.
    pub lease: Option<Duration>,
}

/// Which items a list shows, and from where on. All conditions narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemQuery {
    /// Key, name or id; every queue where `None`.
    pub queue: Option<String>,
    /// Any of these; every status where empty.
    pub statuses: Vec<Status>,
    pub reference: Option<String>,
    pub created_before: Option<Timestamp>,
    pub created_after: Option<Timestamp>,
    pub newest_first: bool,
    /// The `next` of the page before.
    pub cursor: Option<String>,
    pub limit: usize,
}

/// A part of a list, in the order the items were added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    pub items: Vec<Item>,
    /// Where to go on; `None` at the end. A page may be short, even empty, and still have a next
    /// one.
    pub next: Option<String>,
    /// Items that stand in this part of the list and cannot be read, each as its error.
    #[serde(default)]
    pub damaged: Vec<Error>,
}

/// One thing that happened to an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub number: u32,
    pub at: Timestamp,
    /// `None`: the item was added.
    pub by: Option<Move>,
    pub status: Status,
    pub attempt: u32,
    /// The worker, where one acted.
    pub worker: Option<String>,
    /// The result, the note.
    pub text: Option<String>,
}

/// How many items of a queue are in which status.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stats {
    pub queue: Queue,
    /// One count for each of `Status::ALL`, in that order.
    pub counts: [u64; Status::ALL.len()],
    /// When the oldest item that waits for a worker was added.
    pub oldest_queued: Option<Timestamp>,
}

impl Stats {
    pub fn count(&self, status: Status) -> u64 {
        self.counts[usize::from(status.code())]
    }

    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }
}

/// What time has made due, done in one go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticked {
    pub promoted: u64,
    pub expired: u64,
    pub recovered: u64,
    pub buried: u64,
    pub timed_out: u64,
    /// Items of decided batches that were made ready or deleted.
    pub batched: u64,
    /// Finished items that were kept long enough.
    pub retired: u64,
    /// Runs that lost their driver.
    pub interrupted: u64,
    /// Ended runs that were kept long enough.
    pub runs_retired: u64,
    /// More was due than one transaction may move.
    pub more: bool,
    /// The next moment at which something becomes due.
    pub next: Option<Timestamp>,
}

/// What a check of the store found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    pub problems: Vec<String>,
    pub format: u32,
    pub queues: u64,
    pub items: u64,
    pub runs: u64,
    pub bytes: u64,
}

/// Everything that can be asked of a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    Commit(Commit),
    Claim(Claim),
    Renew(Vec<Renewal>),
    /// Waits until the queue has an item to claim.
    WaitReady {
        queue: String,
        wait: Duration,
    },
    Tick,
    Item(Id),
    ItemByReference {
        queue: String,
        reference: String,
    },
    Items(ItemQuery),
    History {
        item: Id,
        after: u32,
        limit: usize,
    },
    Queue(String),
    Queues,
    Stats(String),
    /// A version of the queue's JSON Schema; the present one where `None`.
    Schema {
        queue: String,
        version: Option<u32>,
    },
    /// Asks whether the queue would take this value.
    Conforms {
        queue: String,
        value: String,
    },
    /// Deletes some items of the queue and says how many.
    Sweep {
        queue: String,
        limit: usize,
    },
    Run(Id),
    Runs(run::Query),
    /// Records of a run's journal behind `after`. A portion may end early.
    Journal {
        run: Id,
        after: u64,
        limit: usize,
    },
    /// The newest checkpoint of a run's journal.
    Checkpoint(Id),
    /// The text that runs are bound to.
    Pinned(Digest),
    Check,
    /// Writes a copy of the store to this file, which must not exist.
    Backup(String),
}

/// The answers, in the order of the requests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    Committed(Vec<Outcome>),
    Claimed(Vec<Claimed>),
    Renewed(Vec<Result<Timestamp, Error>>),
    WaitedReady(bool),
    Ticked(Ticked),
    Item(Box<Item>),
    Items(Page),
    History(Vec<Entry>),
    Queue(Box<Queue>),
    Queues(Vec<Queue>),
    Stats(Box<Stats>),
    Schema(Option<String>),
    /// It would; the version of the schema it conforms to.
    Conforms(Option<u32>),
    Swept(u64),
    Run(Box<Run>),
    Runs(run::Page),
    Journal(Vec<Recorded>),
    Checkpoint(Option<Box<Recorded>>),
    Pinned(String),
    Checked(Checked),
    BackedUp,
}

/// What lasts.
pub trait Store: Send + Sync {
    /// Asks. Requests of one caller are begun in the order in which they were sent.
    fn send(&self, request: Request) -> Pending<Reply>;
}

fn unexpected(answer: &dyn fmt::Debug) -> Error {
    Error::Protocol { detail: format!("unexpected answer {answer:?}") }
}

macro_rules! typed {
    ($(
        $(#[$doc:meta])*
        $name:ident($($arg:ident: $type:ty),*) = $request:expr => $reply:pat => $out:expr,
        $result:ty;
    )*) => {
        impl dyn Store + '_ {
            $($(#[$doc])*
            pub fn $name(&self, $($arg: $type),*) -> Result<$result, Error> {
                match self.send($request).wait()? {
                    $reply => Ok($out),
                    other => Err(unexpected(&other)),
                }
            })*
        }
    };
}

typed! {
    /// Hands out up to `count` items, the most urgent first.
    claim(claim: Claim) = Request::Claim(claim) => Reply::Claimed(items) => items, Vec<Claimed>;
    /// Extends leases; each answer is the new end or why there is none.
    renew(renewals: Vec<Renewal>) = Request::Renew(renewals) => Reply::Renewed(ends) => ends,
        Vec<Result<Timestamp, Error>>;
    /// Waits until the queue has an item to claim; `false` when the wait is over first.
    wait_ready(queue: &str, wait: Duration) = Request::WaitReady { queue: queue.into(), wait } =>
        Reply::WaitedReady(ready) => ready, bool;
    /// Does what time has made due: promotes, expires, recovers, moves batches, retires.
    tick() = Request::Tick => Reply::Ticked(ticked) => ticked, Ticked;
    item(item: Id) = Request::Item(item) => Reply::Item(item) => *item, Item;
    item_by_reference(queue: &str, reference: &str) =
        Request::ItemByReference { queue: queue.into(), reference: reference.into() } =>
        Reply::Item(item) => *item, Item;
    items(query: ItemQuery) = Request::Items(query) => Reply::Items(page) => page, Page;
    /// Entries numbered above `after`, oldest first.
    history(item: Id, after: u32, limit: usize) = Request::History { item, after, limit } =>
        Reply::History(entries) => entries, Vec<Entry>;
    queue(queue: &str) = Request::Queue(queue.into()) => Reply::Queue(queue) => *queue, Queue;
    queues() = Request::Queues => Reply::Queues(queues) => queues, Vec<Queue>;
    stats(queue: &str) = Request::Stats(queue.into()) => Reply::Stats(stats) => *stats, Stats;
    schema(queue: &str, version: Option<u32>) =
        Request::Schema { queue: queue.into(), version } => Reply::Schema(text) => text,
        Option<String>;
    /// Refuses a value that the queue would not take; otherwise the version of the schema it
    /// conforms to.
    conforms(queue: &str, value: &str) =
        Request::Conforms { queue: queue.into(), value: value.into() } =>
        Reply::Conforms(version) => version, Option<u32>;
    /// Deletes up to `limit` items of the queue; call it until it answers 0.
    sweep(queue: &str, limit: usize) = Request::Sweep { queue: queue.into(), limit } =>
        Reply::Swept(count) => count, u64;
    run(run: Id) = Request::Run(run) => Reply::Run(run) => *run, Run;
    /// Runs, newest first.
    runs(query: run::Query) = Request::Runs(query) => Reply::Runs(page) => page, run::Page;
    /// Records of a run's journal behind `after`, oldest first; none at its end. Large ones end a
    /// portion early.
    journal(run: Id, after: u64, limit: usize) = Request::Journal { run, after, limit } =>
        Reply::Journal(records) => records, Vec<Recorded>;
    /// The newest checkpoint of a run's journal.
    checkpoint(run: Id) = Request::Checkpoint(run) =>
        Reply::Checkpoint(record) => record.map(|record| *record), Option<Recorded>;
    /// The text that runs are bound to.
    pinned(digest: Digest) = Request::Pinned(digest) => Reply::Pinned(text) => text, String;
    check() = Request::Check => Reply::Checked(checked) => checked, Checked;
    backup(file: &str) = Request::Backup(file.into()) => Reply::BackedUp => (), ();
}

impl dyn Store + '_ {
    /// Sends a commit; wait for its outcomes when you need them.
    pub fn commit(&self, commit: Commit) -> Pending<Vec<Outcome>> {
        let pending = self.send(Request::Commit(commit));
        Pending(Box::new(move || match pending.wait()? {
            Reply::Committed(outcomes) => Ok(outcomes),
            other => Err(unexpected(&other)),
        }))
    }

    /// Makes one change and waits until it is durable.
    pub fn make(&self, change: Change) -> Result<Done, Error> {
        match self.commit(Commit::one(change)).wait()?.pop() {
            Some(Outcome::Done(done)) => Ok(done),
            Some(Outcome::Refused(error)) => Err(error),
            other => Err(unexpected(&other)),
        }
    }
}
