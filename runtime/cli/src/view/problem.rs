//! A problem of a flow: beside the text it is about for people, as an object for programs.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use flow::diagnostic::{Fix, Place};
use flow::{Diagnostic, Severity, Span};

use crate::output::json::{Object, list};

/// How wide an excerpt is where no terminal tells.
const COLUMNS: usize = 140;

/// The problem with an excerpt of the text.
pub(crate) fn excerpt(it: &Diagnostic, color: bool, columns: Option<usize>) -> String {
    let level = match it.severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let (message, hint) = (engine::visible(&it.message), engine::visible(&it.hint));
    let source = &it.at.source;
    let label = it.label.as_deref().map(engine::visible);
    let primary = AnnotationKind::Primary.span(range(it.at.span)).label(label);
    let beside = it.related.iter().filter(|(place, _)| place.source == *source);
    let beside = beside.map(|(place, what)| {
        AnnotationKind::Context.span(range(place.span)).label(engine::visible(what))
    });
    let snippet = Snippet::source(source.text()).path(source.name()).annotation(primary);
    let report = level
        .primary_title(message)
        .id(it.code)
        .element(snippet.annotations(beside))
        .element(Level::HELP.with_name("hint").message(hint));
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    renderer.term_width(columns.unwrap_or(COLUMNS)).render(&[report])
}

fn range(span: Span) -> Range<usize> {
    span.start..span.end
}

pub(crate) fn object(it: &Diagnostic) -> String {
    let related = it.related.iter();
    let related = related.map(|(place, what)| placed(place).text("message", what).finish());
    placed(&it.at)
        .text("severity", it.severity.name())
        .text("code", it.code)
        .text("message", &it.message)
        .text("hint", &it.hint)
        .raw("related", &list(related))
        .raw("fix", &it.fix.as_ref().map_or("null".to_owned(), |fix| mended(it, fix)))
        .finish()
}

fn placed(place: &Place) -> Object {
    let (start, end) = (place.start(), place.end());
    Object::new()
        .text("file", place.source.name())
        .number("line", start.line)
        .number("column", start.column)
        .number("end_line", end.line)
        .number("end_column", end.column)
}

fn mended(it: &Diagnostic, fix: &Fix) -> String {
    let place = Place::new(&it.at.source, fix.span);
    placed(&place).text("replacement", &fix.replacement).finish()
}
