//! One sample of each error, and the exit code of the command that ends with it.

use std::fmt::Write;

use model::run::{self, Digest, State};
use model::{Error, Id, Move, QueueState, Status, Timestamp, limits};

/// The classes of exit codes that a store error can lead to.
#[derive(Clone, Copy)]
enum Exit {
    Failed = 1,
    Usage = 2,
    Refused = 4,
    Closed = 5,
}

/// Samples beside the pattern of their variant: a variant without a line does not compile.
macro_rules! samples {
    ($($pattern:pat => $exit:ident [$($sample:expr),+ $(,)?])+) => {
        fn exit(error: &Error) -> Exit {
            match error { $($pattern => Exit::$exit,)+ }
        }

        /// The samples, by variant.
        fn samples() -> Vec<Error> {
            let mut all = Vec::new();
            $(for sample in [$($sample),+] {
                assert!(matches!(sample, $pattern), "{sample:?} stands at another variant");
                all.push(sample);
            })+
            all
        }
    };
}

use Error as E;

samples! {
    E::QueueNotFound { .. } => Refused [
        E::QueueNotFound { queue: text("QUEUE"), similar: Some(text("OTHER")) },
        E::QueueNotFound { queue: text("QUEUE"), similar: None },
    ]
    E::QueueExists { .. } => Refused [E::QueueExists { key: text("KEY") }]
    E::QueueAmbiguous { .. } => Refused [E::QueueAmbiguous { name: text("NAME") }]
    E::QueueClosed { .. } => Closed [
        E::QueueClosed { queue: text("QUEUE"), state: QueueState::Paused },
        E::QueueClosed { queue: text("QUEUE"), state: QueueState::Stopped },
        E::QueueClosed { queue: text("QUEUE"), state: QueueState::Deleting },
    ]
    E::QueueNotEmpty { .. } => Refused [E::QueueNotEmpty { queue: text("QUEUE"), items: 3 }]
    E::ItemNotFound { .. } => Refused [E::ItemNotFound { item: text("ITEM") }]
    E::NotAllowed { .. } => Refused [
        E::NotAllowed { item: item(), from: Status::OnHold, by: Move::Settle },
        E::NotAllowed { item: item(), from: Status::Processed, by: Move::Edit },
    ]
    E::LeaseLost { .. } => Failed [E::LeaseLost { item: item() }]
    E::Held { .. } => Refused [E::Held { item: item() }]
    E::DuplicateReference { .. } => Refused [
        E::DuplicateReference { queue: text("QUEUE"), reference: text("REFERENCE"), item: item() },
    ]
    E::ReferencePending { .. } => Refused [
        E::ReferencePending { queue: text("QUEUE"), reference: text("REFERENCE"), item: item() },
    ]
    E::DuplicateId { .. } => Refused [E::DuplicateId { item: item() }]
    E::InvalidJson { .. } => Refused [
        E::InvalidJson { line: 3, column: 14, problem: text("PROBLEM") },
    ]
    E::SchemaViolation { .. } => Refused [
        E::SchemaViolation {
            queue: text("QUEUE"), version: 2, path: text("/PATH"), problem: text("PROBLEM"),
        },
    ]
    E::BadSchema { .. } => Refused [E::BadSchema { problem: text("PROBLEM") }]
    E::OverLimit { .. } => Refused [E::OverLimit { what: text("LIMIT"), actual: 257, limit: 256 }]
    E::UnderLimit { .. } => Refused [E::UnderLimit { what: text("LIMIT"), actual: 99, limit: 100 }]
    E::BeyondTime { .. } => Refused [
        E::BeyondTime { given: text("TIME"), limit: limits::MOMENT_MAX },
        E::BeyondTime { given: text("TIME"), limit: limits::MOMENT_MIN },
    ]
    E::Blank { .. } => Refused [E::Blank { what: text("WHAT") }]
    E::BadName { .. } => Refused [E::BadName { what: text("WHAT"), name: text("NAME") }]
    E::BadPriority { .. } => Usage [E::BadPriority { text: text("TEXT") }]
    E::ExpiryInPast { .. } => Refused [E::ExpiryInPast { expires: time("09"), now: time("10") }]
    E::HoldInBatch => Refused [E::HoldInBatch]
    E::BadCursor { .. } => Usage [E::BadCursor { cursor: text("CURSOR") }]
    E::BatchNotFound { .. } => Refused [E::BatchNotFound { batch: batch() }]
    E::BatchDecided { .. } => Refused [E::BatchDecided { batch: batch() }]
    E::RunNotFound { .. } => Refused [E::RunNotFound { run: run() }]
    E::RunExists { .. } => Refused [
        E::RunExists { run: run(), state: State::Running },
        E::RunExists { run: run(), state: State::Interrupted },
        E::RunExists { run: run(), state: State::Failed },
    ]
    E::RunNotAllowed { .. } => Refused [
        E::RunNotAllowed { run: run(), from: State::Succeeded, by: run::Move::Cancel },
        E::RunNotAllowed { run: run(), from: State::Interrupted, by: run::Move::End },
    ]
    E::RunLost { .. } => Failed [E::RunLost { run: run() }]
    E::RunHeld { .. } => Refused [E::RunHeld { run: run() }]
    E::RunOutOfStep { .. } => Refused [E::RunOutOfStep { run: run(), records: 7, after: 9 }]
    E::NotOfARun => Refused [E::NotOfARun]
    E::NotPinned { .. } => Refused [E::NotPinned { digest: digest() }]
    E::PinDiffers { .. } => Refused [E::PinDiffers { digest: digest() }]
    E::StoreNotFound { .. } => Refused [E::StoreNotFound { dir: text("DIR") }]
    E::StoreLocked { .. } => Failed [
        E::StoreLocked { dir: text("DIR"), detail: text("WHO HAS IT, AND WHAT TO DO") },
    ]
    E::StoreFull { .. } => Failed [E::StoreFull { detail: text("DETAIL") }]
    E::StoreIo { .. } => Failed [E::StoreIo { detail: text("DETAIL") }]
    E::StoreDamaged { .. } => Failed [E::StoreDamaged { detail: text("DETAIL") }]
    E::ItemDamaged { .. } => Failed [E::ItemDamaged { item: item(), problem: text("PROBLEM") }]
    E::StoreEmpty { .. } => Failed [E::StoreEmpty { file: text("FILE") }]
    E::FileLimit { .. } => Failed [E::FileLimit { limit: 1_048_576 }]
    E::BadBackup { .. } => Refused [E::BadBackup { file: text("FILE"), problem: text("PROBLEM") }]
    E::StoreNewer { .. } => Failed [E::StoreNewer { found: 2, known: 1 }]
    E::StoreUnsafePlace { .. } => Failed [E::StoreUnsafePlace { filesystem: text("FILESYSTEM") }]
    E::StoreClosed => Failed [E::StoreClosed]
    E::UnknownOutcome => Failed [E::UnknownOutcome]
    E::Protocol { .. } => Failed [E::Protocol { detail: text("DETAIL") }]
}

