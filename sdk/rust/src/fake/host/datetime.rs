//! The calendar, with the clock of the test.

use crate::datetime::{DateTime, Error, Span, Unit};
use crate::fake::calendar;
use crate::fake::world::with;
use crate::{Decimal, decimal};

fn told(text: Result<String, Error>) -> Result<DateTime, Error> {
    Ok(DateTime::of_host(&text?))
}

pub(crate) fn now(zone: Option<&str>) -> Result<DateTime, Error> {
    let now = with(|world| world.now.clone());
    told(calendar::now(now.as_str(), zone))
}

pub(crate) fn add(to: &DateTime, amount: i64, unit: Unit) -> Result<DateTime, Error> {
    told(calendar::add(to.as_str(), amount, unit))
}

pub(crate) fn subtract(later: &DateTime, earlier: &DateTime, unit: Span) -> Result<Decimal, Error> {
    let length = calendar::subtract(later.as_str(), earlier.as_str(), unit)?;
    decimal::exact(&length).map_err(|misfit| Error::Other(misfit.into()))
}

pub(crate) fn parse(
    text: &str,
    pattern: Option<&str>,
    zone: Option<&str>,
) -> Result<DateTime, Error> {
    told(calendar::parse(text, pattern, zone))
}

pub(crate) fn format(moment: &DateTime, pattern: &str) -> Result<String, Error> {
    calendar::format(moment.as_str(), Some(pattern))
}

pub(crate) fn in_zone(moment: &DateTime, zone: &str) -> Result<DateTime, Error> {
    told(calendar::in_zone(moment.as_str(), zone))
}
