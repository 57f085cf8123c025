//! Samples, their types and their schemas.

use expect_test::expect;
use model::json;
use proptest::prelude::*;

use super::*;

fn value(text: &str) -> Value {
    json::parse(text).expect("a test writes JSON")
}

#[test]
fn samples_tell_what_may_be_missing() {
    let samples = [
        r#"{"id":"a","due":null,"lines":[{"sku":"x","qty":1}],"tags":[]}"#,
        r#"{"id":"b","due":"2026-01-31","lines":[{"sku":"y","qty":2,"note":"z"}],"tags":["t"]}"#,
        r#"{"id":7,"lines":[],"tags":[]}"#,
    ];
    let samples = samples.map(value);
    let expected = r#"{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
        "properties":{"id":{},"due":{"type":["string","null"]},
            "lines":{"type":"array","items":{"type":"object","properties":{"sku":{"type":"string"},
                "qty":{"type":"number"},"note":{"type":"string"}},"required":["sku","qty"]}},
            "tags":{"type":"array","items":{"type":"string"}}},
        "required":["id","lines","tags"]}"#;
    assert_eq!(document(&infer(&samples)), value(expected));
}

#[test]
fn schemas_tell_types() {
    let cases = [
        r#"{"type":"string","format":"date-time"}"#,
        r#"{"enum":["high","low"]}"#,
        r#"{"type":["number","null"]}"#,
        r#"{"anyOf":[{"type":"string"},{"type":"null"}]}"#,
        r#"{"oneOf":[{"type":"string"},{"type":"number"}]}"#,
        r#"{"anyOf":[{},{"type":"null"}]}"#,
        r#"{"type":"object","additionalProperties":{"type":"number"}}"#,
        r#"{"type":"array"}"#,
        r##"{"$defs":{"a":{"type":"boolean"}},"type":"array","items":{"$ref":"#/$defs/a"}}"##,
        r##"{"$defs":{"a":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"}"##,
        r#"{"$ref":"https://example.org/schema"}"#,
        r##"{"$ref":"#/$defs/none"}"##,
        r#"{"type":"object","properties":{"a":3}}"#,
        "true",
        "[]",
    ];
    let told = cases.map(|text| match from_schema(&value(text)) {
        Ok(known) => format!("{text}\n    {known}\n"),
        Err(error) => format!("{text}\n    {error}; {}\n", error.hint()),
    });
    let expected = expect![[r##"
        {"type":"string","format":"date-time"}
            datetime
        {"enum":["high","low"]}
            one of high, low
        {"type":["number","null"]}
            number or null
        {"anyOf":[{"type":"string"},{"type":"null"}]}
            text or null
        {"oneOf":[{"type":"string"},{"type":"number"}]}
            unknown
        {"anyOf":[{},{"type":"null"}]}
            unknown
        {"type":"object","additionalProperties":{"type":"number"}}
            object of number
        {"type":"array"}
            list
        {"$defs":{"a":{"type":"boolean"}},"type":"array","items":{"$ref":"#/$defs/a"}}
            list of bool
        {"$defs":{"a":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"}
            the schema has more than 10000 types or 64 levels, references followed; describe what the flow reads, and leave the rest out
        {"$ref":"https://example.org/schema"}
            `https://example.org/schema` leads out of the schema; put what it needs under `$defs`
        {"$ref":"#/$defs/none"}
            there is nothing at `#/$defs/none`; a reference is such as `#/$defs/line`
        {"type":"object","properties":{"a":3}}
            a schema is an object, and this is number; a schema is such as `{ "type": "object" }`
        true
            unknown
        []
            a schema is an object, and this is list; a schema is such as `{ "type": "object" }`
    "##]];
    expected.assert_eq(&told.concat());
}

/// Any small value, with names that come again.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-c]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[a-d]", inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn every_sample_fits_what_is_inferred(samples in prop::collection::vec(any_value(), 1..5)) {
        let known = infer(&samples);
        for sample in &samples {
            let fits = known.takes_value(sample);
            prop_assert!(fits.is_ok(), "{known}: {} does not fit: {:?}", sample, fits);
        }
    }

    #[test]
    fn schemas_say_what_types_do(samples in prop::collection::vec(any_value(), 1..5)) {
        let known = infer(&samples);
        let again = from_schema(&document(&known)).expect("it has just been written");
        for sample in &samples {
            prop_assert!(again.takes_value(sample).is_ok(), "{known} became {again}");
        }
    }

    #[test]
    fn any_json_is_a_schema_or_refused(value in any_value()) {
        let _ = from_schema(&value);
    }
}
