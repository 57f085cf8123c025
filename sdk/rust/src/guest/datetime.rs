//! `wharf:host/datetime`

use super::bindings::wharf::host::datetime as wire;
use super::refused;
use crate::datetime::{DateTime, Error, Span, Unit};
use crate::{Decimal, Problem, decimal};

refused!(wire::DatetimeError => Error { Invalid BadPattern UnknownZone OutOfRange Other });

fn told(text: Result<String, wire::DatetimeError>) -> Result<DateTime, Error> {
    Ok(DateTime::of_host(&text?))
}

pub(crate) fn now(zone: Option<&str>) -> Result<DateTime, Error> {
    told(wire::now(zone))
}

pub(crate) fn add(to: &DateTime, amount: i64, unit: Unit) -> Result<DateTime, Error> {
    let unit = match unit {
        Unit::Seconds => wire::Unit::Seconds,
        Unit::Minutes => wire::Unit::Minutes,
        Unit::Hours => wire::Unit::Hours,
        Unit::Days => wire::Unit::Days,
        Unit::Weeks => wire::Unit::Weeks,
        Unit::Months => wire::Unit::Months,
        Unit::Years => wire::Unit::Years,
    };
    told(wire::add(to.as_str(), amount, unit))
}

pub(crate) fn subtract(later: &DateTime, earlier: &DateTime, unit: Span) -> Result<Decimal, Error> {
    let unit = match unit {
        Span::Seconds => wire::Span::Seconds,
        Span::Minutes => wire::Span::Minutes,
        Span::Hours => wire::Span::Hours,
        Span::Days => wire::Span::Days,
    };
    let length = wire::subtract(later.as_str(), earlier.as_str(), unit)?;
    decimal::exact(&length).map_err(|misfit| Error::Other(Problem::from(misfit)))
}

pub(crate) fn parse(
    text: &str,
    pattern: Option<&str>,
    zone: Option<&str>,
) -> Result<DateTime, Error> {
    told(wire::parse(text, pattern, zone))
}

pub(crate) fn format(moment: &DateTime, pattern: &str) -> Result<String, Error> {
    Ok(wire::format(moment.as_str(), Some(pattern))?)
}

pub(crate) fn in_zone(moment: &DateTime, zone: &str) -> Result<DateTime, Error> {
    told(wire::in_zone(moment.as_str(), zone))
}
