//! The page about limits, as far as plugins meet them. `UPDATE_EXPECT=1` writes it anew.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use expect_test::expect_file;
use host::{Bound, limits};

const BEGIN: &str = "<!-- generated for plugins: begin -->\n";
const END: &str = "<!-- generated for plugins: end -->\n";

#[test]
fn limits_page_shows_every_limit() {
    let mut table = String::from("| limit | at most | of |\n|---|---|---|\n");
    for limit in limits::ALL {
        let (name, value, unit) = (limit.name, grouped(limit.value), limit.unit);
        writeln!(table, "| `{name}` | {value} {unit} | {} |", limit.meaning).unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/limits.md");
    let now = std::fs::read_to_string(path).expect("the page is there");
    let (before, rest) = now.split_once(BEGIN).expect("the page has a begin marker");
    let (_, after) = rest.split_once(END).expect("the page has an end marker");
    let page = format!("{before}{BEGIN}\n{table}\n{END}{after}");
    expect_file!["../../../../docs/limits.md"].assert_eq(&page);
}

#[test]
fn every_bound_is_a_limit() {
    let all = || {
        let others = engine::limits::ALL.iter().chain(model::limits::ALL);
        limits::ALL.iter().chain(others)
    };
    let names: BTreeSet<&str> = all().map(|limit| limit.name).collect();
    assert_eq!(names.len(), all().count());
    for bound in Bound::ALL {
        let limit = limits::ALL.iter().find(|limit| limit.name == bound.name());
        assert_eq!(limit.map(|limit| limit.unit), Some(bound.unit()), "{bound}");
    }
}

/// `1048576` as `1,048,576`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
