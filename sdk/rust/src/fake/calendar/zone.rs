//! Time zones, by the rules that are compiled in.

use std::sync::LazyLock;

use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};

use crate::datetime::Error;
use crate::fake::host::problem;

static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The zone of that name; an offset such as `+02:00`, and `Z`, is one too.
pub(super) fn find(name: &str) -> Result<TimeZone, Error> {
    let mut rest = name;
    match offset(&mut rest, 2, true).filter(|_| rest.is_empty()) {
        Some(offset) => Ok(TimeZone::fixed(offset)),
        None if name.eq_ignore_ascii_case("Z") => Ok(TimeZone::UTC),
        None => named(name),
    }
}

pub(super) fn named(name: &str) -> Result<TimeZone, Error> {
    ZONES.get(name).ok().filter(|zone| !zone.is_unknown()).ok_or_else(|| {
        let hint = "zones are named as `Europe/Berlin`, `UTC` or by an offset as `+02:00`";
        let message = format!("there is no time zone `{name}`");
        Error::UnknownZone(problem("datetime/unknown-zone", message, hint))
    })
}

/// Passes over `+02:00`, or `+02` without minutes; the hour has `least` to two digits.
pub(super) fn offset(text: &mut &str, least: usize, minutes: bool) -> Option<Offset> {
    let sign = if eat(text, "+") { 1 } else { eat(text, "-").then_some(-1)? };
    let mut seconds = digits(text, least, 2).filter(|hours| *hours < 24)? * 3_600;
    if minutes {
        let minutes = eat(text, ":").then(|| digits(text, 2, 2))?;
        seconds += minutes.filter(|minutes| *minutes < 60)? * 60;
    }
    Offset::from_seconds(sign * seconds).ok()
}

/// Passes over a word; small and capital letters are the same.
pub(super) fn eat(text: &mut &str, word: &str) -> bool {
    let found = text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    *text = &text[if found { word.len() } else { 0 }..];
    found
}

/// Passes over a number of so many digits.
pub(super) fn digits(text: &mut &str, least: usize, most: usize) -> Option<i32> {
    let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let number = (count >= least).then(|| text[..count].parse().ok())?;
    *text = &text[count..];
    number
}

/// In minutes, as texts tell it; zones of the time before railways had seconds too.
pub(super) fn minutes(offset: Offset) -> i32 {
    (offset.seconds() + 30 * offset.seconds().signum()) / 60
}

/// `+02:00`.
pub(super) fn written(offset: Offset) -> String {
    let minutes = minutes(offset);
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}
