//! How problems are told.

use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::source::Span;

use super::Checker;

impl Checker<'_> {
    pub(super) fn error(
        &mut self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> &mut Diagnostic {
        self.tell(Severity::Error, code, span, message.into(), hint.into())
    }

    pub(super) fn warn(
        &mut self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> &mut Diagnostic {
        self.tell(Severity::Warning, code, span, message.into(), hint.into())
    }

    pub(super) fn tell(
        &mut self,
        severity: Severity,
        code: &'static str,
        span: Span,
        message: String,
        hint: String,
    ) -> &mut Diagnostic {
        let problem = Diagnostic::error(code, &self.source, span, message, hint);
        self.found.push(Diagnostic { severity, ..problem });
        self.found.last_mut().expect("it has just been pushed")
    }

    pub(super) fn place(&self, span: Span) -> Place {
        Place::new(&self.source, span)
    }

    /// Where the name of an entry stands, whose value is at `value`.
    pub(super) fn key(&self, name: &str, value: Span) -> Span {
        let before = self.source.text().get(..value.start).unwrap_or_default();
        let found = before.rfind(name).map(|start| Span::new(start, start + name.len()));
        let between = |key: Span| self.source.slice(Span::new(key.end, value.start));
        let is_key = |key: &Span| {
            let mut rest = between(*key).chars();
            rest.all(|it| it.is_whitespace() || matches!(it, ':' | '"' | '\'' | '|' | '>' | '-'))
        };
        found.filter(is_key).unwrap_or(value)
    }
}

/// Names in backticks, the first few of many.
pub(super) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    const MOST: usize = 8;
    let names = names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
    let more = if names.len() > MOST { ", …" } else { "" };
    format!("{}{more}", names[..names.len().min(MOST)].join(", "))
}
