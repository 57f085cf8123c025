//! The calendar, with the meaning that the contract gives it; `sdk/wit/vectors` holds both to it.

mod moment;
mod pattern;
mod reading;
mod told;
mod writing;
mod zone;

use jiff::{SignedDuration, Zoned};

use super::host::problem;
use crate::datetime::{Error, Span, Unit};
use moment::Moment;

/// Places after the point: enough to tell nanoseconds apart in any unit, few enough for a decimal.
const PLACES: usize = 15;

pub(super) fn now(now: &str, zone: Option<&str>) -> Result<String, Error> {
    match zone {
        Some(zone) => in_zone(now, zone),
        None => Ok(Moment::read(now)?.to_string()),
    }
}

pub(super) fn add(to: &str, amount: i64, unit: Unit) -> Result<String, Error> {
    let to = Moment::read(to)?;
    if amount == 0 {
        return Ok(to.to_string());
    }
    let sum = match unit {
        Unit::Seconds => lengthen(to.zoned(), amount, Span::Seconds),
        Unit::Minutes => lengthen(to.zoned(), amount, Span::Minutes),
        Unit::Hours => lengthen(to.zoned(), amount, Span::Hours),
        Unit::Days => count(to.zoned(), jiff::Span::new().try_days(amount)),
        Unit::Weeks => count(to.zoned(), jiff::Span::new().try_weeks(amount)),
        Unit::Months => count(to.zoned(), jiff::Span::new().try_months(amount)),
        Unit::Years => count(to.zoned(), jiff::Span::new().try_years(amount)),
    };
    match sum {
        Some(sum) => Ok(Moment::new(sum)?.to_string()),
        None => Err(out_of_range(&format!("`{to}` and {amount} {unit:?}"))),
    }
}

fn lengthen(to: &Zoned, amount: i64, unit: Span) -> Option<Zoned> {
    let seconds = amount.checked_mul(seconds(unit))?;
    to.checked_add(SignedDuration::from_secs(seconds)).ok()
}

fn count(to: &Zoned, span: Result<jiff::Span, jiff::Error>) -> Option<Zoned> {
    to.checked_add(span.ok()?).ok()
}

fn seconds(unit: Span) -> i64 {
    match unit {
        Span::Seconds => 1,
        Span::Minutes => 60,
        Span::Hours => 3_600,
        Span::Days => 86_400,
    }
}

/// Exact; what does not end is rounded to 15 places, a half away from zero.
pub(super) fn subtract(later: &str, earlier: &str, unit: Span) -> Result<String, Error> {
    const NANOSECONDS: i128 = 1_000_000_000;
    const SCALE: i128 = 10_i128.pow(PLACES as u32);
    let nanoseconds = |text| Ok(Moment::read(text)?.zoned().timestamp().as_nanosecond());
    let difference: i128 = nanoseconds(later)? - nanoseconds(earlier)?;
    let unit = i128::from(seconds(unit)) * NANOSECONDS;
    let scaled = (difference.abs() * SCALE + unit / 2) / unit;
    let sign = if difference < 0 { "-" } else { "" };
    let text = format!("{sign}{}.{:0PLACES$}", scaled / SCALE, scaled % SCALE);
    Ok(text.trim_end_matches('0').trim_end_matches('.').to_owned())
}

pub(super) fn parse(
    text: &str,
    pattern: Option<&str>,
    zone: Option<&str>,
) -> Result<String, Error> {
    let zone = zone.map(zone::find).transpose()?;
    let told = match pattern {
        Some(pattern) => reading::by_pattern(text, &pattern::parse(pattern)?)?,
        None => told::rfc3339(text)?,
    };
    Ok(told.resolve(text, zone.as_ref())?.to_string())
}

pub(super) fn format(moment: &str, pattern: Option<&str>) -> Result<String, Error> {
    let moment = Moment::read(moment)?;
    match pattern {
        Some(pattern) => writing::by_pattern(&moment, &pattern::parse(pattern)?),
        None => Ok(moment.to_string()),
    }
}

pub(super) fn in_zone(moment: &str, zone: &str) -> Result<String, Error> {
    let zoned = Moment::read(moment)?.zoned().with_time_zone(zone::find(zone)?);
    Ok(Moment::new(zoned)?.to_string())
}

fn invalid(code: &str, message: impl Into<String>, hint: impl Into<String>) -> Error {
    Error::Invalid(problem(code, message, hint))
}

fn misfit(text: &str) -> Error {
    let hint = "a datetime looks like 2026-04-06T09:30:00+02:00; give a pattern for other texts";
    invalid("datetime/invalid", format!("`{text}` is not a datetime"), hint)
}

fn out_of_range(what: &str) -> Error {
    let hint = "the last datetime is 9999-12-30T22:00:00Z; leave out an end that never comes";
    let message = format!("{what} is beyond the years 1 to 9999");
    Error::OutOfRange(problem("datetime/out-of-range", message, hint))
}
