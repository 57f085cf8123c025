//! `datetime`: the calendar.

use engine::Step;
use engine::datetime::{self, Error, Moment, Span, Unit};
use wasmtime::Result;

use super::contract::datetime::{DatetimeError, Host, Span as ToldSpan, Unit as ToldUnit};
use super::contract::types::Problem;
use super::problem;
use crate::state::State;

type Answer<T> = std::result::Result<T, DatetimeError>;

impl Host for State<Step> {
    fn now(&mut self, zone: Option<String>) -> Result<Answer<String>> {
        Ok(told(self.step.now(zone.as_deref())))
    }

    fn add(&mut self, to: String, amount: i64, unit: ToldUnit) -> Result<Answer<String>> {
        Ok(told(read(&to).and_then(|to| datetime::add(&to, amount, unit.into()))))
    }

    fn subtract(
        &mut self,
        later: String,
        earlier: String,
        unit: ToldSpan,
    ) -> Result<Answer<String>> {
        let both = read(&later).and_then(|later| Ok((later, read(&earlier)?)));
        let span = both.map(|(later, earlier)| datetime::subtract(&later, &earlier, unit.into()));
        Ok(span.map(|span| span.to_string()).map_err(DatetimeError::from))
    }

    fn parse(
        &mut self,
        text: String,
        pattern: Option<String>,
        zone: Option<String>,
    ) -> Result<Answer<String>> {
        Ok(told(datetime::parse(&text, pattern.as_deref(), zone.as_deref())))
    }

    fn format(&mut self, moment: String, pattern: Option<String>) -> Result<Answer<String>> {
        let text = read(&moment).and_then(|moment| datetime::format(&moment, pattern.as_deref()));
        Ok(text.map_err(DatetimeError::from))
    }

    fn in_zone(&mut self, moment: String, zone: String) -> Result<Answer<String>> {
        Ok(told(read(&moment).and_then(|moment| datetime::in_zone(&moment, &zone))))
    }
}

fn read(text: &str) -> std::result::Result<Moment, Error> {
    datetime::parse(text, None, None)
}

fn told(moment: std::result::Result<Moment, Error>) -> Answer<String> {
    moment.map(|moment| moment.to_string()).map_err(DatetimeError::from)
}

impl From<ToldUnit> for Unit {
    fn from(unit: ToldUnit) -> Self {
        match unit {
            ToldUnit::Seconds => Self::Seconds,
            ToldUnit::Minutes => Self::Minutes,
            ToldUnit::Hours => Self::Hours,
            ToldUnit::Days => Self::Days,
            ToldUnit::Weeks => Self::Weeks,
            ToldUnit::Months => Self::Months,
            ToldUnit::Years => Self::Years,
        }
    }
}

impl From<ToldSpan> for Span {
    fn from(span: ToldSpan) -> Self {
        match span {
            ToldSpan::Seconds => Self::Seconds,
            ToldSpan::Minutes => Self::Minutes,
            ToldSpan::Hours => Self::Hours,
            ToldSpan::Days => Self::Days,
        }
    }
}

impl From<Error> for DatetimeError {
    fn from(error: Error) -> Self {
        let case: fn(Problem) -> Self = match &error {
            Error::Invalid(_) => Self::Invalid,
            Error::BadPattern { .. } => Self::BadPattern,
            Error::UnknownZone { .. } => Self::UnknownZone,
            Error::OutOfRange { .. } => Self::OutOfRange,
            Error::Exceeded(_) => Self::Other,
        };
        case(problem(error.code(), &error, error.hint()))
    }
}
