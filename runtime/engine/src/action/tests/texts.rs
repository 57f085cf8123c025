//! Actions that only calculate, and the log.

use expect_test::expect;
use flow::expr::Type;
use model::{Value, json};

use super::Ground;
use crate::action::{BESIDE, Output, signatures};

fn text(ground: &Ground, action: &str, given: &str) -> String {
    let value = ground.value(action, given);
    value.as_text().map_or_else(|| value.to_string(), str::to_owned)
}

#[test]
fn json_is_parsed_and_written_exactly() {
    let ground = Ground::new();
    let document = r#"{"b":5000.00,"a":[null,true,12345678901234567890123],"é":"\n"}"#;
    let given = format!(r#"{{"text": {}}}"#, json::write(&Value::from(document)));
    let parsed = ground.value("json.parse", &given);
    assert_eq!(json::write(&parsed), document);
    // What is parsed already stays as it is.
    let again = ground.value("json.parse", &format!(r#"{{"text": {parsed}}}"#));
    assert_eq!(again, parsed);
    let written = text(&ground, "json.stringify", &format!(r#"{{"value": {parsed}}}"#));
    assert_eq!(written, document);
    let indented = text(&ground, "json.stringify", r#"{"value": {"a": [1]}, "indent": true}"#);
    assert_eq!(json::parse(&indented).unwrap().to_string(), r#"{"a":[1]}"#);
    assert!(indented.contains('\n'));
}

#[test]
fn schemas_and_samples_judge_what_is_parsed() {
    let ground = Ground::new();
    let given = |text: &str, beside: &str| format!(r#"{{"text": {text}, {beside}}}"#);
    let sample = r#""sample": {"ID": "I-1", "Amount": 1.5, "Due": null, "Lines": [{"No": 1}]}"#;
    for fine in [
        r#"{"ID": "x", "Amount": 12.50, "Due": "2026-01-31", "Lines": []}"#,
        r#"{"ID": "x", "Amount": 12.50, "Due": null, "Lines": [{"No": 7}]}"#,
    ] {
        ground.value("json.parse", &given(fine, sample));
    }
    let said = [
        r#"{"ID": "x", "Amount": "12.50", "Due": null, "Lines": []}"#,
        r#"{"ID": "x", "Due": null, "Lines": []}"#,
        r#"{"ID": "x", "Amount": 1, "Due": null, "Lines": [{"No": "a"}]}"#,
    ]
    .map(|wrong| ground.said("json.parse", &given(wrong, sample)));
    expect![[r"
        business json/mistyped: the value is not what it should be: `Amount`: expected number, found text
          hint: `number(…)` turns a text into a number
        business json/mistyped: the value is not what it should be: `Amount`: it is missing
          hint: give number
        business json/mistyped: the value is not what it should be: `Lines[…].No`: `a` is not a number
          hint: a number is written as `12`, `-0.5` or `1e3`
    "]].assert_eq(&said.concat());
    let schema = r#""schema": {"type": "object", "properties": {"n": {"type": "number"}},
        "required": ["n"]}"#;
    ground.value("json.parse", &given(r#"{"n": 1}"#, schema));
    assert_eq!(ground.failure("json.parse", &given("{}", schema)).code, "json/mistyped");
    let both = ground.failure("json.parse", &given("1", r#""schema": {}, "sample": 1"#));
    assert_eq!(both.code, "action/bad-input");
    // Whoever performs it has read what the flow names.
    let path = ground.failure("json.parse", &given("1", r#""sample": "samples/invoice.json""#));
    assert_eq!(path.code, "action/bad-input");
}

#[test]
fn documents_beside_are_inputs() {
    for (action, names) in BESIDE {
        let signature = signatures().iter().find(|known| known.name == *action).unwrap();
        for name in *names {
            assert_eq!(signature.inputs[*name].takes, Type::Unknown);
        }
    }
}

#[test]
fn bad_json_is_shown_where_it_is() {
    let ground = Ground::new();
    let said =
        [r#"{"text": ""}"#, r#"{"text": "{\"a\": 1,\n}"}"#, r#"{"text": "{\"a\":1,\"a\":2}"}"#]
            .map(|given| ground.said("json.parse", given));
    expect![[r#"
        business json/invalid: the text is empty: expected a value
          hint: JSON is read strictly: double quotes, no comments, no comma before a closing bracket, each key once
        business json/invalid: expected a key in double quotes, found `}` (line 2, column 1)
          hint: JSON is read strictly: double quotes, no comments, no comma before a closing bracket, each key once
        business json/invalid: duplicate key "a" (line 1, column 8)
          hint: JSON is read strictly: double quotes, no comments, no comma before a closing bracket, each key once
    "#]].assert_eq(&said.concat());
}

#[test]
fn the_calendar_is_counted() {
    let ground = Ground::new();
    for (action, given, told) in [
        ("datetime.now", "{}", "2026-01-31T08:00:00Z"),
        (
            "datetime.now",
            r#"{"zone": "Europe/Berlin"}"#,
            "2026-01-31T09:00:00+01:00[Europe/Berlin]",
        ),
        ("datetime.add", r#"{"to": "2026-01-31T08:00:00Z", "months": 1}"#, "2026-02-28T08:00:00Z"),
        (
            "datetime.add",
            r#"{"to": "2026-01-31T08:00:00Z", "months": 1, "days": 1, "hours": -9}"#,
            "2026-02-28T23:00:00Z",
        ),
        (
            "datetime.add",
            r#"{"to": "2026-03-28T12:00:00+01:00[Europe/Berlin]", "days": 1}"#,
            "2026-03-29T12:00:00+02:00[Europe/Berlin]",
        ),
        (
            "datetime.subtract",
            r#"{"later": "2026-01-31T08:00:00Z", "earlier": "2026-01-29T20:00:00Z"}"#,
            "1.5",
        ),
        (
            "datetime.subtract",
            r#"{"later": "2026-01-31T08:00:00Z", "earlier": "2026-01-31T08:00:30Z",
                "unit": "minutes"}"#,
            "-0.5",
        ),
        (
            "datetime.parse",
            r#"{"text": "06/04/2023", "pattern": "dd/MM/yyyy", "zone": "Europe/Berlin"}"#,
            "2023-04-06T00:00:00+02:00[Europe/Berlin]",
        ),
        (
            "datetime.format",
            r#"{"moment": "2026-01-31T08:00:00Z", "pattern": "dd.MM.yyyy HH:mm",
                "zone": "+05:30"}"#,
            "31.01.2026 13:30",
        ),
        ("datetime.format", r#"{"moment": "2026-01-31T08:00:00Z"}"#, "2026-01-31T08:00:00Z"),
    ] {
        assert_eq!(text(&ground, action, given), told, "{action} {given}");
    }
}

#[test]
fn wrong_moments_are_told_by_their_input() {
    let ground = Ground::new();
    let said = [
        ("datetime.add", r#"{"to": "2026-01-31", "days": 1}"#),
        ("datetime.add", r#"{"to": "2026-01-31T08:00:00Z"}"#),
        ("datetime.add", r#"{"to": "2026-01-31T08:00:00Z", "days": 1.5}"#),
        ("datetime.subtract", r#"{"later": "2026-01-31T08:00:00Z", "earlier": 1, "unit": "days"}"#),
        (
            "datetime.subtract",
            r#"{"later": "2026-01-31T08:00:00Z", "earlier": "2026-01-31T08:00:00Z",
                "unit": "day"}"#,
        ),
    ]
    .map(|(action, given)| ground.said(action, given));
    expect![[r"
        generic action/bad-input: `to` is no datetime: `2026-01-31`: expected `T` and the time of day at column 11, found the end
          hint: a datetime looks like 2026-04-06T09:30:00+02:00; give a pattern for other texts
        generic action/bad-input: it says nothing to add
          hint: give `days: 7`, or another unit
        generic action/bad-input: `days` is the number 1.5, not a whole number
          hint: give a whole number
        generic action/bad-input: `earlier` is the number 1, not a datetime such as `2026-04-06T09:30:00Z`
          hint: give a datetime such as `2026-04-06T09:30:00Z`
        generic action/bad-input: `unit` is `day`, which is none of its words
          hint: did you mean `days`?
    "]].assert_eq(&said.concat());
}

#[test]
fn lines_are_logged_with_level() {
    let ground = Ground::new();
    let given = r#"{"message": "late\n", "level": "warning", "data": {"ID": 1}}"#;
    assert_eq!(ground.perform("log", given), Ok(Output::Nothing));
    ground.perform("log", r#"{"message": ""}"#).unwrap();
    assert_eq!(ground.lines.texts(), ["warning late\\n {\"ID\":1}", "info "]);
    assert_eq!(ground.failure("log", r#"{"message": 1}"#).code, "action/bad-input");
}
