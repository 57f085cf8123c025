//! Every limit of the vocabulary, with its unit in its name. `docs/limits.md` is written from
//! `ALL`.

use std::fmt;
use std::time::Duration;

use crate::Error;
use crate::time::{Timestamp, format_span};

pub const QUEUE_KEY_BYTES_MAX: usize = 100;
pub const QUEUE_NAME_BYTES_MAX: usize = 100;
pub const QUEUE_DESCRIPTION_BYTES_MAX: usize = 2_000;
pub const QUEUE_SCHEMA_BYTES_MAX: usize = 256 * 1024;
pub const QUEUES_MAX: usize = 10_000;
pub const RETRIES_MAX: u32 = 20;
pub const CRASHES_MAX: u32 = 20;
pub const AT_RISK_PERCENT_MAX: u8 = 100;
pub const SPAN_MIN: Duration = Duration::from_millis(1);
pub const SPAN_MAX: Duration = Duration::from_hours(3_650 * 24);
/// The first moment that an item can carry: the start of the year 1.
pub const MOMENT_MIN: Timestamp = Timestamp::constant(-62_135_596_800, 0);
/// The last moment that an item can carry: the start of the year 9999. Every offset from UTC can
/// tell it, and there is room behind it for whatever adds to it.
pub const MOMENT_MAX: Timestamp = Timestamp::constant(MOMENT_MAX_SECONDS, 0);
const MOMENT_MAX_SECONDS: i64 = 253_370_764_800;
pub const ITEM_NAME_BYTES_MAX: usize = 256;
pub const ITEM_REFERENCE_BYTES_MAX: usize = 256;
pub const ITEM_VALUE_BYTES_MAX: usize = 1_048_576;
pub const ITEM_RESULT_BYTES_MAX: usize = 1_048_576;
pub const NOTE_BYTES_MAX: usize = 64 * 1024;
pub const WORKER_NAME_BYTES_MAX: usize = 100;
pub const PRIORITY_MAX: u32 = i32::MAX as u32;
pub const CLAIM_ITEMS_MAX: usize = 1_000;
pub const CLAIM_BYTES_MAX: usize = 8 * 1024 * 1024;
pub const LEASE_MIN: Duration = Duration::from_millis(100);
pub const LEASE_MAX: Duration = Duration::from_hours(24);
pub const COMMIT_CHANGES_MAX: usize = 5_000;
pub const COMMIT_BYTES_MAX: usize = 16 * 1024 * 1024;
pub const PAGE_ITEMS_MAX: usize = 500;
pub const PAGE_BYTES_MAX: usize = 4 * 1024 * 1024;
pub const PAGE_SCAN_ROWS_MAX: usize = 10_000;
pub const MOVES_PER_TRANSACTION_MAX: usize = 1_000;
pub const JSON_DEPTH_MAX: usize = 128;
pub const RUN_FLOW_BYTES_MAX: usize = 256;
pub const RUN_INPUTS_BYTES_MAX: usize = 1_048_576;
pub const RUN_OUTPUTS_BYTES_MAX: usize = 1_048_576;
pub const RUN_PIN_BYTES_MAX: usize = 4 * 1024 * 1024;
pub const RUN_RECORDS_MAX: u64 = 10_000_000;
pub const DRIVER_NAME_BYTES_MAX: usize = 100;
pub const FAILURE_CODE_BYTES_MAX: usize = 256;
pub const FAILURE_MESSAGE_BYTES_MAX: usize = 64 * 1024;
pub const JOURNAL_RECORDS_MAX: usize = 5_000;
pub const JOURNAL_STEPS_MAX: usize = 1_000_000;
pub const RECORD_KIND_BYTES_MAX: usize = 32;
pub const RECORD_PATH_BYTES_MAX: usize = 4 * 1024;
/// A page of a journal may be one such record beyond its own limit, and escaped it must fit into
/// one frame of the control socket.
pub const RECORD_DATA_BYTES_MAX: usize = 4 * 1024 * 1024;
pub const EFFECT_KEY_BYTES_MAX: usize = 64;

/// Whether anybody may hold something for so long at once.
pub fn check_lease(lease: Duration) -> Result<(), Error> {
    let milliseconds = lease.as_millis() as usize;
    Error::limit("lease-max", milliseconds, LEASE_MAX.as_millis() as usize)?;
    if lease >= LEASE_MIN {
        return Ok(());
    }
    let (actual, limit) = (milliseconds as u64, LEASE_MIN.as_millis() as u64);
    Err(Error::UnderLimit { what: "lease-min".into(), actual, limit })
}

/// One limit as the documentation shows it.
#[derive(Debug)]
pub struct Limit {
    pub name: &'static str,
    pub value: u64,
    pub unit: &'static str,
    pub meaning: &'static str,
}

/// The amount as people write it.
impl fmt::Display for Limit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bound = if self.name.ends_with("-min") { "at least " } else { "" };
        let amount = match self.unit {
            "seconds" => format_span(Duration::from_secs(self.value)),
            "milliseconds" => format_span(Duration::from_millis(self.value)),
            "seconds since 1970" => Timestamp::UNIX_EPOCH
                .saturating_add(Duration::from_secs(self.value))
                .unwrap_or(MOMENT_MAX)
                .to_string(),
            unit => format!("{} {unit}", grouped(self.value)),
        };
        write!(out, "{bound}{}", amount.trim_end())
    }
}

/// `1048576` as `1,048,576`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

const fn limit(name: &'static str, value: u64, unit: &'static str, meaning: &'static str) -> Limit {
    Limit { name, value, unit, meaning }
}

