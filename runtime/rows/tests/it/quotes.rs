//! Quotes, line ends and where reading goes on after a row that is broken.

use expect_test::expect;
use rows::{Declared, Options, Quote, Quotes, Reader};

use crate::support::show;

fn comma() -> Options {
    Options {
        dialect: Declared { delimiter: Some(b','), ..Declared::default() },
        ..Options::default()
    }
}

fn lenient() -> Options {
    Options { quotes: Quotes::Lenient, ..comma() }
}

#[test]
fn line_ends_count_alike() {
    for end in ["\n", "\r\n", "\r"] {
        let text = "a,b\n1,\"x\ny\"\n\n2,z\n3".replace('\n', end);
        let mut reader = Reader::new(text.as_bytes(), comma()).unwrap();
        let mut places = Vec::new();
        while let Some(row) = reader.next_row().unwrap() {
            places.push(match row {
                Ok(record) => (record.lines(), record.byte()),
                Err(bad) => (bad.lines, bad.byte),
            });
        }
        let lines: Vec<_> = places.iter().map(|(lines, _)| (lines.first, lines.last)).collect();
        assert_eq!(lines, [(2, 3), (5, 5), (6, 6)], "{end:?}");
        let at = |text_before: &str| text_before.replace('\n', end).len() as u64;
        let bytes: Vec<_> = places.iter().map(|(_, byte)| *byte).collect();
        let befores = ["a,b\n", "a,b\n1,\"x\ny\"\n\n", "a,b\n1,\"x\ny\"\n\n2,z\n"];
        assert_eq!(bytes, befores.map(at), "{end:?}");
    }
}

#[test]
fn mixed_line_ends_are_told_apart() {
    expect![[r#"
        1 line 2 @4 ["1", "2"]
        2 lines 3-5 @8 ["3", "x\r\ny\rz"]
        3 line 6 @19 ["5", "6"]
        4 line 7 @23 ["7", "8"]
    "#]]
    .assert_eq(&show("a,b\n1,2\r3,\"x\r\ny\rz\"\n5,6\n7,8", comma()));
}

#[test]
fn unclosed_quote_names_its_line() {
    expect![[r#"
        1 line 2 @4 ["1", "x"]
        2 @8 csv/unclosed-quote: line 3: column `b`: the quote opened in line 3 is not closed, in "2,\"open"
        3 line 4 @16 ["3", "y"]
        4 line 5 @20 ["4", "z"]
    "#]]
    .assert_eq(&show("a,b\n1,x\n2,\"open\n3,y\n4,z\n", comma()));
}

#[test]
fn unclosed_quote_is_found_at_the_next_quote() {
    expect![[r#"
        1 @4 csv/unclosed-quote: line 2: column `b`: the quote opened in line 2 is not closed, in "1,\"open"
        2 line 3 @12 ["2", "x"]
        3 lines 4-5 @18 ["3", "y\ny"]
    "#]]
    .assert_eq(&show("a,b\n1,\"open\n2,\"x\"\n3,\"y\ny\"\n", comma()));
}

#[test]
fn opening_line_may_follow_the_first() {
    expect![[r#"
        1 @4 csv/unclosed-quote: lines 2-3: column `b`: the quote opened in line 3 is not closed, in "\"1\n1\",\"open"
        2 line 4 @16 ["2", "x"]
    "#]]
    .assert_eq(&show("a,b\n\"1\n1\",\"open\n2,x", comma()));
}

#[test]
fn text_after_quote_rejects_the_row() {
    expect![[r#"
        1 @4 csv/bytes-after-quote: line 2: column `b`: text follows a closing quote, in "1,\"x\"y"
        2 line 3 @11 ["2", "z"]
    "#]]
    .assert_eq(&show("a,b\n1,\"x\"y\n2,z\n", comma()));
}

#[test]
fn text_after_quote_is_kept_if_lenient() {
    expect![[r#"
        1 line 2 @4 ["1", "xy"]
        2 lines 3-4 @11 ["2", "x\nzy"]
    "#]]
    .assert_eq(&show("a,b\n1,\"x\"y\n2,\"x\nz\"y\n", lenient()));
}

#[test]
fn stray_quotes_are_kept_and_counted() {
    let text = "a,b\n5\" pipe,x\"y\"z\n\"q\",2\n";
    expect![[r#"
        1 line 2 @4 ["5\" pipe", "x\"y\"z"]
        2 line 3 @18 ["q", "2"]
    "#]]
    .assert_eq(&show(text, comma()));
    let mut reader = Reader::new(text.as_bytes(), comma()).unwrap();
    while reader.next_row().unwrap().is_some() {}
    assert_eq!(reader.warnings().stray_quotes, 3);
}

#[test]
fn backslash_escapes_are_opt_in() {
    let text = "a,b\n1,\"x\\\"y\"\n";
    let mut options = comma();
    options.dialect.escape = Some(b'\\');
    expect![[r#"
        1 line 2 @4 ["1", "x\"y"]
    "#]]
    .assert_eq(&show(text, options));
    expect![[r#"
        1 @4 csv/bytes-after-quote: line 2: column `b`: text follows a closing quote, in "1,\"x\\\"y\""
    "#]]
    .assert_eq(&show(text, comma()));
}

#[test]
fn quotes_mean_nothing_if_never() {
    let mut options = comma();
    options.dialect.quote = Some(Quote::Never);
    expect![[r#"
        1 line 2 @4 ["\"1", "2\""]
    "#]]
    .assert_eq(&show("a,b\n\"1,2\"\n", options));
}

#[test]
fn many_unclosed_quotes_cost_linear_time() {
    // Each line closes the quote of the one before in a way that opens another.
    let line = "x\",\"\n";
    let text = format!("a,b\n{}", line.repeat(400_000));
    let mut reader = Reader::new(text.as_bytes(), comma()).unwrap();
    let mut rows = 0;
    while reader.next_row().unwrap().is_some() {
        rows += 1;
    }
    assert!(rows < 10, "{rows}");
}
