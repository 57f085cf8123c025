//! Why a document does not give what was asked of it.

use model::json;

use super::Kind;
use crate::limits::Exceeded;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text is not JSON.
    #[error(transparent)]
    Invalid(#[from] json::Error),
    #[error("`{path}` is not a path: expected {expected} at column {column}, found {found}")]
    BadPath { path: String, column: usize, expected: &'static str, found: String },
    /// The path leads nowhere.
    #[error(transparent)]
    Missing(#[from] Missing),
    #[error("{} is {}, not {wanted}", named(path), found.article())]
    Mistyped { path: String, found: Kind, wanted: &'static str },
    #[error("{} is {number}, which is no integer of 64 bits", named(path))]
    NotAnInteger { path: String, number: String },
    #[error(transparent)]
    Exceeded(#[from] Exceeded),
}

/// Where a path ends before its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    #[error("there is no `{path}`: {} has no field `{name}`", named(reached))]
    Field { path: String, reached: String, name: String, similar: Option<String> },
    #[error("there is no `{path}`: {} has {}", named(reached), items(*count))]
    Item { path: String, reached: String, count: usize },
    #[error("there is no `{path}`: {} is {}", named(reached), found.article())]
    Within { path: String, reached: String, found: Kind },
}

fn named(path: &str) -> String {
    if path.is_empty() { "the value".into() } else { format!("`{path}`") }
}

fn items(count: usize) -> String {
    if count == 1 { "1 item".into() } else { format!("{count} items") }
}

impl Error {
    /// The stable word scripts match on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "json/invalid",
            Self::BadPath { .. } => "json/bad-path",
            Self::Missing(_) => "json/missing",
            Self::Mistyped { .. } | Self::NotAnInteger { .. } => "json/mistyped",
            Self::Exceeded(exceeded) => exceeded.code(),
        }
    }

    /// What is allowed, or what to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::Invalid(_) => "JSON is read strictly: double quotes, no comments, no comma \
                                 before a closing bracket, each key once"
                .into(),
            Self::BadPath { .. } => {
                "paths look like `customer.name`, `lines[0].amount` or `[\"odd name\"]`".into()
            }
            Self::Missing(missing) => missing.hint(),
            Self::Mistyped { found: Kind::Null, .. } => {
                "ask for its kind first where it may be null".into()
            }
            Self::Mistyped { found, .. } => {
                format!("nothing is converted on the way; read it as {}", found.article())
            }
            Self::NotAnInteger { .. } => "read it as a number to get all its digits".into(),
            Self::Exceeded(exceeded) => exceeded.hint(),
        }
    }
}

impl Missing {
    fn hint(&self) -> String {
        match self {
            Self::Field { similar: Some(similar), .. } => format!("did you mean `{similar}`?"),
            Self::Item { count: 1.., .. } => "the first item is 0".into(),
            _ => "ask for its kind first where it may be missing".into(),
        }
    }
}
