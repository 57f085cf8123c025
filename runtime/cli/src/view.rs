//! How items and queues look: as JSON with documented fields, and for people.

pub(crate) mod item;
pub(crate) mod plugin;
pub(crate) mod problem;
pub(crate) mod queue;
pub(crate) mod run;

use model::Timestamp;

/// A time for people: to the second.
pub(crate) fn time(at: Timestamp) -> String {
    let whole = Timestamp::from_second(at.as_second()).unwrap_or(at);
    whole.to_string()
}

/// A time that may be missing, for people.
pub(crate) fn maybe_time(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "-".into(), time)
}

/// `1 item`, `2 items`.
pub(crate) fn count(number: u64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
