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
                \"rejected_reason\":\"the field `id` is missing or empty; give the row that \
                field, or name another one\"}";
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
    assert!(ran.out.ends_with("would accept 1, duplicate 0, reject 3\n"), "{ran:?}");
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

#[test]
fn form_is_known_by_its_first_byte() {
    let place = Place::with_orders();
    for (text, form, count) in [
        ("{\"a\":1}\n{\"a\":2}\n", "jsonl", 2),
        ("  \n[{\"a\":1}]", "json", 1),
        ("a,b\n1,2\n", "csv", 1),
    ] {
        place.file("text", text);
        for (shown, line) in [
            ("stdin", "wharf item import orders - --dry-run < text"),
            ("`text`", "wharf item import orders text --dry-run"),
        ] {
            let ran = crate::place::finish(crate::place::start(&mut place.shell(line)));
            let would = format!("would accept {count}, duplicate 0, reject 0\n");
            assert!(ran.code == 0 && ran.out.ends_with(&would), "{line}: {ran:?}");
            let told = format!("{shown} is read as {form}; --format says otherwise\n");
            assert!(ran.err.starts_with(&told), "{line}: {ran:?}");
        }
    }
    place.file("queues", "{\"key\":\"more\"}");
    let piped = "wharf queue import - < queues";
    let ran = crate::place::finish(crate::place::start(&mut place.shell(piped)));
    assert_eq!(ran.out, "created 1, changed 0, unchanged 0, rejected 0\n", "{ran:?}");
    place.file("rows.csv", "{\"a\":1}\n");
    let ran = place.run("item import orders rows.csv");
    assert!(ran.err.contains("--format jsonl reads that"), "{ran:?}");
}

#[test]
fn exported_items_keep_their_expiry() {
    let place = Place::new();
    place.ok("queue create orders --ttl 1h");
    place.ok("item add orders --value 1 --expires none --reference never");
    place.ok("item add orders --value 2 --reference later");
    let expiry = |queue: &str, reference: &str| {
        let shown = place.json(&format!("item show --queue {queue} --reference {reference}"));
        list(&shown)[0].get("expires").unwrap().clone()
    };
    for form in ["jsonl", "csv"] {
        place.ok(&format!("queue create {form} --ttl 9h"));
        let file = format!("out.{form}");
        place.file(&file, place.ok(&format!("item export orders --format {form}")));
        place.ok(&format!("item import {form} {file}"));
        for reference in ["never", "later"] {
            assert_eq!(expiry(form, reference), expiry("orders", reference), "{form}");
        }
    }
    let row = "{\"reference\":\"ttl\",\"expires\":null,\"value\":3}\n";
    place.file("null.jsonl", row);
    place.ok("item import orders null.jsonl --value-from value --expires-from expires \
              --reference-from reference");
    assert!(expiry("orders", "ttl").as_text().is_some());
}

#[test]
fn rehearsal_asks_the_queue() {
    let place = Place::new();
    place.ok("queue create orders --ttl 1h");
    place.ok("item add orders --value 1 --reference R-1");
    place.file("rows.csv", "id\nR-1\nR-2\nR-2\nR-3\n");
    let line = "item import orders rows.csv --reference-from id --dry-run";
    let told = place.json(line);
    let count = |name: &str| told.get(name).and_then(|it| it.as_number()?.as_u64());
    assert_eq!(
        (count("accepted"), count("duplicate"), count("rejected")),
        (Some(2), Some(2), Some(0))
    );
    for item in list(told.get("items").unwrap()) {
        assert!(item.get("expires").unwrap().as_text().is_some(), "the TTL counts: {item:?}");
    }
    assert_eq!(
        place.ok("item import orders rows.csv --reference-from id"),
        "accepted 2, duplicate 2, rejected 0\n"
    );
}

