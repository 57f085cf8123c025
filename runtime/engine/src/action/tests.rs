//! All actions, each against a real store, real folders and a network that is made up.

mod conformance;
mod files;
mod ground;
mod page;
mod queues;
mod refusals;
mod requests;
mod tables;
mod texts;

use ground::{Ground, inputs};

/// Inputs with which each action succeeds on the ground as it is made.
const GOOD: &[(&str, &str)] = &[
    ("queue.add", r#"{"queue": "orders", "value": 1}"#),
    ("queue.add-many", r#"{"queue": "orders", "items": [{"value": 1}]}"#),
    ("queue.take", r#"{"queue": "orders"}"#),
    ("queue.update", r#"{"item": "$QUEUED", "priority": "high"}"#),
    ("queue.requeue", r#"{"item": "$FAILED"}"#),
    ("queue.note", r#"{"item": "$QUEUED", "text": "a note"}"#),
    ("queue.get", r#"{"item": "$QUEUED"}"#),
    ("queue.list", r#"{"queue": "orders"}"#),
    ("queue.clear", r#"{"queue": "orders"}"#),
    ("csv.read", r#"{"file": "ledger/rows.csv"}"#),
    ("csv.write", r#"{"file": "ledger/new.csv", "rows": [["a", 1]]}"#),
    ("json.parse", r#"{"text": "[1]"}"#),
    ("json.stringify", r#"{"value": [1]}"#),
    ("datetime.now", "{}"),
    ("datetime.add", r#"{"to": "2026-01-31T08:00:00Z", "days": 7}"#),
    (
        "datetime.subtract",
        r#"{"later": "2026-01-31T08:00:00Z", "earlier": "2026-01-30T08:00:00Z"}"#,
    ),
    ("datetime.parse", r#"{"text": "2026-01-31T08:00:00Z"}"#),
    ("datetime.format", r#"{"moment": "2026-01-31T08:00:00Z"}"#),
    ("file.read", r#"{"file": "ledger/a.txt"}"#),
    ("file.write", r#"{"file": "ledger/new.txt", "content": "text"}"#),
    ("file.copy", r#"{"from": "ledger/a.txt", "to": "ledger/b.txt"}"#),
    ("file.move", r#"{"from": "ledger/a.txt", "to": "ledger/b.txt"}"#),
    ("file.delete", r#"{"file": "ledger/a.txt"}"#),
    ("file.list", r#"{"folder": "ledger"}"#),
    ("file.wait", r#"{"file": "ledger/a.txt"}"#),
    ("http.request", r#"{"url": "https://portal.example.com/"}"#),
    ("log", r#"{"message": "a line"}"#),
];
