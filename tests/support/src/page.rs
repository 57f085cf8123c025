//! Pages of the documentation that tests write. `UPDATE_EXPECT=1` writes them anew.
//!
//! What stands between two markers is generated; the prose around it is by hand.

use std::fmt::Write;
use std::path::Path;

use model::limits::Limit;

/// The page as it is, with this text in the part between the markers of that name.
pub fn with_generated(page: &str, part: &str, text: &str) -> String {
    let [begin, end] = ["begin", "end"].map(|mark| format!("<!-- {part}: {mark} -->\n"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(page);
    let now = std::fs::read_to_string(path).expect("the page is there");
    let (before, rest) = now.split_once(&begin).expect("the page has a begin marker");
    let (_, after) = rest.split_once(&end).expect("the page has an end marker");
    format!("{before}{begin}\n{}\n\n{end}{after}", text.trim_end())
}

/// The page of all limits, with these in the part of that name.
pub fn with_limits<'l>(part: &str, limits: impl IntoIterator<Item = &'l Limit>) -> String {
    let mut table = String::from("| limit | at most | of |\n|---|---|---|\n");
    for limit in limits {
        writeln!(table, "| `{}` | {limit} | {} |", limit.name, limit.meaning)
            .expect("a text has room");
    }
    with_generated("limits.md", part, &table)
}
