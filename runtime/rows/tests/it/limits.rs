//! What exceeds a limit is a row error that names it, and the rows after it still come.

use expect_test::expect;
use rows::{Declared, Limits, Options, Reader};

use crate::support::{Trickle, show, show_row};

fn small() -> Options {
    Options {
        dialect: Declared { delimiter: Some(b','), ..Declared::default() },
        limits: Limits {
            field_bytes_max: 20,
            record_bytes_max: 40,
            columns_max: 4,
            raw_bytes_max: 8,
            sample_bytes_max: 16,
        },
        ..Options::default()
    }
}

const LONG: &str = "a,b
1,xxxxxxxxxxxxxxxxxxxxx
2,\"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\"
3,\"zzzz
zzzzzzzzzzzzzzzzzzzzzzzzzz
4,ok
1,2,3,4,5
5,xxxxxxxxxxxxxxxxxxx,xxxxxxxxxxxxxxxxxxx,xxxxxxxxxxxxxxxxxx
6,\"x
x\",\"x
x\",\"xxxxxxxxxxx
x\",\"xxxxxxxxxxxxxxxxxxxxx\"
7,ok
";

#[test]
fn rows_over_a_limit_name_it() {
    expect![[r#"
        1 @4 csv/field-too-large: line 2: column `b`: the cell is longer than 20 bytes, in "1,xxxxxx"
        2 @28 csv/field-too-large: line 3: column `b`: the cell is longer than 20 bytes, in "2,\"yyyyy"
        3 @91 csv/unclosed-quote: line 4: column `b`: the quote opened in line 4 is not closed, in "3,\"zzzz"
        4 @99 csv/field-too-large: line 5: column `a`: the cell is longer than 20 bytes, in "zzzzzzzz"
        5 line 6 @126 ["4", "ok"]
        6 @131 csv/columns-over-limit: line 7: the row has more than 4 columns, in "1,2,3,4,"
        7 @141 csv/record-too-large: line 8: the row is longer than 40 bytes, in "5,xxxxxx"
        8 @202 csv/record-too-large: lines 9-12: the row is longer than 40 bytes, in "6,\"x\nx\","
        9 line 13 @256 ["7", "ok"]
    "#]]
    .assert_eq(&show(LONG, small()));
}

#[test]
fn limits_do_not_depend_on_chunks() {
    let whole = show(LONG, small());
    for size in [1, 2, 3, 5, 7, 11, 64] {
        let input = Trickle::new(LONG.as_bytes(), vec![size]);
        let mut reader = Reader::new(input, small()).unwrap();
        let mut text = String::new();
        while let Some(row) = reader.next_row().unwrap() {
            show_row(&mut text, &row);
        }
        assert_eq!(text, whole, "{size} bytes at a time");
    }
}

#[test]
fn limits_of_zero_are_refused() {
    let mut options = small();
    options.limits.columns_max = 0;
    assert_eq!(show("a", options), "csv/zero-limit: the limit `columns_max` must be at least 1\n");
}
