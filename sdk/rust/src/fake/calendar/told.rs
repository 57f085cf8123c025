//! What a text tells, before it is clear which moment that is.

use jiff::Zoned;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use super::moment::Moment;
use super::zone::{self, digits, eat};
use super::{invalid, misfit, out_of_range};
use crate::datetime::Error;

#[derive(Clone, Copy, Debug)]
pub(super) enum ToldOffset {
    /// `Z`: the time is that of UTC, wherever it is told in.
    Utc,
    At(Offset),
}

#[derive(Debug)]
pub(super) struct Told {
    pub(super) local: DateTime,
    pub(super) offset: Option<ToldOffset>,
    pub(super) zone: Option<TimeZone>,
}

/// RFC 3339, with or without offset and `[Zone/Name]`.
pub(super) fn rfc3339(text: &str) -> Result<Told, Error> {
    let mut rest = text;
    let local = local(&mut rest).ok_or_else(|| misfit(text))?;
    let offset = if eat(&mut rest, "Z") {
        Some(ToldOffset::Utc)
    } else if rest.starts_with(['+', '-']) {
        let offset = zone::offset(&mut rest, 2, true).ok_or_else(|| misfit(text))?;
        Some(ToldOffset::At(offset))
    } else {
        None
    };
    let zone = match rest.strip_prefix('[').map(|name| name.strip_suffix(']')) {
        None if rest.is_empty() => None,
        Some(Some(name)) => Some(zone::named(name)?),
        _ => return Err(misfit(text)),
    };
    Ok(Told { local, offset, zone })
}

fn local(rest: &mut &str) -> Option<DateTime> {
    let year = digits(rest, 4, 4)?;
    let month = eat(rest, "-").then(|| digits(rest, 2, 2))??;
    let day = eat(rest, "-").then(|| digits(rest, 2, 2))??;
    (eat(rest, "T") || eat(rest, " ")).then_some(())?;
    let hour = digits(rest, 2, 2)?;
    let minute = eat(rest, ":").then(|| digits(rest, 2, 2))??;
    let second = eat(rest, ":").then(|| digits(rest, 2, 2))??;
    let nanosecond = if eat(rest, ".") { fraction(rest)? } else { 0 };
    let date = Date::new(year as i16, month as i8, day as i8).ok()?;
    let time = Time::new(hour as i8, minute as i8, second as i8, nanosecond).ok()?;
    Some(date.to_datetime(time))
}

fn fraction(rest: &mut &str) -> Option<i32> {
    let count = rest.bytes().take_while(u8::is_ascii_digit).count();
    let digits = rest.get(..count).filter(|_| (1..=9).contains(&count))?;
    *rest = &rest[count..];
    format!("{digits:0<9}").parse().ok()
}

impl Told {
    /// The moment that is meant; the zone is for text that names neither zone nor offset.
    pub(super) fn resolve(self, text: &str, zone: Option<&TimeZone>) -> Result<Moment, Error> {
        let zone = match (self.offset, self.zone.as_ref().or(zone)) {
            (Some(told), _) if self.zone.is_none() => &TimeZone::fixed(told.offset()),
            (Some(ToldOffset::Utc), Some(zone)) => {
                return Moment::new(self.at(Offset::UTC)?.with_time_zone(zone.clone()));
            }
            (_, Some(zone)) => zone,
            (_, None) => {
                let hint = "give the zone it is told in, or write an offset behind it";
                let message = format!("`{text}` names no time zone");
                return Err(invalid("datetime/no-zone", message, hint));
            }
        };
        let offset = self.offset_in(zone)?;
        Moment::new(self.at(offset)?.with_time_zone(zone.clone()))
    }

    fn at(&self, offset: Offset) -> Result<Zoned, Error> {
        let timestamp = offset.to_timestamp(self.local);
        let timestamp = timestamp.map_err(|_| out_of_range(&self.local.to_string()))?;
        Ok(timestamp.to_zoned(TimeZone::UTC))
    }

    /// The offset that the zone has then, if it is one and the one that was told.
    fn offset_in(&self, zone: &TimeZone) -> Result<Offset, Error> {
        let (local, told) = (self.local, self.offset.map(ToldOffset::offset));
        let is_told =
            |offset: &Offset| told.is_none_or(|told| zone::minutes(told) == zone::minutes(*offset));
        let wrong = |is: Offset| {
            let hint = format!("write {}, or leave out the zone", zone::written(is));
            let message = format!("{local} has another offset there than the one it is told with");
            Err(invalid("datetime/wrong-offset", message, hint))
        };
        match zone.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } if is_told(&offset) => Ok(offset),
            AmbiguousOffset::Unambiguous { offset } => wrong(offset),
            AmbiguousOffset::Gap { .. } => {
                let message = format!("{local} does not exist there: clocks are put forward");
                Err(invalid("datetime/gap", message, "take a time before or after the change"))
            }
            AmbiguousOffset::Fold { before, after } => match (is_told(&before), is_told(&after)) {
                (true, false) => Ok(before),
                (false, true) => Ok(after),
                (false, false) => wrong(before),
                (true, true) => {
                    let [one, two] = [before, after].map(zone::written);
                    let message = format!("{local} occurs twice there: at {one} and at {two}");
                    let hint = format!("write the offset behind it, {one} or {two}");
                    Err(invalid("datetime/ambiguous", message, hint))
                }
            },
        }
    }
}

impl ToldOffset {
    fn offset(self) -> Offset {
        match self {
            Self::Utc => Offset::UTC,
            Self::At(offset) => offset,
        }
    }
}
