//! Values look as the contract says, both ways.

use std::collections::{BTreeMap, HashMap};

use super::Value;
use crate::{DateTime, Decimal, Json, decimal};

fn shown(value: &impl Value) -> String {
    Json::of(value).into()
}

fn refused<T: Value>(json: &str) -> String {
    match Json::from(json).read::<T>() {
        Ok(_) => "read".to_owned(),
        Err(error) => format!("{}: {error}", error.code()),
    }
}

#[track_caller]
fn both_ways<T: Value + PartialEq + std::fmt::Debug>(value: &T, json: &str) {
    assert_eq!(shown(value), json);
    assert_eq!(&Json::from(json).read::<T>().unwrap(), value);
}

#[test]
fn plain_values_are_json_both_ways() {
    both_ways(&true, "true");
    both_ways(&u64::MAX, "18446744073709551615");
    both_ways(&i8::MIN, "-128");
    both_ways(&0.1_f64, "0.1");
    both_ways(&1.5e300_f64, "1.5e300");
    both_ways(&-3.0_f32, "-3");
    both_ways(&'é', "\"é\"");
    both_ways(&"say \"hi\"\n\u{1}".to_owned(), r#""say \"hi\"\n\u0001""#);
    both_ways(&decimal!(5000.00), "5000.00");
    assert_eq!(Json::from("\" 967.45\\t\"").read::<Decimal>().unwrap(), decimal!(967.45));
    both_ways(&Json::from(r#"{"b":[1.50,null]}"#), r#"{"b":[1.50,null]}"#);
    let moment = "2026-04-06T09:30:00+02:00[Europe/Berlin]";
    both_ways(&moment.parse::<DateTime>().unwrap(), &format!("\"{moment}\""));
}

#[test]
fn made_of_others_both_ways() {
    both_ways(&vec![1_u32, 2], "[1,2]");
    both_ways(&b"foo".to_vec(), "\"Zm9v\"");
    both_ways(&vec![("b".to_owned(), 1_u32), ("a".to_owned(), 2)], r#"{"b":1,"a":2}"#);
    both_ways(&vec![(1_u32, 2_u32)], "[[1,2]]");
    both_ways(&(1_u32, "x".to_owned(), false), r#"[1,"x",false]"#);
    both_ways(&BTreeMap::from([("a".to_owned(), vec![1_u8])]), r#"{"a":"AQ=="}"#);
    both_ways(&HashMap::from([("b".to_owned(), 1), ("a".to_owned(), 2_i64)]), r#"{"a":2,"b":1}"#);
    both_ways(&Some(1_u32), "1");
    both_ways(&None::<u32>, "null");
    both_ways(&Some(None::<u32>), r#"{"some":null}"#);
    both_ways(&Some(Some(1_u32)), r#"{"some":1}"#);
    both_ways(&Ok::<u32, String>(1), r#"{"ok":1}"#);
    both_ways(&Err::<(), String>("no".to_owned()), r#"{"err":"no"}"#);
    both_ways(&Box::new(Some(1_u32)), "1");
}

#[test]
fn numbers_come_in_as_meant() {
    assert_eq!(Json::from("7.0").read::<u8>().unwrap(), 7);
    assert_eq!(Json::from("7e1").read::<u8>().unwrap(), 70);
    assert_eq!(Json::from("\"12.50\"").read::<Decimal>().unwrap().to_string(), "12.50");
    assert_eq!(Json::from("3").read::<f64>().unwrap().to_string(), "3");
    assert_eq!(Json::from("\"A\"").read::<char>().unwrap(), 'A');
}

#[test]
fn misfits_say_where_and_why() {
    type Nested = BTreeMap<String, Vec<(u32, Option<Decimal>)>>;
    for (refusal, expected) in [
        (refused::<u8>("256"), "value/mistyped: 256 does not fit: u8 is an integer from 0 to 255"),
        (refused::<u8>("1.5"), "value/mistyped: 1.5 does not fit: u8 is an integer from 0 to 255"),
        (refused::<u8>("\"1\""), "value/mistyped: expected a number, found a text"),
        (refused::<f64>("1e999"), "value/mistyped: 1e999 is too large"),
        (refused::<char>("\"ab\""), "value/mistyped: the text is not one character"),
        (refused::<String>("1"), "value/mistyped: expected a text, found a number"),
        (refused::<Vec<u8>>("\"a\""), "value/mistyped: the text is not base64"),
        (refused::<(u8, u8)>("[1]"), "value/mistyped: expected 2 items, found 1"),
        (refused::<(u8,)>("[]"), "value/mistyped: expected 1 items, found 0"),
        (
            refused::<Nested>(r#"{"lines": [[1, null], [2, "x"]]}"#),
            "value/not-a-number: `lines[1][1]`: `x` is not a number",
        ),
        (
            refused::<Option<Option<u8>>>(r#"{"none": 1}"#),
            "value/unknown-case: no case `none` is known; the cases are `some`",
        ),
        (
            refused::<Json>(r#"{"a": 1,}"#),
            "value/invalid-json: expected a key in double quotes, found `}` (line 1, column 9)",
        ),
    ] {
        assert_eq!(refusal, expected);
    }
}

#[test]
fn floats_have_digits_they_keep() {
    for (digits, fits) in [(16, true), (17, true), (18, false)] {
        let number = "1".repeat(digits);
        let refusal = refused::<f64>(&format!("-0.0{number}00e3"));
        assert_eq!(refusal == "read", fits, "{refusal}");
    }
}

#[test]
fn nesting_has_an_end() {
    for (levels, fits) in [(127, true), (128, true), (129, false)] {
        let json = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        let refusal = refused::<Json>(&json);
        assert_eq!(refusal == "read", fits, "{refusal}");
    }
}

#[test]
fn what_is_not_finite_is_no_json() {
    let json = Json::of(&vec![f64::NAN]);
    assert!(json.read::<Vec<f64>>().unwrap_err().code() == "value/invalid-json");
}
