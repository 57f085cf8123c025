//! Why a value is not of the type it should be.

use crate::{Error, Problem};

/// Why a value is not of the type it should be, and where in it.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Such as `invoice.lines[0].amount`; empty for the whole.
    path: String,
    pub(crate) code: &'static str,
    problem: String,
}

impl Misfit {
    pub(crate) fn new(code: &'static str, problem: impl Into<String>) -> Self {
        Self { path: String::new(), code, problem: problem.into() }
    }

    /// The value is of another type.
    pub(crate) fn mistyped(problem: impl Into<String>) -> Self {
        Self::new("value/mistyped", problem)
    }

    /// The same, as told from one level further out.
    #[must_use]
    pub fn within(mut self, name: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{name}{dot}{}", self.path);
        self
    }

    fn message(&self) -> String {
        let Self { path, problem, .. } = self;
        if path.is_empty() { problem.clone() } else { format!("`{path}`: {problem}") }
    }

    #[must_use]
    pub(crate) fn at(self, index: usize) -> Self {
        self.within(&format!("[{index}]"))
    }
}

impl From<Misfit> for Error {
    fn from(misfit: Misfit) -> Self {
        Self::business(misfit.code, misfit.message())
    }
}

impl From<Misfit> for Problem {
    fn from(misfit: Misfit) -> Self {
        let hint = "correct the value, or take another type".to_owned();
        Self { code: misfit.code.to_owned(), message: misfit.message(), hint }
    }
}
