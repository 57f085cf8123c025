//! A moment, and what a text tells of one.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{Timestamp, Zoned};

use super::error::{Error, Invalid};
use super::{rfc3339, zone};
use crate::limits;
use crate::shown::quoted;

/// A moment, told in a zone or at an offset from UTC.
///
/// Its text is that of the contract: RFC 3339, and the name of the zone in brackets where one is
/// known. Reading the text gives the same moment, to the nanosecond.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment(Zoned);

impl Moment {
    /// Refuses years that texts of four digits cannot tell.
    pub(super) fn new(zoned: Zoned) -> Result<Self, Error> {
        if (1..=9_999).contains(&zoned.year()) {
            return Ok(Self(zoned));
        }
        Err(Error::OutOfRange { what: format!("the year {}", zoned.year()) })
    }

    pub(super) fn zoned(&self) -> &Zoned {
        &self.0
    }

    /// The moment without the place it is told in.
    pub fn timestamp(&self) -> Timestamp {
        self.0.timestamp()
    }

    /// The name of the zone it is told in; none at an offset, and in UTC.
    pub fn zone(&self) -> Option<&str> {
        zone::mark(self.0.time_zone())
    }

    /// Is it told in UTC, as `Z`?
    pub(super) fn is_utc(&self) -> bool {
        self.zone().is_none() && self.0.offset() == Offset::UTC
    }
}

impl From<Timestamp> for Moment {
    fn from(timestamp: Timestamp) -> Self {
        Self(timestamp.to_zoned(TimeZone::UTC))
    }
}

impl FromStr for Moment {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        limits::check("datetime-text", text.len())?;
        rfc3339::told(text)?.resolve(None)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.0.datetime();
        write!(out, "{}T{}", date_text(local.date()), time_text(local.time()))?;
        if self.is_utc() {
            return out.write_str("Z");
        }
        out.write_str(&zone::write_offset(self.0.offset()))?;
        self.zone().map_or(Ok(()), |name| write!(out, "[{name}]"))
    }
}

pub(super) fn date_text(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// As many digits of the second as it has.
fn time_text(time: Time) -> String {
    let whole = format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second());
    match time.subsec_nanosecond() {
        0 => whole,
        fraction => format!("{whole}.{}", format!("{fraction:09}").trim_end_matches('0')),
    }
}

/// What a text says, before it is clear which moment that is.
#[derive(Debug)]
pub(super) struct Told<'t> {
    pub(super) text: &'t str,
    pub(super) local: DateTime,
    pub(super) offset: Option<ToldOffset>,
    pub(super) zone: Option<TimeZone>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ToldOffset {
    /// `Z`: the time is that of UTC, wherever it is told in.
    Utc,
    At(Offset),
}

impl Told<'_> {
    /// The moment that is meant. The zone is for text that names neither zone nor offset.
    pub(super) fn resolve(self, zone: Option<&TimeZone>) -> Result<Moment, Error> {
        let zone = match (self.offset, self.zone.as_ref().or(zone)) {
            (Some(told), _) if self.zone.is_none() => &TimeZone::fixed(told.offset()),
            (Some(ToldOffset::Utc), Some(zone)) => {
                let utc = self.at(Offset::UTC)?;
                return Moment::new(utc.with_time_zone(zone.clone()));
            }
            (_, Some(zone)) => zone,
            (_, None) => return Err(Invalid::NoZone { text: quoted(self.text) }.into()),
        };
        let offset = self.offset_in(zone)?;
        Moment::new(self.at(offset)?.with_time_zone(zone.clone()))
    }

    /// The moment at which clocks with this offset tell the local time.
    fn at(&self, offset: Offset) -> Result<Zoned, Error> {
        let timestamp = offset.to_timestamp(self.local);
        let timestamp = timestamp.map_err(|_| Error::OutOfRange { what: self.local_text() })?;
        Ok(timestamp.to_zoned(TimeZone::UTC))
    }

    /// The offset that the zone has at the local time, if it is one and the one that was told.
    fn offset_in(&self, zone: &TimeZone) -> Result<Offset, Invalid> {
        let name = || zone.iana_name().unwrap_or("this zone").to_owned();
        let told = self.offset.map(ToldOffset::offset);
        let is_told =
            |offset: &Offset| told.is_none_or(|told| zone::minutes(told) == zone::minutes(*offset));
        let wrong = |is: String| Invalid::WrongOffset {
            local: self.local_text(),
            zone: name(),
            told: told.map(zone::write_offset).unwrap_or_default(),
            is,
        };
        match zone.to_ambiguous_timestamp(self.local).offset() {
            AmbiguousOffset::Unambiguous { offset } if is_told(&offset) => Ok(offset),
            AmbiguousOffset::Unambiguous { offset } => Err(wrong(zone::write_offset(offset))),
            AmbiguousOffset::Gap { before, after } => Err(Invalid::Gap {
                local: self.local_text(),
                zone: name(),
                before: zone::write_offset(before),
                after: zone::write_offset(after),
            }),
            AmbiguousOffset::Fold { before, after } => {
                let (first, second) = (zone::write_offset(before), zone::write_offset(after));
                let mut told = [before, after].into_iter().filter(is_told);
                match (told.next(), told.next()) {
                    (Some(one), None) => Ok(one),
                    (None, _) => Err(wrong(format!("{first} or {second}"))),
                    _ => Err(Invalid::Ambiguous {
                        local: self.local_text(),
                        zone: name(),
                        first,
                        second,
                    }),
                }
            }
        }
    }

    fn local_text(&self) -> String {
        format!("{}T{}", date_text(self.local.date()), time_text(self.local.time()))
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
