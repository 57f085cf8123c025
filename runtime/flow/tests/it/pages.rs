//! The pages written from the code. `UPDATE_EXPECT=1` writes them anew.
//!
//! What stands between the two markers of a page is generated; the prose around it is by hand.

use std::fmt::Write;
use std::path::Path;

use expect_test::expect_file;

/// The page as it is, with this between its markers.
fn with_generated(page: &str, name: &str, text: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(page);
    let now = std::fs::read_to_string(&path).expect("the page is there");
    let (begin, end) = (format!("<!-- {name}: begin -->\n"), format!("<!-- {name}: end -->\n"));
    let (before, rest) = now.split_once(&begin).expect("the page has a begin marker");
    let (_, after) = rest.split_once(&end).expect("the page has an end marker");
    format!("{before}{begin}\n{text}\n{end}{after}")
}

#[test]
fn reference_shows_the_grammar() {
    let page = with_generated("reference/flow.md", "generated", &flow::grammar::page());
    expect_file!["../../../../docs/reference/flow.md"].assert_eq(&page);
}

#[test]
fn limits_page_shows_every_limit() {
    let mut text = String::from("| limit | at most | of |\n|---|---|---|\n");
    for limit in flow::limits::LIMITS {
        writeln!(text, "| `{}` | {limit} | {} |", limit.name, limit.meaning).unwrap();
    }
    let page = with_generated("limits.md", "generated, flows", text.trim_end());
    expect_file!["../../../../docs/limits.md"].assert_eq(&page);
}
