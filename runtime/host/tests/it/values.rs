//! Single values, in and out: what is taken, what is refused, and with which words.

use std::fmt::Write as _;

use expect_test::{ExpectFile, expect, expect_file};
use host::signature::StepSignature;
use host::value::limits::{VALUE_BYTES_MAX, VALUE_PARTS_MAX};
use host::value::{Mismatch, Problem, arguments, output};
use host::{Signature, types};
use model::{Value, json};
use wasmtime::component::Val;

use crate::component;
use crate::properties::echo;

const WIT: &str = "package a:b;
    interface steps {
      use wharf:host/types@1.0.0.{decimal, datetime, json, failure};

      enum severity { low, very-high }
      flags rights { read, read-write }
      record line { text: string, unit-price: f64, quantity: option<s32> }
      record invoice { number: string, due-date: option<datetime>, lines: list<line> }
      record open { a: u8, note: string }
      variant verdict { approved, needs-review(line) }

      a-bool: func(a: bool) -> bool;
      a-u8: func(a: u8) -> u8;
      a-s8: func(a: s8) -> s8;
      a-u64: func(a: u64) -> u64;
      a-s64: func(a: s64) -> s64;
      a-f32: func(a: f32) -> f32;
      a-f64: func(a: f64) -> f64;
      a-char: func(a: char) -> char;
      a-text: func(a: string) -> string;
      a-decimal: func(a: decimal) -> decimal;
      a-datetime: func(a: datetime) -> datetime;
      a-json: func(a: json) -> json;
      a-bytes: func(a: list<u8>) -> list<u8>;
      a-texts: func(a: list<string>) -> list<string>;
      a-map: func(a: list<tuple<string, u8>>) -> list<tuple<string, u8>>;
      a-pair: func(a: tuple<u8, string>) -> tuple<u8, string>;
      a-option: func(a: option<u8>) -> option<u8>;
      a-options: func(a: option<option<u8>>) -> option<option<u8>>;
      a-result: func(a: result<u8, string>) -> list<result<u8, string>>;
      a-bare: func(a: result) -> list<result>;
      a-severity: func(a: severity) -> severity;
      a-rights: func(a: rights) -> rights;
      a-invoice: func(a: invoice) -> invoice;
      a-open: func(a: open) -> open;
      a-verdict: func(a: verdict) -> verdict;
      a-jsons: func(a: option<list<list<json>>>) -> option<list<list<json>>>;

      classify: func(invoice: invoice, limit: f64) -> result<severity, failure>;
      told: func() -> result<_, string>;
      chosen: func() -> result<_, verdict>;
      silent: func() -> result<u8>;
      nothing: func();
    }
    world plugin { export steps; }";

fn signature() -> Signature {
    let meta = component::entries(&[r#"{"format":1,"interface":"steps",
        "steps":[{"name":"classify","params":[{"name":"limit","default":5000}]}],
        "types":[{"name":"open","open":true,"fields":[{"name":"note","default":"none"}]}]}"#]);
    let bytes = component::with_core_sections(WIT, &[("wharf:meta", &meta)]);
    Signature::decode(&bytes).expect("it loads")
}

/// The step of that name; those that are named like their types have `a-` before it.
fn step<'s>(signature: &'s Signature, name: &str) -> &'s StepSignature {
    let named = signature.step(&format!("a-{name}")).or_else(|_| signature.step(name));
    named.expect(name)
}

fn input(step: &StepSignature, text: &str) -> Result<Vec<Val>, Mismatch> {
    arguments(step, &json::parse(text).expect("a test writes JSON"))
}

