//! What vectors cannot show: messages, limits and laws.

use expect_test::expect;
use proptest::prelude::*;

use super::{Document, Path, values_at_most};
use crate::limits::{JSON_PATH_BYTES_MAX, JSON_TEXT_BYTES_MAX, JSON_VALUES_MAX};

fn document(text: &str) -> Document {
    Document::parse(text).expect("a test writes JSON")
}

fn text_of(error: &super::Error) -> String {
    format!("{}: {error}\n  hint: {}\n", error.code(), error.hint())
}

#[test]
fn errors_say_how_far_it_led() {
    let text = r#"{"customer": {"name": "Ann"}, "lines": [{"amount": 5.00}], "odd name": null}"#;
    let document = document(text);
    let mut shown = String::new();
    for path in [
        "custmer.name",
        "customer.nam",
        "customer.city",
        "customer.name.first",
        "lines[3].amount",
        "lines[0].Amount",
        "[\"odd nmae\"]",
        "[\"odd name\"].x",
        "lines[x]",
        "customer..name",
        "a b",
    ] {
        let error = document.get(path).expect_err(path);
        shown += &text_of(&error);
    }
    for error in [
        document.get_integer("lines[0].amount").unwrap_err(),
        document.get_bool("customer.name").unwrap_err(),
        document.get_text("[\"odd name\"]").unwrap_err(),
        document.get_number("").unwrap_err(),
        document.length("customer.name").unwrap_err(),
        Document::parse("{\n  \"a\": 1,\n}").unwrap_err(),
    ] {
        shown += &text_of(&error);
    }
    expect![[r#"
        json/missing: there is no `custmer`: the value has no field `custmer`
          hint: did you mean `customer`?
        json/missing: there is no `customer.nam`: `customer` has no field `nam`
          hint: did you mean `customer.name`?
        json/missing: there is no `customer.city`: `customer` has no field `city`
          hint: ask for its kind first where it may be missing
        json/missing: there is no `customer.name.first`: `customer.name` is a text
          hint: ask for its kind first where it may be missing
        json/missing: there is no `lines[3]`: `lines` has 1 item
          hint: the first item is 0
        json/missing: there is no `lines[0].Amount`: `lines[0]` has no field `Amount`
          hint: did you mean `lines[0].amount`?
        json/missing: there is no `["odd nmae"]`: the value has no field `odd nmae`
          hint: did you mean `["odd name"]`?
        json/missing: there is no `["odd name"].x`: `["odd name"]` is null
          hint: ask for its kind first where it may be missing
        json/bad-path: `lines[x]` is not a path: expected a name in quotes or the number of an item at column 7, found `x]`
          hint: paths look like `customer.name`, `lines[0].amount` or `["odd name"]`
        json/bad-path: `customer..name` is not a path: expected the name of a field at column 10, found `.name`
          hint: paths look like `customer.name`, `lines[0].amount` or `["odd name"]`
        json/bad-path: `a b` is not a path: expected `.`, `[` or the end at column 2, found ` b`
          hint: paths look like `customer.name`, `lines[0].amount` or `["odd name"]`
        json/mistyped: `lines[0].amount` is 5.00, which is no integer of 64 bits
          hint: read it as a number to get all its digits
        json/mistyped: `customer.name` is a text, not a bool
          hint: nothing is converted on the way; read it as a text
        json/mistyped: `["odd name"]` is null, not a text
          hint: ask for its kind first where it may be null
        json/mistyped: the value is an object, not a number
          hint: nothing is converted on the way; read it as an object
        json/mistyped: `customer.name` is a text, not a list or an object
          hint: nothing is converted on the way; read it as a text
        json/invalid: expected a key in double quotes, found `}` (line 3, column 1)
          hint: JSON is read strictly: double quotes, no comments, no comma before a closing bracket, each key once
    "#]].assert_eq(&shown);
}

#[test]
fn texts_are_bounded() {
    let text = |bytes: usize| format!("\"{}\"", "x".repeat(bytes - 2));
    assert!(Document::parse(&text(JSON_TEXT_BYTES_MAX - 1)).is_ok());
    assert!(Document::parse(&text(JSON_TEXT_BYTES_MAX)).is_ok());
    let error = Document::parse(&text(JSON_TEXT_BYTES_MAX + 1)).unwrap_err();
    assert_eq!(error.code(), "limit/exceeded");
}

#[test]
fn counts_of_values_are_bounded() {
    // The list is a value too.
    let text = |values: usize| format!("[{}0]", "0,".repeat(values - 2));
    assert!(Document::parse(&text(JSON_VALUES_MAX - 1)).is_ok());
    assert!(Document::parse(&text(JSON_VALUES_MAX)).is_ok());
    let error = Document::parse(&text(JSON_VALUES_MAX + 1)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`json-values` is 1000001 values, over the limit of 1000000 values"
    );
    assert_eq!(values_at_most(r#"["a,[{\",", {"b": 1}]"#), 4);
}

#[test]
fn paths_are_bounded() {
    let document = document("{}");
    for (bytes, code) in [
        (JSON_PATH_BYTES_MAX - 1, "json/missing"),
        (JSON_PATH_BYTES_MAX, "json/missing"),
        (JSON_PATH_BYTES_MAX + 1, "limit/exceeded"),
    ] {
        assert_eq!(document.get(&"x".repeat(bytes)).unwrap_err().code(), code);
    }
}

#[test]
fn larger_documents_hold_more() {
    let small = document("[1]").held_bytes();
    let large = document(&format!("[{}1]", "{\"name\": [null]},".repeat(1_000))).held_bytes();
    assert!(large > small + 1_000 * 3 * size_of::<model::Value>(), "{large}");
}

fn names() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z_][a-z0-9_]{0,6}", "[ -~]{0,6}", "\\PC{0,4}", "[\u{0}-\u{1f}\"'\\\\]{1,3}"]
}

proptest! {
    #[test]
    fn paths_read_back_as_written(
        names in prop::collection::vec(names(), 0..5),
        index in 0usize..9,
    ) {
        let segments = names.into_iter().map(super::Segment::Name);
        let path = Path(segments.chain([super::Segment::Index(index)]).collect());
        prop_assert_eq!(Path::parse(&path.to_string()), Ok(path));
    }

    #[test]
    fn a_path_finds_what_it_names(name in names(), index in 0usize..4) {
        let path = Path(vec![super::Segment::Name(name.clone()), super::Segment::Index(index)]);
        let items = (0..4u64).map(model::Value::from).collect::<Vec<_>>();
        let fields = indexmap::IndexMap::from([(name, model::Value::from(items))]);
        let document = Document::from(model::Value::from(fields));
        prop_assert_eq!(document.get_integer(&path.to_string()), Ok(index as i64));
    }

    #[test]
    fn no_path_and_no_text_panics(
        path in "\\PC{0,20}",
        text in "[\\[\\]{}\",:0-9a-e\\\\. -]{0,20}",
    ) {
        if let Ok(document) = Document::parse(&text) {
            let _ = document.kind_of(&path);
            prop_assert_eq!(Document::parse(&document.to_text(true)), Ok(document));
        }
    }
}
