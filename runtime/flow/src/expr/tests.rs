//! Snapshot tables: a source, a scope, and what comes of it.

mod checks;
mod faults;
mod fits;
mod soups;
mod sources;
mod values;

use expect_test::{Expect, expect};
use model::json;

use super::*;

/// A scope most tests share.
const SCOPE: &str = r#"{
    "status": "queued", "name": "Ada", "n": 7, "price": 12.50, "zero": 0, "text": "5", "yes": true,
    "nothing": null, "list": [1, 2, 3], "empty": [], "two words": 1,
    "value": { "Amount": 612.00, "AccountName": "Contoso", "Due": null, "Lines": [] },
    "rows": [{ "id": "a", "amount": 10 }, { "id": "b", "amount": 2.5 }],
    "ref": 12345678901234567890123, "long": 1234567890123456789012345678901
}"#;

fn outcome(source: &str, scope: &str) -> String {
    let scope = json::parse(scope).expect("a test writes JSON");
    match parse(source) {
        Err(problems) => problems.iter().map(|problem| pointed(source, problem)).collect(),
        Ok(expr) => match expr.eval(&scope) {
            Ok(value) => json::write(&value),
            Err(error) => error.to_string(),
        },
    }
}

fn pointed(source: &str, problem: &Diagnostic) -> String {
    let Span { start, end } = problem.span;
    let part = source.get(start..end).expect("spans lie on characters of the source");
    let part = part.chars().take(20).collect::<String>();
    format!("{start}..{end} `{part}` {problem}\n")
}

/// One line for each source that gives a value, more for those that do not.
fn table(sources: &[&str], expected: &Expect) {
    let line = |source: &&str| format!("{source}\n    {}\n", outcome(source, SCOPE).trim_end());
    let lines = sources.iter().map(line).collect::<String>();
    expected.assert_eq(&lines.replace("\n  ", "\n    ").replace("\n      ", "\n    "));
}

fn check(source: &str, scope: &str, expected: &Expect) {
    expected.assert_eq(&outcome(source, scope));
}
