//! The limits that only one crate can meet, on the page of all limits.

use expect_test::expect_file;
use model::limits::Limit;

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
    for (part, limits) in [
        ("generated, expressions", flow::expr::LIMITS),
        ("generated, tables", &of_tables()),
        ("generated, socket", service::LIMITS),
    ] {
        let page = support::with_limits(part, limits);
        expect_file!["../../../docs/limits.md"].assert_eq(&page);
    }
}
