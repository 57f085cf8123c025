//! The calendar: moments, adding to them, the time between them, and their texts.
//!
//! A moment is told in a zone, or at an offset from UTC. Years go from 1 to 9999, up to the end of
//! 9999-12-30T22:00:00Z, so that every offset can tell every moment.
//!
//! **Zones** are those of the IANA, by name, with the rules that this binary carries; what is
//! installed on the machine plays no part. An offset such as `+02:00` serves as a zone too, and
//! `UTC` is `Z`.
//!
//! **Adding.** Days, weeks, months and years are counted on the calendar of the zone: the time of
//! day stays. A month or a year from a day that the target month does not have ends on its last
//! day, so that adding a month twice may differ from adding two. A time of day that does not exist
//! on the target day, because clocks were put forward, moves forward by as much; of one that exists
//! twice the first is meant. Seconds, minutes and hours are lengths of time and know nothing of
//! clocks. Adding nothing changes nothing.
//!
//! **Reading** never guesses. Text that names no zone and no offset needs one as an argument, which
//! is then used for such text only. A time of day that exists twice or not at all is an error.

mod arithmetic;
mod cursor;
mod error;
mod moment;
mod pattern;
mod read;
mod rfc3339;
mod write;
mod zone;

use model::Clock;

pub use arithmetic::{Span, Unit, add, subtract};
pub use error::{Error, Invalid};
pub use moment::Moment;

use crate::limits;
use pattern::Pattern;

/// The present moment, in UTC or in a zone.
pub fn now(clock: &dyn Clock, zone: Option<&str>) -> Result<Moment, Error> {
    let now = Moment::from(model::time::now(clock));
    match zone {
        Some(zone) => in_zone(&now, zone),
        None => Ok(now),
    }
}

/// Reads text that follows a pattern; RFC 3339 without one. The zone is for text that names
/// neither a zone nor an offset.
pub fn parse(text: &str, pattern: Option<&str>, zone: Option<&str>) -> Result<Moment, Error> {
    let zone = zone.map(zone::find).transpose()?;
    let pattern = pattern.map(Pattern::parse).transpose()?;
    limits::check("datetime-text", text.len())?;
    let told = match pattern {
        Some(pattern) => read::by_pattern(text, &pattern)?,
        None => rfc3339::told(text)?,
    };
    told.resolve(zone.as_ref())
}

/// Writes a moment by a pattern; RFC 3339 without one. Digits of the second beyond those of the
/// pattern are left out.
pub fn format(moment: &Moment, pattern: Option<&str>) -> Result<String, Error> {
    match pattern {
        Some(pattern) => write::by_pattern(moment, &Pattern::parse(pattern)?),
        None => Ok(moment.to_string()),
    }
}

/// The same moment as told in another zone.
pub fn in_zone(moment: &Moment, zone: &str) -> Result<Moment, Error> {
    Moment::new(moment.zoned().with_time_zone(zone::find(zone)?))
}

#[cfg(test)]
mod tests;
