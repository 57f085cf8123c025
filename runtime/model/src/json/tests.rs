//! What is accepted, what is refused and with which words, and two properties against an oracle.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

/// Snapshots each text with its error, for `check` and `parse` alike.
fn refuses(texts: &[&str], expected: &Expect) {
    let mut table = String::new();
    for text in texts {
        let error = parse(text).expect_err(text);
        assert_eq!(check(text), Err(error.clone()), "check and parse agree on {text:?}");
        let shown = text.chars().take(30).collect::<String>();
        let Error { kind, offset, .. } = &error;
        writeln!(table, "{shown:?} {kind:?} @{offset}\n  {error}").expect("a string");
    }
    expected.assert_eq(&table);
}

fn returns(text: &str, expected: &Expect) {
    let value = parse(text).expect(text);
    check(text).expect(text);
    expected.assert_eq(&write(&value));
}

#[test]
fn accepts_every_kind_of_value() {
    returns("null", &expect!["null"]);
    returns(" true\n", &expect!["true"]);
    returns("\t\r\n false ", &expect!["false"]);
    returns(r#""""#, &expect![[r#""""#]]);
    returns("[]", &expect!["[]"]);
    returns("[ ]", &expect!["[]"]);
    returns("{}", &expect!["{}"]);
    returns("{ }", &expect!["{}"]);
    returns("[1 , [2],\n{ \"a\" : null }]", &expect![[r#"[1,[2],{"a":null}]"#]]);
    returns("\u{feff}1", &expect!["1"]);
    returns("\"\u{7f}\u{2028}\u{ffff}é𝄞\"", &expect!["\"\u{7f}\u{2028}\u{ffff}é𝄞\""]);
}

#[test]
fn keeps_digits_and_key_order() {
    returns("12345678901234567890123", &expect!["12345678901234567890123"]);
    returns("[5000.00,-0,0e1,1E+2,1e-400]", &expect!["[5000.00,-0,0e1,1E+2,1e-400]"]);
    returns(r#"{"z":1,"a":2,"m":3}"#, &expect![[r#"{"z":1,"a":2,"m":3}"#]]);
    let wide = format!(
        "{{{}}}",
        (0..100).rev().map(|n| format!("\"k{n}\":{n}")).collect::<Vec<_>>().join(",")
    );
    assert_eq!(write(&parse(&wide).expect("wide")), wide);
}

#[test]
fn resolves_and_writes_escapes() {
    returns(r#""\"\\\/\b\f\n\r\t""#, &expect![[r#""\"\\/\b\f\n\r\t""#]]);
    returns(r#""\u0041\u00e9\u0000\u001f""#, &expect![[r#""Aé\u0000\u001f""#]]);
    returns(r#""\uD834\uDd1e!""#, &expect![[r#""𝄞!""#]]);
    returns(r#"{"\u0061":1,"b":2}"#, &expect![[r#"{"a":1,"b":2}"#]]);
}

#[test]
fn refuses_empty_and_trailing_text() {
    refuses(
        &["", " \n", "\u{feff}", "1 2", "{}}", "nullx", "\u{feff}\u{feff}1", "1\0"],
        &expect![[r#"
            "" Empty @0
              the text is empty: expected a value
            " \n" Empty @2
              the text is empty: expected a value
            "\u{feff}" Empty @3
              the text is empty: expected a value
            "1 2" Trailing @2
              expected nothing after the value, found `2` (line 1, column 3)
            "{}}" Trailing @2
              expected nothing after the value, found `}` (line 1, column 3)
            "nullx" Trailing @4
              expected nothing after the value, found `x` (line 1, column 5)
            "\u{feff}\u{feff}1" Unexpected @3
              expected a value, found `﻿1` (line 1, column 1)
            "1\0" Trailing @1
              expected nothing after the value, found `\u{0}` (line 1, column 2)
        "#]],
    );
}

#[test]
fn refuses_broken_lists() {
    refuses(
        &["[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1}"],
        &expect![[r#"
        "[" UnexpectedEnd @1
          the text ends early: expected a value (line 1, column 2)
        "[1" UnexpectedEnd @2
          the text ends early: expected `,` or `]` (line 1, column 3)
        "[1," UnexpectedEnd @3
          the text ends early: expected a value (line 1, column 4)
        "[1,]" Unexpected @3
          expected a value, found `]` (line 1, column 4)
        "[,1]" Unexpected @1
          expected a value, found `,1]` (line 1, column 2)
        "[1 2]" Unexpected @3
          expected `,` or `]`, found `2]` (line 1, column 4)
        "[1}" Unexpected @2
          expected `,` or `]`, found `}` (line 1, column 3)
    "#]],
    );
}

#[test]
fn refuses_broken_objects_and_words() {
    refuses(
        &[
            "{",
            "{\"a\"",
            "{\"a\" 1}",
            "{\"a\":}",
            "{\"a\":1",
            "{\"a\":1,}",
            "{a:1}",
            "{'a':1}",
            "{1:1}",
            "]",
            "tru",
            "True",
            "undefined",
            "// note\n1",
            "[1\u{a0}]",
        ],
        &expect![[r#"
            "{" UnexpectedEnd @1
              the text ends early: expected a key in double quotes (line 1, column 2)
            "{\"a\"" UnexpectedEnd @4
              the text ends early: expected `:` after the key (line 1, column 5)
            "{\"a\" 1}" Unexpected @5
              expected `:` after the key, found `1}` (line 1, column 6)
            "{\"a\":}" Unexpected @5
              expected a value, found `}` (line 1, column 6)
            "{\"a\":1" UnexpectedEnd @6
              the text ends early: expected `,` or `}` (line 1, column 7)
            "{\"a\":1,}" Unexpected @7
              expected a key in double quotes, found `}` (line 1, column 8)
            "{a:1}" Unexpected @1
              expected a key in double quotes, found `a:1}` (line 1, column 2)
            "{'a':1}" Unexpected @1
              expected a key in double quotes, found `'a':1}` (line 1, column 2)
            "{1:1}" Unexpected @1
              expected a key in double quotes, found `1:1}` (line 1, column 2)
            "]" Unexpected @0
              expected a value, found `]` (line 1, column 1)
            "tru" Unexpected @0
              expected `true`, found `tru` (line 1, column 1)
            "True" Unexpected @0
              expected a value, found `True` (line 1, column 1)
            "undefined" Unexpected @0
              expected a value, found `undefined` (line 1, column 1)
            "// note\n1" Unexpected @0
              expected a value, found `// note` (line 1, column 1)
            "[1\u{a0}]" Unexpected @2
              expected `,` or `]`, found ` ]` (line 1, column 3)
        "#]],
    );
}

#[test]
fn refuses_numbers_outside_the_grammar() {
    refuses(
        &[
            "01",
            "-",
            "-a",
            "-01",
            "+1",
            ".5",
            "5.",
            "[5.]",
            "1e",
            "1e+",
            "[1eE2]",
            "0x10",
            "1_000",
            "NaN",
            "-Infinity",
            "１",
        ],
        &expect![[r#"
            "01" Number @0
              expected a number without leading zeros, found `01` (line 1, column 1)
            "-" UnexpectedEnd @1
              the text ends early: expected a digit (line 1, column 2)
            "-a" Number @1
              expected a digit, found `a` (line 1, column 2)
            "-01" Number @0
              expected a number without leading zeros, found `-01` (line 1, column 1)
            "+1" Unexpected @0
              expected a value, found `+1` (line 1, column 1)
            ".5" Unexpected @0
              expected a value, found `.5` (line 1, column 1)
            "5." UnexpectedEnd @2
              the text ends early: expected a digit after the decimal point (line 1, column 3)
            "[5.]" Number @3
              expected a digit after the decimal point, found `]` (line 1, column 4)
            "1e" UnexpectedEnd @2
              the text ends early: expected a digit in the exponent (line 1, column 3)
            "1e+" UnexpectedEnd @3
              the text ends early: expected a digit in the exponent (line 1, column 4)
            "[1eE2]" Number @3
              expected a digit in the exponent, found `E2]` (line 1, column 4)
            "0x10" Trailing @1
              expected nothing after the value, found `x10` (line 1, column 2)
            "1_000" Trailing @1
              expected nothing after the value, found `_000` (line 1, column 2)
            "NaN" Unexpected @0
              expected a value, found `NaN` (line 1, column 1)
            "-Infinity" Number @1
              expected a digit, found `Infinity` (line 1, column 2)
            "１" Unexpected @0
              expected a value, found `１` (line 1, column 1)
        "#]],
    );
}

#[test]
fn refuses_broken_texts_and_escapes() {
    refuses(
        &[
            "\"abc",
            "\"",
            "\"\\",
            "\"a\nb\"",
            "\"\u{1f}\"",
            r#""\x41""#,
            r#""\u12""#,
            r#""\u12g4""#,
            r#""\u+123""#,
            r#""\u00é""#,
            r#""\ud800""#,
            r#""\ud800\ud800""#,
            r#""\ud800\n""#,
            r#""\udc00""#,
            "'a'",
        ],
        &expect![[r#"
            "\"abc" UnexpectedEnd @4
              the text ends early: expected a closing quote (line 1, column 5)
            "\"" UnexpectedEnd @1
              the text ends early: expected a closing quote (line 1, column 2)
            "\"\\" UnexpectedEnd @2
              the text ends early: expected the rest of an escape (line 1, column 3)
            "\"a\nb\"" ControlCharacter @2
              expected an escape in place of a control character, found `\nb"` (line 1, column 3)
            "\"\u{1f}\"" ControlCharacter @1
              expected an escape in place of a control character, found `\u{1f}"` (line 1, column 2)
            "\"\\x41\"" Escape @1
              expected a known escape such as `\n`, found `\x41"` (line 1, column 2)
            "\"\\u12\"" Escape @1
              expected `\u` and 4 hex digits, found `\u12"` (line 1, column 2)
            "\"\\u12g4\"" Escape @1
              expected `\u` and 4 hex digits, found `\u12g4"` (line 1, column 2)
            "\"\\u+123\"" Escape @1
              expected `\u` and 4 hex digits, found `\u+123"` (line 1, column 2)
            "\"\\u00é\"" Escape @1
              expected `\u` and 4 hex digits, found `\u00é"` (line 1, column 2)
            "\"\\ud800\"" LoneSurrogate @1
              expected both halves of a surrogate pair, found `\ud800"` (line 1, column 2)
            "\"\\ud800\\ud800\"" LoneSurrogate @1
              expected both halves of a surrogate pair, found `\ud800\ud800"` (line 1, column 2)
            "\"\\ud800\\n\"" LoneSurrogate @1
              expected both halves of a surrogate pair, found `\ud800\n"` (line 1, column 2)
            "\"\\udc00\"" LoneSurrogate @1
              expected both halves of a surrogate pair, found `\udc00"` (line 1, column 2)
            "'a'" Unexpected @0
              expected a value, found `'a'` (line 1, column 1)
        "#]],
    );
}

#[test]
fn refuses_duplicate_keys_by_name() {
    refuses(
        &[r#"{"a":1,"a":1}"#, r#"{"a":1,"\u0061":2}"#, "[{\"x\":{\"k\":1,\n  \"k\":2}}]"],
        &expect![[r#"
            "{\"a\":1,\"a\":1}" DuplicateKey("a") @7
              duplicate key "a" (line 1, column 8)
            "{\"a\":1,\"\\u0061\":2}" DuplicateKey("a") @7
              duplicate key "a" (line 1, column 8)
            "[{\"x\":{\"k\":1,\n  \"k\":2}}]" DuplicateKey("k") @16
              duplicate key "k" (line 2, column 3)
        "#]],
    );
    let wide = (0..300).map(|n| format!("\"k{n}\":{n}")).collect::<Vec<_>>().join(",");
    refuses(
        &[&format!("{{{wide},\"k0\":0}}"), &format!("{{{wide},\"k299\":0}}")],
        &expect![[r#"
            "{\"k0\":0,\"k1\":1,\"k2\":2,\"k3\":3,\"" DuplicateKey("k0") @3081
              duplicate key "k0" (line 1, column 3082)
            "{\"k0\":0,\"k1\":1,\"k2\":2,\"k3\":3,\"" DuplicateKey("k299") @3081
              duplicate key "k299" (line 1, column 3082)
        "#]],
    );
    returns(
        r#"{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}"#,
        &expect![[r#"{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}"#]],
    );
}

#[test]
fn positions_count_lines_and_characters() {
    refuses(
        &[
            "[\n  \"é𝄞\", x]",
            "\u{feff}[x]",
            "{\r\n\"a\": 1,\r\n\"b\": oh no, this line is rather long\r\n}",
        ],
        &expect![[r#"
            "[\n  \"é𝄞\", x]" Unexpected @14
              expected a value, found `x]` (line 2, column 9)
            "\u{feff}[x]" Unexpected @4
              expected a value, found `x]` (line 1, column 2)
            "{\r\n\"a\": 1,\r\n\"b\": oh no, this l" Unexpected @17
              expected a value, found `oh no, this line is …` (line 3, column 6)
        "#]],
    );
}

#[test]
fn nesting_stops_at_the_limit() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(parse(&nested(DEPTH)).is_ok());
    refuses(
        &[&nested(DEPTH + 1), &"{\"a\":".repeat(1_000_000)],
        &expect![[r#"
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[" TooDeep @128
              nested too deeply: expected at most 128 levels (line 1, column 129)
            "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":" TooDeep @640
              nested too deeply: expected at most 128 levels (line 1, column 641)
        "#]],
    );
}

#[test]
fn finds_only_what_is_asked() {
    use Step::{Index, Name};

    let text = r#"{"a":[1,{"b\u0021":[],"c":12.50}],"d":"x","e":null}"#;
    let found = |steps: &[Step<'_>]| match find(text, steps) {
        Ok(found) => found.map_or("nothing".to_owned(), |value| write(&value)),
        Err(error) => error.to_string(),
    };
    assert_eq!(found(&[Name("a"), Index(1), Name("c")]), "12.50");
    assert_eq!(found(&[Name("a"), Index(1), Name("b!")]), "[]");
    assert_eq!(found(&[Name("d")]), "\"x\"");
    assert_eq!(found(&[Name("e")]), "null");
    assert_eq!(found(&[]), write(&parse(text).expect("valid")));
    for steps in [
        &[Name("z")][..],
        &[Index(0)],
        &[Name("a"), Index(2)],
        &[Name("a"), Name("b")],
        &[Name("d"), Name("x")],
        &[Name("e"), Name("x")],
    ] {
        assert_eq!(found(steps), "nothing", "{steps:?}");
    }
    assert_eq!(find("[1,", &[Index(0)]).map_err(|error| error.kind), Err(Kind::UnexpectedEnd));
    assert_eq!(find("[0]", &[Index(usize::MAX)]), Ok(None));
}

#[test]
fn pretty_text_is_indented() {
    let value = parse(r#"{"a":[1,{"b":[]}],"c":{},"d":"x"}"#).expect("valid");
    expect![[r#"
        {
          "a": [
            1,
            {
              "b": []
            }
          ],
          "c": {},
          "d": "x"
        }"#]]
    .assert_eq(&pretty(&value));
    assert_eq!(parse(&pretty(&value)), Ok(value));
}

fn any_number() -> impl Strategy<Value = Value> {
    "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?"
        .prop_map(|text| Value::Number(Number::new(&text).expect("the grammar of numbers")))
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any_number(),
        any::<String>().prop_map(Value::Text),
        "[\\x00-\\x22\\\\a]{0,8}".prop_map(Value::Text),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        let fields = prop::collection::vec((any::<String>(), inner.clone()), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(Value::List),
            fields.prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Whether the oracle accepts the bytes, leaving out what it decides otherwise: it limits
/// the magnitude of numbers, lets the last of duplicate keys win and stops one level earlier.
fn oracle(bytes: &[u8]) -> Option<bool> {
    match serde_json::from_slice::<serde_json::Value>(bytes) {
        Ok(_) => Some(true),
        Err(error) if error.to_string().contains("number out of range") => None,
        Err(error) if error.to_string().contains("recursion limit") => None,
        Err(_) => Some(false),
    }
}

fn agrees_with_the_oracle(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    let outcome = parse(text);
    assert_eq!(check(text).err(), outcome.clone().err());
    let differs = matches!(&outcome, Err(Error { kind: Kind::DuplicateKey(_), .. }))
        || text.starts_with('\u{feff}');
    if let (false, Some(accepted)) = (differs, oracle(bytes)) {
        assert_eq!(outcome.is_ok(), accepted, "{text:?}: {outcome:?}");
    }
}

proptest! {
    #[test]
    fn writing_and_reading_return_the_value(value in any_value()) {
        let text = write(&value);
        let read = parse(&text).expect(&text);
        prop_assert_eq!(&read, &value);
        // Equality ignores the order of keys, the text does not.
        prop_assert_eq!(write(&read), text);
        prop_assert_eq!(parse(&pretty(&value)).expect("pretty text is JSON"), value);
    }

    #[test]
    fn every_field_is_found(value in any_value()) {
        let text = write(&value);
        for (name, field) in value.as_object().into_iter().flatten() {
            prop_assert_eq!(find(&text, &[Step::Name(name)]), Ok(Some(field.clone())));
        }
        for (index, item) in value.as_list().into_iter().flatten().enumerate() {
            prop_assert_eq!(find(&text, &[Step::Index(index)]), Ok(Some(item.clone())));
        }
    }

    #[test]
    fn mutated_texts_are_judged_like_the_oracle(
        value in any_value(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any_byte(), 0..3), 1..4),
    ) {
        let mut bytes = write(&value).into_bytes();
        for (place, byte, how) in edits {
            let at = place.index(bytes.len() + 1);
            match how {
                0 => bytes.insert(at, byte),
                1 if at < bytes.len() => bytes[at] = byte,
                _ if at < bytes.len() => drop(bytes.remove(at)),
                _ => {}
            }
        }
        agrees_with_the_oracle(&bytes);
    }

    #[test]
    fn soups_of_tokens_are_judged_like_the_oracle(
        tokens in prop::collection::vec(prop::sample::select(TOKENS), 0..12),
    ) {
        agrees_with_the_oracle(tokens.concat().as_bytes());
    }
}

const TOKENS: &[&str] = &[
    "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"a\":", "0", "1", "-", ".", "e", "E", "+", "\\",
    "\\u", "d800", "\\udc00", "true", "false", "null", " ", "\n", "é", "nul", "12.5e3",
];

fn any_byte() -> impl Strategy<Value = u8> {
    prop_oneof![any::<u8>(), prop::sample::select(&b"{}[]:,\"\\0123456789.-+eEu \n\tabtfn"[..])]
}
