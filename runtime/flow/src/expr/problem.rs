//! What is wrong with an expression: found before it runs, or while it does.

use std::fmt;

use super::{Path, Scope};
use crate::source::Span;
use model::Value;

/// One problem, ready to be rendered beside the source it points into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable, such as `expr/missing-field`.
    pub code: &'static str,
    pub span: Span,
    pub message: String,
    /// What to write instead.
    pub hint: String,
}

impl Diagnostic {
    pub(super) fn new(
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self { code, span, message: message.into(), hint: hint.into() }
    }

    pub(super) fn over(mut self, span: Span) -> Self {
        self.span = span;
        self
    }

    pub(super) fn moved(mut self, by: usize) -> Self {
        self.span = Span { start: self.span.start + by, end: self.span.end + by };
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}\n  hint: {}", self.code, self.message, self.hint)
    }
}

/// An expression failed while it ran: why, and what it was looking at.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct EvalError {
    pub problem: Box<Diagnostic>,
    pub expression: Box<str>,
    /// Every path the expression reads, in the order of the source.
    pub reads: Vec<Seen>,
}

/// A path and what stood there when the expression failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub path: Path,
    /// The name of the type and the value as JSON, cut to a line; `None` if nothing was there.
    pub found: Option<(&'static str, String)>,
}

impl EvalError {
    pub(super) fn new(
        problem: Diagnostic,
        source: &str,
        paths: &[Path],
        scope: &dyn Scope,
    ) -> Self {
        let look = |path: &Path| Seen {
            path: path.clone(),
            found: scope.read(path).map(|value| (value.type_name(), shown(&value))),
        };
        let reads = paths.iter().map(look).collect();
        Self { problem: Box::new(problem), expression: source.into(), reads }
    }
}

impl EvalError {
    /// What went wrong and what was read, without the code and the hint.
    pub fn told(&self) -> String {
        let Self { problem, expression, reads } = self;
        let seen = reads.iter().map(|Seen { path, found }| match found {
            Some((type_name, value)) => format!(", {path} = {value} ({type_name})"),
            None => format!(", {path} is missing"),
        });
        format!("{}; in `{expression}`{}", problem.message, seen.collect::<String>())
    }
}

impl fmt::Display for EvalError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}\n  in `{}`", self.problem, self.expression)?;
        self.reads.iter().try_for_each(|Seen { path, found }| match found {
            Some((type_name, value)) => write!(out, "\n  {path} = {value} ({type_name})"),
            None => write!(out, "\n  {path} is missing"),
        })
    }
}

/// The start of a value as JSON. Writes no more than it shows, however large the value is.
fn shown(value: &Value) -> String {
    const MOST: usize = 60;
    let text = match value {
        Value::List(items) => format!("[… {} items]", items.len()),
        Value::Object(fields) => {
            let names = fields.keys().take(8).map(String::as_str).collect::<Vec<_>>();
            let more = if fields.len() > names.len() { ", …" } else { "" };
            format!("{{{}{more}}}", names.join(", "))
        }
        Value::Text(text) => {
            let start = text.chars().take(MOST).collect::<String>();
            let cut = start.len() < text.len();
            return if cut { format!("{start:?}…") } else { format!("{start:?}") };
        }
        scalar => scalar.to_string(),
    };
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
