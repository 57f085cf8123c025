//! The pages written from the code: states, limits, errors. `UPDATE_EXPECT=1` writes them anew.

mod errors;
mod runs;

use std::collections::BTreeSet;
use std::fmt::Write;

use expect_test::expect_file;
use model::status::{self, Row};
use model::{Move, Status, limits};
use support::{with_generated, with_limits};

#[test]
fn states_page_shows_the_table() {
    let text = format!("```mermaid\n{}```\n\n{}", diagram(), table());
    let page = with_generated("states.md", "generated", &text);
    expect_file!["../../../../docs/states.md"].assert_eq(&page);
}

#[test]
fn states_page_shows_the_table_of_runs() {
    let text = format!("```mermaid\n{}```\n\n{}", runs::diagram(), runs::table());
    let page = with_generated("states.md", "generated, runs", &text);
    expect_file!["../../../../docs/states.md"].assert_eq(&page);
}

#[test]
fn limits_page_shows_every_limit() {
    let page = with_limits("generated, items", limits::ALL);
    expect_file!["../../../../docs/limits.md"].assert_eq(&page);
}

#[test]
fn errors_page_shows_every_error() {
    let page = with_generated("reference/errors.md", "generated", &errors::table());
    expect_file!["../../../../docs/reference/errors.md"].assert_eq(&page);
}

#[test]
fn limits_have_names_of_their_own() {
    let names: BTreeSet<&str> = limits::ALL.iter().map(|limit| limit.name).collect();
    assert_eq!(names.len(), limits::ALL.len());
    assert!(limits::ALL.iter().all(|limit| limit.value > 0 && !limit.meaning.is_empty()));
}

fn table() -> String {
    let mut text = String::from("| from | move | to | made by |\n|---|---|---|---|\n");
    for row in status::TABLE {
        let ends: Vec<&str> = row.to.iter().map(|to| to.name()).collect();
        let ends = if ends.is_empty() { "(gone)".into() } else { ends.join(", ") };
        writeln!(text, "| {} | {} | {ends} | {} |", row.from, row.by, maker(row)).unwrap();
    }
    text
}

fn maker(row: &Row) -> &'static str {
    match row.by {
        Move::Ready | Move::Discard => "its batch",
        Move::Promote | Move::Expire | Move::Lose | Move::TimeOut => "time",
        Move::Claim => "a worker",
        Move::Renew | Move::Settle | Move::GiveBack => "its worker",
        Move::Requeue if row.from == Status::Processing => "its worker",
        Move::Requeue | Move::Hold | Move::Release | Move::Edit | Move::Note | Move::Delete => {
            "somebody"
        }
    }
}

/// Every change of status. Ways that lead out of all final statuses are drawn once.
fn diagram() -> String {
    let mut text = String::from("stateDiagram-v2\n");
    for status in Status::ALL.into_iter().filter(|status| !status.is_final()) {
        writeln!(text, "    {}", declared(status)).unwrap();
    }
    text.push_str("    state \"at its end\" as ended {\n");
    for status in Status::ALL.into_iter().filter(|status| status.is_final()) {
        writeln!(text, "        {}", declared(status)).unwrap();
    }
    text.push_str("    }\n");
    let mut drawn = BTreeSet::new();
    for row in status::TABLE.iter().filter(|row| !matches!(row.by, Move::Delete)) {
        let from = if row.from.is_final() && leads_out_of_all(row) {
            "ended".into()
        } else {
            word(row.from)
        };
        let ends: Vec<String> =
            row.to.iter().filter(|to| **to != row.from).map(|to| word(*to)).collect();
        let gone = row.to.is_empty().then(|| "[*]".to_owned());
        for to in ends.into_iter().chain(gone) {
            if drawn.insert((from.clone(), row.by, to.clone())) {
                writeln!(text, "    {from} --> {to}: {}", row.by).unwrap();
            }
        }
    }
    text
}

fn leads_out_of_all(row: &Row) -> bool {
    let mut finals = Status::ALL.into_iter().filter(|status| status.is_final());
    finals.all(|status| status::targets(status, row.by) == Some(row.to))
}

/// A status as Mermaid can name it.
fn word(status: Status) -> String {
    status.name().replace('-', "_")
}

fn declared(status: Status) -> String {
    format!("state \"{status}\" as {}", word(status))
}
