//! A moment, told somewhere.

use std::fmt;

use jiff::Zoned;
use jiff::tz::Offset;

use super::{out_of_range, told, zone};
use crate::datetime::Error;

/// A moment of the years 1 to 9999, as told in a zone or at an offset.
#[derive(Clone, Debug)]
pub(super) struct Moment(Zoned);

impl Moment {
    pub(super) fn new(zoned: Zoned) -> Result<Self, Error> {
        match zoned.year() {
            1..=9_999 => Ok(Self(zoned)),
            year => Err(out_of_range(&format!("the year {year}"))),
        }
    }

    pub(super) fn read(text: &str) -> Result<Self, Error> {
        told::rfc3339(text)?.resolve(text, None)
    }

    pub(super) fn zoned(&self) -> &Zoned {
        &self.0
    }

    fn zone(&self) -> Option<&str> {
        self.0.time_zone().iana_name().filter(|name| *name != "UTC")
    }

    pub(super) fn is_utc(&self) -> bool {
        self.zone().is_none() && self.0.offset() == Offset::UTC
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, time) = (self.0.date(), self.0.time());
        write!(out, "{:04}-{:02}-{:02}T", date.year(), date.month(), date.day())?;
        write!(out, "{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())?;
        let fraction = format!("{:09}", time.subsec_nanosecond());
        match fraction.trim_end_matches('0') {
            "" => {}
            digits => write!(out, ".{digits}")?,
        }
        if self.is_utc() {
            return out.write_str("Z");
        }
        out.write_str(&zone::written(self.0.offset()))?;
        self.zone().map_or(Ok(()), |name| write!(out, "[{name}]"))
    }
}
