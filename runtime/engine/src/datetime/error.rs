//! Why there is no datetime.

use crate::limits::Exceeded;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text is no datetime.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error("the pattern cannot be used: {problem}, at column {column} of `{pattern}`")]
    BadPattern { pattern: String, column: usize, problem: String, hint: String },
    #[error("there is no time zone `{zone}`")]
    UnknownZone { zone: String, similar: Option<String> },
    #[error("{what} is beyond the years 1 to 9999")]
    OutOfRange { what: String },
    #[error(transparent)]
    Exceeded(#[from] Exceeded),
}

/// The ways in which text fails to be a datetime.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    #[error("`{text}`: expected {expected} at column {column}, found {found}")]
    Misfit { text: String, column: usize, expected: String, found: String, hint: String },
    #[error("`{text}`: there is no {date}")]
    NoSuchDate { text: String, date: String },
    #[error("`{text}`: {date} is a {is}, not a {told}")]
    WrongWeekday { text: String, date: String, is: &'static str, told: &'static str },
    #[error("`{text}` names no time zone")]
    NoZone { text: String },
    #[error("{local} occurs twice in {zone}: at {first} and again at {second}")]
    Ambiguous { local: String, zone: String, first: String, second: String },
    #[error("{local} does not exist in {zone}: clocks are put forward from {before} to {after}")]
    Gap { local: String, zone: String, before: String, after: String },
    #[error("{local} has the offset {is} in {zone}, not {told}")]
    WrongOffset { local: String, zone: String, told: String, is: String },
}

impl Error {
    /// The stable word scripts match on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid(Invalid::NoZone { .. }) => "datetime/no-zone",
            Self::Invalid(Invalid::Ambiguous { .. }) => "datetime/ambiguous",
            Self::Invalid(Invalid::Gap { .. }) => "datetime/gap",
            Self::Invalid(Invalid::WrongOffset { .. }) => "datetime/wrong-offset",
            Self::Invalid(_) => "datetime/invalid",
            Self::BadPattern { .. } => "datetime/bad-pattern",
            Self::UnknownZone { .. } => "datetime/unknown-zone",
            Self::OutOfRange { .. } => "datetime/out-of-range",
            Self::Exceeded(exceeded) => exceeded.code(),
        }
    }

    /// What is allowed, or what to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::Invalid(invalid) => invalid.hint(),
            Self::BadPattern { hint, .. } => hint.clone(),
            Self::UnknownZone { similar: Some(similar), .. } => {
                format!("did you mean `{similar}`?")
            }
            Self::UnknownZone { .. } => {
                "zones are named as `Europe/Berlin`, `UTC` or by an offset as `+02:00`".into()
            }
            Self::OutOfRange { .. } => {
                "the last datetime is 9999-12-30T22:00:00Z; leave out an end that never comes"
                    .into()
            }
            Self::Exceeded(exceeded) => exceeded.hint(),
        }
    }
}

impl Invalid {
    fn hint(&self) -> String {
        match self {
            Self::Misfit { hint, .. } => hint.clone(),
            Self::NoSuchDate { .. } => "correct the date, or swap day and month".into(),
            Self::WrongWeekday { .. } => "correct the date or the day of the week".into(),
            Self::NoZone { .. } => {
                "give the zone it is told in, such as `Europe/Berlin`, or write an offset behind it"
                    .into()
            }
            Self::Ambiguous { first, second, .. } => {
                format!("write the offset behind it, {first} or {second}")
            }
            Self::Gap { .. } => "take a time before or after the change".into(),
            Self::WrongOffset { is, .. } => format!("write {is}, or leave out the zone"),
        }
    }
}
