//! Everything that can be wrong with a plugin, with what it is given and with what it returns.

use std::fmt;

use engine::limits::Exceeded;

use crate::fault::Fault;
use crate::value::{Mismatch, listed, shown};

/// What the host refuses, and why. Plain data; the first line is `Display`, what to do next is
/// `hint`, scripts match on `code`.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    #[error("the plugin was built for {built_for}, this host offers {offered}: {problem}")]
    WrongContract { built_for: String, offered: String, problem: ContractProblem },
    #[error("the plugin has no steps")]
    NoSteps,
    #[error("step `{step}`: {path} cannot be {what}")]
    UnsupportedType { step: String, path: String, what: &'static str },
    #[error("{of}: the default of {mismatch}")]
    BadDefault { of: String, mismatch: Mismatch },
    #[error("what the plugin says about itself cannot be read: {problem}")]
    BadMeta { problem: String },
    #[error("{what} is {actual}, over the limit of {limit}")]
    OverLimit { what: String, actual: usize, limit: usize },
    #[error("the plugin has no step `{}`", shown(name))]
    UnknownStep { name: String, similar: Option<String>, known: Vec<String> },
    /// A step is called by more than its function where another module has one of that name.
    #[error("`{}` is in several modules: {}", shown(name), listed(known))]
    AmbiguousStep { name: String, known: Vec<String> },
    #[error("step `{step}`: {mismatch}")]
    Value { step: String, mismatch: Mismatch },
    /// It is no component that could be run, or it could not be compiled, linked or kept.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why a plugin and this host do not go together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContractProblem {
    Newer,
    OtherMajor,
    NoVersion,
    Missing {
        what: String,
    },
    /// A type that is known by its name is not what it is here.
    Redefined {
        name: String,
    },
}

impl Error {
    /// An error if `actual` is over `limit`.
    pub(crate) fn limit(what: &str, actual: usize, limit: usize) -> Result<(), Self> {
        if actual <= limit {
            return Ok(());
        }
        Err(Self::OverLimit { what: what.to_owned(), actual, limit })
    }

    /// The stable word that scripts match on.
    pub fn code(&self) -> &str {
        match self {
            Self::WrongContract { .. } => "plugin/wrong-contract",
            Self::NoSteps => "plugin/no-steps",
            Self::UnsupportedType { .. } => "plugin/unsupported-type",
            Self::BadDefault { .. } => "plugin/bad-default",
            Self::BadMeta { .. } => "plugin/bad-meta",
            Self::OverLimit { .. } => Exceeded::CODE,
            Self::UnknownStep { .. } => "plugin/unknown-step",
            Self::AmbiguousStep { .. } => "plugin/ambiguous-step",
            Self::Value { mismatch, .. } => mismatch.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    /// What is allowed, or what to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::WrongContract { problem, .. } => problem.hint().into(),
            Self::NoSteps => {
                "a step is an exported function: mark a module with `#[wharf::plugin]`, or export \
                 an interface with a full name such as `acme:plugin/steps`"
                    .into()
            }
            Self::UnsupportedType { .. } => {
                "steps take and return plain values: pass what it holds instead, such as an id or \
                 a list"
                    .into()
            }
            Self::BadDefault { .. } => "correct the default where the plugin sets it".into(),
            Self::BadMeta { .. } => {
                "build the plugin anew with a current SDK; `sdk/wit/README.md` tells what the \
                 section `wharf:meta` holds"
                    .into()
            }
            Self::OverLimit { limit, .. } => format!("at most {limit} are possible"),
            Self::UnknownStep { similar: Some(similar), .. } => {
                format!("did you mean `{similar}`?")
            }
            Self::UnknownStep { known, .. } => format!("its steps are {}", listed(known)),
            Self::AmbiguousStep { known, .. } => match known.first() {
                Some(first) => format!("say which, such as `{first}`"),
                None => "say which module's".into(),
            },
            Self::Value { mismatch, .. } => mismatch.hint(),
            Self::Fault(fault) => fault.hint(),
        }
    }
}

impl ContractProblem {
    fn hint(&self) -> &'static str {
        match self {
            Self::Newer => "use a newer wharf, or build the plugin with an older SDK",
            Self::OtherMajor | Self::NoVersion | Self::Redefined { .. } => {
                "build the plugin anew with the SDK of this wharf: `wharf new plugin` shows how"
            }
            Self::Missing { .. } => {
                "use a newer wharf, or build the plugin without it; `sdk/wit` tells what there is"
            }
        }
    }
}

impl fmt::Display for ContractProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer => out.write_str("the plugin is newer"),
            Self::OtherMajor => out.write_str("these do not go together"),
            Self::NoVersion => out.write_str("the plugin names no version"),
            Self::Missing { what } => write!(out, "there is no {what}"),
            Self::Redefined { name } => write!(out, "the plugin's `{name}` is another type"),
        }
    }
}
