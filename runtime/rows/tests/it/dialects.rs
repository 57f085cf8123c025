//! Who decides the dialect, and what is found in a sample.

use rows::{Declared, Dialect, Layout, Options, Origin, Quote, Reader, Space};

use crate::support::{cells, show};

fn layout(text: &str, dialect: Declared) -> Layout {
    let options = Options { dialect, ..Options::default() };
    *Reader::new(text.as_bytes(), options).unwrap().layout()
}

fn sniffed(text: &str) -> Layout {
    layout(text, Declared::default())
}

#[test]
fn delimiters_are_found() {
    for (text, delimiter) in [
        ("a,b\n1,2\n", b','),
        ("a;b\n1,5;2,5\n3,5;4,5\n", b';'),
        ("1,5;2,5;3,5\n4,5;5,5;6,5\n", b';'),
        ("a\tb\nSmith, John\t1\nDoe, Jane\t2\n", b'\t'),
        ("a|b\n1|x;y\n2|z\n", b'|'),
        ("a;b\n\"1,2\n3,4\";5\n6;7\n", b';'),
        ("a,b\r1,2\r", b','),
    ] {
        let layout = sniffed(text);
        assert_eq!(layout.dialect.delimiter, delimiter, "{text:?}");
        assert_eq!(layout.delimiter_by, Origin::Sniffed, "{text:?}");
        assert!(layout.confidence > 40, "{text:?}: {}", layout.confidence);
    }
}

#[test]
fn comma_is_assumed_of_what_is_no_table() {
    for text in ["", "name\nAda\nGrace\n", "a\n", "Dear all, hello\nthis is a letter.\nYours, me\n"]
    {
        let layout = sniffed(text);
        assert_eq!((layout.dialect.delimiter, layout.delimiter_by), (b',', Origin::Assumed));
        assert_eq!(layout.confidence, 0);
    }
}

#[test]
fn authority_is_declared_then_sep_then_sniffed() {
    let text = "sep=;\na;b\n1,5;2,5\n";
    let by_sep = sniffed(text);
    assert_eq!((by_sep.dialect.delimiter, by_sep.delimiter_by), (b';', Origin::SepLine));
    let comma = Declared { delimiter: Some(b','), ..Declared::default() };
    let by_word = layout(text, comma);
    assert_eq!((by_word.dialect.delimiter, by_word.delimiter_by), (b',', Origin::Declared));
    assert_eq!(show(text, Options::default()), "1 line 3 @10 [\"1,5\", \"2,5\"]\n");
    let plain = layout("a;b\n1;2\n", Declared { sniff: false, ..Declared::default() });
    assert_eq!((plain.dialect.delimiter, plain.delimiter_by), (b',', Origin::Assumed));
}

#[test]
fn sniffing_changes_nothing_declared() {
    let text = "Report\na; 'b;'\n1; '2'\n3; '4'\n";
    let found = sniffed(text).dialect;
    let want = Dialect {
        delimiter: b';',
        quote: Quote::Byte(b'\''),
        space: Space::Before,
        skip_lines: 1,
        ..Dialect::default()
    };
    assert_eq!(found, want);
    let declared = Declared {
        delimiter: Some(b','),
        quote: Some(Quote::Never),
        space: Some(Space::Keep),
        skip_lines: Some(0),
        ..Declared::default()
    };
    let want = Dialect { quote: Quote::Never, ..Dialect::default() };
    assert_eq!(layout(text, declared).dialect, want);
    assert_eq!(layout(text, Declared::from(found)).dialect, found);
}

#[test]
fn spaces_before_cells_can_be_layout() {
    let text = "a, b\n1, \"x, y\"\n \"2\" , \" z\"\n";
    let rows = cells(text.as_bytes(), Options::default());
    assert_eq!(rows, [["1", "x, y"], ["2", " z"]]);
    let dialect = Declared { space: Some(Space::Around), ..Declared::default() };
    let rows = cells(text.as_bytes(), Options { dialect, ..Options::default() });
    assert_eq!(rows, [["1", "x, y"], ["2", "z"]]);
    let dialect = Declared { space: Some(Space::Keep), ..Declared::default() };
    let rows = cells("a,b\n 1 , 2 \n".as_bytes(), Options { dialect, ..Options::default() });
    assert_eq!(rows, [[" 1 ", " 2 "]]);
}

#[test]
fn preambles_and_comments_are_no_rows() {
    let text = "Report of May\n\nid,name\n1,Ada\n2,Grace\n3,Joan\n";
    assert_eq!(sniffed(text).dialect.skip_lines, 2);
    assert_eq!(show(text, Options::default()).lines().count(), 3);
    let dialect = Declared { skip_lines: Some(1), comment: Some(b'#'), ..Declared::default() };
    let options = Options { dialect, ..Options::default() };
    let text = "dropped,line\na,b\n#no,row\n1,2\n# nor this\n";
    assert_eq!(show(text, options), "1 line 4 @25 [\"1\", \"2\"]\n");
}
