//! Words that do not fit their place, and what would.

use clap::builder::{PossibleValue, TypedValueParser};
use model::NotAnId;
use model::similar::one_of;
use model::status::NotAStatus;
use model::time::NotASpan;

/// A text that is not what is wanted in its place, be that an argument or a cell of a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub(crate) struct Misfit {
    pub(crate) problem: String,
    /// What fits there, with an example.
    pub(crate) allowed: String,
}

impl Misfit {
    pub(crate) fn new(problem: impl Into<String>, allowed: impl Into<String>) -> Self {
        Self { problem: problem.into(), allowed: allowed.into() }
    }

    /// A word that is none of the known ones.
    pub(crate) fn unknown(text: &str, what: &str, known: &[&str]) -> Self {
        Self::new(format!("`{}` is not {what}", shown(text)), one_of(text, known))
    }
}

/// The text as an error quotes it: bounded, and free of control characters.
pub(crate) fn shown(text: &str) -> String {
    crate::output::one_line(text, 64)
}

impl From<NotASpan> for Misfit {
    fn from(error: NotASpan) -> Self {
        Self::new(error.to_string(), NotASpan::HINT)
    }
}

impl From<NotAnId> for Misfit {
    fn from(error: NotAnId) -> Self {
        Self::new(error.to_string(), NotAnId::HINT)
    }
}

impl From<NotAStatus> for Misfit {
    fn from(error: NotAStatus) -> Self {
        Self::new(error.to_string(), error.hint())
    }
}

impl From<model::Error> for Misfit {
    fn from(error: model::Error) -> Self {
        Self::new(error.to_string(), error.hint())
    }
}

/// A parser, with words that a shell may offer.
#[derive(Clone, Debug)]
pub(crate) struct Takes<P> {
    parser: P,
    words: Vec<&'static str>,
}

/// A parser out of a function, with words that a shell may offer; others may fit as well.
pub(crate) fn takes<P: TypedValueParser>(
    parser: P,
    words: impl Into<Vec<&'static str>>,
) -> Takes<P> {
    Takes { parser, words: words.into() }
}

impl<P: TypedValueParser> TypedValueParser for Takes<P> {
    type Value = P::Value;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<Self::Value, clap::Error> {
        self.parser.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.words.iter().map(PossibleValue::new)))
    }
}
