//! What queues refuse, in the words that the real ones use.

use super::host::problem;
use crate::DateTime;
use crate::queue::{Error, Expiry};

pub(super) const ITEM_NAME_BYTES_MAX: usize = 256;
pub(super) const ITEM_REFERENCE_BYTES_MAX: usize = 256;
pub(super) const ITEM_VALUE_BYTES_MAX: usize = 1_048_576;
pub(super) const ITEM_RESULT_BYTES_MAX: usize = 1_048_576;
pub(super) const NOTE_BYTES_MAX: usize = 64 * 1024;
/// The first and the last moment that an item can carry.
pub(super) const MOMENT_MIN: &str = "0001-01-01T00:00:00Z";
pub(super) const MOMENT_MAX: &str = "9999-01-01T00:00:00Z";
pub(super) const PRIORITY_MAX: u32 = i32::MAX as u32;

pub(super) fn no_queue(queue: &str) -> Error {
    let hint = format!("make it in the test: `wharf::fake::queue({queue:?})`");
    Error::NotFound(problem("queue/not-found", format!("there is no queue `{queue}`"), hint))
}

pub(super) fn paused(queue: &str) -> Error {
    let message = format!("the queue `{queue}` is paused");
    Error::Closed(problem(
        "queue/paused",
        message,
        format!("`wharf queue resume {queue}` opens it"),
    ))
}

pub(super) fn no_item(id: &str) -> Error {
    let hint = "it may have been deleted; `wharf item list QUEUE` shows what there is";
    Error::NotFound(problem("queue/item-not-found", format!("there is no item {id}"), hint))
}

pub(super) fn on_hold(id: &str) -> Error {
    let message = format!("item {id} is on-hold");
    Error::OnHold(problem("queue/item-on-hold", message, format!("`wharf item release {id}`")))
}

pub(super) fn held(id: &str) -> Error {
    let hint = "hold and release the item to take it from its worker";
    Error::Other(problem("queue/item-held", format!("item {id} is held by a worker"), hint))
}

pub(super) fn not_allowed(id: &str, status: &str, what: &str) -> Error {
    let message = format!("item {id} is {status}: {what} is not possible");
    Error::Other(problem("queue/invalid-transition", message, "look at its status first"))
}

pub(super) fn lease_lost(id: &str) -> Error {
    let message = format!("the claim on item {id} is no longer yours");
    let hint = "its lease ran out or somebody else decided about it; drop the work and claim anew";
    Error::LeaseLost(problem("queue/lease-lost", message, hint))
}

pub(super) fn duplicate(queue: &str, reference: &str, id: &str) -> Error {
    let message =
        format!("the queue `{queue}` already has an item with the reference `{reference}`");
    let hint = format!("`wharf item show {id}` shows it");
    Error::Duplicate(problem("queue/duplicate-reference", message, hint))
}

pub(super) fn check_bytes(what: &str, actual: usize, most: usize) -> Result<(), Error> {
    if actual <= most {
        return Ok(());
    }
    let message = format!("{what} is {actual} bytes, over the limit of {most} bytes");
    Err(Error::Invalid(problem("limit/exceeded", message, "docs/limits.md lists every limit")))
}

pub(super) fn check_priority(priority: u32) -> Result<(), Error> {
    if (1..=PRIORITY_MAX).contains(&priority) {
        return Ok(());
    }
    let message = format!("`{priority}` is not a priority");
    let hint = format!("use a number from 1 to {PRIORITY_MAX}; the lower goes first");
    Err(Error::Invalid(problem("value/bad-priority", message, hint)))
}

pub(super) fn check_reference(reference: &str) -> Result<(), Error> {
    if reference.is_empty() {
        let message = "reference must not be blank";
        let hint = "leave it away where there is none";
        return Err(Error::Invalid(problem("value/blank", message, hint)));
    }
    check_bytes("item-reference", reference.len(), ITEM_REFERENCE_BYTES_MAX)
}

/// An error if no item can carry the moment.
pub(super) fn check_moment(moment: Option<&DateTime>) -> Result<(), Error> {
    let bound = |text: &str| text.parse::<DateTime>().expect("a bound is a moment");
    let Some(moment) = moment else { return Ok(()) };
    let (side, limit) = if *moment < bound(MOMENT_MIN) {
        ("at least", MOMENT_MIN)
    } else if *moment > bound(MOMENT_MAX) {
        ("at most", MOMENT_MAX)
    } else {
        return Ok(());
    };
    let message = format!("the time {moment} is beyond the limit of {limit}");
    let hint = format!("{side} {limit}; docs/limits.md lists every limit");
    Err(Error::Invalid(problem("limit/exceeded", message, hint)))
}

pub(super) fn check_expiry(expires: Option<&Expiry>, now: &DateTime) -> Result<(), Error> {
    let Some(Expiry::At(expires)) = expires else { return Ok(()) };
    check_moment(Some(expires))?;
    if expires > now {
        return Ok(());
    }
    let message = format!("the expiry {expires} is not after now ({now})");
    let hint = "give a time in the future";
    Err(Error::Invalid(problem("value/expiry-in-past", message, hint)))
}

pub(super) fn check_value(value: &str) -> Result<(), Error> {
    check_bytes("item-value", value.len(), ITEM_VALUE_BYTES_MAX)?;
    crate::value::parse(value).map(drop).map_err(|misfit| Error::Invalid(misfit.into()))
}
