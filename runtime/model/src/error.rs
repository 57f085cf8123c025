//! Everything the store can refuse, and why. Plain data: it travels over the control socket as it
//! is.
//!
//! The first line is `Display`; what is allowed and what to do next is `hint`; scripts match on
//! `code`.

use std::borrow::Cow;
use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Id;
use crate::limits;
use crate::queue::QueueState;
use crate::run::{self, Digest};
use crate::status::{self, Move, Status};
use crate::time::{Timestamp, format_span};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Error {
    #[error("there is no queue `{queue}`")]
    QueueNotFound { queue: String, similar: Option<String> },
    #[error("there is already a queue with the key `{key}`")]
    QueueExists { key: String },
    #[error("the name `{name}` belongs to several queues")]
    QueueAmbiguous { name: String },
    #[error("the queue `{queue}` is {}", state.name())]
    QueueClosed { queue: String, state: QueueState },
    #[error("the queue `{queue}` still has {items} {}", if *items == 1 { "item" } else { "items" })]
    QueueNotEmpty { queue: String, items: u64 },

    #[error("there is no item {item}")]
    ItemNotFound { item: String },
    #[error("item {item} is {from}: {by} is not possible")]
    NotAllowed { item: Id, from: Status, by: Move },
    #[error("the claim on item {item} is no longer yours")]
    LeaseLost { item: Id },
    #[error("item {item} is held by a worker")]
    Held { item: Id },
    #[error("the queue `{queue}` already has an item with the reference `{reference}`")]
    DuplicateReference { queue: String, reference: String, item: Id },
    #[error("the reference `{reference}` is held by a batch that is not decided yet")]
    ReferencePending { queue: String, reference: String, item: Id },
    #[error("there is already an item with the id {item}")]
    DuplicateId { item: Id },

    #[error("line {line}, column {column} of the value: {problem}")]
    InvalidJson { line: usize, column: usize, problem: String },
    #[error(
        "the value does not conform to the schema of `{queue}`: {}: {problem}",
        path_name(path)
    )]
    SchemaViolation { queue: String, version: u32, path: String, problem: String },
    #[error("this is not a usable JSON Schema: {problem}")]
    BadSchema { problem: String },
    #[error(
        "{} is {}, {} {}",
        limited(what),
        amount(what, *actual),
        if is_span(what) { "longer than" } else { "over the limit of" },
        amount(what, *limit)
    )]
    OverLimit { what: String, actual: u64, limit: u64 },
    #[error(
        "{} is {}, shorter than {}",
        limited(what),
        amount(what, *actual),
        amount(what, *limit)
    )]
    UnderLimit { what: String, actual: u64, limit: u64 },
    #[error("the time {given} is beyond the limit of {limit}")]
    BeyondTime { given: String, limit: Timestamp },
    #[error("{what} must not be blank")]
    Blank { what: String },
    #[error("`{name}` cannot be a {what}: no control characters, no blanks around it")]
    BadName { what: String, name: String },
    #[error("`{text}` is not a priority")]
    BadPriority { text: String },
    #[error("the expiry {expires} is not after now ({now})")]
    ExpiryInPast { expires: Timestamp, now: Timestamp },
    #[error("an item of a batch cannot start on hold")]
    HoldInBatch,
    #[error("`{cursor}` is not a cursor of this list")]
    BadCursor { cursor: String },

    #[error("there is no batch {batch}")]
    BatchNotFound { batch: Id },
    #[error("the batch {batch} is already decided")]
    BatchDecided { batch: Id },

    #[error("there is no run {run}")]
    RunNotFound { run: Id },
    #[error("there is already a run with the id {run}: it is {state}")]
    RunExists { run: Id, state: run::State },
    #[error("run {run} is {from}: {by} is not possible")]
    RunNotAllowed { run: Id, from: run::State, by: run::Move },
    #[error("run {run} is no longer yours")]
    RunLost { run: Id },
    #[error("run {run} has a driver")]
    RunHeld { run: Id },
    #[error("the journal of run {run} has {records} records, not {after}")]
    RunOutOfStep { run: Id, records: u64, after: u64 },
    #[error("the commit is not that of a run, but one of its changes is")]
    NotOfARun,
    #[error("there is no text with the digest {digest}")]
    NotPinned { digest: Digest },
    #[error("the text with the digest {digest} is another one")]
    PinDiffers { digest: Digest },

    #[error("there is no data directory `{dir}`")]
    StoreNotFound { dir: String },
    #[error("the data directory `{dir}` is used by another process")]
    StoreLocked { dir: String, detail: String },
    #[error("the disk is full")]
    StoreFull { detail: String },
    #[error("the store could not read or write: {detail}")]
    StoreIo { detail: String },
    #[error("the store is damaged: {detail}")]
    StoreDamaged { detail: String },
    #[error("item {item} is damaged: {problem}")]
    ItemDamaged { item: Id, problem: String },
    #[error("the store is damaged: `{file}` is empty")]
    StoreEmpty { file: String },
    #[error("the store cannot grow: files are limited to {limit} bytes")]
    FileLimit { limit: u64 },
    #[error("`{file}` is not a usable backup: {problem}")]
    BadBackup { file: String, problem: String },
    #[error("the store was written by a newer wharf: format {found}, this one knows {known}")]
    StoreNewer { found: u32, known: u32 },
    #[error("the data directory is on {filesystem}, where locks and syncs cannot be relied on")]
    StoreUnsafePlace { filesystem: String },
    #[error("the store was closed")]
    StoreClosed,
    #[error("the change may or may not have been made: nothing confirmed it")]
    UnknownOutcome,
    #[error("the other process does not speak this version of the protocol: {detail}")]
    Protocol { detail: String },
}

