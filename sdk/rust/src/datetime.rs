//! Moments, and the calendar.
//!
//! Days, weeks, months and years are counted on the calendar of the datetime's zone, so that 09:30
//! stays 09:30 when clocks change; hours, minutes and seconds are lengths of time.
//!
//! ```
//! # fn main() -> wharf::Result<()> {
//! use wharf::DateTime;
//! use wharf::datetime::{self, Unit};
//!
//! let sent: DateTime = "2026-01-31T09:30:00+01:00[Europe/Berlin]".parse()?;
//! let due = datetime::add(&sent, 1, Unit::Months)?;
//! assert_eq!(due.as_str(), "2026-02-28T09:30:00+01:00[Europe/Berlin]");
//! assert_eq!(datetime::format(&due, "dd/MM/yyyy")?, "28/02/2026");
//! # Ok(())
//! # }
//! ```

mod rfc3339;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use crate::problem::refusals;
use crate::value::Misfit;
use crate::{Decimal, host};
use rfc3339::Instant;

/// A moment, with the offset and perhaps the time zone it is told in:
/// `2026-04-06T09:30:00+02:00[Europe/Berlin]`.
///
/// It is kept as it was written. Two are equal when they are the same moment, wherever they are
/// told.
#[derive(Clone, Debug)]
pub struct DateTime {
    text: String,
    instant: Instant,
}

impl DateTime {
    /// RFC 3339, with the zone in brackets where one is known.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The time zone it is told in; none where only the offset is known.
    pub fn zone(&self) -> Option<&str> {
        Some(self.text.split_once('[')?.1.trim_end_matches(']'))
    }

    pub(crate) fn read_text(text: &str) -> Result<Self, Misfit> {
        let instant = rfc3339::read(text).ok_or_else(|| {
            let like = "a datetime looks like 2026-04-06T09:30:00+02:00[Europe/Berlin]";
            Misfit::new("value/not-a-datetime", format!("`{text}` is not a datetime: {like}"))
        })?;
        Ok(Self { text: text.to_owned(), instant })
    }

    /// What the host says, which keeps to the contract.
    pub(crate) fn of_host(text: &str) -> Self {
        Self::read_text(text).expect("the host writes datetimes of the contract")
    }
}

impl FromStr for DateTime {
    type Err = crate::Error;

    /// Reads RFC 3339 with an offset; [`parse`] reads other texts.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::read_text(text)?)
    }
}

impl From<DateTime> for String {
    fn from(moment: DateTime) -> Self {
        moment.text
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl PartialEq for DateTime {
    fn eq(&self, other: &Self) -> bool {
        self.instant == other.instant
    }
}

impl Eq for DateTime {}

impl PartialOrd for DateTime {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for DateTime {
    fn cmp(&self, other: &Self) -> Ordering {
        self.instant.cmp(&other.instant)
    }
}

impl Hash for DateTime {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.instant.hash(state);
    }
}

refusals! {
    /// Why there is no datetime.
    Error {
        /// The text is not a datetime, or does not follow the pattern.
        Invalid => business,
        /// The pattern cannot be used.
        BadPattern => generic,
        UnknownZone => generic,
        /// The result is before or after all that can be written.
        OutOfRange => generic,
        Other => generic,
    }
}

/// What [`add`] counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    Seconds,
    Minutes,
    Hours,
    Days,
    Weeks,
    Months,
    Years,
}

/// Units that are the same length wherever they are; a day is 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Span {
    Seconds,
    Minutes,
    Hours,
    Days,
}

/// The present moment, in UTC.
pub fn now() -> DateTime {
    host::datetime::now(None).expect("there is always a present, and UTC")
}

/// The present moment in a zone such as `Europe/Berlin`.
pub fn now_in(zone: &str) -> Result<DateTime, Error> {
    host::datetime::now(Some(zone))
}

/// Adds; a negative amount subtracts. A month from 31 January is the last day of February.
pub fn add(to: &DateTime, amount: i64, unit: Unit) -> Result<DateTime, Error> {
    host::datetime::add(to, amount, unit)
}

/// How long it is from `earlier` to `later`, fractions included.
pub fn subtract(later: &DateTime, earlier: &DateTime, unit: Span) -> Result<Decimal, Error> {
    host::datetime::subtract(later, earlier, unit)
}

/// Reads text that follows a pattern such as `dd/MM/yyyy HH:mm`, or is RFC 3339 where there is
/// none. The zone is for text that names none.
///
/// ```
/// # fn main() -> wharf::Result<()> {
/// use wharf::datetime::parse;
///
/// let (pattern, zone) = ("dd/MM/yyyy HH:mm".to_owned(), Some("Europe/Berlin".to_owned()));
/// let sent = parse("31/01/2026 09:30", &pattern, zone.as_deref())?;
/// assert_eq!(sent, parse("2026-01-31T08:30:00Z", None, None)?);
/// # Ok(())
/// # }
/// ```
pub fn parse<'a>(
    text: &str,
    pattern: impl MaybeText<'a>,
    zone: impl MaybeText<'a>,
) -> Result<DateTime, Error> {
    host::datetime::parse(text, pattern.text(), zone.text())
}

/// A text such as `&str` or `&String`, or an `Option<&str>`.
pub trait MaybeText<'a> {
    fn text(self) -> Option<&'a str>;
}

impl<'a, T: AsRef<str> + ?Sized> MaybeText<'a> for &'a T {
    fn text(self) -> Option<&'a str> {
        Some(self.as_ref())
    }
}

impl<'a> MaybeText<'a> for Option<&'a str> {
    fn text(self) -> Self {
        self
    }
}

/// Writes a datetime by a pattern such as `dd/MM/yyyy HH:mm`.
pub fn format(moment: &DateTime, pattern: &str) -> Result<String, Error> {
    host::datetime::format(moment, pattern)
}

/// The same moment as told in another zone.
pub fn in_zone(moment: &DateTime, zone: &str) -> Result<DateTime, Error> {
    host::datetime::in_zone(moment, zone)
}
