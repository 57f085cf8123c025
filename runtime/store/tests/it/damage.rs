//! What a disk that failed, or somebody else, did to the store: it is told, it names what it hit,
//! and it hides nothing else.

use std::fs;
use std::path::Path;

use model::{Change, Error, Id, ItemEdit, ItemQuery, Status};
use rusqlite::Connection;
use support::{Bench, Place};

use crate::conformance::open_with_readers;

/// Texts that are none: a byte that no character has, and one that takes the JSON apart.
const NOT_UTF8: &str = "CAST(X'22FF22' AS TEXT)";
const NOT_JSON: &str = "'{\"a\":1)'";

/// A store with three items, of which the first was damaged like this.
fn damaged(set: &str) -> (Bench, [Id; 3]) {
    let mut bench = Bench::new(open_with_readers);
    let items = [(); 3].map(|()| bench.add());
    bench.reopen_after(|place| {
        let db = Connection::open(place.dir.join("wharf.db")).unwrap();
        let damage = format!("UPDATE item SET {set} WHERE id = ?1");
        assert_eq!(db.execute(&damage, [items[0].to_bytes()]).unwrap(), 1);
    });
    (bench, items)
}

fn all() -> ItemQuery {
    ItemQuery { limit: 10, ..ItemQuery::default() }
}

#[test]
fn a_check_names_items_with_damaged_texts() {
    for (set, problem) in [
        (format!("value = {NOT_UTF8}"), "its value is not UTF-8"),
        (format!("value = {NOT_JSON}"), "its value is not JSON: "),
        (format!("name = {NOT_UTF8}"), "its name is not UTF-8"),
        (format!("reference = {NOT_UTF8}"), "its reference is not UTF-8"),
        (format!("result = {NOT_UTF8}"), "its result is not UTF-8"),
        (format!("worker = {NOT_UTF8}"), "its worker is not UTF-8"),
    ] {
        let (bench, [item, ..]) = damaged(&set);
        let problems = bench.check().unwrap().problems;
        let expected = format!("item {item} is damaged: {problem}");
        assert!(problems.len() == 1 && problems[0].starts_with(&expected), "{problems:?}");
    }
}

#[test]
fn a_check_names_damaged_histories() {
    let mut bench = Bench::new(open_with_readers);
    let item = bench.add_as(|new| new.note = Some("why".into()));
    bench.reopen_after(|place| {
        let db = Connection::open(place.dir.join("wharf.db")).unwrap();
        assert_eq!(db.execute(&format!("UPDATE history SET text = {NOT_UTF8}"), []).unwrap(), 1);
    });
    let told = format!("item {item} is damaged: the text of entry 1 of its history is not UTF-8");
    assert_eq!(bench.check().unwrap().problems, [told.as_str()]);
    assert_eq!(bench.history(item, 0, 10).unwrap_err().to_string(), told);
    bench.make(Change::Note { item, text: String::new(), clear: true }).unwrap();
    bench.assert_sound();
    assert_eq!(bench.history(item, 0, 10).unwrap().len(), 2);
}

#[test]
fn a_damaged_item_hides_no_other() {
    for set in [NOT_UTF8, NOT_JSON].map(|text| format!("value = {text}")) {
        let (bench, [item, second, third]) = damaged(&set);
        let page = bench.items(all()).unwrap();
        assert_eq!(page.items.iter().map(|item| item.id).collect::<Vec<_>>(), [second, third]);
        let [error] = &page.damaged[..] else { panic!("{:?}", page.damaged) };
        assert!(error.to_string().starts_with(&format!("item {item} is damaged")), "{error}");
        assert_eq!((error.code(), bench.item(item).unwrap_err()), ("store/damaged", error.clone()));
    }
}

#[test]
fn a_claim_sets_a_damaged_item_aside_and_says_so() {
    let (bench, [item, second, third]) = damaged(&format!("value = {NOT_UTF8}"));
    let error = bench.claim(bench.claim_of(2)).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("item {item} is damaged: its value is not UTF-8; it is on hold now")
    );
    assert_eq!(bench.count(Status::OnHold), 1);
    assert_eq!(bench.texts(item), [error.to_string()]);
    assert_eq!(bench.take_ids(), [second, third]);
}

