//! What holds for any input: what was written reads back, and nothing panics or goes on for ever.

use proptest::collection::vec;
use proptest::prelude::*;
use rows::{Blank, Declared, Limits, Options, Quote, Quotes, Reader, Space, Style, Writer};

use crate::support::{Trickle, cells, show_row};

fn exact(delimiter: u8) -> Options {
    Options {
        dialect: Declared {
            delimiter: Some(delimiter),
            quote: Some(Quote::Byte(b'"')),
            space: Some(Space::Keep),
            skip_lines: Some(0),
            header: false,
            sniff: false,
            ..Declared::default()
        },
        encoding: Some("utf-8".to_owned()),
        ..Options::default()
    }
}

/// Text with all that is special to some dialect.
fn cell() -> impl Strategy<Value = String> {
    vec(
        prop_oneof![
            4 => "[a-z0-9]{1,3}",
            1 => Just("\"".to_owned()),
            1 => Just("\n".to_owned()),
            1 => Just("\r".to_owned()),
            1 => Just("\r\n".to_owned()),
            1 => "[,;|\t #'\\\\=\u{1A}\u{0}]",
            1 => "[é表\u{1F600}\u{FEFF}\u{A0}]",
            1 => Just("sep=,".to_owned()),
        ],
        0..5,
    )
    .prop_map(|parts| parts.concat())
}

fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    (1_usize..5).prop_flat_map(|width| vec(vec(cell(), width), 1..12))
}

/// Pieces that make up broken files more often than random bytes do.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        3 => Just(b"\"".to_vec()),
        3 => Just(b",".to_vec()),
        2 => Just(b"\n".to_vec()),
        1 => Just(b"\r".to_vec()),
        1 => Just(b" ".to_vec()),
        1 => Just(b"\\".to_vec()),
        1 => Just(b"#".to_vec()),
        2 => Just(b"abc".to_vec()),
        1 => vec(any::<u8>(), 0..4),
    ];
    vec(piece, 0..120).prop_map(|pieces| pieces.concat())
}

fn tight() -> Limits {
    Limits {
        field_bytes_max: 12,
        record_bytes_max: 30,
        columns_max: 5,
        raw_bytes_max: 6,
        sample_bytes_max: 16,
    }
}

/// Policies and dialects in many combinations.
fn options() -> impl Strategy<Value = Options> {
    let encodings = ["", "utf-8", "windows-1252", "utf-16le", "shift_jis"];
    let spaces = [None, Some(Space::Keep), Some(Space::Before), Some(Space::Around)];
    let bits = any::<[bool; 7]>();
    (0..encodings.len(), 0..spaces.len(), bits).prop_map(move |(encoding, space, bits)| {
        let [lenient, escape, header, sniff, keep, limited, fallback] = bits;
        Options {
            dialect: Declared {
                delimiter: (!sniff).then_some(b','),
                space: spaces[space],
                escape: escape.then_some(b'\\'),
                comment: keep.then_some(b'#'),
                header,
                sniff,
                ..Declared::default()
            },
            encoding: (encoding > 0).then(|| encodings[encoding].to_owned()),
            fallback: fallback.then(|| "windows-1252".to_owned()),
            quotes: if lenient { Quotes::Lenient } else { Quotes::Strict },
            blank: if keep { Blank::Keep } else { Blank::Auto },
            limits: if limited { tight() } else { Limits::default() },
            ..Options::default()
        }
    })
}

/// All rows as text; an input of so many bytes has at most one more row than lines.
fn read(input: Trickle<'_>, options: Options, rows_max: usize) -> String {
    let mut text = String::new();
    let mut reader = match Reader::new(input, options) {
        Ok(reader) => reader,
        Err(error) => return error.to_string(),
    };
    let (mut rows, mut last) = (0, 0);
    while let Some(row) = reader.next_row().expect("memory never fails") {
        let lines = match &row {
            Ok(record) => record.lines(),
            Err(bad) => bad.lines,
        };
        assert!(last < lines.first && lines.first <= lines.last, "after line {last}: {row:?}");
        last = lines.last;
        rows += 1;
        assert!(rows <= rows_max, "more rows than lines");
        show_row(&mut text, &row);
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn written_rows_read_back(
        table in table(),
        delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|', b':']),
        line_end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        sizes in vec(1_usize..20, 1..6),
    ) {
        let style = Style { delimiter, line_end, guard_formulas: false };
        let mut writer = Writer::new(Vec::new(), style);
        for row in &table {
            writer.row(row).unwrap();
        }
        let text = writer.finish().unwrap();
        let read = cells(Trickle::new(&text, sizes), exact(delimiter));
        prop_assert_eq!(read, table);
    }

    #[test]
    fn any_bytes_end_in_the_same_rows(
        soup in soup(),
        options in options(),
        sizes in vec(1_usize..30, 1..6),
    ) {
        let whole = Trickle::new(&soup, vec![usize::MAX]);
        let rows_max = soup.len() + 1;
        let whole = read(whole, options.clone(), rows_max);
        let parts = read(Trickle::new(&soup, sizes), options, rows_max);
        prop_assert_eq!(whole, parts);
    }
}
