//! What is said to a slip: the hint fits the place, and nothing is said of what is not there.

use crate::place::{Place, finish, start};

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

#[test]
fn words_too_many_are_told_where_they_belong() {
    let place = Place::with_orders();
    let id = place.ok("item add orders --value 1").trim().to_owned();
    for (words, hint) in [
        (&["item", "add", "orders", "{\"a\":1}"][..], "--value '{\"a\":1}'"),
        (&["item", "add", "orders", "12"], "--value '12'"),
        (&["item", "add", "orders", "two"], "a value with blanks stands in quotes"),
        (&["item", "note", &id, "two", "words"], "a note with blanks stands in quotes"),
        (&["item", "import", "orders", "rows.csv", "more.csv"], "one file is imported at a time"),
    ] {
        let ran = place.run_with(words);
        ran.assert_refused(2, "usage/invalid", hint);
        assert!(ran.err.contains("is one word too many"), "{ran:?}");
    }
}

#[test]
fn none_and_blank_mean_the_same_for_every_verb() {
    let place = Place::with_orders();
    let add = |rest: &[&str]| {
        place.run_with(&[&["item", "add", "orders", "--value", "1"], rest].concat())
    };
    add(&["--reference", ""]).assert_refused(4, "value/blank", "none is no reference");
    let id = add(&["--reference", "none", "--name", "none"]).out.trim().to_owned();
    let shown = place.ok(&format!("item show {id}"));
    assert!(!shown.contains("reference") && !shown.contains("name"), "{shown}");
    let edit = |rest: &[&str]| place.run_with(&[&["item", "edit", &id], rest].concat());
    edit(&["--set-reference", ""]).assert_refused(4, "value/blank", "none is no reference");
    assert_eq!(edit(&["--name", "one"]).code, 0);
    assert_eq!(edit(&["--name", ""]).code, 0);
    assert!(!place.ok(&format!("item show {id}")).contains("name"));
}

#[test]
fn hints_quote_keys_with_blanks() {
    let place = Place::new();
    place.ok("queue create 'my orders'");
    place.run("queue create 'my orders'").assert_refused(4, "queue/exists", "edit 'my orders'`");
    place.ok("item add 'my orders' --value 1");
    let kept = place.run("queue delete 'my orders'");
    kept.assert_refused(4, "queue/not-empty", "delete 'my orders' --force`");
    assert!(kept.err.contains("still has 1 item\n"), "{kept:?}");
}

#[test]
fn schemas_come_from_stdin_too() {
    let place = Place::with_orders();
    let line = "echo '{\"type\":\"integer\"}' | wharf queue edit orders --schema -";
    assert_eq!(finish(start(&mut place.shell(line))).code, 0);
    let long = format!("\"{}\"", "x".repeat(500_000));
    place.file("long.json", &long);
    let ran = place.run("item add orders --value @long.json");
    ran.assert_refused(4, "value/schema-violation", "--schema");
    assert!(ran.err.contains("integer") && ran.err.len() < 1_000, "{} bytes", ran.err.len());
    place.file("rows.jsonl", format!("{long}\n"));
    let ran = place.run("item import orders rows.jsonl --rejects rejects.jsonl");
    assert!(ran.err.contains("integer") && ran.err.len() < 1_000, "{} bytes", ran.err.len());
}

#[test]
fn help_of_edit_shows_no_defaults() {
    let place = Place::new();
    assert!(
        !place.ok("queue edit --help").replace("[default: `$WHARF", "").contains("[default: n")
    );
    assert!(place.ok("queue create --help").contains("[default: none]"));
}

#[test]
fn texts_that_mislead_are_written_out() {
    let place = Place::with_orders();
    place.ok("item add orders --value '\"a\u{202e}b\"' --name 'x\u{202e}y'");
    let listed = place.ok("item list orders");
    assert!(listed.contains("x\\u{202e}y") && !listed.contains('\u{202e}'), "{listed}");
    let long = place.run(&format!("item list orders --where '{}'", "a".repeat(5_000)));
    assert!(long.code == 2 && long.err.len() < 1_000, "{} bytes", long.err.len());
}
