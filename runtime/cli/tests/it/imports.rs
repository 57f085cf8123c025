//! Imports as people begin them: a trial, rejected rows, another form of file.

use crate::place::{Place, list, text};

const ODD: &str = "id;priority;until\nO-1;high;\nO-2;soon;\n\"a;b\";1;yesterday\nO-4;5;;7\n";
const IMPORT: &str = "--reference-from id --priority-from priority --expires-from until";

fn read(place: &Place, name: &str) -> String {
    std::fs::read_to_string(place.path(name)).unwrap()
}

#[test]
fn rejects_never_replace_a_file() {
    let place = Place::with_orders();
    place.file("rows.csv", ODD);
    place.file("other.csv", "precious");
    for file in ["rows.csv", "other.csv", ".wharf"] {
        let ran = place.run(&format!("item import orders rows.csv --rejects {file}"));
        ran.assert_refused(1, "file/exists", "nothing is overwritten");
    }
    assert_eq!(
        (read(&place, "rows.csv"), read(&place, "other.csv")),
        (ODD.into(), "precious".into())
    );
    assert_eq!(place.count("total"), 0);
    place.file("good.csv", "id\n1\n");
    place.ok("item import orders good.csv --rejects rejects.csv");
    assert!(!place.path("rejects.csv").exists(), "nothing was rejected");
}

#[test]
fn rejected_rows_are_corrected_and_imported() {
    let place = Place::with_orders();
    place.file("rows.csv", ODD);
    let ran = place.run(&format!("item import orders rows.csv {IMPORT} --rejects again.csv"));
    assert_eq!((ran.code, ran.out.as_str()), (4, "accepted 1, duplicate 0, rejected 3\n"));
    let again = read(&place, "again.csv");
    let heads: Vec<&str> = again.lines().map(|line| line.split(";value").next().unwrap()).collect();
    assert_eq!(heads[0], "id;priority;until;rejected_line;rejected_code;rejected_reason");
    assert_eq!(heads[1..3], ["O-2;soon;;3", "\"a;b\";1;yesterday;4"]);
    assert!(heads[3].starts_with("\"O-4;5;;7\";;;5;csv/too-many-columns;"), "{again}");
    let ran = place.run(&format!("item import orders again.csv {IMPORT}"));
    assert_eq!((ran.code, ran.out.as_str()), (4, "accepted 0, duplicate 0, rejected 3\n"));
    assert!(ran.err.contains("line 4 (row 3): import/not-corrected: "), "{ran:?}");
    let corrected = again.replacen("soon", "low", 1).replacen("yesterday", "7d", 1);
    place.file("again.csv", corrected.replacen("\"O-4;5;;7\";;", "O-4;5;", 1));
    let ran = place.ok(&format!("item import orders again.csv {IMPORT} --types infer"));
    assert_eq!(ran, "accepted 3, duplicate 0, rejected 0\n");
    let exported = place.ok("item export orders");
    assert_eq!(exported.lines().count(), 4);
    assert!(!exported.contains("rejected"), "{exported}");
}

#[test]
fn rejected_lines_keep_their_form() {
    let place = Place::with_orders();
    place.file("rows.jsonl", "{\"n\":1.50}\n{\"id\":\n[2]\n{ }\n{\"id\":\"A\"}\n");
    let ran = place.run("item import orders rows.jsonl --reference-from id --rejects again.jsonl");
    assert_eq!((ran.code, ran.out.as_str()), (4, "accepted 1, duplicate 0, rejected 4\n"));
    let told = "\"rejected_code\":\"import/no-reference\",\
                \"rejected_reason\":\"the column `id` is empty; fill the cell, or name another \
                column\"}";
    let expected = format!(
        "{{\"n\":1.50,\"rejected_line\":1,{told}\n{{\"id\":\n[2]\n{{\"rejected_line\":4,{told}\n"
    );
    assert_eq!(read(&place, "again.jsonl"), expected);
    let ran = place.run("item import orders again.jsonl");
    assert_eq!(ran.out, "accepted 3, duplicate 0, rejected 1\n", "{ran:?}");
    assert!(place.ok("item export orders").contains("\"value\":{\"n\":1.50}}"));
}

