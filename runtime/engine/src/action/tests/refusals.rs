//! Every way in which each action says that it can fail.

use model::{Change, NewItem, limits};

use super::ground::Ground;

/// What is done before, what is performed, and the code of the failure.
pub(super) type Refusal = (&'static str, &'static str, &'static str, fn(&mut Ground));

fn nothing(_: &mut Ground) {}

fn hold(ground: &mut Ground) {
    ground.hold();
}

/// The run holds an item that somebody else puts on hold meanwhile.
fn lose_to_operator(ground: &mut Ground) {
    let item = ground.hold();
    ground.make(Change::Hold { item, note: None });
}

/// Somebody else holds an item.
fn held_by_another(ground: &mut Ground) {
    ground.hold();
    ground.held = None;
}

/// The lease of the run has run out, and another one has the item.
fn lose_to_time(ground: &mut Ground) {
    ground.hold();
    ground.clock.pass(std::time::Duration::from_secs(31));
    ground.store().tick().unwrap();
    ground.claim("orders").expect("it waits again");
}

/// An item is processed.
fn finish(ground: &mut Ground) {
    let item = ground.hold();
    ground.perform("queue.update", r#"{"status": "processed"}"#).unwrap();
    ground.held = None;
    ground.name("$DONE", item);
}

/// Two queues have one name.
fn name_twice(ground: &mut Ground) {
    for key in ["one", "two"] {
        let mut settings = model::QueueSettings::new(key);
        settings.name = "twin".into();
        let settings = Box::new(settings);
        ground.make(Change::CreateQueue { id: ground.id(), settings, schema: None });
    }
}

/// A batch that is not decided has the reference `staged`.
fn stage(ground: &mut Ground) {
    let (batch, queue) = (ground.id(), "orders".to_owned());
    ground.make(Change::OpenBatch { batch, queue });
    let (reference, batch) = (Some("staged".into()), Some(batch));
    let new = NewItem { reference, batch, ..NewItem::new(ground.id(), "orders", "1") };
    ground.name("$STAGED", new.id);
    ground.make(Change::Add(Box::new(new)));
}

fn long_name(ground: &mut Ground) {
    ground.name("$LONG", "x".repeat(limits::NOTE_BYTES_MAX + 1));
}

fn answers(ground: &mut Ground) {
    let network = &ground.network;
    network.answer("/missing", 404, b"nothing here");
    network.answer("/latin", 200, b"Ren\xe9");
    network.answer("/page", 200, b"<html>");
    network.answer_with("/loop", 302, &[("Location", "/loop")], b"");
    network.answer_with("/down", 302, &[("Location", "http://portal.example.com/")], b"");
    network.answer_with("/lost", 302, &[("Location", "ftp://portal.example.com/")], b"");
}

fn many(ground: &mut Ground) {
    let rows = vec![r#"{"value":1}"#; limits::COMMIT_CHANGES_MAX + 1];
    ground.name("$ROWS", format!("[{}]", rows.join(",")));
}

/// A text of so many bytes that no file holds it.
fn huge(ground: &mut Ground) {
    ground.name("$HUGE", "x".repeat(crate::limits::FILE_BYTES_MAX + 1));
    let file = std::fs::File::create(ground.at("ledger/huge.txt")).unwrap();
    file.set_len(crate::limits::FILE_BYTES_MAX as u64 + 1).unwrap();
}

/// A folder that has more in it than is listed.
fn crowd(ground: &mut Ground) {
    for number in 0..=crate::limits::FOLDER_ENTRIES_MAX {
        std::fs::File::create(ground.at(&format!("archive/{number}"))).unwrap();
    }
}

pub(super) const ALL: &[&[Refusal]] = &[QUEUES, ITEMS, LISTS, TABLES, TEXTS, FILES, REQUESTS];

const QUEUES: &[Refusal] = &[
    ("queue.add", r#"{"queue": "nowhere", "value": 1}"#, "queue/not-found", nothing),
    ("queue.add", r#"{"queue": "twin", "value": 1}"#, "queue/ambiguous", name_twice),
    ("queue.add", r#"{"queue": "paused", "value": 1}"#, "queue/paused", nothing),
    ("queue.add", r#"{"queue": "stopped", "value": 1}"#, "queue/stopped", nothing),
    (
        "queue.add",
        r#"{"queue": "orders", "value": 1, "reference": "queued"}"#,
        "queue/duplicate-reference",
        nothing,
    ),
    (
        "queue.add",
        r#"{"queue": "orders", "value": 1, "reference": "staged"}"#,
        "queue/reference-pending",
        stage,
    ),
    ("queue.add", r#"{"queue": "strict", "value": {}}"#, "value/schema-violation", nothing),
    ("queue.add", r#"{"queue": "orders", "value": 1, "name": " "}"#, "value/blank", nothing),
    (
        "queue.add",
        r#"{"queue": "orders", "value": 1, "expires": "2026-01-31T08:00:00Z"}"#,
        "value/expiry-in-past",
        nothing,
    ),
    (
        "queue.add",
        r#"{"queue": "orders", "value": 1, "note": "$LONG"}"#,
        "limit/exceeded",
        long_name,
    ),
    ("queue.add-many", r#"{"queue": "nowhere", "items": []}"#, "queue/not-found", nothing),
    ("queue.add-many", r#"{"queue": "twin", "items": []}"#, "queue/ambiguous", name_twice),
    ("queue.add-many", r#"{"queue": "paused", "items": []}"#, "queue/paused", nothing),
    ("queue.add-many", r#"{"queue": "stopped", "items": []}"#, "queue/stopped", nothing),
    (
        "queue.add-many",
        r#"{"queue": "orders", "items": [{"value": 1}, {"value": 1, "reference": "queued"}]}"#,
        "queue/rows-refused",
        nothing,
    ),
    ("queue.add-many", r#"{"queue": "orders", "items": $ROWS}"#, "limit/exceeded", many),
    ("queue.take", r#"{"queue": "nowhere"}"#, "queue/not-found", nothing),
    ("queue.take", r#"{"queue": "twin"}"#, "queue/ambiguous", name_twice),
    ("queue.take", r#"{"queue": "paused"}"#, "queue/paused", nothing),
    ("queue.take", r#"{"queue": "stopped"}"#, "queue/stopped", nothing),
];

/// An id that no item has.
const NO_ITEM: &str = r#"{"item": "01jzzzzzzzzzzzzzzzzzzzzzzz", "text": "x"}"#;

const ITEMS: &[Refusal] = &[
    ("queue.update", r#"{"status": "processed"}"#, "queue/no-item", nothing),
    (
        "queue.update",
        r#"{"item": "01jzzzzzzzzzzzzzzzzzzzzzzz", "status": "processed"}"#,
        "queue/item-not-found",
        nothing,
    ),
    ("queue.update", r#"{"status": "processed"}"#, "queue/item-on-hold", lose_to_operator),
    ("queue.update", r#"{"item": "$HELD", "value": 2}"#, "queue/item-held", held_by_another),
    ("queue.update", r#"{"status": "processed"}"#, "queue/lease-lost", lose_to_time),
    (
        "queue.update",
        r#"{"item": "$DONE", "priority": "high"}"#,
        "queue/invalid-transition",
        finish,
    ),
    ("queue.update", r#"{"item": "$STRICT", "value": []}"#, "value/schema-violation", |ground| {
        let new = NewItem::new(ground.id(), "strict", r#"{"id":1}"#);
        ground.name("$STRICT", new.id);
        ground.make(Change::Add(Box::new(new)));
    }),
    ("queue.update", r#"{"item": "$QUEUED", "name": " "}"#, "value/blank", nothing),
    (
        "queue.update",
        r#"{"item": "$QUEUED", "expires": "2026-01-31T07:00:00Z"}"#,
        "value/expiry-in-past",
        nothing,
    ),
    ("queue.update", r#"{"item": "$QUEUED", "name": "$LONG"}"#, "limit/exceeded", long_name),
    ("queue.requeue", "{}", "queue/no-item", nothing),
    ("queue.requeue", r#"{"item": "01jzzzzzzzzzzzzzzzzzzzzzzz"}"#, "queue/item-not-found", nothing),
    ("queue.requeue", r#"{"item": "$HELD"}"#, "queue/item-held", held_by_another),
    ("queue.requeue", r#"{"item": "$STAGED"}"#, "queue/invalid-transition", stage),
    ("queue.requeue", "{}", "queue/lease-lost", lose_to_time),
    (
        "queue.requeue",
        r#"{"item": "$FAILED", "expires": "2026-01-31T07:00:00Z"}"#,
        "value/expiry-in-past",
        nothing,
    ),
    ("queue.requeue", r#"{"item": "$FAILED", "note": "$LONG"}"#, "limit/exceeded", long_name),
    ("queue.note", r#"{"text": "x"}"#, "queue/no-item", nothing),
    ("queue.note", NO_ITEM, "queue/item-not-found", nothing),
    ("queue.note", r#"{"text": " "}"#, "value/blank", hold),
    ("queue.note", r#"{"item": "$QUEUED", "text": "$LONG"}"#, "limit/exceeded", long_name),
];

const LISTS: &[Refusal] = &[
    ("queue.get", r#"{"queue": "nowhere", "reference": "x"}"#, "queue/not-found", nothing),
    ("queue.get", r#"{"queue": "twin", "reference": "x"}"#, "queue/ambiguous", name_twice),
    ("queue.list", r#"{"queue": "nowhere"}"#, "queue/not-found", nothing),
    ("queue.list", r#"{"queue": "twin"}"#, "queue/ambiguous", name_twice),
    ("queue.list", r#"{"queue": "orders", "cursor": "x"}"#, "value/bad-cursor", nothing),
    ("queue.list", r#"{"queue": "orders", "limit": 501}"#, "limit/exceeded", nothing),
    ("queue.clear", r#"{"queue": "nowhere"}"#, "queue/not-found", nothing),
    ("queue.clear", r#"{"queue": "twin"}"#, "queue/ambiguous", name_twice),
];

const TABLES: &[Refusal] = &[
    ("csv.read", r#"{"file": "ledger/gone.csv"}"#, "file/not-found", nothing),
    ("csv.read", r#"{"file": "nowhere/a.csv"}"#, "file/no-folder", nothing),
    ("csv.read", r#"{"file": "ledger/../a.csv"}"#, "file/bad-path", nothing),
    ("csv.read", r#"{"file": "ledger/2026"}"#, "file/not-a-file", nothing),
    ("csv.read", r#"{"file": "ledger/latin.csv"}"#, "csv/not-utf-8", nothing),
    (
        "csv.read",
        r#"{"file": "ledger/rows.csv", "encoding": "latein"}"#,
        "csv/unknown-encoding",
        nothing,
    ),
    (
        "csv.read",
        r#"{"file": "ledger/rows.csv", "delimiter": ",", "quote": ","}"#,
        "csv/contradictory-dialect",
        nothing,
    ),
    ("csv.read", r#"{"file": "ledger/open.csv", "quote": "\""}"#, "csv/bad-header", nothing),
    ("csv.read", r#"{"file": "ledger/unnamed.csv"}"#, "csv/empty-header", nothing),
    ("csv.read", r#"{"file": "ledger/twice.csv"}"#, "csv/duplicate-header", nothing),
    (
        "csv.read",
        r#"{"file": "ledger/rows.csv", "columns": {"Amont": "number"}}"#,
        "csv/missing-column",
        nothing,
    ),
    (
        "csv.read",
        r#"{"file": "ledger/rows.csv", "bad-rows-max": 1000001}"#,
        "limit/exceeded",
        nothing,
    ),
    ("csv.write", r#"{"file": "ledger/no/a.csv", "rows": []}"#, "file/not-found", nothing),
    ("csv.write", r#"{"file": "nowhere/a.csv", "rows": []}"#, "file/no-folder", nothing),
    ("csv.write", r#"{"file": "ledger/a:b.csv", "rows": []}"#, "file/bad-path", nothing),
    (
        "csv.write",
        r#"{"file": "ledger/rows.csv", "rows": [], "how": "create"}"#,
        "file/exists",
        nothing,
    ),
    ("csv.write", r#"{"file": "ledger/2026", "rows": []}"#, "file/not-a-file", nothing),
    ("csv.write", r#"{"file": "ledger/new.csv", "rows": [["$HUGE"]]}"#, "limit/exceeded", huge),
];

const TEXTS: &[Refusal] = &[
    ("json.parse", r#"{"text": "{'a': 1}"}"#, "json/invalid", nothing),
    ("json.parse", r#"{"text": "{\"ID\": \"1\"}", "sample": {"ID": 1}}"#, "json/mistyped", nothing),
    ("json.parse", r#"{"text": "1", "schema": [1]}"#, "json/bad-schema", nothing),
    ("json.parse", r#"{"text": "$HUGE"}"#, "limit/exceeded", huge),
    ("datetime.now", r#"{"zone": "Europe/Berlim"}"#, "datetime/unknown-zone", nothing),
    (
        "datetime.add",
        r#"{"to": "2026-01-31T08:00:00Z", "years": 9000}"#,
        "datetime/out-of-range",
        nothing,
    ),
    ("datetime.parse", r#"{"text": "tomorrow"}"#, "datetime/invalid", nothing),
    (
        "datetime.parse",
        r#"{"text": "06/04/2023", "pattern": "dd/MM/yyyy"}"#,
        "datetime/no-zone",
        nothing,
    ),
    (
        "datetime.parse",
        r#"{"text": "2026-10-25 02:30", "pattern": "yyyy-MM-dd HH:mm", "zone": "Europe/Berlin"}"#,
        "datetime/ambiguous",
        nothing,
    ),
    (
        "datetime.parse",
        r#"{"text": "2026-03-29 02:30", "pattern": "yyyy-MM-dd HH:mm", "zone": "Europe/Berlin"}"#,
        "datetime/gap",
        nothing,
    ),
    (
        "datetime.parse",
        r#"{"text": "2026-01-31T08:00:00+05:00[Europe/Berlin]"}"#,
        "datetime/wrong-offset",
        nothing,
    ),
    ("datetime.parse", r#"{"text": "1", "pattern": "q"}"#, "datetime/bad-pattern", nothing),
    (
        "datetime.parse",
        r#"{"text": "2026-01-31T08:00:00", "zone": "Nowhere"}"#,
        "datetime/unknown-zone",
        nothing,
    ),
    ("datetime.parse", r#"{"text": "9999-12-31T23:59:59Z"}"#, "datetime/out-of-range", nothing),
    ("datetime.parse", r#"{"text": "$LONG"}"#, "limit/exceeded", |ground| {
        ground.name("$LONG", "1".repeat(crate::limits::DATETIME_TEXT_BYTES_MAX + 1));
    }),
    (
        "datetime.format",
        r#"{"moment": "2026-01-31T08:00:00Z", "pattern": "q"}"#,
        "datetime/bad-pattern",
        nothing,
    ),
    (
        "datetime.format",
        r#"{"moment": "2026-01-31T08:00:00Z", "zone": "Nowhere"}"#,
        "datetime/unknown-zone",
        nothing,
    ),
    (
        "datetime.format",
        r#"{"moment": "2026-01-31T08:00:00Z", "pattern": "$LONG"}"#,
        "limit/exceeded",
        |ground| ground.name("$LONG", "y".repeat(crate::limits::DATETIME_PATTERN_BYTES_MAX + 1)),
    ),
];

const FILES: &[Refusal] = &[
    ("file.read", r#"{"file": "ledger/gone.txt"}"#, "file/not-found", nothing),
    ("file.read", r#"{"file": "nowhere/a.txt"}"#, "file/no-folder", nothing),
    ("file.read", r#"{"file": "/etc/passwd"}"#, "file/bad-path", nothing),
    ("file.read", r#"{"file": "ledger/2026"}"#, "file/not-a-file", nothing),
    ("file.read", r#"{"file": "ledger/latin.txt"}"#, "file/not-text", nothing),
    ("file.read", r#"{"file": "ledger/huge.txt"}"#, "limit/exceeded", huge),
    ("file.write", r#"{"file": "ledger/no/a.txt", "content": ""}"#, "file/not-found", nothing),
    ("file.write", r#"{"file": "nowhere/a.txt", "content": ""}"#, "file/no-folder", nothing),
    ("file.write", r#"{"file": "ledger/", "content": ""}"#, "file/bad-path", nothing),
    (
        "file.write",
        r#"{"file": "ledger/a.txt", "content": "", "how": "create"}"#,
        "file/exists",
        nothing,
    ),
    ("file.write", r#"{"file": "ledger/2026", "content": ""}"#, "file/not-a-file", nothing),
    ("file.write", r#"{"file": "ledger/a.txt", "content": "$HUGE"}"#, "limit/exceeded", huge),
    ("file.copy", r#"{"from": "ledger/gone", "to": "ledger/b"}"#, "file/not-found", nothing),
    ("file.copy", r#"{"from": "ledger/a.txt", "to": "nowhere/b"}"#, "file/no-folder", nothing),
    ("file.copy", r#"{"from": "..", "to": "ledger/b"}"#, "file/bad-path", nothing),
    ("file.copy", r#"{"from": "ledger/a.txt", "to": "ledger/taken.txt"}"#, "file/exists", nothing),
    ("file.copy", r#"{"from": "ledger/2026", "to": "ledger/b"}"#, "file/not-a-file", nothing),
    ("file.move", r#"{"from": "ledger/gone", "to": "ledger/b"}"#, "file/not-found", nothing),
    ("file.move", r#"{"from": "ledger/a.txt", "to": "nowhere/b"}"#, "file/no-folder", nothing),
    ("file.move", r#"{"from": "..", "to": "ledger/b"}"#, "file/bad-path", nothing),
    ("file.move", r#"{"from": "ledger/a.txt", "to": "ledger/taken.txt"}"#, "file/exists", nothing),
    ("file.move", r#"{"from": "ledger/2026", "to": "ledger/b"}"#, "file/not-a-file", nothing),
    ("file.delete", r#"{"file": "ledger/gone.txt"}"#, "file/not-found", nothing),
    ("file.delete", r#"{"file": "nowhere/a.txt"}"#, "file/no-folder", nothing),
    ("file.delete", r#"{"file": ""}"#, "file/bad-path", nothing),
    ("file.delete", r#"{"file": "ledger/2026"}"#, "file/not-a-file", nothing),
    ("file.list", r#"{"folder": "ledger/gone"}"#, "file/not-found", nothing),
    ("file.list", r#"{"folder": "nowhere"}"#, "file/no-folder", nothing),
    ("file.list", r#"{"folder": "ledger/."}"#, "file/bad-path", nothing),
    ("file.list", r#"{"folder": "ledger/a.txt"}"#, "file/not-a-folder", nothing),
    ("file.list", r#"{"folder": "archive"}"#, "limit/exceeded", crowd),
    ("file.wait", r#"{"file": "nowhere/a.txt"}"#, "file/no-folder", nothing),
    ("file.wait", r#"{"file": "ledger/nul"}"#, "file/bad-path", nothing),
];

const REQUESTS: &[Refusal] = &[
    ("http.request", r#"{"url": "portal.example.com"}"#, "http/bad-url", nothing),
    (
        "http.request",
        r#"{"url": "https://portal.example.com/", "headers": {"Host": "x"}}"#,
        "http/bad-header",
        nothing,
    ),
    (
        "http.request",
        r#"{"url": "https://portal.example.com/", "text": "x"}"#,
        "http/bad-body",
        nothing,
    ),
    ("http.request", r#"{"url": "https://portal.example.com/slow"}"#, "http/timeout", nothing),
    (
        "http.request",
        r#"{"url": "https://portal.example.com/nobody"}"#,
        "http/unreachable",
        nothing,
    ),
    ("http.request", r#"{"url": "https://portal.example.com/missing"}"#, "http/status", answers),
    ("http.request", r#"{"url": "https://portal.example.com/latin"}"#, "http/not-text", answers),
    (
        "http.request",
        r#"{"url": "https://portal.example.com/page", "as": "json"}"#,
        "json/invalid",
        answers,
    ),
    (
        "http.request",
        r#"{"url": "https://portal.example.com/loop"}"#,
        "http/too-many-redirects",
        answers,
    ),
    ("http.request", r#"{"url": "https://portal.example.com/down"}"#, "http/downgrade", answers),
    ("http.request", r#"{"url": "https://portal.example.com/lost"}"#, "http/bad-redirect", answers),
    (
        "http.request",
        r#"{"url": "https://portal.example.com/", "headers": {"X-Key": {"secret": "gone"}}}"#,
        "secret/not-found",
        nothing,
    ),
    (
        "http.request",
        r#"{"url": "https://portal.example.com/", "timeout": "6m"}"#,
        "limit/exceeded",
        nothing,
    ),
];