/// All limits, in the order of the documentation.
pub const ALL: &[Limit] = &[
    limit("queue-key", QUEUE_KEY_BYTES_MAX as u64, "bytes", "the key of a queue"),
    limit("queue-name", QUEUE_NAME_BYTES_MAX as u64, "bytes", "the name of a queue"),
    limit(
        "queue-description",
        QUEUE_DESCRIPTION_BYTES_MAX as u64,
        "bytes",
        "the description of a queue",
    ),
    limit("queue-schema", QUEUE_SCHEMA_BYTES_MAX as u64, "bytes", "the JSON Schema of a queue"),
    limit("queues", QUEUES_MAX as u64, "queues", "queues in one data directory"),
    limit("retries", RETRIES_MAX as u64, "retries", "retries after an IT exception"),
    limit("crashes", CRASHES_MAX as u64, "crashes", "lost leases before an item is a dead letter"),
    limit(
        "at-risk-percent",
        AT_RISK_PERCENT_MAX as u64,
        "percent",
        "the part of its time after which an item is at risk",
    ),
    limit(
        "span-min",
        SPAN_MIN.as_millis() as u64,
        "milliseconds",
        "the shortest TTL and processing limit; leave them out to have none",
    ),
    limit("span", SPAN_MAX.as_secs(), "seconds", "any setting that is a length of time"),
    limit(
        "moment",
        MOMENT_MAX_SECONDS as u64,
        "seconds since 1970",
        "an expiry or the end of a delay; neither is before 0001-01-01T00:00:00Z",
    ),
    limit("item-name", ITEM_NAME_BYTES_MAX as u64, "bytes", "the name of an item"),
    limit("item-reference", ITEM_REFERENCE_BYTES_MAX as u64, "bytes", "the reference of an item"),
    limit("item-value", ITEM_VALUE_BYTES_MAX as u64, "bytes", "the value of an item"),
    limit("item-result", ITEM_RESULT_BYTES_MAX as u64, "bytes", "the result of an item"),
    limit("note", NOTE_BYTES_MAX as u64, "bytes", "one note"),
    limit("worker-name", WORKER_NAME_BYTES_MAX as u64, "bytes", "the name a worker claims under"),
    limit("priority", PRIORITY_MAX as u64, "", "the largest, that is least urgent, priority"),
    limit("claim-items", CLAIM_ITEMS_MAX as u64, "items", "items handed out by one claim"),
    limit(
        "claim-bytes",
        CLAIM_BYTES_MAX as u64,
        "bytes",
        "values after which one claim hands out no more items",
    ),
    limit("lease-min", LEASE_MIN.as_millis() as u64, "milliseconds", "the shortest lease"),
    limit("lease-max", LEASE_MAX.as_millis() as u64, "milliseconds", "the longest lease"),
    limit("commit-changes", COMMIT_CHANGES_MAX as u64, "changes", "changes of one commit"),
    limit("commit-bytes", COMMIT_BYTES_MAX as u64, "bytes", "texts of one commit together"),
    limit("page-items", PAGE_ITEMS_MAX as u64, "items", "items, or runs, of one page"),
    limit(
        "page-bytes",
        PAGE_BYTES_MAX as u64,
        "bytes",
        "values after which a page ends early, with a cursor",
    ),
    limit(
        "page-scan",
        PAGE_SCAN_ROWS_MAX as u64,
        "rows",
        "rows examined for one page before it ends early, with a cursor",
    ),
    limit(
        "moves",
        MOVES_PER_TRANSACTION_MAX as u64,
        "items",
        "items moved by time or by a batch in one transaction, and rows deleted of old runs",
    ),
    limit("json-depth", JSON_DEPTH_MAX as u64, "levels", "nesting of lists and objects in a value"),
    limit("run-flow", RUN_FLOW_BYTES_MAX as u64, "bytes", "the name of the flow of a run"),
    limit("run-inputs", RUN_INPUTS_BYTES_MAX as u64, "bytes", "the inputs of a run"),
    limit("run-outputs", RUN_OUTPUTS_BYTES_MAX as u64, "bytes", "the outputs of a run"),
    limit(
        "run-pin",
        RUN_PIN_BYTES_MAX as u64,
        "bytes",
        "the text of a flow, with all it calls, that runs are bound to",
    ),
    limit("run-records", RUN_RECORDS_MAX, "records", "records in the journal of a run"),
    limit("driver-name", DRIVER_NAME_BYTES_MAX as u64, "bytes", "the name a run is driven under"),
    limit("failure-code", FAILURE_CODE_BYTES_MAX as u64, "bytes", "the code of a run's failure"),
    limit(
        "failure-message",
        FAILURE_MESSAGE_BYTES_MAX as u64,
        "bytes",
        "the message of a run's failure",
    ),
    limit(
        "journal-records",
        JOURNAL_RECORDS_MAX as u64,
        "records",
        "records written by one change",
    ),
    limit(
        "journal-steps",
        JOURNAL_STEPS_MAX as u64,
        "steps",
        "steps that the records of one change complete",
    ),
    limit("record-kind", RECORD_KIND_BYTES_MAX as u64, "bytes", "the kind of a record"),
    limit("record-path", RECORD_PATH_BYTES_MAX as u64, "bytes", "the path of the step of a record"),
    limit("record-data", RECORD_DATA_BYTES_MAX as u64, "bytes", "what a record carries"),
    limit("effect-key", EFFECT_KEY_BYTES_MAX as u64, "bytes", "the key of an effect of a run"),
];