#[test]
fn a_damaged_item_is_mended_by_a_new_value() {
    let (bench, [item, ..]) = damaged(&format!("value = {NOT_JSON}"));
    let edit = ItemEdit { value: Some("1".into()), ..ItemEdit::default() };
    bench.make(Change::Edit { item, edit: Box::new(edit) }).unwrap();
    bench.assert_sound();
    assert_eq!(bench.item(item).unwrap().value, "1");
    let (bench, [item, ..]) = damaged(&format!("name = {NOT_UTF8}, worker = {NOT_UTF8}"));
    bench.make(Change::Delete { item }).unwrap();
    bench.assert_sound();
}

#[test]
fn a_store_that_was_emptied_is_not_begun_anew() {
    let mut bench = Bench::new(open_with_readers);
    bench.add();
    bench.reopen_after(|place| {
        let file = place.dir.join("wharf.db");
        let whole = fs::read(&file).unwrap();
        fs::write(&file, "").unwrap();
        let error = open_with_readers(place).map(drop).unwrap_err();
        assert_eq!(error, Error::StoreEmpty { file: file.display().to_string() });
        assert_eq!(error.code(), "store/damaged");
        assert_eq!(fs::metadata(&file).unwrap().len(), 0);
        fs::write(&file, whole).unwrap();
    });
    assert_eq!(bench.count(Status::Queued), 1);
}

#[test]
fn a_first_start_that_was_interrupted_is_repeated() {
    let bench = Bench::new(open_with_readers);
    for left in [&[][..], &[0; 5_000], b"SQLite format 3\0"] {
        let dir = tempfile::tempdir().unwrap();
        for name in ["lock", "wharf.db.new", "wharf.db.new-wal"] {
            fs::write(dir.path().join(name), left).unwrap();
        }
        let place = Place { dir: dir.path().to_owned(), ..bench.place.clone() };
        let store = open_with_readers(&place).unwrap();
        assert_eq!(store.queues().unwrap(), []);
        let mut files: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|it| it.unwrap()).collect();
        files.retain(|it| it.file_name().to_string_lossy().contains("new"));
        assert!(files.is_empty(), "{files:?}");
    }
}

/// Overwrites the page of the database that holds this text.
fn overwrite_page(file: &Path, text: &str) {
    const PAGE: usize = 4_096;
    // What was there before a page was split would be found as well.
    Connection::open(file).unwrap().execute_batch("VACUUM").unwrap();
    let mut bytes = fs::read(file).unwrap();
    let at = bytes.windows(text.len()).position(|found| found == text.as_bytes()).unwrap();
    bytes[at / PAGE * PAGE..][..PAGE].fill(0xFF);
    fs::write(file, bytes).unwrap();
}

#[test]
fn damage_that_was_met_stops_all_writing() {
    let mut bench = Bench::new(open_with_readers);
    let first = bench.add_as(|new| new.note = Some("the first page of all histories".into()));
    for _ in 0..300 {
        bench.add_as(|new| new.note = Some("x".repeat(200)));
    }
    bench.reopen_after(|place| {
        overwrite_page(&place.dir.join("wharf.db"), "the first page of all histories");
    });
    bench.add();
    let note = Change::Note { item: first, text: "n".into(), clear: true };
    let error = bench.make(note).unwrap_err();
    assert_eq!(error.code(), "store/damaged");
    assert_eq!(bench.add_new(bench.new_item("1")).unwrap_err(), error);
    assert!(bench.check().unwrap().problems.len() > 1);
}

#[test]
fn a_store_that_cannot_be_opened_is_examined() {
    let mut bench = Bench::new(open_with_readers);
    bench.reopen_after(|place| {
        let file = place.dir.join("wharf.db");
        let whole = fs::read(&file).unwrap();
        overwrite_page(&file, "orders");
        assert_eq!(open_with_readers(place).map(drop).unwrap_err().code(), "store/damaged");
        let problems = store::examine(&place.dir).unwrap();
        assert!(problems.iter().any(|problem| problem.contains("page")), "{problems:?}");
        fs::write(&file, whole).unwrap();
    });
}
