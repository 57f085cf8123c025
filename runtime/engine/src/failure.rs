//! How a step fails.

use std::borrow::Cow;
use std::fmt;

use model::Value;
pub use model::run::FailureKind as Kind;

/// How a step failed: data, like every error; it becomes text at the edge.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    pub kind: Kind,
    /// A stable word, such as `queue/lease-lost` or `finance/duplicate`.
    pub code: Cow<'static, str>,
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// More about it, for handlers.
    pub data: Option<Box<Value>>,
    /// Where it happened, innermost first: `src/lib.rs:14:5 in finance::classify` in a plugin,
    /// `flows/pay.yaml:12:9` in a flow.
    pub trace: Vec<String>,
    /// The code never came to its own end: it trapped, or was stopped.
    pub broken_off: bool,
}

impl Failure {
    pub fn new(kind: Kind, code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self {
            kind,
            code: code.into(),
            message: message.into(),
            hint: None,
            data: None,
            trace: Vec::new(),
            broken_off: false,
        }
    }

    /// Nobody wants it any more.
    pub fn cancelled() -> Self {
        Self::new(Kind::It, "step/cancelled", "the step was cancelled")
    }

    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says where it happened, outside of what was said before.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.trace.push(place.into());
        self
    }

    /// Says that the code was stopped, or broke, before its own end.
    #[must_use]
    pub fn broken_off(mut self) -> Self {
        self.broken_off = true;
        self
    }
}

/// What the store refuses is a failure of what is around a step, unless it is the case itself that
/// is refused.
impl From<model::Error> for Failure {
    fn from(error: model::Error) -> Self {
        use model::Error as E;
        let kind = match &error {
            E::DuplicateReference { .. }
            | E::SchemaViolation { .. }
            | E::InvalidJson { .. }
            | E::ExpiryInPast { .. } => Kind::Business,
            _ => Kind::It,
        };
        Self::new(kind, error.code(), error.to_string()).with_hint(error.hint())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