/// How much of what is limited, in the unit of the limit; times as people write them.
fn amount(what: &str, count: u64) -> String {
    let known = limits::ALL.iter().find(|limit| limit.name == what);
    match known.map_or("", |limit| limit.unit) {
        "milliseconds" => format_span(Duration::from_millis(count)),
        "seconds" => format_span(Duration::from_secs(count)),
        // `claim-items is 1001` needs no `items`.
        unit if unit.is_empty() || what.contains(unit) => count.to_string(),
        unit => format!("{count} {unit}"),
    }
}

fn path_name(path: &str) -> &str {
    if path.is_empty() { "the value itself" } else { path }
}

/// What an error of the system says, without the number that the system has for it.
pub fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error ") {
        Some((plain, _)) => plain.to_owned(),
        None => text,
    }
}

/// The text as one word of a command line for a shell.
pub fn word(text: &str) -> Cow<'_, str> {
    let plain = |character: char| character.is_alphanumeric() || "-_./:@%+=,".contains(character);
    if !text.is_empty() && text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")))
}

impl Error {
    /// An error of the system, with what was done to what.
    pub fn of_system(what: &str, error: &io::Error) -> Self {
        let detail = format!("{what}: {}", plain(error));
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::StoreFull { detail },
            _ => Self::StoreIo { detail },
        }
    }

    /// An error if there is nothing but blanks in `text`.
    pub fn not_blank(what: &str, text: &str) -> Result<(), Self> {
        if text.trim().is_empty() { Err(Self::Blank { what: what.into() }) } else { Ok(()) }
    }

    /// An error if `actual` is over `limit`.
    pub fn limit(what: &str, actual: usize, limit: usize) -> Result<(), Self> {
        if actual <= limit {
            return Ok(());
        }
        Err(Self::OverLimit { what: what.into(), actual: actual as u64, limit: limit as u64 })
    }

    /// The stable word scripts match on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::QueueNotFound { .. } => "queue/not-found",
            Self::QueueExists { .. } => "queue/exists",
            Self::QueueAmbiguous { .. } => "queue/ambiguous",
            Self::QueueClosed { state: QueueState::Paused, .. } => "queue/paused",
            Self::QueueClosed { state: QueueState::Deleting, .. } => "queue/deleting",
            Self::QueueClosed { .. } => "queue/stopped",
            Self::QueueNotEmpty { .. } => "queue/not-empty",
            Self::ItemNotFound { .. } => "queue/item-not-found",
            Self::NotAllowed { from: Status::OnHold, .. } => "queue/item-on-hold",
            Self::NotAllowed { .. } => "queue/invalid-transition",
            Self::LeaseLost { .. } => "queue/lease-lost",
            Self::Held { .. } => "queue/item-held",
            Self::DuplicateReference { .. } => "queue/duplicate-reference",
            Self::ReferencePending { .. } => "queue/reference-pending",
            Self::DuplicateId { .. } => "queue/duplicate-id",
            Self::InvalidJson { .. } => "value/invalid-json",
            Self::SchemaViolation { .. } => "value/schema-violation",
            Self::BadSchema { .. } => "queue/bad-schema",
            Self::OverLimit { .. } | Self::UnderLimit { .. } | Self::BeyondTime { .. } => {
                "limit/exceeded"
            }
            Self::Blank { .. } => "value/blank",
            Self::BadName { .. } => "value/bad-name",
            Self::BadPriority { .. } => "value/bad-priority",
            Self::ExpiryInPast { .. } => "value/expiry-in-past",
            Self::HoldInBatch => "batch/hold",
            Self::BadCursor { .. } => "value/bad-cursor",
            Self::BatchNotFound { .. } => "batch/not-found",
            Self::BatchDecided { .. } => "batch/decided",
            Self::RunNotFound { .. } => "run/not-found",
            Self::RunExists { .. } => "run/exists",
            Self::RunNotAllowed { .. } => "run/invalid-transition",
            Self::RunLost { .. } => "run/lost",
            Self::RunHeld { .. } => "run/held",
            Self::RunOutOfStep { .. } => "run/out-of-step",
            Self::NotOfARun => "run/not-named",
            Self::NotPinned { .. } => "run/not-pinned",
            Self::PinDiffers { .. } => "run/pin-differs",
            Self::StoreNotFound { .. } => "store/not-found",
            Self::StoreLocked { .. } => "store/locked",
            Self::StoreFull { .. } | Self::FileLimit { .. } => "store/full",
            Self::StoreIo { .. } => "store/io",
            Self::StoreDamaged { .. } | Self::ItemDamaged { .. } | Self::StoreEmpty { .. } => {
                "store/damaged"
            }
            Self::BadBackup { .. } => "store/bad-backup",
            Self::StoreNewer { .. } => "store/newer",
            Self::StoreUnsafePlace { .. } => "store/unsafe-place",
            Self::StoreClosed => "store/closed",
            Self::UnknownOutcome => "store/unknown-outcome",
            Self::Protocol { .. } => "store/protocol",
        }
    }

    /// What is allowed, or what to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::QueueNotFound { similar: Some(similar), .. } => {
                format!("did you mean `{similar}`? `wharf queue list` shows all")
            }
            Self::QueueNotFound { queue, .. } => hints::queue_not_found(&word(queue)),
            Self::QueueExists { key } => format!("`wharf queue edit {}` changes it", word(key)),
            Self::QueueAmbiguous { .. } => "use the key instead: `wharf queue list`".into(),
            Self::QueueClosed { queue, state: QueueState::Deleting } => {
                format!("`wharf queue delete {} --force` completes the deletion", word(queue))
            }
            Self::QueueClosed { queue, .. } => {
                format!("`wharf queue resume {}` opens it", word(queue))
            }
            Self::QueueNotEmpty { queue, .. } => {
                format!("`wharf queue delete {} --force` deletes them with it", word(queue))
            }
            Self::ItemNotFound { .. } => hints::ITEM_NOT_FOUND.into(),
            Self::NotAllowed { from, .. } => possible(*from),
            Self::LeaseLost { .. } => hints::LEASE_LOST.into(),
            Self::Held { .. } => hints::HELD.into(),
            Self::DuplicateReference { item, .. } | Self::DuplicateId { item } => shown_by(*item),
            Self::ReferencePending { .. } => "try again when that batch is decided".into(),
            Self::InvalidJson { line, column, problem } => json_hint(*line, *column, problem),
            Self::SchemaViolation { queue, .. } => {
                format!("`wharf queue show {} --schema` prints the schema", word(queue))
            }
            Self::BadSchema { .. } => "correct the schema and give it again".into(),
            Self::OverLimit { what, limit, .. } => hints::bound("at most", amount(what, *limit)),
            Self::UnderLimit { what, limit, .. } => hints::bound("at least", amount(what, *limit)),
            Self::BeyondTime { limit, .. } => {
                let bound = if *limit < limits::MOMENT_MAX { "at least" } else { "at most" };
                hints::bound(bound, limit)
            }
            Self::Blank { what } => hints::of_blank(what).into(),
            Self::BadName { .. } => "take the blanks and control characters away".into(),
            Self::BadPriority { .. } => hints::PRIORITY.into(),
            Self::ExpiryInPast { .. } => "give a time in the future, such as 7d".into(),
            Self::HoldInBatch => "hold it when the batch is committed, or add it alone".into(),
            Self::BadCursor { .. } => hints::CURSOR.into(),
            Self::BatchNotFound { .. } => "open the batch before adding to it".into(),
            Self::BatchDecided { .. } => "open a new batch for what is still to come".into(),
            Self::RunNotFound { .. } => hints::RUN_NOT_FOUND.into(),
            Self::RunExists { state, .. } => run_exists(*state).into(),
            Self::RunNotAllowed { from, .. } => run_moves(*from),
            Self::RunLost { .. } => hints::RUN_LOST.into(),
            Self::RunHeld { .. } => hints::RUN_HELD.into(),
            Self::RunOutOfStep { .. } => hints::RUN_OUT_OF_STEP.into(),
            Self::NotOfARun => hints::NOT_OF_A_RUN.into(),
            Self::NotPinned { .. } => "give the text with the digest".into(),
            Self::PinDiffers { .. } => "compute the digest of the text anew".into(),
            Self::StoreNotFound { .. } => hints::STORE_NOT_FOUND.into(),
            Self::StoreLocked { detail, .. } => detail.clone(),
            Self::StoreFull { .. } => "nothing was changed; free some space and try again".into(),
            Self::StoreIo { .. } => hints::STORE_IO.into(),
            Self::StoreDamaged { .. } => hints::STORE_DAMAGED.into(),
            Self::ItemDamaged { .. } => hints::ITEM_DAMAGED.into(),
            Self::StoreEmpty { .. } => hints::STORE_EMPTY.into(),
            Self::FileLimit { .. } => hints::FILE_LIMIT.into(),
            Self::BadBackup { .. } => hints::BAD_BACKUP.into(),
            Self::StoreNewer { .. } => "use the newer wharf, or another data directory".into(),
            Self::StoreUnsafePlace { .. } => "choose a local disk with --data DIR".into(),
            Self::StoreClosed => "run the command again".into(),
            Self::UnknownOutcome => "look before you repeat it".into(),
            Self::Protocol { .. } => hints::PROTOCOL.into(),
        }
    }
}

