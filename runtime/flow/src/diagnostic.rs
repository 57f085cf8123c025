//! What is wrong with a flow, with the place where it is wrong.
//!
//! Whoever reads a flow goes on after a problem, so that one look tells all of them.

use std::fmt;
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

impl Diagnostic {
    pub fn error(
        code: &'static str,
        source: &Arc<Source>,
        span: Span,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            at: Place::new(source, span),
            label: None,
            hint: hint.into(),
            related: Vec::new(),
            fix: None,
        }
    }

    #[must_use]
    pub fn labelled(self, label: impl Into<String>) -> Self {
        Self { label: Some(label.into()), ..self }
    }

    #[must_use]
    pub fn relating(mut self, span: Span, what: impl Into<String>) -> Self {
        self.related.push((Place::new(&self.at.source, span), what.into()));
        self
    }

    #[must_use]
    pub fn mended(self, span: Span, replacement: impl Into<String>) -> Self {
        Self { fix: Some(Fix { span, replacement: replacement.into() }), ..self }
    }
}

/// The problem in two lines, the first of which editors and scripts can read.
impl fmt::Display for Diagnostic {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { line, column } = self.at.start();
        let (name, severity) = (self.at.source.name(), self.severity.name());
        write!(out, "{name}:{line}:{column}: {severity}[{}] {}", self.code, self.message)?;
        write!(out, "\n  hint: {}", self.hint)
    }
}

/// A range of a text, on whole characters of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub source: Arc<Source>,
    pub span: Span,
}

impl Place {
    pub fn new(source: &Arc<Source>, span: Span) -> Self {
        let start = source.text().floor_char_boundary(span.start);
        let end = source.text().ceil_char_boundary(span.end.max(start));
        Self { source: Arc::clone(source), span: Span { start, end } }
    }

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
