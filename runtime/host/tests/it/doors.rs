//! Every function of the contract, from a guest to the real store and back; and what each of them
//! says to a guest that was not granted it.

use std::time::Duration;

use engine::Kind;
use engine::grant::Table;
use host::StepFrame;
use model::{Change, Id, NewItem, Priority, Status, Value};

use crate::stage::{SECRET, Stage, everything};

fn id(value: &Value) -> Id {
    value.as_text().unwrap().parse().unwrap()
}

fn quoted(id: Id) -> String {
    format!(r#"{{"id": "{id}"}}"#)
}

#[test]
fn items_are_added_found_and_changed() {
    let stage = Stage::new();
    let input = r#"{"queue": "orders", "value": {"n": 1.50}, "reference": "A"}"#;
    let added = id(&stage.perform("add", input).unwrap());
    let item = stage.item(added);
    assert_eq!((item.value.as_str(), item.name.as_deref()), (r#"{"n":1.50}"#, Some("an item")));
    assert_eq!(item.priority, Priority::try_from(100).unwrap());
    assert_eq!(stage.perform("get", &quoted(added)).unwrap(), Value::from("queued"));
    let find = |reference: &str| {
        stage.perform("find", &format!(r#"{{"queue": "orders", "reference": "{reference}"}}"#))
    };
    assert_eq!(id(&find("A").unwrap()), added);
    assert!(find("B").unwrap().is_null());
    stage.perform("update", &format!(r#"{{"id": "{added}", "value": [2]}}"#)).unwrap();
    let item = stage.item(added);
    assert_eq!((item.value.as_str(), item.name.as_deref()), ("[2]", Some("changed")));
    stage.perform("note", &format!(r#"{{"id": "{added}", "text": "seen"}}"#)).unwrap();
    let twice = stage.perform("add", input).unwrap_err();
    assert_eq!(&*twice.code, "queue/duplicate-reference");
    let missing = stage.perform("get", r#"{"id": "x"}"#).unwrap_err();
    assert_eq!(&*missing.code, "queue/item-not-found");
}

#[test]
fn a_reference_of_an_open_batch_may_pass() {
    let stage = Stage::new();
    let batch = stage.id();
    let reference = Some("A".to_owned());
    let staged =
        NewItem { reference, batch: Some(batch), ..NewItem::new(stage.id(), "orders", "1") };
    stage.store().make(Change::OpenBatch { batch, queue: "orders".into() }).unwrap();
    stage.store().make(Change::Add(Box::new(staged))).unwrap();
    let add = || stage.perform("add", r#"{"queue": "orders", "value": 1, "reference": "A"}"#);
    let pending = add().unwrap_err();
    assert_eq!((pending.kind, &*pending.code), (Kind::It, "queue/reference-pending"));
    stage.store().make(Change::DiscardBatch { batch }).unwrap();
    stage.pass(Duration::from_secs(1));
    add().unwrap();
    let twice = add().unwrap_err();
    assert_eq!((twice.kind, &*twice.code), (Kind::Business, "queue/duplicate-reference"));
}

#[test]
fn many_are_added_each_for_itself() {
    let stage = Stage::new();
    let value = format!("[1, {}]", "\"x\"".replace('x', &"x".repeat(1_048_575)));
    let input = format!(r#"{{"queue": "orders", "values": {value}}}"#);
    let told = stage.perform("add_many", &input).unwrap();
    let told = told.as_list().unwrap();
    assert_eq!(told[1], Value::from("limit/exceeded"));
    assert_eq!(stage.item(id(&told[0])).value, "1");
    assert_eq!(stage.items("orders").len(), 1);
}

#[test]
fn items_are_taken_and_ended() {
    let stage = Stage::new();
    for (end, status, counters) in [
        ("done", Status::Processed, [1, 0, 0]),
        ("business", Status::BusinessException, [1, 0, 0]),
        ("generic", Status::GenericException, [1, 0, 0]),
        // One retry is left.
        ("it", Status::Queued, [1, 1, 0]),
        ("it", Status::ItException, [2, 1, 0]),
    ] {
        if counters[0] == 1 {
            stage.queued(&format!("{end}{}", counters[1]));
        }
        let input = format!(r#"{{"queue": "orders", "end": "{end}"}}"#);
        assert_eq!(stage.perform("process", &input).unwrap(), Value::from(1_i64), "{end}");
        let item = stage.items("orders").into_iter().find(|item| item.life.status == status);
        assert_eq!(stage.life(item.expect(end).id), (status, counters), "{end}");
    }
    let none = stage.perform("process", r#"{"queue": "orders", "end": "done"}"#).unwrap();
    assert!(none.is_null());
}

#[test]
fn items_are_put_back() {
    let stage = Stage::new();
    let item = stage.queued("A");
    let process = |end: &str| {
        stage.perform("process", &format!(r#"{{"queue": "orders", "end": "{end}"}}"#)).unwrap()
    };
    process("drop");
    assert_eq!(stage.life(item), (Status::Queued, [1, 0, 0]));
    process("requeue");
    let life = stage.item(item).life;
    assert_eq!((life.status, life.requeues, life.expires), (Status::Queued, 1, None));
    process("done");
    stage.perform("requeue", &quoted(item)).unwrap();
    let life = stage.item(item).life;
    let tomorrow = "2026-02-01T08:00:00Z".parse().unwrap();
    assert_eq!((life.status, life.requeues, life.expires), (Status::Queued, 2, Some(tomorrow)));
}

#[test]
fn commits_outlast_failures() {
    let stage = Stage::new();
    stage.perform("commit", r#"{"queue": "orders", "fail": false}"#).unwrap();
    assert_eq!(stage.items("orders").len(), 2);
    let failure = stage.perform("commit", r#"{"queue": "problems", "fail": true}"#).unwrap_err();
    assert_eq!((&*failure.code, &*failure.message), ("probe/failed", "after all"));
    assert_eq!(stage.items("problems").len(), 1);
}

#[test]
fn documents_and_dates_are_the_hosts() {
    let stage = Stage::new();
    let looked = stage.perform("look", r#"{"text": "{\"a\": [1.50]}", "path": "a[0]"}"#).unwrap();
    assert_eq!(looked.to_string(), r#"["Some(Number)",1.50,"{\"a\":[1.50]}"]"#);
    let failure = stage.perform("look", r#"{"text": "{\"a\" 1}", "path": ""}"#).unwrap_err();
    assert_eq!(&*failure.code, "json/invalid");
    assert!(failure.message.contains("line 1"), "{failure}");
    let input = r#"{"from": "2026-01-31T09:30:00+01:00[Europe/Berlin]", "zone": "Europe/Berlin"}"#;
    let expected = [
        "2026-02-28T09:30:00+01:00[Europe/Berlin]",
        "672",
        "2026-12-31",
        "2026-01-31T09:30:00+01:00[Europe/Berlin]",
        "2026-01-31T09:00:00+01:00[Europe/Berlin]",
    ];
    let planned = stage.perform("plan", input).unwrap();
    let planned: Vec<_> = planned.as_list().unwrap().iter().filter_map(Value::as_text).collect();
    assert_eq!(planned, expected);
}

#[test]
fn secrets_are_masked_on_their_way() {
    let stage = Stage::new();
    let length = stage.perform("secret", r#"{"name": "portal-token"}"#).unwrap();
    assert_eq!(length, Value::from(SECRET.len() as u64));
    assert_eq!(stage.log(), ["warning it is *** \"***\"", "info printed ***"]);
}

#[test]
fn requests_reach_the_client() {
    let stage = Stage::new();
    let answer = stage.perform("ask", r#"{"url": "https://api.example.com/v1"}"#).unwrap();
    assert_eq!(answer, Value::from("201 POST https://api.example.com hello"));
}

#[test]
fn files_are_those_of_the_folder() {
    let stage = Stage::new();
    stage.perform("create_folder", r#"{"path": "ledger/2026/04"}"#).unwrap();
    let write = |how: &str, content: &str| {
        let path = "ledger/2026/04/a.csv";
        let input = format!(r#"{{"path": "{path}", "how": "{how}", "content": "{content}"}}"#);
        stage.perform("write", &input).map_err(|failure| failure.code)
    };
    write("create", "one").unwrap();
    assert_eq!(write("create", "one").unwrap_err(), "file/exists");
    write("replace", "two").unwrap();
    write("append", "!").unwrap();
    let read = stage.perform("read", r#"{"path": "ledger/2026/04/a.csv"}"#).unwrap();
    assert_eq!(read, Value::from("dHdvIQ=="));
    assert_eq!(std::fs::read(stage.place.path().join("ledger/2026/04/a.csv")).unwrap(), b"two!");
    let listed = stage.perform("list", r#"{"folder": "ledger/2026"}"#).unwrap();
    assert_eq!(listed.to_string(), r#"["04"]"#);
    stage.perform("delete", r#"{"path": "ledger/2026/04/a.csv"}"#).unwrap();
    let gone = stage.perform("read", r#"{"path": "ledger/2026/04/a.csv"}"#).unwrap_err();
    assert_eq!(&*gone.code, "file/not-found");
}

/// A step, its input, the grants that it needs, and those that are all but that.
fn twins(item: Id) -> Vec<(&'static str, String, Table, Table)> {
    let queue = |verbs: &[&str]| Table {
        queues: [("orders".into(), verbs.iter().map(ToString::to_string).collect())].into(),
        ..Table::default()
    };
    let verb = |step: &'static str, verb: &str, input: String| {
        let all = ["add", "process", "read", "update", "requeue", "note"];
        let others: Vec<&str> = all.into_iter().filter(|other| *other != verb).collect();
        let denied = Table { queues: queue(&others).queues, ..everything() };
        (step, input, queue(&[verb]), denied)
    };
    let folder = |access: &str| Table {
        files: [("ledger".into(), access.into())].into(),
        ..Table::default()
    };
    let none = Table { files: [("inbox".into(), "read-write".into())].into(), ..everything() };
    let read_only = Table { files: folder("read").files, ..everything() };
    let only = |text: &str| text.to_owned();
    vec![
        verb("add", "add", only(r#"{"queue": "orders", "value": 1}"#)),
        verb("add_many", "add", only(r#"{"queue": "orders", "values": [1]}"#)),
        verb("commit", "add", only(r#"{"queue": "orders", "fail": false}"#)),
        verb("get", "read", quoted(item)),
        verb("find", "read", only(r#"{"queue": "orders", "reference": "A"}"#)),
        verb("update", "update", format!(r#"{{"id": "{item}", "value": 1}}"#)),
        verb("note", "note", format!(r#"{{"id": "{item}", "text": "a"}}"#)),
        verb("requeue", "requeue", quoted(item)),
        verb("process", "process", only(r#"{"queue": "orders", "end": "drop"}"#)),
        ("list", only(r#"{"folder": "ledger"}"#), folder("read"), none.clone()),
        ("read", only(r#"{"path": "ledger/a"}"#), folder("read"), none),
        (
            "write",
            only(r#"{"path": "ledger/b", "how": "create", "content": ""}"#),
            folder("read-write"),
            read_only.clone(),
        ),
        ("create_folder", only(r#"{"path": "ledger/c"}"#), folder("read-write"), read_only.clone()),
        ("delete", only(r#"{"path": "ledger/a"}"#), folder("read-write"), read_only),
        (
            "ask",
            only(r#"{"url": "https://api.example.com/"}"#),
            Table { http: everything().http, ..Table::default() },
            Table { http: vec!["https://example.com".into()], ..everything() },
        ),
        (
            "secret",
            only(r#"{"name": "portal-token"}"#),
            Table { secrets: everything().secrets, ..Table::default() },
            Table { secrets: vec!["portal".into()], ..everything() },
        ),
    ]
}

#[test]
fn each_function_wants_its_own_grant() {
    let stage = Stage::new();
    let item = stage.queued("A");
    std::fs::write(stage.place.path().join("ledger/a"), "a").unwrap();
    for (step, input, needed, others) in twins(item) {
        let perform = |table: &Table| stage.perform_with(step, &input, table, StepFrame::default());
        let before = (stage.items("orders"), stage.log().len());
        let told = perform(&others).map(drop).map_err(|failure| failure.code);
        if step == "add_many" {
            // Each is refused for itself.
            assert_eq!(perform(&others).unwrap().to_string(), r#"["grant/denied"]"#);
        } else {
            assert_eq!(told.unwrap_err(), "grant/denied", "{step}");
        }
        assert_eq!((stage.items("orders"), stage.log().len()), before, "{step}");
        let done = perform(&needed);
        assert!(done.is_ok(), "{step}: {done:?}");
    }
}

#[test]
fn without_grants_the_rest_works() {
    let stage = Stage::new();
    let nothing = |step: &str, input: &str| {
        stage.perform_with(step, input, &Table::default(), StepFrame::default())
    };
    nothing("look", r#"{"text": "[]", "path": ""}"#).unwrap();
    nothing("plan", r#"{"from": "2026-01-31T09:30:00Z", "zone": "UTC"}"#).unwrap();
    nothing("flood", r#"{"lines": 1}"#).unwrap();
    let failure = nothing("add", r#"{"queue": "orders", "value": 1}"#).unwrap_err();
    let hint = "`wharf plugin grant probe --queue orders=add` grants it";
    assert_eq!(failure.hint.as_deref(), Some(hint), "{failure}");
}
