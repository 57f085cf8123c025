//! The pages written from the code: states, limits, errors. `UPDATE_EXPECT=1` writes them anew.
//!
//! What stands between the two markers of a page is generated; the prose around it is by hand.

mod errors;
mod runs;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use expect_test::expect_file;
use model::status::{self, Row};
use model::{Move, Status, limits};

const BEGIN: &str = "<!-- generated: begin -->\n";
const END: &str = "<!-- generated: end -->\n";

/// The page as it is.
fn read(page: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(page);
    std::fs::read_to_string(&path).expect("the page is there")
}

/// The page as it is, with this between its markers.
fn with_generated(page: &str, text: &str) -> String {
    generated(&read(page), text)
}

/// The text of a page with this between the first markers.
fn generated(now: &str, text: &str) -> String {
    let (before, rest) = now.split_once(BEGIN).expect("the page has a begin marker");
    let (_, after) = rest.split_once(END).expect("the page has an end marker");
    format!("{before}{BEGIN}\n{text}\n{END}{after}")
}

#[test]
fn states_page_shows_the_table() {
    let text = format!("```mermaid\n{}```\n\n{}", diagram(), table());
    let page = read("states.md");
    let (items, runs) = page.split_once("\n## Runs\n").expect("the page tells of runs");
    let of_runs = format!("```mermaid\n{}```\n\n{}", runs::diagram(), runs::table());
    let (items, runs) = (generated(items, text.trim_end()), generated(runs, of_runs.trim_end()));
    let page = format!("{items}\n## Runs\n{runs}");
    expect_file!["../../../../docs/states.md"].assert_eq(&page);
}

#[test]
fn limits_page_shows_every_limit() {
    let mut text = String::from("| limit | at most | of |\n|---|---|---|\n");
    for limit in limits::ALL {
        writeln!(text, "| `{}` | {limit} | {} |", limit.name, limit.meaning).unwrap();
    }
    let page = with_generated("limits.md", text.trim_end());
    expect_file!["../../../../docs/limits.md"].assert_eq(&page);
}

#[test]
fn errors_page_shows_every_error() {
    let page = with_generated("reference/errors.md", errors::table().trim_end());
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
