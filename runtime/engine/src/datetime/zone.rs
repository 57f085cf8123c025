//! Time zones by name, from the rules that this binary carries.

use std::sync::LazyLock;

use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};
use model::similar::closest;

use super::cursor::Cursor;
use super::error::Error;
use crate::shown::quoted;

/// What is installed on a machine must not change what a flow does, so only these are asked.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// No zone has a longer name, so none is looked for.
pub(super) const ZONE_BYTES_MAX: usize = 64;

/// The zone of that name; an offset such as `+02:00`, and `Z`, is one too.
pub(super) fn find(name: &str) -> Result<TimeZone, Error> {
    if let Some(offset) = whole_offset(name) {
        return Ok(TimeZone::fixed(offset));
    }
    named(name)
}

/// The zone of that name, as the IANA lists it.
pub(super) fn named(name: &str) -> Result<TimeZone, Error> {
    let known = name.len() <= ZONE_BYTES_MAX;
    let zone = known.then(|| ZONES.get(name).ok()).flatten();
    zone.filter(|zone| !zone.is_unknown()).ok_or_else(|| {
        let names: Vec<String> = ZONES.available().map(|zone| zone.to_string()).collect();
        let names = names.iter().map(String::as_str).filter(|_| known);
        let similar = closest(name, names).map(str::to_owned);
        Error::UnknownZone { zone: quoted(name), similar }
    })
}

/// What a moment in this zone is marked with; none for an offset, and for UTC, which is `Z`.
pub(super) fn mark(zone: &TimeZone) -> Option<&str> {
    zone.iana_name().filter(|name| *name != "UTC")
}

fn whole_offset(text: &str) -> Option<Offset> {
    let mut cursor = Cursor::new(text);
    if cursor.eat("Z") && cursor.rest().is_empty() {
        return Some(Offset::UTC);
    }
    offset(&mut cursor, 2, true).filter(|_| cursor.rest().is_empty())
}

/// Passes over `+02:00`, or `+02` without minutes, if it stands here; hours of `least` to two
/// digits.
pub(super) fn offset(cursor: &mut Cursor<'_>, least: usize, minutes: bool) -> Option<Offset> {
    let sign = if cursor.eat("+") {
        1
    } else if cursor.eat("-") {
        -1
    } else {
        return None;
    };
    let hours = cursor.number(least, 2).filter(|hours| *hours < 24)?;
    let mut seconds = hours * 3_600;
    if minutes {
        let minutes = cursor.eat(":").then(|| cursor.number(2, 2)).flatten();
        seconds += minutes.filter(|minutes| *minutes < 60)? * 60;
    }
    Offset::from_seconds(sign * seconds).ok()
}

/// An offset in minutes, as texts tell it. Zones of the time before railways had seconds too.
pub(super) fn minutes(offset: Offset) -> i32 {
    let seconds = offset.seconds();
    (seconds + 30 * seconds.signum()) / 60
}

/// `+02:00`.
pub(super) fn write_offset(offset: Offset) -> String {
    let minutes = minutes(offset);
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

#[cfg(test)]
pub(super) fn longest_name() -> usize {
    ZONES.available().map(|zone| zone.to_string().len()).max().expect("zones are there")
}