fn text(word: &str) -> String {
    word.into()
}

fn time(hour: &str) -> Timestamp {
    format!("2026-11-21T{hour}:00:00Z").parse().unwrap()
}

fn item() -> Id {
    Id::from_bytes([1; 16])
}

fn batch() -> Id {
    Id::from_bytes([2; 16])
}

fn run() -> Id {
    Id::from_bytes([3; 16])
}

fn digest() -> Digest {
    Digest::from_bytes([4; 32])
}

/// A row for each sample: code, exit code, message, hint.
pub(super) fn table() -> String {
    let words = |text: String| {
        text.replace(&item().to_string(), "ITEM")
            .replace(&batch().to_string(), "BATCH")
            .replace(&run().to_string(), "RUN")
            .replace(&digest().to_string(), "DIGEST")
    };
    let mut table = String::from("| code | exit | message | hint |\n|---|---|---|---|\n");
    for error in samples() {
        let message = words(error.to_string());
        let hint = words(error.hint());
        assert!(!format!("{message}{hint}").contains(['|', '\n']), "breaks the table: {message}");
        let (code, exit) = (error.code(), exit(&error) as u8);
        writeln!(table, "| `{code}` | {exit} | {message} | {hint} |").unwrap();
    }
    table
}

#[test]
fn errors_survive_the_way_through_text() {
    for error in samples() {
        let text = serde_json::to_string(&error).unwrap();
        assert_eq!(serde_json::from_str::<Error>(&text).unwrap(), error);
    }
}

#[test]
fn every_error_says_what_to_do_next() {
    for error in samples() {
        let hint = error.hint();
        assert!(!hint.trim().is_empty() && !hint.contains('\n'), "{error:?}: {hint:?}");
        assert!(!hint.ends_with('.') && hint != error.to_string(), "{error:?}: {hint:?}");
    }
}

#[test]
fn codes_have_a_subject_and_a_word() {
    for error in samples() {
        let parts: Vec<&str> = error.code().split('/').collect();
        let plain = |part: &&str| part.bytes().all(|it| it.is_ascii_lowercase() || it == b'-');
        assert!(parts.len() == 2 && parts.iter().all(plain), "{}", error.code());
    }
}
