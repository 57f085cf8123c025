//! Actions on files.

use std::fs;

use expect_test::expect;
use model::Value;

use super::Ground;
use crate::action::Output;

fn text(ground: &Ground, given: &str) -> String {
    ground.value("file.read", given).as_text().expect("it is text").to_owned()
}

#[test]
fn content_comes_back_as_written() {
    let ground = Ground::new();
    let write = |given: &str| ground.perform("file.write", given).unwrap();
    write(r#"{"file": "ledger/new.txt", "content": "Grüße\n", "how": "create"}"#);
    write(r#"{"file": "ledger/new.txt", "content": "2", "how": "append"}"#);
    assert_eq!(text(&ground, r#"{"file": "ledger/new.txt"}"#), "Grüße\n2");
    write(r#"{"file": "ledger/new.txt", "content": "7f8A/w==", "as": "base64"}"#);
    assert_eq!(text(&ground, r#"{"file": "ledger/new.txt", "as": "base64"}"#), "7f8A/w==");
    fs::write(ground.at("ledger/marked.txt"), "\u{feff}text").unwrap();
    assert_eq!(text(&ground, r#"{"file": "ledger/marked.txt"}"#), "text");
    let bad = r#"{"file": "ledger/x", "content": "a b", "as": "base64"}"#;
    expect![[r"
        generic action/bad-input: `content` is no base64
          hint: give base64 with its padding, without blanks and line ends
    "]]
    .assert_eq(&ground.said("file.write", bad));
    assert!(!ground.at("ledger/x").exists());
}

#[test]
fn files_are_copied_and_moved() {
    let ground = Ground::new();
    ground.perform("file.copy", r#"{"from": "ledger/a.txt", "to": "archive/a.txt"}"#).unwrap();
    assert_eq!(ground.text_of("archive/a.txt"), "content");
    ground.perform("file.move", r#"{"from": "ledger/a.txt", "to": "ledger/2026/b.txt"}"#).unwrap();
    assert_eq!(ground.text_of("ledger/2026/b.txt"), "content");
    assert!(!ground.at("ledger/a.txt").exists());
    for action in ["file.copy", "file.move"] {
        let onto = r#"{"from": "ledger/2026/b.txt", "to": "ledger/taken.txt"}"#;
        assert_eq!(ground.failure(action, onto).code, "file/exists");
        assert_eq!(ground.text_of("ledger/taken.txt"), "taken");
    }
    let replace = r#"{"from": "ledger/2026/b.txt", "to": "ledger/taken.txt", "replace": true}"#;
    ground.perform("file.move", replace).unwrap();
    assert_eq!(ground.text_of("ledger/taken.txt"), "content");
    let left: Vec<_> = fs::read_dir(ground.at("ledger")).unwrap().collect();
    assert!(left.iter().flatten().all(|it| !it.file_name().to_string_lossy().contains("wharf")));
}

#[test]
fn large_files_are_copied_whole() {
    let ground = Ground::new();
    let content = "0123456789".repeat(2 * 1024 * 1024);
    fs::write(ground.at("ledger/large"), &content).unwrap();
    ground.perform("file.copy", r#"{"from": "ledger/large", "to": "archive/large"}"#).unwrap();
    assert!(ground.text_of("archive/large") == content);
}

#[test]
fn links_lead_no_copy_out() {
    let ground = Ground::new();
    fs::write(ground.at("outside.txt"), "outside").unwrap();
    std::os::unix::fs::symlink(ground.at("outside.txt"), ground.at("ledger/link")).unwrap();
    let given = r#"{"from": "ledger/link", "to": "ledger/stolen"}"#;
    assert_eq!(ground.failure("file.copy", given).code, "file/outside");
    assert_eq!(ground.failure("csv.read", r#"{"file": "ledger/link"}"#).code, "file/outside");
}

#[test]
fn deleting_may_find_nothing() {
    let ground = Ground::new();
    let given = r#"{"file": "ledger/a.txt", "missing-ok": true}"#;
    for _ in 0..2 {
        assert_eq!(ground.perform("file.delete", given), Ok(Output::Nothing));
    }
    assert!(!ground.at("ledger/a.txt").exists());
    let elsewhere = r#"{"file": "nowhere/a.txt", "missing-ok": true}"#;
    assert_eq!(ground.failure("file.delete", elsewhere).code, "file/no-folder");
}

#[test]
fn folders_are_listed_by_name() {
    let ground = Ground::new();
    let given = r#"{"folder": "ledger", "include": "?*.txt"}"#;
    let listed = ground.value("file.list", given);
    let paths = listed.as_list().unwrap().iter().map(|it| it.get("path").unwrap().to_string());
    let paths = paths.collect::<Vec<_>>().join(" ");
    assert_eq!(paths, r#""ledger/a.txt" "ledger/latin.txt" "ledger/taken.txt""#);
    let first = listed.at(0).unwrap();
    assert_eq!(
        (first.get("size"), first.get("folder")),
        (Some(&7_u64.into()), Some(&false.into()))
    );
    // The path of an entry is what other actions take.
    let path = first.get("path").unwrap();
    assert_eq!(text(&ground, &format!(r#"{{"file": {path}}}"#)), "content");
    let none = ground.value("file.list", r#"{"folder": "ledger", "include": "*.pdf"}"#);
    assert_eq!(none, Value::List(Vec::new()));
}

#[test]
fn waiting_looks_again_later() {
    let ground = Ground::new();
    let created = r#"{"file": "ledger/done"}"#;
    let deleted = r#"{"file": "ledger/done", "until": "deleted"}"#;
    let waits = |given: &str| matches!(ground.perform("file.wait", given), Ok(Output::Later(_)));
    assert!(waits(created) && !waits(deleted));
    fs::write(ground.at("ledger/done"), "").unwrap();
    assert!(!waits(created) && waits(deleted));
}
