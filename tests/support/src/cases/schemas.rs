//! Values conform to the JSON Schema of their queue.

use model::{Change, Error, ItemEdit, Mode, Outcome, QueueEdit, QueueSettings};

use crate::Bench;

const AMOUNT: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "properties": {"lines": {"type": "array", "items": {"properties": {"amount": {"type": "number"}}}}},
  "required": ["lines"]
}"#;

fn set(schema: Option<&str>) -> Change {
    let edit = QueueEdit { schema: Some(schema.map(Into::into)), ..QueueEdit::default() };
    Change::EditQueue { queue: "orders".into(), edit: Box::new(edit) }
}

pub fn a_violation_names_the_path(bench: &mut Bench) {
    bench.make(set(Some(AMOUNT))).unwrap();
    let new = bench.new_item(r#"{"lines": [{"amount": 1}, {"amount": "2"}]}"#);
    let refusal = bench.add_new(new).unwrap_err();
    let Error::SchemaViolation { queue, version, path, .. } = &refusal else {
        panic!("{refusal:?}");
    };
    assert_eq!((queue.as_str(), *version, path.as_str()), ("orders", 1, "/lines/1/amount"));
    assert_eq!(bench.add_new(bench.new_item("1")).unwrap_err().code(), "value/schema-violation");
    let good = bench.new_item(r#"{"lines": [{"amount": 1.50}]}"#);
    let id = bench.add_new(good).unwrap().id;
    assert_eq!(bench.item(id).unwrap().schema_version, Some(1));
}

pub fn schemas_are_versioned_and_stay_readable(bench: &mut Bench) {
    bench.make(set(Some("true"))).unwrap();
    let first = bench.add();
    bench.make(set(Some("{\"type\":\"integer\"}"))).unwrap();
    let second = bench.add();
    bench.make(set(None)).unwrap();
    let third = bench.add();
    bench.make(set(Some("{}"))).unwrap();
    let versions = [first, second, third].map(|id| bench.item(id).unwrap().schema_version);
    assert_eq!(versions, [Some(1), Some(2), None]);
    assert_eq!(bench.queue("orders").unwrap().schema_version, Some(3));
    assert_eq!(bench.schema("orders", None).unwrap().as_deref(), Some("{}"));
    assert_eq!(bench.schema("orders", Some(1)).unwrap().as_deref(), Some("true"));
    let integer = bench.schema("orders", Some(2)).unwrap();
    assert_eq!(integer.as_deref(), Some("{\"type\":\"integer\"}"));
}

pub fn a_value_can_be_tried_without_adding_it(bench: &mut Bench) {
    let ask = |bench: &Bench, value: &str| (**bench).conforms("orders", value);
    assert_eq!(ask(bench, "\"a\"").unwrap(), None);
    assert_eq!(ask(bench, "{").unwrap_err().code(), "value/invalid-json");
    bench.make(set(Some("{\"type\":\"integer\"}"))).unwrap();
    assert_eq!(ask(bench, "7").unwrap(), Some(1));
    let refusal = ask(bench, "\"a\"").unwrap_err();
    assert_eq!(refusal, bench.add_new(bench.new_item("\"a\"")).unwrap_err());
    let missing = (**bench).conforms("nowhere", "1").unwrap_err();
    assert_eq!(missing.code(), "queue/not-found");
}

pub fn an_unknown_version_is_absent(bench: &mut Bench) {
    assert_eq!(bench.schema("orders", None).unwrap(), None);
    bench.make(set(Some("{}"))).unwrap();
    for version in [0, 2, u32::MAX] {
        assert_eq!(bench.schema("orders", Some(version)).unwrap(), None, "{version}");
    }
}

pub fn a_schema_can_come_with_the_queue(bench: &mut Bench) {
    let settings = Box::new(QueueSettings::new("typed"));
    let schema = Some("{\"type\":\"integer\"}".into());
    bench.make(Change::CreateQueue { id: bench.id(), settings, schema }).unwrap();
    let mut new = bench.new_item("\"a\"");
    new.queue = "typed".into();
    assert_eq!(bench.add_new(new.clone()).unwrap_err().code(), "value/schema-violation");
    new.value = "7".into();
    bench.add_new(new).unwrap();
    assert_eq!(bench.queue("typed").unwrap().schema_version, Some(1));
}

pub fn unusable_schemas_are_refused(bench: &mut Bench) {
    for text in
        ["", "{", "{\"type\": 5}", "{\"type\": \"nothing\"}", "{\"$ref\": \"http://a.b/c\"}"]
    {
        assert_eq!(bench.refused(set(Some(text))), "queue/bad-schema", "{text}");
        let settings = Box::new(QueueSettings::new("typed"));
        let schema = Some(text.into());
        let create = Change::CreateQueue { id: bench.id(), settings, schema };
        assert_eq!(bench.refused(create), "queue/bad-schema", "{text}");
    }
    assert_eq!(bench.queue("orders").unwrap().schema_version, None);
}

pub fn edited_values_conform_too(bench: &mut Bench) {
    let item = bench.add();
    bench.make(set(Some("{\"type\":\"integer\"}"))).unwrap();
    let edit = |value: &str| {
        let edit = ItemEdit { value: Some(value.into()), ..ItemEdit::default() };
        Change::Edit { item, edit: Box::new(edit) }
    };
    assert_eq!(bench.refused(edit("\"a\"")), "value/schema-violation");
    assert_eq!(bench.item(item).unwrap().schema_version, None);
    bench.make(edit("8")).unwrap();
    assert_eq!(bench.item(item).unwrap().schema_version, Some(1));
}

pub fn the_schema_of_its_turn_decides(bench: &mut Bench) {
    bench.make(set(Some("{\"type\":\"integer\"}"))).unwrap();
    let text = || Change::Add(Box::new(bench.new_item("\"a\"")));
    let number = || Change::Add(Box::new(bench.new_item("1")));
    let strict = set(Some("{\"type\":\"string\"}"));
    let changes = vec![number(), text(), strict, number(), text(), set(None), number(), text()];
    let outcomes = bench.outcomes(Mode::Independent, changes);
    let done: Vec<bool> =
        outcomes.iter().map(|outcome| matches!(outcome, Outcome::Done(_))).collect();
    assert_eq!(done, [true, false, true, false, true, true, true, true]);
}

pub fn a_queue_of_the_same_name_has_its_own_schema(bench: &mut Bench) {
    bench.make(set(Some("{\"type\":\"integer\"}"))).unwrap();
    let settings = Box::new(QueueSettings::new("orders"));
    let schema = Some("{\"type\":\"string\"}".into());
    let changes = vec![
        Change::DropQueue { queue: "orders".into() },
        Change::CreateQueue { id: bench.id(), settings, schema },
        Change::Add(Box::new(bench.new_item("1"))),
        Change::Add(Box::new(bench.new_item("\"a\""))),
    ];
    let outcomes = bench.outcomes(Mode::Independent, changes);
    assert!(matches!(outcomes[2], Outcome::Refused(Error::SchemaViolation { .. })));
    assert!(matches!(outcomes[3], Outcome::Done(_)));
}

pub fn numbers_of_any_length_are_checked_exactly(bench: &mut Bench) {
    bench.make(set(Some("{\"type\":\"number\",\"maximum\":12345678901234567890123}"))).unwrap();
    bench.add_new(bench.new_item("12345678901234567890123")).unwrap();
    let over = bench.add_new(bench.new_item("12345678901234567890124")).unwrap_err();
    assert_eq!(over.code(), "value/schema-violation");
}
