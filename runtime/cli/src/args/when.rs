//! A moment, as people write it: a time, or how far away it is.

use std::str::FromStr;
use std::time::Duration;

use model::{Expiry, Timestamp, time};

use super::{Misfit, OrNone, shown};
use crate::error::{Error, Result};

/// A moment that becomes one when it is known what time it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    At(Timestamp),
    Span(Duration),
}

impl When {
    /// The span counts from now on.
    pub(crate) fn ahead(self, now: Timestamp) -> std::result::Result<Timestamp, model::Error> {
        match self {
            Self::At(at) => Ok(at),
            Self::Span(span) => time::ahead(now, span),
        }
    }

    /// The span counts back from now.
    pub(crate) fn ago(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::Span(span) => now.saturating_sub(span).unwrap_or(Timestamp::MIN),
        }
    }
}

/// The moment of an option that may be left out. A span that leads too far is as wrong there as a
/// time that is too far.
pub(crate) fn ahead(when: Option<When>, now: Timestamp) -> Result<Option<Timestamp>> {
    let moment = when.map(|when| when.ahead(now)).transpose();
    moment.map_err(|error| Error::usage(error.to_string(), error.hint()))
}

/// The expiry that an option says, if it is given.
pub(crate) fn expiry(said: Option<&OrNone<When>>, now: Timestamp) -> Result<Option<Expiry>> {
    let expiry = |said: &OrNone<When>| Ok(ahead(said.0, now)?.map_or(Expiry::Never, Expiry::At));
    said.map(expiry).transpose()
}

/// The text is neither a time nor a span.
fn not_a_time(text: &str) -> Misfit {
    let text_shown = shown(text);
    if time::lacks_zone(text) {
        let allowed = "add its zone, as in 2026-01-31T08:00:00Z or 2026-01-31T09:00:00+01:00";
        return Misfit::new(format!("`{text_shown}` is a time without a zone"), allowed);
    }
    let allowed = "write one such as 2026-01-31T08:00:00Z, or a span such as 7d";
    Misfit::new(format!("`{text_shown}` is not a time"), allowed)
}

impl FromStr for When {
    type Err = Misfit;

    fn from_str(text: &str) -> std::result::Result<Self, Misfit> {
        if let Some(moment) = time::parse_moment(text) {
            return moment.map(Self::At).map_err(Misfit::from);
        }
        time::parse_span(text).map(Self::Span).map_err(|_| not_a_time(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_times_and_spans() {
        let now: Timestamp = "2026-01-31T08:00:00Z".parse().expect("a time");
        for (text, ahead, ago) in [
            ("7d", "2026-02-07T08:00:00Z", "2026-01-24T08:00:00Z"),
            ("2026-02-01T10:00:00+02:00", "2026-02-01T08:00:00Z", "2026-02-01T08:00:00Z"),
        ] {
            let when: When = text.parse().expect(text);
            assert_eq!(when.ahead(now).expect("near").to_string(), ahead);
            assert_eq!(when.ago(now).to_string(), ago);
        }
    }

    #[test]
    fn refuses_dates_that_leave_a_doubt() {
        for text in ["", "2026-02-30T00:00:00Z", "2026-01-31", "2026-01-31T08:00:00", "tomorrow"] {
            assert!(text.parse::<When>().is_err(), "{text}");
        }
    }
}
