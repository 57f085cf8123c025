//! What is said to a slip: the hint fits the place, and nothing is said of what is not there.

use crate::place::Place;

#[test]
fn numbers_out_of_range_agree() {
    let place = Place::with_orders();
    for line in [
        "queue edit orders --retries 21",
        "queue edit orders --retries -1",
        "queue edit orders --crashes 21",
        "item claim orders --count 1001",
        "item claim orders --count 0",
        "item list orders --limit 100001",
    ] {
        place.run(line).assert_refused(2, "usage/invalid", "from ");
    }
    let short = place.run("item claim orders --lease 1ms");
    short.assert_refused(4, "limit/exceeded", "at least 100ms");
    assert!(short.err.contains("the lease is 1ms, shorter than 100ms"), "{short:?}");
}

#[test]
fn hints_fit_their_place() {
    let place = Place::with_orders();
    let id = place.ok("item add orders --value 1 --reference R1");
    let id = id.trim();
    place.run("item show R1").assert_refused(2, "usage/invalid", "--queue QUEUE --reference R1");
    let edit = place.run(&format!("item edit {id} --reference R9"));
    edit.assert_refused(2, "usage/invalid", "--set-reference R9");
    let wrong = place.run(&format!("item renew {id} --token wrong"));
    wrong.assert_refused(2, "usage/invalid", "as `wharf item claim` printed it");
    assert!(wrong.err.contains("`wrong` is not a token"), "{wrong:?}");
    let inline = place.run_with(&["queue", "edit", "orders", "--schema", "{\"type\":\"object\"}"]);
    inline.assert_refused(2, "usage/invalid", "give FILE or @FILE");
    place.file("schema.json", "{\"type\":\"object\"}");
    place.ok("queue edit orders --schema @schema.json");
    place.file("bad.json", "{\"properties\":{\"n\":{\"type\":\"nonsense\"}}}");
    let bad = place.run("queue edit orders --schema bad.json");
    bad.assert_refused(4, "queue/bad-schema", "correct the schema");
    assert!(bad.err.contains("`/properties/n/type`"), "{bad:?}");
    let folder = place.run("item add orders --value @.wharf");
    assert!(!folder.err.contains("``"), "{folder:?}");
    place.file("cut.json", "[{\"n\":1},");
    let cut = place.run("item import orders cut.json");
    assert!(cut.err.contains("ends with ]") && !cut.err.contains("each line"), "{cut:?}");
    place.file("rows.jsonl", "1\nnot json\n");
    let one = place.run("item import orders rows.jsonl");
    assert!(one.err.contains("line 2 (row 2)") && !one.err.contains("(line 1, "), "{one:?}");
}

#[test]
fn help_is_a_command_everywhere() {
    let place = Place::new();
    let expected = place.ok("item add --help");
    for line in ["help item add", "item help add"] {
        assert!(place.ok(line).contains("Add an item to a queue"), "{line}");
    }
    assert!(expected.contains("Add an item to a queue"));
    for line in ["help item ad", "help item add more", "item help nonsense"] {
        let ran = place.run(line);
        assert!(ran.code == 2 && !ran.err.contains("use one of \n"), "{line}: {ran:?}");
    }
}

#[test]
fn oversize_rows_are_said_to_be_cut() {
    let place = Place::with_orders();
    let long = "x".repeat(1024 * 1024 + 1);
    place.file("rows.csv", format!("n\n{long}\n1,2\n"));
    let ran = place.run("item import orders rows.csv --rejects again.csv");
    assert_eq!(ran.code, 4, "{ran:?}");
    assert_eq!(ran.err.matches("only its beginning is kept").count(), 1, "{ran:?}");
}