/// Hints that are longer than a line.
mod hints {
    use std::fmt::Display;

    pub(super) fn queue_not_found(queue: &str) -> String {
        format!("`wharf queue list` shows all; `wharf queue create {queue}` makes it")
    }

    pub(super) fn bound(bound: &str, limit: impl Display) -> String {
        format!("{bound} {limit}; docs/limits.md lists every limit")
    }

    pub(super) fn of_blank(what: &str) -> &'static str {
        match what {
            "item name" => "write at least one character that is not a blank; none is no name",
            "reference" => "write at least one character that is not a blank; none is no reference",
            _ => "write at least one character that is not a blank",
        }
    }

    pub(super) const ITEM_NOT_FOUND: &str =
        "it may have been deleted; `wharf item list QUEUE` shows what there is";
    pub(super) const LEASE_LOST: &str =
        "its lease ran out or somebody else decided about it; drop the work and claim anew";
    pub(super) const HELD: &str = "`wharf item hold` and then `release` take it from its worker; \
        `requeue --token` gives it back; a queue may allow edits while processing";
    pub(super) const PRIORITY: &str = "use high (100), normal (200), low (300) or a number from 1 \
        to 2147483647; the lower goes first";
    pub(super) const CURSOR: &str = "pass the cursor that the page before printed, unchanged";
    pub(super) const RUN_NOT_FOUND: &str =
        "it may have been kept long enough and then deleted; look at the id";
    pub(super) const RUN_LOST: &str = "its lease ran out, its claim ended or another driver took \
        it over; drop the work, nothing of it was written";
    pub(super) const RUN_HELD: &str =
        "wait until its lease runs out, or ask its driver to end it: cancel";
    pub(super) const RUN_OUT_OF_STEP: &str = "a commit before this one was refused; read the \
        journal and go on from its last record";
    pub(super) const NOT_OF_A_RUN: &str =
        "name the run in the commit: records, ends and effects belong to one";
    pub(super) const STORE_NOT_FOUND: &str =
        "`wharf queue create QUEUE` makes it; --data DIR chooses another";
    pub(super) const STORE_IO: &str =
        "look at the disk and at the rights on the data directory, or name another with --data DIR";
    pub(super) const STORE_DAMAGED: &str =
        "`wharf db check` tells more, `wharf db restore` brings a backup back";
    pub(super) const ITEM_DAMAGED: &str = "`wharf item edit --value` gives it a new value, \
        `wharf item delete` takes it away; `wharf db restore` brings a backup back";
    pub(super) const STORE_EMPTY: &str = "`wharf db restore` brings a backup back; without one, \
        remove the data directory to begin anew";
    pub(super) const FILE_LIMIT: &str =
        "nothing was changed; raise the limit, such as with `ulimit -f unlimited`, and try again";
    pub(super) const BAD_BACKUP: &str =
        "nothing was changed; give a file that `wharf db backup` wrote";
    pub(super) const PROTOCOL: &str =
        "use one version of wharf for all that share the data directory; end the older process";
}

