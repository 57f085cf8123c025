//! Actions on queues.

use expect_test::expect;
use model::{Status, Value, json};

use super::Ground;
use super::ground::inputs;
use crate::action::{Output, perform};
use crate::failure::{Failure, Kind};

fn text<'v>(value: &'v Value, path: &[&str]) -> &'v str {
    let found = path.iter().try_fold(value, |value, name| value.get(name));
    found.and_then(Value::as_text).unwrap_or_else(|| panic!("{value} has no text at {path:?}"))
}

#[test]
fn added_items_carry_what_was_given() {
    let ground = Ground::new();
    let added = ground.value(
        "queue.add",
        r#"{"queue": "spare", "value": {"Amount": 5000.00, "No": 12345678901234567890123},
            "name": "Invoice I-1", "reference": "I-1", "priority": "high", "note": "first",
            "expires": "2026-02-07T09:00:00+01:00", "delay-until": "2026-02-01T00:00:00Z"}"#,
    );
    let item = ground.item(text(&added, &["id"]).parse().unwrap());
    assert_eq!(item.value, r#"{"Amount":5000.00,"No":12345678901234567890123}"#);
    assert_eq!(
        (item.name.as_deref(), item.reference.as_deref()),
        (Some("Invoice I-1"), Some("I-1"))
    );
    assert_eq!(item.priority.number(), 100);
    assert_eq!(item.life.status, Status::Scheduled);
    assert_eq!(item.life.expires.unwrap().to_string(), "2026-02-07T08:00:00Z");
    let plain = ground.value("queue.add", r#"{"queue": "spare", "value": null, "name": null}"#);
    let item = ground.item(text(&plain, &["id"]).parse().unwrap());
    assert_eq!((item.value.as_str(), item.name, item.priority.number()), ("null", None, 200));
}

#[test]
fn bad_inputs_name_the_place() {
    let ground = Ground::new();
    let said = [
        ("queue.add", r#"{"queue": "orders"}"#),
        ("queue.add", r#"{"queue": "orders", "value": 1, "proirity": 1}"#),
        ("queue.add", r#"{"queue": "orders", "value": 1, "priority": "hgih"}"#),
        ("queue.add", r#"{"queue": "orders", "value": 1, "expires": "tomorrow"}"#),
        ("queue.add", r#"{"queue": "orders", "value": 1, "hold": "yes"}"#),
        ("queue.add-many", r#"{"queue": "orders", "items": {}}"#),
        ("queue.update", r#"{"item": {"id": "$QUEUED", "token": "x"}}"#),
        ("queue.update", r#"{"item": "$QUEUED", "status": "procesed"}"#),
        ("queue.update", r#"{"item": "$QUEUED", "result": "fine"}"#),
        ("queue.update", r#"{"item": "$QUEUED"}"#),
        ("queue.get", r#"{"queue": "orders"}"#),
        ("queue.list", r#"{"queue": "orders", "status": ["queued", "done"]}"#),
        ("queue.list", r#"{"queue": "orders", "limit": 1.5}"#),
    ]
    .map(|(action, given)| ground.said(action, given).replace(&ground.told("$QUEUED"), "ID"));
    expect![[r"
        generic action/missing-input: `value` is missing
          hint: give it under `with:`
        generic action/unknown-input: `proirity` is nothing that it takes
          hint: did you mean `priority`?
        generic action/bad-input: `priority` is wrong: `hgih` is not a priority
          hint: use high (100), normal (200), low (300) or a number from 1 to 2147483647; the lower goes first
        generic action/bad-input: `expires` is no datetime: `tomorrow`: expected a year of four digits at column 1, found `tomorrow`
          hint: a datetime looks like 2026-04-06T09:30:00+02:00; give a pattern for other texts
        generic action/bad-input: `hold` is the text `yes`, not true or false
          hint: give true or false
        generic action/bad-input: `items` is an object, not a list
          hint: give a list
        generic action/bad-input: `item.token` is no token
          hint: give the item as `queue.take` gave it
        generic action/bad-input: `status` is `procesed`, which is none of its words
          hint: did you mean `processed`?
        generic action/bad-input: `result` needs a status
          hint: give a status with it, or write a note with `queue.note`
        generic action/bad-input: it says nothing to change
          hint: give a status
        generic action/bad-input: it must say which item is meant
          hint: give either `item`, or `queue` and `reference`
        generic action/bad-input: `status[1]` is `done`, which is none of its words
          hint: there is staged, scheduled, queued, processing, processed, business-exception, it-exception, generic-exception, processing-timeout, on-hold, expired, dead-letter
        generic action/bad-input: `limit` is the number 1.5, not a whole number that is not negative
          hint: give a whole number that is not negative
    "]].assert_eq(&said.concat());
}

const ROWS: &str = r#"[
    {"value": 1, "reference": "a"},
    {"value": 2, "priority": "urgent"},
    {"value": 3, "reference": "a"},
    {"value": 4}
]"#;

fn outcomes(ground: &Ground, mode: &str) -> String {
    let given = format!(r#"{{"queue": "spare", "items": {ROWS}, "mode": "{mode}"}}"#);
    let value = ground.value("queue.add-many", &given);
    let outcomes = value.get("outcomes").and_then(Value::as_list).unwrap();
    let told = outcomes.iter().map(|it| match it.get("code") {
        Some(Value::Text(code)) => format!("{} {code}", text(it, &["outcome"])),
        _ => text(it, &["outcome"]).to_owned(),
    });
    told.collect::<Vec<_>>().join(", ")
}

#[test]
fn modes_decide_about_other_rows() {
    let ground = Ground::new();
    let given = format!(r#"{{"queue": "spare", "items": {ROWS}}}"#);
    let failure = ground.failure("queue.add-many", &given);
    assert_eq!(failure.code, "queue/rows-refused");
    let (counted, first) = failure.message.split_once(", the first of them ").unwrap();
    assert_eq!(counted, "2 of 4 rows for `spare` were refused");
    assert_eq!(first, "row 1: `items[1].priority` is wrong: `urgent` is not a priority");
    let rows = failure.data.as_ref().and_then(|data| data.get("rows")).and_then(Value::as_list);
    assert_eq!(rows.unwrap().len(), 2);
    assert_eq!(ground.items("spare"), []);
    let stopped = outcomes(&ground, "stop-at-first");
    assert_eq!(stopped, "added, refused action/bad-input, skipped, skipped");
    assert_eq!(ground.items("spare").len(), 1);
    let ground = Ground::new();
    let told = outcomes(&ground, "independent");
    assert_eq!(told, "added, refused action/bad-input, refused queue/duplicate-reference, added");
    assert_eq!(ground.items("spare").len(), 2);
    let none = ground.value("queue.add-many", r#"{"queue": "spare", "items": []}"#);
    assert_eq!(none.get("added"), Some(&0_u64.into()));
}

#[test]
fn a_taken_item_outlives_its_step() {
    let ground = Ground::new();
    let taken = ground.value("queue.take", r#"{"queue": "orders"}"#);
    let item = text(&taken, &["id"]).parse().unwrap();
    assert_eq!(ground.status(item), Status::Processing);
    assert_eq!(taken.get("value"), Some(&json::parse(r#"{"Amount":12.50}"#).unwrap()));
    assert_eq!(ground.value("queue.take", r#"{"queue": "orders"}"#), Value::Null);
    let given = format!(r#"{{"item": {taken}, "status": "processed", "result": "done"}}"#);
    assert_eq!(ground.perform("queue.update", &given), Ok(Output::Nothing));
    let item = ground.item(item);
    assert_eq!((item.life.status, item.result.as_deref()), (Status::Processed, Some("done")));
}

#[test]
fn a_failed_step_takes_nothing() {
    let ground = Ground::new();
    let failed: Result<(), Failure> = ground.step(|step| {
        perform(step, "queue.take", inputs(r#"{"queue": "orders"}"#))?;
        Err(Failure::new(Kind::It, "test/failed", "it failed"))
    });
    assert_eq!(failed.unwrap_err().code, "test/failed");
    assert_eq!(ground.items("orders").last().unwrap().life.status, Status::Queued);
}

#[test]
fn the_item_of_the_run_is_meant() {
    let mut ground = Ground::new();
    let item = ground.hold();
    let given = r#"{"expires": "2026-03-01T00:00:00Z", "priority": 7}"#;
    assert_eq!(ground.perform("queue.update", given), Ok(Output::Nothing));
    ground.perform("queue.note", r#"{"text": "checked"}"#).unwrap();
    assert_eq!(ground.status(item), Status::Processing);
    ground.perform("queue.update", r#"{"status": "it-exception", "result": "down"}"#).unwrap();
    let item = ground.item(item);
    assert_eq!((item.priority.number(), item.result.as_deref()), (7, Some("down")));
    assert_eq!(item.life.expires.unwrap().to_string(), "2026-03-01T00:00:00Z");
}

#[test]
fn a_failed_step_keeps_the_item_of_the_run() {
    let mut ground = Ground::new();
    let item = ground.hold();
    let failed: Result<(), Failure> = ground.step(|step| {
        perform(step, "queue.update", inputs(r#"{"status": "processed"}"#))?;
        Err(Failure::new(Kind::Generic, "test/failed", "it failed"))
    });
    failed.unwrap_err();
    assert_eq!(ground.status(item), Status::Processing);
    ground.perform("queue.update", r#"{"status": "processed"}"#).unwrap();
    assert_eq!(ground.status(item), Status::Processed);
}

#[test]
fn requeued_items_wait_again() {
    let mut ground = Ground::new();
    let item = ground.hold();
    let given = r#"{"delay-until": "2026-02-01T08:00:00Z", "expires": "never", "note": "later"}"#;
    ground.perform("queue.requeue", given).unwrap();
    let life = ground.item(item).life;
    assert_eq!((life.status, life.requeues, life.expires), (Status::Scheduled, 1, None));
    ground.held = None;
    ground.perform("queue.requeue", r#"{"item": "$FAILED"}"#).unwrap();
    let failed = ground.told("$FAILED").parse().unwrap();
    assert_eq!(ground.status(failed), Status::Queued);
}

#[test]
fn notes_can_be_taken_away() {
    let ground = Ground::new();
    let item = ground.told("$QUEUED").parse().unwrap();
    let notes = || {
        let entries = ground.store().history(item, 0, 100).unwrap();
        entries.into_iter().filter_map(|entry| entry.text).collect::<Vec<_>>()
    };
    ground.perform("queue.note", r#"{"item": "$QUEUED", "text": "one"}"#).unwrap();
    assert_eq!(notes(), ["one"]);
    ground.perform("queue.note", r#"{"item": "$QUEUED", "text": "two", "clear": true}"#).unwrap();
    assert_eq!(notes(), ["two"]);
}

#[test]
fn items_are_found_or_null() {
    let ground = Ground::new();
    let by_reference = r#"{"queue": "orders", "reference": "queued"}"#;
    let found = ground.value("queue.get", by_reference);
    assert_eq!(text(&found, &["id"]), ground.told("$QUEUED"));
    assert_eq!(found, ground.value("queue.get", r#"{"item": "$QUEUED"}"#));
    for nobody in [
        r#"{"queue": "orders", "reference": "nobody"}"#,
        r#"{"item": "01jzzzzzzzzzzzzzzzzzzzzzzz"}"#,
    ] {
        assert_eq!(ground.value("queue.get", nobody), Value::Null);
    }
}

#[test]
fn lists_go_page_by_page() {
    let ground = Ground::new();
    for number in 0..5 {
        ground.add("spare", &number.to_string());
    }
    let mut cursor = Value::Null;
    let mut seen = Vec::new();
    loop {
        let given = format!(r#"{{"queue": "spare", "limit": 2, "cursor": {cursor}}}"#);
        let page = ground.value("queue.list", &given);
        let items = page.get("items").and_then(Value::as_list).unwrap();
        assert!(items.len() <= 2);
        seen.extend(items.iter().map(|item| text(item, &["reference"]).to_owned()));
        cursor = page.get("next").unwrap().clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(seen, ["0", "1", "2", "3", "4"]);
    let given = r#"{"queue": "orders", "status": ["business-exception"]}"#;
    let failed = ground.value("queue.list", given);
    assert_eq!(failed.get("items").and_then(Value::as_list).map(<[_]>::len), Some(1));
}

#[test]
fn clearing_leaves_what_is_held() {
    let mut ground = Ground::new();
    let held = ground.hold();
    for number in 0..1_203 {
        ground.add("orders", &number.to_string());
    }
    let only = ground.value("queue.clear", r#"{"queue": "orders", "status": ["processed"]}"#);
    assert_eq!(only.get("deleted"), Some(&0_u64.into()));
    let all = ground.value("queue.clear", r#"{"queue": "orders"}"#);
    assert_eq!(all.get("deleted"), Some(&1_204_u64.into()));
    assert_eq!(ground.items("orders").iter().map(|item| item.id).collect::<Vec<_>>(), [held]);
}

#[test]
pub(super) fn lists_refuse_what_they_would_miss() {
    let ground = Ground::new();
    for action in ["queue.list", "queue.clear"] {
        let listed: Result<(), Failure> = ground.step(|step| {
            perform(step, "queue.add", inputs(r#"{"queue": "spare", "value": 1}"#))?;
            perform(step, action, inputs(r#"{"queue": "spare"}"#)).map(drop)
        });
        assert_eq!(listed.unwrap_err().code, "queue/not-written-yet");
    }
    assert_eq!(ground.items("spare"), []);
}

#[test]
pub(super) fn no_step_takes_without_end() {
    let ground = Ground::new();
    let most = crate::limits::STEP_CLAIMS_MAX;
    for number in 0..=most {
        ground.add("spare", &number.to_string());
    }
    let taken = ground.step(|step| {
        for _ in 0..=most {
            perform(step, "queue.take", inputs(r#"{"queue": "spare"}"#))?;
        }
        Ok(())
    });
    assert_eq!(taken.unwrap_err().code, "limit/exceeded");
}
