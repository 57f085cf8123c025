//! Values of a plugin's own types look outside as the contract says.

use std::collections::{BTreeMap, HashMap};

use guest::shapes::{
    Bindings, Color, Component, Decision, Id, Line, Nested, Plain, keep_nested, keep_plain, later,
};
use wharf::{Json, Value, decimal, fake};

fn line(sku: &str) -> Line {
    Line { sku: sku.into(), quantity: 2, currency: "USD".into() }
}

fn nested() -> Nested {
    Nested {
        lines: vec![line("A")],
        bytes: b"foo".to_vec(),
        pairs: vec![("b".into(), 1), ("a".into(), 2)],
        sorted: BTreeMap::from([("x".into(), vec![decimal!(1.50)])]),
        unsorted: HashMap::from([("y".into(), line("B"))]),
        maybe: Some(Box::new(line("C"))),
        perhaps: Some(None),
        outcome: Err("no".into()),
        done: Ok(()),
        tuple: (7, "x".into(), None),
        id: Id("1".into()),
        total: decimal!(5000.00),
    }
}

const NESTED: &str = concat!(
    r#"{"lines":[{"sku":"A","quantity":2,"currency":"USD"}],"bytes":"Zm9v","#,
    r#""pairs":{"b":1,"a":2},"sorted":{"x":[1.50]},"#,
    r#""unsorted":{"y":{"sku":"B","quantity":2,"currency":"USD"}},"#,
    r#""maybe":{"sku":"C","quantity":2,"currency":"USD"},"perhaps":{"some":null},"#,
    r#""outcome":{"err":"no"},"done":{"ok":null},"tuple":[7,"x",null],"id":"1","total":5000.00}"#,
);

#[track_caller]
fn both_ways<T: Value + PartialEq + std::fmt::Debug>(value: &T, json: &str) {
    assert_eq!(Json::of(value).as_str(), json);
    assert_eq!(&Json::from(json).read::<T>().unwrap(), value);
}

#[test]
fn own_types_are_json_both_ways() {
    both_ways(&nested(), NESTED);
    both_ways(&Id("1".into()), "\"1\"");
    both_ways(&vec![Color::Red, Color::DarkGreen], r#"["red","dark_green"]"#);
    both_ways(&Decision::Approved, "\"approved\"");
    both_ways(&Decision::ApprovedBy("Ann".into()), r#"{"approved_by":"Ann"}"#);
    both_ways(&Decision::HTTPStatus(404), r#"{"http_status":404}"#);
    let review = Decision::NeedsReview { reason: "late".into(), colors: vec![Color::DarkGreen] };
    both_ways(&review, r#"{"needs_review":{"reason":"late","colors":["dark_green"]}}"#);
}

#[test]
fn names_of_the_code_around_are_free() {
    let own = Bindings::Own { out: 1, node: 2, fields: 3, value: 4, wire: 5 };
    both_ways(&own, r#"{"own":{"out":1,"node":2,"fields":3,"value":4,"wire":5}}"#);
    let component =
        Component { out: 1, node: 2, fields: 3, value: 4, wire: 5, own: 6, this_: 7, name: 8 };
    let json = r#"{"out":1,"node":2,"fields":3,"value":4,"wire":5,"own":6,"this":7,"name":8}"#;
    both_ways(&component, json);
}

#[test]
fn names_may_be_spelt_otherwise() {
    for json in [
        r#"{"sku": "A", "quantity": 2, "currency": "USD"}"#,
        r#"{"Sku": "A", "Quantity": 2, "Currency": "USD", "more": true}"#,
    ] {
        assert_eq!(Json::from(json).read::<Line>().unwrap(), line("A"), "{json}");
    }
    for json in ["\"DarkGreen\"", "\"dark-green\"", "\"darkGreen\"", "\"dark_green\""] {
        assert_eq!(Json::from(json).read::<Color>().unwrap(), Color::DarkGreen, "{json}");
    }
}

#[test]
fn missing_fields_get_their_default() {
    let line: Line = Json::from(r#"{"sku": "A"}"#).read().unwrap();
    assert_eq!(line, Line { sku: "A".into(), quantity: 1, currency: "EUR".into() });
    let review: Decision = Json::from(r#"{"needs_review": {"reason": "late"}}"#).read().unwrap();
    let colors = vec![Color::Red];
    assert_eq!(review, Decision::NeedsReview { reason: "late".into(), colors });
}

#[test]
fn misfits_name_field_and_case() {
    let refused = |json: &str| Json::from(json).read::<Vec<Decision>>().unwrap_err().to_string();
    for (json, expected) in [
        (
            r#"["approve"]"#,
            "`[0]`: no case `approve` is known; the cases are `approved`, \
                            `approved_by`, `needs_review`, `http_status`",
        ),
        (r#"["needs_review"]"#, "`[0]`: the case `needs_review` carries a value"),
        (r#"[{"approved": 1}]"#, "`[0]`: the case `approved` carries nothing"),
        (
            r#"[{"http_status": 65536}]"#,
            "`[0].http_status`: 65536 does not fit: u16 is an \
                                         integer from 0 to 65535",
        ),
        (r#"[{"needs_review": {}}]"#, "`[0].needs_review`: the field `reason` is missing"),
        (
            r#"[{"needs_review": {"reason": "x", "colour": 1}}]"#,
            "`[0].needs_review`: no field `colour` is known; the fields are `reason`, `colors`",
        ),
        (
            r#"[{"needs_review": {"reason": "x", "Reason": "y"}}]"#,
            "`[0].needs_review`: `Reason` is there twice, in two spellings",
        ),
    ] {
        assert_eq!(refused(json), expected);
    }
}

#[test]
fn steps_are_functions() {
    let nested = nested();
    assert_eq!(keep_nested(nested.clone()).unwrap(), nested);
    let plain = Plain {
        flag: true,
        tiny: 1,
        small: 2,
        middle: 3,
        large: 4,
        signed_tiny: -1,
        signed_small: -2,
        signed_middle: -3,
        signed_large: -4,
        single: 0.5,
        double: 0.25,
        letter: 'é',
        text: "x".into(),
        amount: decimal!(1253.78),
        moment: "2026-04-06T09:30:00+02:00".parse().unwrap(),
        anything: Json::from("[]"),
        r#type: "y".into(),
    };
    assert_eq!(keep_plain(plain.clone()), plain);
    assert_eq!(fake::wait(later("z".into())).unwrap(), "z");
}
