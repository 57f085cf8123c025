//! A problem as the log of a workflow on GitHub shows it beside the line it is about.

use std::fmt::Write as _;

use flow::{Diagnostic, Severity};

pub(super) fn line(it: &Diagnostic) -> String {
    let word = match it.severity {
        Severity::Note => "notice",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let (start, end) = (it.at.start(), it.at.end());
    let mut place = format!("file={},line={}", property(it.at.source.name()), start.line);
    // Columns are told of one line only.
    if start.line == end.line {
        let ends = end.column.max(start.column + 1) - 1;
        write!(place, ",col={},endColumn={ends}", start.column)
    } else {
        write!(place, ",endLine={}", end.line)
    }
    .expect("a String takes all");
    let message = text(&format!("{}\nhint: {}", it.message, it.hint));
    format!("::{word} {place},title={}::{message}", property(it.code))
}

fn text(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(value: &str) -> String {
    text(value).replace(':', "%3A").replace(',', "%2C")
}
