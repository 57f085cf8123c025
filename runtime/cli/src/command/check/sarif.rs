//! Problems as SARIF 2.1.0, for tools that show what analyses of code have found.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use flow::diagnostic::Place;
use flow::{Diagnostic, Severity};

use crate::output::json::{Object, list};

pub(super) fn document(problems: &[Diagnostic]) -> String {
    let rules = problems.iter().map(|it| it.code).collect::<BTreeSet<_>>();
    let rules = list(rules.into_iter().map(|code| Object::new().text("id", code).finish()));
    let driver = Object::new()
        .text("name", "wharf")
        .text("version", env!("CARGO_PKG_VERSION"))
        .raw("rules", &rules);
    let run = Object::new()
        .raw("tool", &Object::new().raw("driver", &driver.finish()).finish())
        .text("columnKind", "unicodeCodePoints")
        .raw("results", &list(problems.iter().map(result)));
    Object::new().text("version", "2.1.0").raw("runs", &list([run.finish()])).finish()
}

fn result(it: &Diagnostic) -> String {
    let level = match it.severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let result = Object::new()
        .text("ruleId", it.code)
        .text("level", level)
        .raw("message", &message(&format!("{}\nhint: {}", it.message, it.hint)))
        .raw("locations", &list([location(&it.at).finish()]));
    if it.related.is_empty() {
        return result.finish();
    }
    let related = it.related.iter();
    let related = related.map(|(place, what)| location(place).raw("message", &message(what)));
    result.raw("relatedLocations", &list(related.map(Object::finish))).finish()
}

fn message(text: &str) -> String {
    Object::new().text("text", text).finish()
}

fn location(place: &Place) -> Object {
    let (start, end) = (place.start(), place.end());
    let region = Object::new()
        .number("startLine", start.line)
        .number("startColumn", start.column)
        .number("endLine", end.line)
        .number("endColumn", end.column);
    let artifact = Object::new().text("uri", uri(place.source.name()));
    let physical =
        Object::new().raw("artifactLocation", &artifact.finish()).raw("region", &region.finish());
    Object::new().raw("physicalLocation", &physical.finish())
}

/// A path as a relative reference: what would mean something in it is escaped.
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    path.bytes().fold(String::new(), |mut uri, byte| {
        if plain(byte) {
            uri.push(char::from(byte));
        } else {
            write!(uri, "%{byte:02X}").expect("a String takes all");
        }
        uri
    })
}
