//! Adding to moments, and the time between two.

use jiff::{SignedDuration, Span as JiffSpan, Zoned};
use model::Number;

use super::error::Error;
use super::moment::Moment;

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

impl Unit {
    pub const ALL: [Self; 7] = [
        Self::Seconds,
        Self::Minutes,
        Self::Hours,
        Self::Days,
        Self::Weeks,
        Self::Months,
        Self::Years,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Days => "days",
            Self::Weeks => "weeks",
            Self::Months => "months",
            Self::Years => "years",
        }
    }
}

/// Units that are the same length wherever they are; a day is 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Span {
    Seconds,
    Minutes,
    Hours,
    Days,
}

impl Span {
    pub const ALL: [Self; 4] = [Self::Seconds, Self::Minutes, Self::Hours, Self::Days];

    pub fn name(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Days => "days",
        }
    }

    fn seconds(self) -> i64 {
        match self {
            Self::Seconds => 1,
            Self::Minutes => 60,
            Self::Hours => 3_600,
            Self::Days => 86_400,
        }
    }
}

/// Adds; a negative amount subtracts.
pub fn add(to: &Moment, amount: i64, unit: Unit) -> Result<Moment, Error> {
    if amount == 0 {
        return Ok(to.clone());
    }
    let out_of_range =
        || Error::OutOfRange { what: format!("`{to}` and {amount} {}", unit.name()) };
    let sum = match unit {
        Unit::Seconds => lengthen(to.zoned(), amount, Span::Seconds),
        Unit::Minutes => lengthen(to.zoned(), amount, Span::Minutes),
        Unit::Hours => lengthen(to.zoned(), amount, Span::Hours),
        Unit::Days => count(to.zoned(), JiffSpan::new().try_days(amount)),
        Unit::Weeks => count(to.zoned(), JiffSpan::new().try_weeks(amount)),
        Unit::Months => count(to.zoned(), JiffSpan::new().try_months(amount)),
        Unit::Years => count(to.zoned(), JiffSpan::new().try_years(amount)),
    };
    sum.and_then(|sum| Moment::new(sum).ok()).ok_or_else(out_of_range)
}

fn lengthen(to: &Zoned, amount: i64, unit: Span) -> Option<Zoned> {
    let seconds = amount.checked_mul(unit.seconds())?;
    to.checked_add(SignedDuration::from_secs(seconds)).ok()
}

fn count(to: &Zoned, span: Result<JiffSpan, jiff::Error>) -> Option<Zoned> {
    to.checked_add(span.ok()?).ok()
}

/// Places after the point. Enough to tell apart any two nanoseconds in any unit, and few enough for
/// a number of 28 digits.
const PLACES: usize = 15;

/// How long it is from `earlier` to `later`, exactly; what does not end within 15 places after the
/// point is rounded to them, a half away from zero.
pub fn subtract(later: &Moment, earlier: &Moment, unit: Span) -> Number {
    const NANOSECONDS: i128 = 1_000_000_000;
    const SCALE: i128 = 10_i128.pow(PLACES as u32);
    let nanoseconds = later.timestamp().as_nanosecond() - earlier.timestamp().as_nanosecond();
    let unit = i128::from(unit.seconds()) * NANOSECONDS;
    let scaled = (nanoseconds.abs() * SCALE + unit / 2) / unit;
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let fraction = format!("{:0PLACES$}", scaled % SCALE);
    let text = format!("{sign}{}.{fraction}", scaled / SCALE);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    Number::new(text).expect("digits around a point are a number")
}
