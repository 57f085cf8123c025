//! Disks that are full, limited or broken: what was done is told, and what is damaged is named.

use std::fs;

use crate::place::{Place, finish, start};

/// The database of the place.
const STORE: &str = ".wharf/wharf.db";

#[test]
fn an_unwritten_answer_says_what_was_done() {
    let place = Place::with_orders();
    let full = |line: &str| finish(start(&mut place.shell(&format!("{line} > /dev/full"))));
    let added = full("wharf item add orders --value 1");
    assert!((added.code, added.err.contains("the item was added: ")) == (1, true), "{added:?}");
    assert!(added.err.contains("do not repeat it"), "{added:?}");
    assert_eq!(place.count("queued"), 1);
    let id = place.ok("item add orders --value 2").trim().to_owned();
    for (line, did) in [
        (format!("wharf item note {id} why --output json"), "the note was written: "),
        (format!("wharf item hold {id} --output json"), "held 1 item"),
        ("wharf queue create q --output json".to_owned(), "the queue was created: q"),
    ] {
        let ran = full(&line);
        assert!((ran.code, ran.err.contains(did)) == (1, true), "{ran:?}");
    }
}

#[test]
fn a_limit_on_files_is_named() {
    let place = Place::with_orders();
    place.file("value.json", format!("\"{}\"", "x".repeat(900_000)));
    let line = "ulimit -f 500; wharf item add orders --value @value.json";
    let ran = finish(start(&mut place.shell(line)));
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("error[store/full]") && ran.err.contains("ulimit -f"), "{ran:?}");
    assert_eq!(place.count("total"), 0);
    let first = "ulimit -f 8; wharf --data other queue create q";
    let ran = finish(start(&mut place.shell(first)));
    assert!((ran.code, ran.err.contains("ulimit -f")) == (1, true), "{ran:?}");
    place.ok("--data other queue create q");
}

#[test]
fn a_store_that_was_emptied_is_damaged() {
    let place = Place::with_orders();
    place.ok("item add orders --value 1");
    place.file(STORE, "");
    for line in ["db check", "queue list", "queue create q", "item add orders --value 1"] {
        place.run(line).assert_refused(1, "store/damaged", "`wharf db restore`");
    }
    assert_eq!(fs::metadata(place.path(STORE)).unwrap().len(), 0);
}

#[test]
fn a_check_tells_the_details_of_damage() {
    let place = Place::with_orders();
    place.ok("item add orders --value 1 --note text");
    let mut bytes = fs::read(place.path(STORE)).unwrap();
    let at = bytes.windows(6).position(|found| found == b"orders").unwrap() / 4_096 * 4_096;
    bytes[at..at + 4_096].fill(0xFF);
    place.file(STORE, &bytes);
    let ran = place.run("db check");
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.lines().any(|line| line.starts_with("- ") && line.contains("age ")), "{ran:?}");
    place.file("backup.db", &bytes);
    let restored = place.run("--data other db restore backup.db");
    assert!(restored.err.contains("is not a usable backup"), "{restored:?}");
}

#[test]
fn backups_answer_programs_in_their_form() {
    let place = Place::with_orders();
    let told = place.json("db backup copy.db");
    assert!(told.get("file").unwrap().as_text().unwrap().ends_with("copy.db"));
    let told = place.json("--data other db restore copy.db");
    let names: Vec<&String> = told.as_object().unwrap().keys().collect();
    assert_eq!(names, ["file", "data", "kept"]);
    place.run("db backup -").assert_refused(2, "usage/invalid", "name a new file");
}
