//! Encodings: what is decided, what is refused, and where bytes are.

use expect_test::expect;
use rows::{EncodingOrigin, Options, Reader};

use crate::support::show;

fn declared(label: &str) -> Options {
    Options { encoding: Some(label.to_owned()), ..Options::default() }
}

fn fallback() -> Options {
    Options { fallback: Some("windows-1252".to_owned()), ..Options::default() }
}

fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

#[test]
fn marks_are_left_out_even_before_quotes() {
    let text = "\u{FEFF}\"a\",b\n1,é\n2,ü\n";
    expect![[r#"
        1 line 2 @9 ["1", "é"]
        2 line 3 @14 ["2", "ü"]
    "#]]
    .assert_eq(&show(text, Options::default()));
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        expect![[r#"
            1 line 2 @14 ["1", "é"]
            2 line 3 @22 ["2", "ü"]
        "#]]
        .assert_eq(&show(utf16(text, order), Options::default()));
        let unmarked = utf16("ab,b\n1,é\n2,ü\n", order);
        assert_eq!(show(unmarked, Options::default()).matches("line").count(), 2);
    }
}

#[test]
fn undeclared_bytes_are_refused() {
    expect![[r"
        csv/not-utf-8: the input is not UTF-8 (line 2, byte 9) and no encoding is declared
    "]]
    .assert_eq(&show(b"a,b\n1,Ren\xE9\n", Options::default()));
    assert_eq!(
        show("a", declared("klingon")),
        "csv/unknown-encoding: `klingon` is no known encoding\n"
    );
}

#[test]
fn declared_bytes_are_decoded() {
    let want = expect![[r#"
        1 line 2 @4 ["1", "René"]
        2 line 3 @11 ["2", "x"]
    "#]];
    want.assert_eq(&show(b"a,b\n1,Ren\xE9\n2,x\n", declared("windows-1252")));
    want.assert_eq(&show(b"a,b\n1,Ren\xE9\n2,x\n", fallback()));
    expect![[r#"
        1 line 2 @4 ["1", "表|"]
        2 line 3 @10 ["2", "x"]
    "#]]
    .assert_eq(&show(b"a,b\n1,\x95\\|\n2,x\n", declared("shift_jis")));
}

#[test]
fn broken_text_rejects_its_row() {
    expect![[r#"
        1 @4 csv/bad-encoding: line 2: byte 7 is no UTF-8 text, in "1,x\\xe9"
        2 line 3 @9 ["2", "y"]
    "#]]
    .assert_eq(&show(b"a,b\n1,x\xE9\n2,y\n", declared("utf-8")));
    let mut text = utf16("a,b\n1,x", u16::to_le_bytes);
    text.extend([0x00, 0xD8]);
    text.extend(utf16("\n2,y\n", u16::to_le_bytes));
    expect![[r#"
        1 @8 csv/bad-encoding: line 2: byte 14 is no UTF-16LE text, in "1,x\\xff\\xff"
        2 line 3 @18 ["2", "y"]
    "#]]
    .assert_eq(&show(text, declared("utf-16le")));
}

#[test]
fn late_bytes_switch_to_the_fallback_once() {
    let mut text = b"a,b\n".to_vec();
    let line = b"1,plain\n";
    while text.len() < 100_000 {
        text.extend(line);
    }
    let lines = text.len() / 8;
    text.extend(b"2,Ren\xE9\n3,\xC3\xA9\n");
    let mut reader = Reader::new(text.as_slice(), fallback()).unwrap();
    assert_eq!(reader.layout().encoding_by, EncodingOrigin::Valid);
    let mut last = Vec::new();
    while let Some(row) = reader.next_row().unwrap() {
        last = row.unwrap().cells().map(str::to_owned).collect();
    }
    assert_eq!(last, ["3", "Ã©"]);
    assert_eq!(reader.layout().encoding, "windows-1252");
    assert_eq!(reader.layout().encoding_by, EncodingOrigin::Fallback);
    assert_eq!(reader.warnings().fallback_line, Some(lines as u64 + 2));
    assert!(show(&text, Options::default()).contains("csv/bad-encoding"));
}

#[test]
fn proven_utf8_never_falls_back() {
    let mut text = "a,b\n1,é\n".as_bytes().to_vec();
    while text.len() < 100_000 {
        text.extend(b"1,plain\n");
    }
    text.extend(b"2,Ren\xE9\n3,y\n");
    let shown = show(&text, fallback());
    assert_eq!(shown.matches("csv/bad-encoding").count(), 1);
    assert!(shown.ends_with("[\"3\", \"y\"]\n"));
}

#[test]
fn ctrl_z_counts_unless_it_ends_the_input() {
    for (text, last, dropped) in [
        ("a,b\n1,2\n\x1A", "2", true),
        ("a,b\n1,2\x1A", "2", true),
        ("a,b\n1,2\x1A\n", "2\x1A", false),
    ] {
        let mut reader = Reader::new(text.as_bytes(), Options::default()).unwrap();
        let record = reader.next_row().unwrap().unwrap().unwrap();
        assert_eq!(record.get(1), Some(last), "{text:?}");
        assert!(reader.next_row().unwrap().is_none());
        assert_eq!(reader.warnings().ctrl_z, dropped, "{text:?}");
    }
    let big_endian = utf16("ab,b\n1,\u{411A}", u16::to_be_bytes);
    assert!(show(big_endian, declared("utf-16be")).contains('\u{411A}'));
}

#[test]
fn zero_characters_warn() {
    let mut reader = Reader::new("a,b\n1,\0\n".as_bytes(), Options::default()).unwrap();
    let record = reader.next_row().unwrap().unwrap().unwrap();
    assert_eq!(record.get(1), Some("\0"));
    assert_eq!(reader.warnings().nuls, 1);
}