/// Works through a file of lines `TYPE VALUE -> WHAT BECOMES OF IT`.
fn worked(file: &ExpectFile, work: impl Fn(&str, &str) -> String) {
    let text = file.data();
    let lines = text.lines().map(|line| {
        let (given, _) = line.split_once(" -> ").expect("each line has an arrow");
        let (name, value) = given.split_once(' ').expect("each line has a name and a value");
        format!("{given} -> {}\n", work(name, &format!(r#"{{"a":{value}}}"#)))
    });
    file.assert_eq(&lines.collect::<String>());
}

#[test]
fn values_are_taken_and_given() {
    let signature = signature();
    worked(&expect_file!["../data/values/taken.txt"], |name, given| {
        let step = step(&signature, name);
        let val = input(step, given).expect(given).pop();
        // A step that returns a result fails; so these return a list with one.
        let is_result = matches!(name, "result" | "bare");
        let val = val.map(|val| if is_result { Val::List(vec![val]) } else { val });
        output(step, val).expect(given).expect(given).to_string()
    });
}

#[test]
fn values_of_other_types_are_refused() {
    let signature = signature();
    worked(&expect_file!["../data/values/refused.txt"], |name, given| {
        input(step(&signature, name), given).expect_err(given).to_string()
    });
}

#[test]
fn arguments_are_found_by_name() {
    let signature = signature();
    let step = step(&signature, "classify");
    let invoice = r#""invoice":{"number":"1","lines":[]}"#;
    let vals = input(step, &format!("{{{invoice}}}")).expect("the limit has a default");
    assert_eq!(vals[1], Val::Float64(5000.0));
    let vals = input(step, &format!(r#"{{"Limit":1,{invoice}}}"#)).expect("by any spelling");
    assert_eq!(vals[1], Val::Float64(1.0));

    let mut table = String::new();
    for text in [
        "[]",
        "null",
        "{}",
        r#"{"invoice":{"number":"1","lines":[]},"limt":1}"#,
        r#"{"invoice":{"number":"1","lines":[]},"entirely else":1}"#,
        r#"{"invoice":{"number":"1","lines":[{"text":"x","unit_price":"ten"}]}}"#,
        r#"{"invoice":{"number":"1","lines":[{"text":"x","unit_price":1,"x\n\u202e":2}]}}"#,
        r#"{"invoice":{"number":123456789012345678901234567890123456789012345678901234567890123}}"#,
        r#"{"Invoice":1,"invoice":2}"#,
        r#"{"invoice":{"number":"1","lines":[]},"limit":0.1234567890123456789}"#,
        r#"{"invoice":null}"#,
    ] {
        let mismatch = input(step, text).expect_err(text);
        writeln!(table, "{}: {mismatch}\n  {}", mismatch.code(), mismatch.hint())
            .expect("a string");
    }
    expect![[r#"
        input/mismatch: input: expected an object by the names of the parameters, got an empty list
          `wharf plugin inspect` shows the types; with `--schema STEP`, what a step takes
        input/mismatch: input: expected an object by the names of the parameters, got null
          `wharf plugin inspect` shows the types; with `--schema STEP`, what a step takes
        input/missing: invoice: missing; expected an object
          `wharf plugin inspect` shows the types; with `--schema STEP`, what a step takes
        input/unknown: limt: unknown name
          did you mean `limit`?
        input/unknown: ["entirely else"]: unknown name
          known here: `invoice`, `limit`
        input/mismatch: invoice.lines[0].unit_price: expected a number, got text "ten"
          `wharf plugin inspect` shows the types; with `--schema STEP`, what a step takes
        input/unknown: invoice.lines[0]["x\n\u{202e}"]: unknown name
          known here: `text`, `unit_price`, `quantity`
        input/mismatch: invoice.number: expected a text, got number 123456789012345678901234567890123456789012345678901234567890…
          `wharf plugin inspect` shows the types; with `--schema STEP`, what a step takes
        input/mismatch: input: `invoice` is given twice: as `Invoice` and as `invoice`
          keep `Invoice` or `invoice`, not both
        input/mismatch: limit: number 0.1234567890123456789 has more than 17 significant digits, of which some would be lost
          a parameter of the type `decimal` keeps every digit
        input/mismatch: invoice: expected an object, got null
          `wharf plugin inspect` shows the types; with `--schema STEP`, what a step takes
    "#]].assert_eq(&table);
}

#[test]
fn results_that_json_lacks_are_refused() {
    let signature = signature();
    let text = |text: &str| Val::String(text.into());
    let pair = |key: &str| Val::Tuple(vec![text(key), Val::U8(1)]);
    let deep = "[".repeat(126) + &"]".repeat(126);
    let too_deep = format!("[{deep}]");
    let inside = |text: &str| {
        let list = Val::List(vec![Val::List(vec![Val::String(text.into())])]);
        Val::Option(Some(Box::new(list)))
    };
    assert!(output(step(&signature, "jsons"), Some(inside(&deep))).is_ok());
    let mut table = String::new();
    for (name, val) in [
        ("f64", Val::Float64(f64::NAN)),
        ("f64", Val::Float64(f64::INFINITY)),
        ("f32", Val::Float32(f32::NEG_INFINITY)),
        ("decimal", text("1,50")),
        ("decimal", text("NaN")),
        ("datetime", text("tomorrow")),
        ("json", text("{\"a\":1,}")),
        ("json", text("{\"a\":1,\"a\":2}")),
        ("json", text("")),
        ("jsons", inside(&too_deep)),
        ("map", Val::List(vec![pair("a"), pair("b"), pair("a")])),
        ("u8", text("1")),
        ("bool", Val::U8(1)),
        ("severity", Val::Enum("other".into())),
        ("invoice", Val::Record(Vec::new())),
    ] {
        let step = step(&signature, name);
        let mismatch = output(step, Some(val)).expect_err(name);
        writeln!(table, "{}: {mismatch}\n  {}", mismatch.code(), mismatch.hint())
            .expect("a string");
    }
    expect![[r#"
        result/mismatch: result: expected a number that JSON has, got NaN
          the plugin has to be corrected: this is what it returned
        result/mismatch: result: expected a number that JSON has, got inf
          the plugin has to be corrected: this is what it returned
        result/mismatch: result: expected a number that JSON has, got -inf
          the plugin has to be corrected: this is what it returned
        result/mismatch: result: expected the text of a number, got text "1,50"
          the plugin has to be corrected: this is what it returned
        result/mismatch: result: expected the text of a number, got text "NaN"
          the plugin has to be corrected: this is what it returned
        result/mismatch: result: expected a datetime such as "2026-04-06T09:30:00+02:00", got text "tomorrow"
          the plugin has to be corrected: this is what it returned
        result/invalid-json: result: expected JSON text: expected a key in double quotes, found `}` (line 1, column 8)
          the plugin has to be corrected: this is what it returned
        result/invalid-json: result: expected JSON text: duplicate key "a" (line 1, column 8)
          the plugin has to be corrected: this is what it returned
        result/invalid-json: result: expected JSON text: the text is empty: expected a value
          the plugin has to be corrected: this is what it returned
        limit/exceeded: result[0][0]: nested too deeply
          at most 128 levels are possible
        result/mismatch: result[2]: expected each key once, got "a" again
          the plugin has to be corrected: this is what it returned
        result/mismatch: result: expected a whole number from 0 to 255, got text "1"
          the plugin has to be corrected: this is what it returned
        result/mismatch: result: expected true or false, got a value of another type
          the plugin has to be corrected: this is what it returned
        result/mismatch: result: expected a known case, got text "other"
          the plugin has to be corrected: this is what it returned
        result/mismatch: result: expected an object, got one with other fields
          the plugin has to be corrected: this is what it returned
    "#]].assert_eq(&table);
}

#[test]
fn results_of_other_arity_are_refused() {
    let signature = signature();
    for (name, returned) in [("u8", None), ("nothing", Some(Val::U8(1))), ("told", None)] {
        let mismatch = output(step(&signature, name), returned).expect_err(name);
        assert_eq!((mismatch.path().as_str(), mismatch.code()), ("result", "result/mismatch"));
    }
}

#[test]
fn failures_are_told_apart() {
    let signature = signature();
    let failed = |val: Option<Val>| Some(Val::Result(Err(val.map(Box::new))));
    let text = |text: &str| Val::String(text.into());
    let failure = |kind: &str, data: Option<&str>| {
        failed(Some(Val::Record(vec![
            ("kind".into(), Val::Enum(kind.into())),
            ("code".into(), text("ledger/closed")),
            ("message".into(), text("The ledger is closed.")),
            ("hint".into(), Val::Option(Some(Box::new(text("Wait until Monday."))))),
            ("data".into(), Val::Option(data.map(|data| Box::new(text(data))))),
        ])))
    };
    let line = Val::Record(vec![
        ("text".into(), text("x")),
        ("unit-price".into(), Val::Float64(1.5)),
        ("quantity".into(), Val::Option(None)),
    ]);
    let review = Val::Variant("needs-review".into(), Some(Box::new(line)));
    let mut table = String::new();
    for (name, returned) in [
        ("classify", failure("business", Some(r#"{"until":"May"}"#))),
        ("classify", failure("it", None)),
        ("classify", failure("generic", Some("null"))),
        ("told", failed(Some(text("no such queue")))),
        ("chosen", failed(Some(Val::Variant("approved".into(), None)))),
        ("chosen", failed(Some(review))),
        ("silent", failed(None)),
    ] {
        let step = step(&signature, name);
        let failure = output(step, returned).expect(name).expect_err(name);
        let data = failure.data.map_or("nothing".to_owned(), |data| data.to_string());
        let (kind, code, message) = (failure.kind.name(), failure.code, failure.message);
        let hint = failure.hint.unwrap_or_default();
        writeln!(table, "{name}: {kind} {code}: {message} with {data} {hint}").expect("a string");
    }
    expect![[r#"
        classify: business ledger/closed: The ledger is closed. with {"until":"May"} Wait until Monday.
        classify: it ledger/closed: The ledger is closed. with nothing Wait until Monday.
        classify: generic ledger/closed: The ledger is closed. with nothing Wait until Monday.
        told: business failed: no such queue with nothing 
        chosen: business failed: approved with nothing 
        chosen: business failed: {"needs_review":{"text":"x","unit_price":1.5,"quantity":null}} with {"needs_review":{"text":"x","unit_price":1.5,"quantity":null}} 
        silent: business failed: the step failed and did not say why with nothing 
    "#]].assert_eq(&table);

    let succeeded = Some(Val::Result(Ok(Some(Box::new(Val::Enum("very-high".into()))))));
    let value = output(step(&signature, "classify"), succeeded);
    assert_eq!(value.expect("it fits").expect("it succeeds"), Value::from("very_high"));
    let value = output(step(&signature, "told"), Some(Val::Result(Ok(None))));
    assert_eq!(value.expect("it fits").expect("it succeeds"), Value::Null);
    assert_eq!(output(step(&signature, "nothing"), None), Ok(Ok(Value::Null)));
    let mismatch = output(step(&signature, "classify"), failure("it", Some("{")));
    let mismatch = mismatch.expect_err("it is no JSON");
    assert_eq!(
        (mismatch.path().as_str(), mismatch.code()),
        ("result.err.data", "result/invalid-json")
    );
}

fn value_of(name: &str, value: Value) -> Value {
    Value::Object([(name.to_owned(), value)].into_iter().collect())
}

#[test]
fn limits_of_values_are_exact() {
    let over = |result: Result<(), Mismatch>| match result {
        Ok(()) => None,
        Err(mismatch) => {
            assert_eq!(mismatch.code(), "limit/exceeded");
            let &Problem::OverLimit { what, limit } = mismatch.problem() else {
                panic!("{mismatch}")
            };
            Some((what, limit))
        }
    };
    let list = echo(&types::Type::List(types::Type::Bool.into()));
    for (parts, expected) in [
        (VALUE_PARTS_MAX - 1, None),
        (VALUE_PARTS_MAX, None),
        (VALUE_PARTS_MAX + 1, Some(("parts", VALUE_PARTS_MAX))),
    ] {
        // The list itself is a part, too.
        let given = value_of("value", Value::List(vec![Value::Bool(true); parts - 1]));
        assert_eq!(over(arguments(&list, &given).map(drop)), expected);
        drop(given);
        let vals = Val::List(vec![Val::Bool(true); parts - 1]);
        assert_eq!(over(output(&list, Some(vals)).map(drop)), expected);
    }
    let text = echo(&types::Type::Text);
    for (length, expected) in [
        (VALUE_BYTES_MAX - 1, None),
        (VALUE_BYTES_MAX, None),
        (VALUE_BYTES_MAX + 1, Some(("bytes of text", VALUE_BYTES_MAX))),
    ] {
        let long = "x".repeat(length);
        let given = value_of("value", Value::from(&*long));
        assert_eq!(over(arguments(&text, &given).map(drop)), expected);
        assert_eq!(over(output(&text, Some(Val::String(long))).map(drop)), expected);
    }
}

#[test]
fn depth_of_json_is_limited() {
    let step = echo(&types::Type::Json);
    let nested = |levels: usize| (0..levels).fold(Value::Null, |inner, _| Value::List(vec![inner]));
    for (levels, fits) in [(127, true), (128, true), (129, false), (5_000, false)] {
        let result = arguments(&step, &value_of("value", nested(levels)));
        assert_eq!(result.is_ok(), fits, "{levels} levels");
        if let Err(mismatch) = result {
            assert_eq!(mismatch.problem(), &Problem::TooDeep { limit: 128 });
            assert_eq!(mismatch.path(), "value");
        }
    }
}