fn json_hint(line: usize, column: usize, problem: &str) -> String {
    if problem.starts_with("the text is empty") {
        return "give a value, if only null".into();
    }
    if (line, column) == (1, 1) {
        return "a text needs double quotes: --value '\"like this\"'".into();
    }
    "a value is one piece of JSON; correct it at that place".into()
}

fn shown_by(item: Id) -> String {
    format!("`wharf item show {item}` shows it")
}

/// What is limited, in the word of whoever gave it.
fn limited(what: &str) -> &str {
    match what {
        "lease-min" | "lease-max" => "the lease",
        "span-min" | "span" => "the length of time",
        other => other,
    }
}

fn is_span(what: &str) -> bool {
    limited(what) != what
}

/// The verbs that take an item of this status. A claim takes whatever is next, and
/// `requeue --token` is how an item is given back.
fn possible(from: Status) -> String {
    let moves = status::allowed(from).into_iter();
    let verbs = moves.filter(|by| !matches!(by, Move::Claim | Move::GiveBack)).map(Move::name);
    let verbs: Vec<&str> = verbs.collect();
    if verbs.is_empty() {
        return format!("from {from} only its batch leads on");
    }
    let back = if from == Status::Processing { "; `requeue --token` gives it back" } else { "" };
    format!("from {from} you can: {}{back}", verbs.join(", "))
}

/// What whoever wanted to start a run does with the one that is there.
fn run_exists(state: run::State) -> &'static str {
    match state {
        run::State::Running => "it is driven; a driver that is gone loses it when its lease ends",
        run::State::Interrupted => "take it over and go on from its journal",
        _ => "it has ended; start another one with an id of its own",
    }
}

fn run_moves(from: run::State) -> String {
    if from.is_final() {
        return "it has ended; start another one".into();
    }
    let moves = run::allowed(from).into_iter().map(run::Move::name);
    format!("while it is {from} it can: {}", moves.collect::<Vec<_>>().join(", "))
}
