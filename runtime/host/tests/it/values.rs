//! Single values, in and out: what is taken, what is refused, and with which words.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
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

/// Sends each value in by the parameter `a`, and what was read out again.
fn taken(rows: &[(&str, &str)], expected: &Expect) {
    let signature = signature();
    let mut table = String::new();
    for (name, value) in rows {
        let step = step(&signature, name);
        let mut vals = input(step, &format!(r#"{{"a":{value}}}"#)).expect(value);
        let back = output(step, vals.pop().map(wrapped(name))).expect(value).expect(value);
        writeln!(table, "{name} {value} -> {back}").expect("a string");
    }
    expected.assert_eq(&table);
}

/// A step that returns a result fails; so these return a list with one.
fn wrapped(name: &str) -> impl Fn(Val) -> Val {
    let is_result = matches!(name, "result" | "bare");
    move |val| if is_result { Val::List(vec![val]) } else { val }
}

fn refused(rows: &[(&str, &str)], expected: &Expect) {
    let signature = signature();
    let mut table = String::new();
    for (name, value) in rows {
        let step = step(&signature, name);
        let mismatch = input(step, &format!(r#"{{"a":{value}}}"#)).expect_err(value);
        let (code, hint) = (mismatch.code(), mismatch.hint());
        assert_ne!((code, hint.len()), ("", 0));
        writeln!(table, "{mismatch}").expect("a string");
    }
    expected.assert_eq(&table);
}

#[test]
fn values_are_taken_and_given() {
    taken(
        &[
            ("u8", "255"),
            ("u8", "-0"),
            ("s8", "-128"),
            ("u64", "18446744073709551615"),
            ("s64", "-9223372036854775808"),
            ("f32", "0.1"),
            ("f32", "16777217"),
            ("f64", "5000"),
            ("f64", "5000.00"),
            ("f64", "0.1"),
            ("f64", "1e21"),
            ("f64", "100000000000000000000000"),
            ("f64", "0.00000000000000000000000012345678901234567"),
            ("f64", "-0"),
            ("f64", "1e-400"),
            ("f64", "1.7976931348623157e308"),
            ("decimal", "5000.00"),
            ("decimal", "12345678901234567890123.10"),
            ("decimal", r#""-0.50""#),
            ("decimal", "1E+400"),
            ("char", r#""é""#),
            ("text", r#""""#),
            ("datetime", r#""2026-04-06T09:30:00+02:00[Europe/Berlin]""#),
            ("json", r#"{"b": [1.50, null], "a": {}}"#),
            ("json", "null"),
            ("bytes", r#""AP8=""#),
            ("bytes", r#""""#),
            ("texts", "[]"),
            ("map", r#"{"z":1,"a":2}"#),
            ("map", "{}"),
            ("pair", r#"[1,"x"]"#),
            ("option", "null"),
            ("option", "7"),
            ("options", "null"),
            ("options", r#"{"some":null}"#),
            ("options", r#"{"some":7}"#),
            ("result", r#"{"ok":1}"#),
            ("result", r#"{"err":"no"}"#),
            ("bare", r#"{"ok":null}"#),
            ("severity", r#""very_high""#),
            ("severity", r#""very-high""#),
            ("severity", r#""veryHigh""#),
            ("severity", r#""VeryHigh""#),
            ("rights", r#"["readWrite","read"]"#),
            ("rights", "[]"),
            ("verdict", r#""approved""#),
            ("verdict", r#"{"needsReview":{"text":"x","unitPrice":1}}"#),
            ("invoice", r#"{"lines":[],"number":"1"}"#),
            ("invoice", r#"{"DueDate":"2026-04-06T09:30:00Z","number":"1","lines":[]}"#),
            ("open", r#"{"whatever":[1],"a":1}"#),
            ("open", r#"{"note":"mine","a":1}"#),
        ],
        &expect![[r#"
            u8 255 -> 255
            u8 -0 -> 0
            s8 -128 -> -128
            u64 18446744073709551615 -> 18446744073709551615
            s64 -9223372036854775808 -> -9223372036854775808
            f32 0.1 -> 0.1
            f32 16777217 -> 16777216
            f64 5000 -> 5000
            f64 5000.00 -> 5000
            f64 0.1 -> 0.1
            f64 1e21 -> 1e21
            f64 100000000000000000000000 -> 1e23
            f64 0.00000000000000000000000012345678901234567 -> 1.2345678901234566e-25
            f64 -0 -> -0
            f64 1e-400 -> 0
            f64 1.7976931348623157e308 -> 1.7976931348623157e308
            decimal 5000.00 -> 5000.00
            decimal 12345678901234567890123.10 -> 12345678901234567890123.10
            decimal "-0.50" -> -0.50
            decimal 1E+400 -> 1E+400
            char "é" -> "é"
            text "" -> ""
            datetime "2026-04-06T09:30:00+02:00[Europe/Berlin]" -> "2026-04-06T09:30:00+02:00[Europe/Berlin]"
            json {"b": [1.50, null], "a": {}} -> {"b":[1.50,null],"a":{}}
            json null -> null
            bytes "AP8=" -> "AP8="
            bytes "" -> ""
            texts [] -> []
            map {"z":1,"a":2} -> {"z":1,"a":2}
            map {} -> {}
            pair [1,"x"] -> [1,"x"]
            option null -> null
            option 7 -> 7
            options null -> null
            options {"some":null} -> {"some":null}
            options {"some":7} -> {"some":7}
            result {"ok":1} -> [{"ok":1}]
            result {"err":"no"} -> [{"err":"no"}]
            bare {"ok":null} -> [{"ok":null}]
            severity "very_high" -> "very_high"
            severity "very-high" -> "very_high"
            severity "veryHigh" -> "very_high"
            severity "VeryHigh" -> "very_high"
            rights ["readWrite","read"] -> ["read_write","read"]
            rights [] -> []
            verdict "approved" -> "approved"
            verdict {"needsReview":{"text":"x","unitPrice":1}} -> {"needs_review":{"text":"x","unit_price":1,"quantity":null}}
            invoice {"lines":[],"number":"1"} -> {"number":"1","due_date":null,"lines":[]}
            invoice {"DueDate":"2026-04-06T09:30:00Z","number":"1","lines":[]} -> {"number":"1","due_date":"2026-04-06T09:30:00Z","lines":[]}
            open {"whatever":[1],"a":1} -> {"a":1,"note":"none"}
            open {"note":"mine","a":1} -> {"a":1,"note":"mine"}
        "#]],
    );
}

#[test]
fn values_of_other_types_are_refused() {
    refused(
        &[
            ("bool", "0"),
            ("u8", "256"),
            ("u8", "-1"),
            ("u8", "1.0"),
            ("u8", "1e1"),
            ("u8", r#""1""#),
            ("s8", "128"),
            ("u64", "18446744073709551616"),
            ("f32", "1e39"),
            ("f64", "1e400"),
            ("f64", "0.123456789012345678"),
            ("f64", "-123456789012345678"),
            ("f64", r#""1""#),
            ("f64", "null"),
            ("decimal", r#""1,5""#),
            ("decimal", r#"" 1""#),
            ("decimal", "true"),
            ("char", r#""""#),
            ("char", r#""ab""#),
            ("text", "1"),
            ("text", "null"),
            ("datetime", r#""2026-04-06""#),
            ("datetime", r#""2026-04-06T09:30:00""#),
            ("datetime", "20260406"),
            ("bytes", r#""AP8""#),
            ("bytes", r#""A P8=""#),
            ("bytes", "[1,2]"),
            ("texts", r#"["a",1]"#),
            ("texts", "{}"),
            ("map", r#"{"a b":1,"c":"x"}"#),
            ("map", r#"{"a b":"x"}"#),
            ("map", "[]"),
            ("pair", "[1]"),
            ("pair", r#"[1,"x",2]"#),
            ("pair", r#"["x",1]"#),
            ("option", r#""x""#),
            ("options", "7"),
            ("options", r#"{"some":7,"more":1}"#),
            ("options", r#"{"some":"x"}"#),
            ("result", "1"),
            ("result", "{}"),
            ("result", r#"{"ok":1,"err":"x"}"#),
            ("result", r#"{"err":1}"#),
            ("bare", r#"{"ok":1}"#),
            ("severity", r#""hihg""#),
            ("severity", "1"),
            ("rights", r#"["read","write"]"#),
            ("rights", r#"["read","Read"]"#),
            ("rights", "[1]"),
            ("verdict", r#""needs_review""#),
            ("verdict", r#"{"approved":1}"#),
            ("verdict", r#"{"rejected":1}"#),
            ("verdict", r#"{"needs_review":{"text":"x","unit_price":"ten"}}"#),
            ("verdict", "{}"),
            ("invoice", "[]"),
            ("invoice", r#"{"number":"1"}"#),
            ("invoice", r#"{"number":"1","lines":[{"text":"x","unit_price":1,"quantity":1.5}]}"#),
            ("invoice", r#"{"number":"1","lines":[],"due_dat":null}"#),
            ("invoice", r#"{"number":"1","lines":[],"due_date":null,"dueDate":null}"#),
            ("open", r#"{"whatever":1}"#),
        ],
        &expect![[r#"
            a: expected true or false, got number 0
            a: expected a whole number from 0 to 255, got number 256
            a: expected a whole number from 0 to 255, got number -1
            a: expected a whole number from 0 to 255, got number 1.0
            a: expected a whole number from 0 to 255, got number 1e1
            a: expected a whole number from 0 to 255, got text "1"
            a: expected a whole number from -128 to 127, got number 128
            a: expected a whole number from 0 to 18446744073709551615, got number 18446744073709551616
            a: expected a number from -3.4028235e38 to 3.4028235e38, got number 1e39
            a: expected a number from -1.7976931348623157e308 to 1.7976931348623157e308, got number 1e400
            a: number 0.123456789012345678 has more than 17 significant digits, of which some would be lost
            a: number -123456789012345678 has more than 17 significant digits, of which some would be lost
            a: expected a number, got text "1"
            a: expected a number, got null
            a: expected a number, got text "1,5"
            a: expected a number, got text " 1"
            a: expected a number, got true
            a: expected a text of one character, got text ""
            a: expected a text of one character, got text "ab"
            a: expected a text, got number 1
            a: expected a text, got null
            a: expected a datetime such as "2026-04-06T09:30:00+02:00", got text "2026-04-06"
            a: expected a datetime such as "2026-04-06T09:30:00+02:00", got text "2026-04-06T09:30:00"
            a: expected a datetime such as "2026-04-06T09:30:00+02:00", got number 20260406
            a: expected a text in base64, got text "AP8"
            a: expected a text in base64, got text "A P8="
            a: expected a text in base64, got a list of 2
            a[1]: expected a text, got number 1
            a: expected a list, got an empty object
            a.c: expected a whole number from 0 to 255, got text "x"
            a["a b"]: expected a whole number from 0 to 255, got text "x"
            a: expected an object, got an empty list
            a: expected a list of 2, got a list of 1
            a: expected a list of 2, got a list of 3
            a[0]: expected a whole number from 0 to 255, got text "x"
            a: expected a whole number from 0 to 255, got text "x"
            a: expected null or an object {"some": …}, got number 7
            a: expected null or an object {"some": …}, got an object with `some`, `more`
            a.some: expected a whole number from 0 to 255, got text "x"
            a: expected an object {"ok": …} or {"err": …}, got number 1
            a: expected an object {"ok": …} or {"err": …}, got an empty object
            a: expected an object {"ok": …} or {"err": …}, got an object with `ok`, `err`
            a.err: expected a text, got number 1
            a.ok: expected null, got number 1
            a: expected one of `low`, `very_high`, got text "hihg"
            a: expected one of `low`, `very_high`, got number 1
            a[1]: expected a list of some of `read`, `read_write`, got text "write"
            a[1]: expected each name once, got text "Read"
            a[0]: expected a text in a list of some of `read`, `read_write`, got number 1
            a: expected an object {"needs_review": …} with an object in it, got text "needs_review"
            a: expected the text "approved" alone, got an object with `approved`
            a: expected one of `approved`, `{"needs_review": …}`, got an object with `rejected`
            a.needs_review.unit_price: expected a number, got text "ten"
            a: expected one of `approved`, `{"needs_review": …}`, got an empty object
            a: expected an object, got an empty list
            a.lines: missing; expected a list
            a.lines[0].quantity: expected a whole number from -2147483648 to 2147483647, got number 1.5
            a.due_dat: unknown name
            a: `due_date` is given twice: as `due_date` and as `dueDate`
            a.a: missing; expected a whole number from 0 to 255
        "#]],
    );
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
        r#"{"invoice":{"number":"1","lines":[{"text":"a\u0007\u202eb","unit_price":1,"x\ny":2}]}}"#,
        r#"{"invoice":{"number":1234567890123456789012345678901234567890123456789012345678901234}}"#,
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
          `wharf plugin inspect` shows what each step takes
        input/mismatch: input: expected an object by the names of the parameters, got null
          `wharf plugin inspect` shows what each step takes
        input/missing: invoice: missing; expected an object
          `wharf plugin inspect` shows what each step takes
        input/unknown: limt: unknown name
          did you mean `limit`?
        input/unknown: ["entirely else"]: unknown name
          known here: `invoice`, `limit`
        input/mismatch: invoice.lines[0].unit_price: expected a number, got text "ten"
          `wharf plugin inspect` shows what each step takes
        input/unknown: invoice.lines[0]["x\ny"]: unknown name
          known here: `text`, `unit_price`, `quantity`
        input/mismatch: invoice.number: expected a text, got number 123456789012345678901234567890123456789012345678901234567890…
          `wharf plugin inspect` shows what each step takes
        input/mismatch: input: `invoice` is given twice: as `Invoice` and as `invoice`
          keep `Invoice` or `invoice`, not both
        input/mismatch: limit: number 0.1234567890123456789 has more than 17 significant digits, of which some would be lost
          a parameter of the type `decimal` keeps every digit
        input/mismatch: invoice: expected an object, got null
          `wharf plugin inspect` shows what each step takes
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
    for (name, returned) in [("u8", None), ("nothing", Some(Val::U8(1))), ("told", None)] {
        let mismatch = output(step(&signature, name), returned).expect_err(name);
        writeln!(table, "{}: {mismatch}", mismatch.code()).expect("a string");
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
        result/mismatch: result: expected a value, got nothing
        result/mismatch: result: expected nothing, got a value of another type
        result/mismatch: result: expected a value, got nothing
    "#]].assert_eq(&table);
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
        writeln!(table, "{name}: {kind} {code}: {message} with {data}").expect("a string");
    }
    expect![[r#"
        classify: business ledger/closed: The ledger is closed. with {"until":"May"}
        classify: it ledger/closed: The ledger is closed. with nothing
        classify: generic ledger/closed: The ledger is closed. with nothing
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
    expect!["result.data: expected JSON text: the text ends early: expected a key in double quotes (line 1, column 2)"].assert_eq(&mismatch.expect_err("it is no JSON").to_string());
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
    // The list itself is a part, too.
    let list = echo(&types::Type::List(types::Type::Bool.into()));
    let mut items = Value::List(vec![Value::Bool(true); VALUE_PARTS_MAX - 2]);
    let mut vals = Val::List(vec![Val::Bool(true); VALUE_PARTS_MAX - 2]);
    for expected in [None, None, Some(("parts", VALUE_PARTS_MAX))] {
        let given = value_of("value", items.clone());
        assert_eq!(over(arguments(&list, &given).map(drop)), expected);
        assert_eq!(over(output(&list, Some(vals.clone())).map(drop)), expected);
        if let (Value::List(items), Val::List(vals)) = (&mut items, &mut vals) {
            items.push(Value::Bool(true));
            vals.push(Val::Bool(true));
        }
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
