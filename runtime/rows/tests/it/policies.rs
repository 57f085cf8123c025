//! Headers, short and long rows, blank lines: each its own policy.

use expect_test::expect;
use rows::{Blank, Declared, Long, Names, Options, Reader, Short};

use crate::support::show;

fn comma() -> Options {
    Options {
        dialect: Declared { delimiter: Some(b','), ..Declared::default() },
        ..Options::default()
    }
}

const RAGGED: &str = "a,b\n1\n1,2\n1,2,3\n";

#[test]
fn ragged_rows_are_rejected() {
    expect![[r#"
        1 @4 csv/too-few-columns: line 2: column `b`: the row has 1 of 2 columns, in "1"
        2 line 3 @6 ["1", "2"]
        3 @10 csv/too-many-columns: line 4: column 3: the row has 3 columns, not 2, in "1,2,3"
    "#]]
    .assert_eq(&show(RAGGED, comma()));
}

#[test]
fn short_and_long_rows_are_separate() {
    expect![[r#"
        1 line 2 @4 ["1", ""]
        2 line 3 @6 ["1", "2"]
        3 line 4 @10 ["1", "2"]
    "#]]
    .assert_eq(&show(RAGGED, Options { short: Short::Pad, long: Long::Truncate, ..comma() }));
    expect![[r#"
        1 @4 csv/too-few-columns: line 2: column `b`: the row has 1 of 2 columns, in "1"
        2 line 3 @6 ["1", "2"]
        3 line 4 @10 ["1", "2", "3"]
    "#]]
    .assert_eq(&show(RAGGED, Options { long: Long::Keep, ..comma() }));
}

#[test]
fn unclear_headers_are_refused() {
    for (text, code, message) in [
        (
            "a,b,a\n",
            "csv/duplicate-header",
            "line 1: columns 1 and 3 of the header are both named `a`",
        ),
        ("\n\na,,b\n", "csv/empty-header", "line 3: column 2 of the header has no name"),
        (
            "a,\"b\n",
            "csv/bad-header",
            "the header cannot be read: line 1: column 2: the quote opened in line 1 is not closed",
        ),
    ] {
        assert_eq!(show(text, comma()), format!("{code}: {message}\n"));
    }
    let options = Options { names: Names::Dedupe, ..comma() };
    let reader = Reader::new("name,name,\n".as_bytes(), options).unwrap();
    assert_eq!(reader.columns().names(), ["name", "name_2", "column_3"]);
}

#[test]
fn files_without_header_number_columns() {
    let mut options = comma();
    options.dialect.header = false;
    let mut reader = Reader::new("1,\"2\n3,4\n5\n".as_bytes(), options.clone()).unwrap();
    assert!(reader.columns().is_empty(), "the first row is broken");
    while reader.next_row().unwrap().is_some() {}
    assert_eq!(reader.columns().names(), ["column_1", "column_2"]);
    expect![[r#"
        1 line 1 @0 ["1", "2"]
        2 @4 csv/too-few-columns: line 2: column `column_2`: the row has 1 of 2 columns, in "3"
        3 line 3 @6 ["4", "5"]
    "#]]
    .assert_eq(&show("1,2\n3\n4,5", options));
}

#[test]
fn blank_lines_are_rows_of_one_column() {
    let one = "a\n1\n\n2\n";
    let two = "a,b\n1,2\n\n3,4\n";
    expect![[r#"
        1 line 2 @2 ["1"]
        2 line 3 @4 [""]
        3 line 4 @5 ["2"]
    "#]]
    .assert_eq(&show(one, comma()));
    expect![[r#"
        1 line 2 @2 ["1"]
        2 line 4 @5 ["2"]
    "#]]
    .assert_eq(&show(one, Options { blank: Blank::Skip, ..comma() }));
    expect![[r#"
        1 line 2 @4 ["1", "2"]
        2 line 4 @9 ["3", "4"]
    "#]]
    .assert_eq(&show(two, comma()));
    expect![[r#"
        1 line 2 @4 ["1", "2"]
        2 @8 csv/too-few-columns: line 3: column `b`: the row has 1 of 2 columns, in ""
        3 line 4 @9 ["3", "4"]
    "#]]
    .assert_eq(&show(two, Options { blank: Blank::Keep, ..comma() }));
}

#[test]
fn empty_inputs_have_no_rows() {
    for text in ["", "\n\n", "a,b\n", "a,b", "\u{FEFF}", "\x1A"] {
        assert_eq!(show(text, comma()), "", "{text:?}");
        let mut options = comma();
        options.dialect.header = false;
        let rows = usize::from(text.contains('a'));
        assert_eq!(show(text, options).lines().count(), rows, "{text:?}");
    }
}