#[test]
fn rows_that_the_store_refuses_are_kept() {
    let place = Place::new();
    place.file("schema.json", r#"{"properties":{"n":{"enum":["1"]}}}"#);
    place.ok("queue create orders --schema schema.json");
    place.file("rows.csv", "n,m\n1,x\n2,\"y,z\"\n");
    let ran = place.run("item import orders rows.csv --rejects again.csv");
    assert_eq!(ran.code, 4, "{ran:?}");
    let again = read(&place, "again.csv");
    assert!(again.contains("\n2,\"y,z\",3,value/schema-violation,"), "{again}");
}

#[test]
fn rehearsal_checks_and_writes_nothing() {
    let place = Place::with_orders();
    place.file("rows.csv", ODD);
    let line = format!("item import orders rows.csv {IMPORT} --dry-run");
    let ran = place.run(&line);
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(ran.out.ends_with("would accept 1, reject 3\n"), "{ran:?}");
    assert!(ran.err.contains("line 3 (row 2): value/bad-priority: column `priority`: `soon`"));
    assert!(
        ran.err.contains(
            "hint: value/bad-priority: use high (100), normal (200), low (300) or a number"
        ),
        "{ran:?}"
    );
    place.file("good.csv", "n\n1\n2\n3\n");
    let told = place.json("item import orders good.csv --dry-run");
    let items = list(told.get("items").unwrap());
    assert_eq!(items.len(), 2);
    assert_eq!(
        items[1].get("value").and_then(|value| value.get("n")).unwrap().as_text(),
        Some("2")
    );
    assert_eq!((text(&items[0], "queue"), text(&items[0], "status")), ("orders", "queued"));
    assert_eq!(place.count("total"), 0);
    place.ok("item import other good.csv --create --dry-run");
    place.run("queue show other").assert_refused(4, "queue/not-found", "queue create other");
}

#[test]
fn made_references_are_told_once() {
    let place = Place::with_orders();
    place.file("rows.csv", "id\n1\n2\n");
    let told = |line: &str| {
        let ran = place.run(line);
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.err.matches("references are made of the file's content").count()
    };
    assert_eq!(told("item import orders rows.csv"), 1);
    assert_eq!(told("item import orders rows.csv"), 0, "nothing was added");
    assert_eq!(told("item import orders rows.csv --reference-from id"), 0);
    place.file("rows.csv", "id\n3\n");
    assert_eq!(told("item import orders rows.csv --quiet"), 0);
}

#[test]
fn elements_of_an_array_are_imported() {
    let place = Place::with_orders();
    for number in 1..4 {
        place.ok(&format!("item add orders --value {number} --reference R-{number} --name 'a]b'"));
    }
    place.file("x.json", place.ok("item list orders --output json"));
    let line = "item import copy x.json --create --value-from value --reference-from reference";
    assert_eq!(place.ok(line), "accepted 3, duplicate 0, rejected 0\n");
    assert!(place.ok("item export copy").contains("\"reference\":\"R-3\""));
    place.file("cut.json", "[{\"n\":1},\n{\"n\":");
    let ran = place.run("item import orders cut.json --rejects again.jsonl");
    assert_eq!((ran.code, ran.out.as_str()), (4, "accepted 1, duplicate 0, rejected 1\n"));
    assert!(
        ran.err.contains("line 2 (row 2): value/invalid-json: the array has no end"),
        "{ran:?}"
    );
    assert_eq!(read(&place, "again.jsonl"), "{\"n\":\n");
}

#[test]
fn queue_of_the_first_row_is_needed() {
    let place = Place::with_orders();
    place.file("rows.csv", "WorkQueueKey,n\norder,1\norders,2\n");
    let ran = place.run("item import rows.csv");
    ran.assert_refused(4, "queue/not-found", "did you mean `orders`?");
    assert_eq!(place.count("total"), 0);
    place.file("later.csv", "WorkQueueKey,n\norders,1\norder,2\n");
    let ran = place.run("item import later.csv");
    assert_eq!((ran.code, ran.out.as_str()), (4, "accepted 1, duplicate 0, rejected 1\n"));
    let made = place.ok("item import rows.csv --create");
    assert_eq!(made, "accepted 2, duplicate 0, rejected 0\n");
    assert_eq!(place.ok("queue list --output jsonl").lines().count(), 2);
}

#[test]
fn files_without_rows_are_told() {
    let place = Place::with_orders();
    place.file("empty.csv", "");
    place.file("header.csv", "id,n\n");
    place.file("empty.json", "[]\n");
    for file in ["empty.csv", "header.csv", "empty.json"] {
        let ran = place.run(&format!("item import orders {file}"));
        let told = format!("no rows in `{file}`\n");
        let none = "accepted 0, duplicate 0, rejected 0\n";
        assert_eq!((ran.code, ran.out.as_str(), ran.err), (0, none, told));
    }
}
