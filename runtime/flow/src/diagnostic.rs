//! What is wrong with a flow, with the place where it is wrong.
//!
//! Whoever reads a flow goes on after a problem, so that one look tells all of them.

use std::sync::Arc;

use crate::source::{Position, Source, Span};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is wrong; what is said cannot be known before the flow runs.
    Note,
    /// The flow can run, and may not do what was meant.
    Warning,
    /// The flow cannot run.
    Error,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One problem, ready to be rendered beside the text it points into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable, such as `flow/unknown-key`; `wharf explain` tells about it.
    pub code: &'static str,
    pub severity: Severity,
    pub message: String,
    pub at: Place,
    /// What is said at the place itself, where the message alone would not tell.
    pub label: Option<String>,
    /// What to write instead.
    pub hint: String,
    /// Other places that matter, each with what it has to do with this.
    pub related: Vec<(Place, String)>,
    pub fix: Option<Fix>,
}

/// A range of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub source: Arc<Source>,
    pub span: Span,
}

impl Place {
    pub fn start(&self) -> Position {
        self.source.position(self.span.start)
    }

    pub fn end(&self) -> Position {
        self.source.position(self.span.end)
    }
}

/// An edit of the text that mends the problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    pub span: Span,
    pub replacement: String,
}