#[test]
fn unknown_fields_of_an_export_are_refused() {
    let place = Place::with_orders();
    place.ok("item add orders --value 1 --reference R-1");
    let exported = place.ok("item export orders");
    let odd = exported.replace("R-1", "R-2").replacen("\"value\"", "\"valeu\":2,\"value\"", 1);
    place.file("rows.jsonl", format!("{exported}{odd}"));
    let ran = place.run("item import orders rows.jsonl");
    assert_eq!((ran.code, ran.out.as_str()), (4, "accepted 0, duplicate 1, rejected 1\n"));
    assert!(
        ran.err
            .ends_with("columns: those of an export; --columns row takes the whole row as value\n"),
        "{ran:?}"
    );
    assert!(ran.err.contains("import/unknown-field: did you mean `value`?"), "{ran:?}");
    place.file("whole.jsonl", "{\"n\":1}\n");
    let ran = place.run("item import orders whole.jsonl");
    assert!(ran.err.contains("columns: the whole row is the value\n"), "{ran:?}");
}

#[test]
fn misplaced_words_are_told() {
    let place = Place::with_orders();
    place.file("e.jsonl", "{\"n\":1}\n");
    place.file("e.csv", "n\n1\n");
    let swapped = place.run("item import e.jsonl orders");
    swapped.assert_refused(2, "usage/invalid", "`wharf item import orders e.jsonl`");
    for file in ["e.jsonl", "e.csv"] {
        let ran = place.run(&format!("item import {file}"));
        assert!(ran.code == 4 && ran.err.contains("give the queue before the file"), "{ran:?}");
    }
}

#[test]
fn lines_of_json_keep_the_text_of_values() {
    let place = Place::with_orders();
    let value = r#"{ "a" : 1.50,  "b":"\u0041\/" , "c" : [ ] }"#;
    place.file("value.json", value);
    place.ok("item add orders --value @value.json --reference R-1");
    place.file("rows.jsonl", place.ok("item export orders"));
    place.ok("queue create copy");
    place.ok("item import copy rows.jsonl");
    let copied = place.json("item list copy");
    assert_eq!(text(&list(&copied)[0], "reference"), "R-1");
    assert!(place.ok("item export copy").contains(value));
    let told = r#""rejected_line":1,"rejected_code":"c","rejected_reason":"r""#;
    place.file("again.jsonl", format!("{{\"reference\":\"R-2\",\"value\":{value},{told}}}\n"));
    place.ok("item import copy again.jsonl");
    assert_eq!(place.ok("item export copy").matches(value).count(), 2);
}

#[test]
fn an_envelope_needs_no_more_than_a_value() {
    let place = Place::with_orders();
    for (name, row, columns, value) in [
        ("a", r#"{"name":"a","value":{"n":1}}"#, "", r#"{"n":1}"#),
        ("b", r#"{"value":2,"priority":100}"#, "", "2"),
        ("c", r#"{"name":"c","other":1,"value":3}"#, "", r#"{"name":"c","other":1,"value":3}"#),
        ("d", r#"{"value":4}"#, " --columns row", r#"{"value":4}"#),
        ("e", r#"{"value":5}"#, " --columns export", "5"),
        ("f", r#"{"name":"f"}"#, "", r#"{"name":"f"}"#),
    ] {
        place.ok(&format!("queue create {name}"));
        place.file("rows.jsonl", format!("{row}\n"));
        let ran = place.run(&format!("item import {name} rows.jsonl{columns}"));
        assert_eq!((ran.code, ran.err.contains("columns: ")), (0, columns.is_empty()), "{ran:?}");
        let exported = place.ok(&format!("item export {name}"));
        assert!(exported.trim().ends_with(&format!("\"value\":{value}}}")), "{exported}");
    }
    place.file("rows.jsonl", "{\"value\":1}\n{\"name\":\"x\"}\n");
    let ran = place.run("item import orders rows.jsonl");
    assert_eq!((ran.code, ran.out.as_str()), (4, "accepted 1, duplicate 0, rejected 1\n"));
    assert!(ran.err.contains("the field `value` is missing"), "{ran:?}");
}
