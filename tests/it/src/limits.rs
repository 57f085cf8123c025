//! The limits that only one crate can meet, on the page of all limits.

use std::fmt::Write;
use std::path::Path;

use expect_test::expect_file;
use model::limits::Limit;

const PAGE: &str = "../../docs/limits.md";

/// The page, with this table between the markers of that name.
fn with_table(page: &str, name: &str, limits: &[Limit]) -> String {
    let [begin, end] = ["begin", "end"].map(|mark| format!("<!-- generated, {name}: {mark} -->\n"));
    let mut table = String::from("| limit | at most | of |\n|---|---|---|\n");
    for limit in limits {
        writeln!(table, "| `{}` | {limit} | {} |", limit.name, limit.meaning).unwrap();
    }
    let (before, rest) = page.split_once(&begin).expect("the page has a begin marker");
    let (_, after) = rest.split_once(&end).expect("the page has an end marker");
    format!("{before}{begin}\n{table}{end}{after}")
}

/// Those of the reader of tables, which knows nothing of the vocabulary.
fn of_tables() -> Vec<Limit> {
    let rows::Limits {
        field_bytes_max,
        record_bytes_max,
        columns_max,
        raw_bytes_max,
        sample_bytes_max,
    } = rows::Limits::default();
    [
        ("field", field_bytes_max, "bytes", "one cell, as it is written"),
        ("record", record_bytes_max, "bytes", "one row, as it is written"),
        ("columns", columns_max, "columns", "the cells of a row"),
        ("raw", raw_bytes_max, "bytes", "the part of a rejected row that is kept"),
        ("sample", sample_bytes_max, "bytes", "the start in which the dialect is found out"),
    ]
    .into_iter()
    .map(|(name, value, unit, meaning)| Limit { name, value: value as u64, unit, meaning })
    .collect()
}

#[test]
fn limits_page_shows_those_of_each_crate() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let page = std::fs::read_to_string(&file).expect("the page is there");
    let page = with_table(&page, "expressions", flow::expr::LIMITS);
    let page = with_table(&page, "tables", &of_tables());
    let page = with_table(&page, "socket", service::LIMITS);
    expect_file!["../../../docs/limits.md"].assert_eq(&page);
}
