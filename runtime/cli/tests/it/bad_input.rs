//! Bad input and bad surroundings: each a typed error with its exit code, nothing half-written.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::place::{Place, Ran, finish, lines, list, now, start, text};

/// A token that no claim gave out.
const NO_TOKEN: &str = "00000000000000000000000000";

#[test]
fn unknown_queue_names_the_closest() {
    let place = Place::with_orders();
    for line in [
        "item add order --value 1",
        "item claim order",
        "item list order",
        "item export order",
        "queue show order",
        "queue stats order",
        "queue edit order --retries 1",
        "queue pause order",
        "queue clear order --yes",
        "queue delete order --force",
        "item hold --queue order --all-matching",
    ] {
        place.run(line).assert_refused(4, "queue/not-found", "did you mean `orders`?");
    }
    place.run("item list nothing").assert_refused(
        4,
        "queue/not-found",
        "`wharf queue create nothing` makes it",
    );
    place.file("rows.csv", "a\n1\n");
    let import = place.run("item import order rows.csv");
    import.assert_refused(4, "queue/not-found", "did you mean `orders`?");
    assert_eq!(place.count("total"), 0);
    assert_eq!(place.ok("queue list --output jsonl").lines().count(), 1);
}

#[test]
fn wrong_token_changes_nothing() {
    let place = Place::with_orders();
    let id = place.ok("item add orders --value 1").trim().to_owned();
    let claimed = place.json("item claim orders");
    let token = text(&list(&claimed)[0], "token");
    let before = place.ok(&format!("item show {id} --output json"));
    for line in [
        format!("item settle {id} --token {NO_TOKEN} --status processed --result wrong"),
        format!("item renew {id} --token {NO_TOKEN}"),
        format!("item requeue {id} --token {NO_TOKEN}"),
    ] {
        place.run(&line).assert_refused(1, "queue/lease-lost", "claim anew");
    }
    let malformed = place.run(&format!("item settle {id} --token x --status processed"));
    assert_eq!((malformed.code, malformed.out.as_str()), (2, ""), "{malformed:?}");
    assert_eq!(place.ok(&format!("item show {id} --output json")), before);
    place.ok(&format!("item settle {id} --token {token} --status processed"));
    let late = place.run(&format!("item settle {id} --token {token} --status it-exception"));
    late.assert_refused(1, "queue/lease-lost", "claim anew");
    assert_eq!(place.count("processed"), 1);
}

#[test]
fn invalid_json_names_line_and_column() {
    let place = Place::with_orders();
    place.file("bad.json", "{\n  \"amount\": 1.2.3\n}\n");
    let ran = place.run("item add orders --value @bad.json");
    ran.assert_refused(4, "value/invalid-json", "correct it at that place");
    assert!(ran.err.contains("line 2, column"), "{ran:?}");
    for (value, hint) in [
        ("", "give a value"),
        ("{", "correct it at that place"),
        ("{a:1}", "correct it at that place"),
        ("[1,]", "correct it at that place"),
        ("nul", "a text needs double quotes"),
        ("{\"a\":1,\"a\":2}", "correct it at that place"),
        ("1 2", "correct it at that place"),
        ("'", "a text needs double quotes"),
    ] {
        let ran = place.run_with(&["item", "add", "orders", "--value", value]);
        ran.assert_refused(4, "value/invalid-json", hint);
    }
    place.file("rows.jsonl", "{\"n\":1}\n{\"n\":}\n{\"n\":3}\n");
    let ran = place.run("item import orders rows.jsonl");
    assert_eq!((ran.code, ran.out.as_str()), (4, "accepted 2, duplicate 0, rejected 1\n"));
    assert!(ran.err.starts_with("line 2 (row 2): value/invalid-json: "), "{ran:?}");
    assert_eq!(place.count("total"), 2);
}

#[test]
fn schema_violation_names_the_path() {
    let place = Place::new();
    let schema = r#"{"properties":{"lines":{"items":{"properties":{"amount":{"minimum":0}}}}}}"#;
    place.file("schema.json", schema);
    place.ok("queue create orders --schema schema.json");
    let good = r#"{"lines":[{"amount":1}]}"#;
    let bad = r#"{"lines":[{"amount":1},{"amount":-1}]}"#;
    let ran = place.run(&format!("item add orders --value '{bad}'"));
    ran.assert_refused(4, "value/schema-violation", "wharf queue show orders --schema");
    assert!(ran.err.contains("/lines/1/amount"), "{ran:?}");
    assert_eq!(place.count("total"), 0);

    let id = place.ok(&format!("item add orders --value '{good}'"));
    let ran = place.run(&format!("item edit {} --value '{bad}'", id.trim()));
    ran.assert_refused(4, "value/schema-violation", "wharf queue show orders --schema");
    assert_eq!(place.ok("item list orders --output jsonl").matches(good).count(), 1);

    place.file("rows.jsonl", format!("{bad}\n{good}\n"));
    let ran = place.run("item import orders rows.jsonl");
    assert_eq!((ran.code, ran.out.as_str()), (4, "accepted 1, duplicate 0, rejected 1\n"));
    assert!(ran.err.contains("/lines/1/amount"), "{ran:?}");
}

#[test]
fn unusable_schema_leaves_queue_alone() {
    let place = Place::with_orders();
    place.file("bad.json", r#"{"type": "nonsense"}"#);
    place.file("broken.json", "{");
    for file in ["bad.json", "broken.json"] {
        let ran = place.run(&format!("queue create other --schema {file}"));
        assert_eq!((ran.code, ran.out.as_str()), (4, ""), "{ran:?}");
        let ran = place.run(&format!("queue edit orders --retries 7 --schema {file}"));
        assert_eq!((ran.code, ran.out.as_str()), (4, ""), "{ran:?}");
    }
    assert!(place.ok("queue show orders").contains("retries                0\n"));
    assert_eq!(place.ok("queue list --output jsonl").lines().count(), 1);
}

#[test]
fn duplicate_reference_shows_the_first() {
    let place = Place::with_orders();
    let first = place.ok("item add orders --value 1 --reference R-1");
    let again = place.run("item add orders --value 2 --reference R-1");
    let hint = format!("`wharf item show {}`", first.trim());
    again.assert_refused(4, "queue/duplicate-reference", &hint);
    assert_eq!(place.count("total"), 1);
    let second = place.ok("item add orders --value 2 --reference R-2");
    let edit = place.run(&format!("item edit {} --set-reference R-1", second.trim()));
    edit.assert_refused(4, "queue/duplicate-reference", &hint);
    assert!(place.ok(&format!("item show {}", second.trim())).contains("R-2"));
}

#[test]
fn oversize_texts_are_refused() {
    let place = Place::with_orders();
    let exactly = format!("\"{}\"", "x".repeat(model::limits::ITEM_VALUE_BYTES_MAX - 2));
    place.file("exactly.json", &exactly);
    let id = place.ok("item add orders --value @exactly.json");
    place.file("over.json", format!("{exactly} "));
    let over = place.run("item add orders --value @over.json");
    over.assert_refused(4, "limit/exceeded", "docs/limits.md");
    // More than is ever read of a file.
    place.file("huge.json", vec![b' '; 5 * 1024 * 1024]);
    let huge = place.run("item add orders --value @huge.json");
    huge.assert_refused(4, "limit/exceeded", "docs/limits.md");
    let name = "x".repeat(model::limits::ITEM_NAME_BYTES_MAX + 1);
    for option in ["--name", "--reference"] {
        let long = place.run(&format!("item add orders --value 1 {option} {name}"));
        long.assert_refused(4, "limit/exceeded", "docs/limits.md");
    }
    let claim = place.run("item claim orders --count 1001");
    claim.assert_refused(2, "usage/invalid", "from 1 to 1000");
    assert_eq!(place.count("total"), 1);
    let claimed = place.json("item claim orders");
    let token = text(&list(&claimed)[0], "token");
    place.file("result.txt", vec![b'x'; model::limits::ITEM_RESULT_BYTES_MAX + 1]);
    let settle = format!("item settle {} --token {token} --status processed", id.trim());
    let over = place.run(&format!("{settle} --result @result.txt"));
    over.assert_refused(4, "limit/exceeded", "docs/limits.md");
    assert_eq!(place.count("processing"), 1);
}

#[test]
fn bad_dates_are_refused() {
    let place = Place::with_orders();
    for date in ["2026-02-30T00:00:00Z", "2026-01-31", "tomorrow", "31/01/2026", ""] {
        for option in ["--expires", "--delay"] {
            let ran = place.run_with(&["item", "add", "orders", "--value", "1", option, date]);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
            assert!(ran.err.starts_with("error[usage/invalid]: "), "{ran:?}");
            assert!(ran.err.contains("2026-01-31T08:00:00Z"), "shows how: {ran:?}");
        }
    }
    let past = place.run("item add orders --value 1 --expires 2020-01-01T00:00:00Z");
    past.assert_refused(4, "value/expiry-in-past", "in the future");
    assert_eq!(place.count("total"), 0);

    place.file("rows.csv", "until,n\n2099-01-01T00:00:00Z,1\n2099-02-30,2\n,3\n");
    let ran = place.run("item import orders rows.csv --expires-from until");
    assert_eq!((ran.code, ran.out.as_str()), (4, "accepted 2, duplicate 0, rejected 1\n"));
    assert!(ran.err.starts_with("line 3 (row 2): value/bad-time: column `until`: `2099-02-30`"));
}

#[test]
fn wrong_columns_refuse_the_file() {
    let place = Place::with_orders();
    place.file("rows.csv", "InvoiceId,Amount\nI-1,5\n");
    for (line, hint) in [
        ("item import orders rows.csv --name-from Invoiceid", "did you mean `InvoiceId`?"),
        ("item import orders rows.csv --value-from Value", "InvoiceId, Amount"),
        ("item import rows.csv", "InvoiceId, Amount"),
        ("item import orders rows.csv --columns export", "exactly name, reference"),
        ("item import orders rows.csv --columns power-automate", "exactly Name, Input"),
        ("queue import rows.csv", "exactly defaultitemtimetoliveinminutes"),
    ] {
        place.run(line).assert_refused(4, "import/wrong-columns", hint);
    }
    place.file("twice.csv", "a,a\n1,2\n");
    place.file("unnamed.csv", "a,,c\n1,2,3\n");
    for file in ["twice.csv", "unnamed.csv"] {
        let ran = place.run(&format!("item import orders {file}"));
        assert_eq!((ran.code, ran.out.as_str()), (4, ""), "{ran:?}");
        assert!(ran.err.contains("hint: give every column a name of its own"), "{ran:?}");
    }
    assert_eq!(place.count("total"), 0);
}

#[test]
fn file_that_is_not_utf8_is_refused() {
    let place = Place::with_orders();
    place.file("latin.csv", b"name,n\nK\xF6ln,1\n");
    let ran = place.run("item import orders latin.csv");
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(ran.err.contains("--encoding windows-1252"), "{ran:?}");
    assert_eq!(place.count("total"), 0);
    place.ok("item import orders latin.csv --encoding windows-1252");
    assert!(place.ok("item list orders --output jsonl").contains("Köln"));

    place.file("latin.json", b"\"K\xF6ln\"");
    let ran = place.run("item add orders --value @latin.json");
    ran.assert_refused(4, "file/not-utf8", "UTF-8");
    assert!(ran.err.contains("the byte at 2 "), "{ran:?}");
    let ran = place.run("item import orders latin.json");
    assert_eq!((ran.code, ran.out.as_str()), (4, "accepted 0, duplicate 0, rejected 1\n"));
    assert!(ran.err.starts_with("line 1 (row 1): file/not-utf8: "), "{ran:?}");
    assert_eq!(place.count("total"), 1);
}

#[test]
fn missing_file_is_named() {
    let place = Place::with_orders();
    for line in [
        "item add orders --value @gone",
        "item import orders gone",
        "queue import gone",
        "queue edit orders --schema gone",
        "db restore gone --data other",
    ] {
        let ran = place.run(line);
        ran.assert_refused(1, "file/not-found", "current directory");
        assert!(ran.err.contains("`gone`"), "{ran:?}");
    }
    let folder = place.run("item import orders .wharf");
    assert_eq!((folder.code, folder.out.as_str()), (1, ""), "{folder:?}");
}

#[test]
fn broken_pipe_ends_in_silence() {
    let place = Place::with_orders();
    let rows = lines(5_000, |n| format!("\"{n:->100}\""));
    place.file("rows.jsonl", rows);
    place.ok("item import orders rows.jsonl");
    for line in [
        "item list orders --limit 5000",
        "item list orders --limit 5000 --output json",
        "item list orders --limit 5000 --output jsonl",
        "item export orders",
        "completions bash",
    ] {
        let mut child = start(&mut place.command(&crate::place::words(line)));
        let mut first = String::new();
        let out = child.stdout.take().unwrap();
        BufReader::with_capacity(256, out).read_line(&mut first).unwrap();
        assert!(!first.is_empty(), "{line}");
        let ran = finish(child);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{line}");
    }
    let mut child = start(&mut place.command(&["item", "claim", "orders", "--count", "1000"]));
    drop(child.stdout.take());
    finish(child).assert_refused(1, "output/io", "no more than the reader takes");
    assert_eq!((place.count("processing"), place.count("queued")), (0, 5_000));
}

#[test]
#[cfg(target_os = "linux")]
fn full_disk_under_the_output_is_told() {
    let place = Place::with_orders();
    place.ok("item add orders --value 1");
    for line in ["item list orders", "item export orders", "queue stats orders --output json"] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let mut command = place.command(&crate::place::words(line));
        let child = command.stdout(full).stderr(Stdio::piped()).spawn().unwrap();
        finish(child).assert_refused(1, "output/io", "free some space");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_claim_that_nobody_could_read_is_given_back() {
    let place = Place::with_orders();
    place.ok("item add orders --value 1");
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut command = place.command(&crate::place::words("item claim orders"));
    let child = command.stdout(full).stderr(Stdio::piped()).spawn().unwrap();
    finish(child).assert_refused(1, "output/io", "free some space");
    assert_eq!(place.count("queued"), 1);
}

/// The limit of the process on the size of a file is a small disk that anybody can have.
#[test]
fn full_disk_under_the_store_loses_nothing() {
    let place = Place::with_orders();
    let first = place.ok("item add orders --value 1");
    let value = format!("\"{}\"", "x".repeat(900_000));
    place.file("big.json", value);
    let rows = lines(20_000, |number| format!("{number}"));
    place.file("rows.jsonl", rows);
    let small_disk = |line: &str| {
        let mut command = place.program("bash");
        command.args(["-c", &format!("ulimit -f 800; trap '' XFSZ; \"$0\" {line}")]);
        finish(start(command.arg(crate::place::WHARF)))
    };
    let codes = ["store/full", "store/io", "store/unknown-outcome"];
    let refused = |ran: &Ran| {
        let error = ran.err.lines().find(|line| line.starts_with("error["));
        assert!(error.is_some_and(|line| codes.iter().any(|code| line.contains(code))), "{ran:?}");
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.err.contains("\nhint: "), "{ran:?}");
    };
    refused(&small_disk("item add orders --value @big.json"));
    let listed = place.json("item list orders");
    assert_eq!(text(&list(&listed)[0], "id"), first.trim());
    assert_eq!(list(&listed).len(), 1, "nothing of the big one is there");
    place.assert_sound();

    refused(&small_disk("item import orders rows.jsonl"));
    place.assert_sound();
    // Another process with more room completes what was begun.
    place.ok("item import orders rows.jsonl");
    assert_eq!(place.count("queued"), 20_001);
    place.assert_sound();
}

#[test]
fn unshared_lock_is_waited_for_and_told() {
    let place = Place::with_orders();
    let lock = File::options().write(true).open(place.path(".wharf/lock")).unwrap();
    lock.lock().unwrap();
    let before = now();
    let waiting = ["item list orders", "item add orders --value 1", "queue create other"]
        .map(|line| start(&mut place.command(&crate::place::words(line))));
    for child in waiting {
        let ran = finish(child);
        ran.assert_refused(1, "store/locked", "try again when it is done");
        assert!(ran.err.contains("`.wharf`"), "{ran:?}");
    }
    assert!(before.elapsed().as_secs() >= 4, "it is waited for");
    lock.unlock().unwrap();
    assert_eq!(place.count("total"), 0);
}

#[test]
fn lock_that_is_freed_is_taken() {
    let place = Place::with_orders();
    let lock = File::options().write(true).open(place.path(".wharf/lock")).unwrap();
    lock.lock().unwrap();
    let child = start(&mut place.command(&["item", "add", "orders", "--value", "1"]));
    lock.unlock().unwrap();
    assert_eq!(finish(child).code, 0);
    assert_eq!(place.count("total"), 1);
}

#[test]
fn store_of_newer_version_is_untouched() {
    let place = Place::with_orders();
    let path = place.path(".wharf/wharf.db");
    let mut bytes = std::fs::read(&path).unwrap();
    // Where SQLite keeps the number that says which format this is.
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    std::fs::write(&path, &bytes).unwrap();
    for line in ["queue list", "item add orders --value 1", "db check", "db backup copy"] {
        let ran = place.run(line);
        ran.assert_refused(1, "store/newer", "use the newer wharf");
        assert!(ran.err.contains("format 99"), "{ran:?}");
    }
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    assert!(!place.path("copy").exists());
}

#[test]
fn damaged_store_is_not_repaired_in_silence() {
    let place = Place::with_orders();
    let path = place.path(".wharf/wharf.db");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[..16].copy_from_slice(b"something other\0");
    std::fs::write(&path, &bytes).unwrap();
    place.run("queue list").assert_refused(1, "store/damaged", "wharf db restore");
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}

#[test]
fn data_directory_that_is_a_file_is_told() {
    let place = Place::new();
    place.file("data", "not a folder");
    let ran = place.run("queue list --data data");
    ran.assert_refused(1, "store/io", "rights on the data directory");
    assert_eq!(std::fs::read(place.path("data")).unwrap(), b"not a folder");
}

#[test]
fn restores_keep_every_store_before() {
    let place = Place::with_orders();
    place.ok("db backup copy.db");
    place.ok("queue create original");
    place.ok("db restore copy.db");
    for number in 2..4 {
        place.ok(&format!("queue create q{number}"));
        let again = place.run("db restore copy.db");
        let kept = format!("kept as `.wharf/wharf.db.before-restore-{number}`");
        assert!(again.err.contains(&kept), "{again:?}");
        place.ok(&format!("db restore .wharf/wharf.db.before-restore-{number} --data d{number}"));
        assert!(place.ok(&format!("queue list --data d{number}")).contains(&format!("q{number}")));
    }
    place.ok("db restore .wharf/wharf.db.before-restore --data first");
    assert!(place.ok("queue list --data first").contains("original"));
    // A log that lies there without its store takes its name all the same.
    place.file(".wharf/wharf.db.before-restore-4-wal", "");
    let ran = place.run("db restore copy.db");
    assert!(ran.err.contains("before-restore-5`"), "{ran:?}");
}

#[test]
fn what_is_no_backup_is_called_so() {
    let place = Place::with_orders();
    let rows = lines(2_000, |number| format!("\"{number:->100}\""));
    place.file("rows.jsonl", rows);
    place.ok("item import orders rows.jsonl");
    place.ok("db backup copy.db");
    let whole = std::fs::read(place.path("copy.db")).unwrap();
    place.file("cut.db", &whole[..whole.len() / 2]);
    place.file("short.db", &whole[..50]);
    place.file("empty.db", "");
    place.file("rows.csv", "a,b\n1,2\n");
    std::fs::create_dir(place.path("folder")).unwrap();
    let before = place.count("total");
    let files = ["cut.db", "short.db", "empty.db", "rows.csv", "folder", ".wharf/wharf.db"];
    for file in files {
        let ran = place.run(&format!("db restore {file}"));
        ran.assert_refused(4, "store/bad-backup", "`wharf db backup`");
    }
    assert_eq!(place.count("total"), before);
    place.assert_sound();
    assert!(!place.path(".wharf/wharf.db.before-restore").exists());
    for file in ["folder", "copy.db"] {
        let ran = place.run(&format!("db backup {file}"));
        ran.assert_refused(1, "file/exists", "nothing is overwritten");
        assert!(ran.err.contains("already there"), "{ran:?}");
    }
}

#[test]
fn errors_are_objects_under_json() {
    let place = Place::with_orders();
    place.ok("queue pause orders");
    for (line, exit_code, code, hint) in [
        ("item list order", 4, "queue/not-found", "did you mean `orders`?"),
        ("item claim orders", 5, "queue/paused", "`wharf queue resume orders` opens it"),
        ("item add orders", 2, "usage/invalid", "as in: wharf item add"),
        ("item lst", 2, "usage/invalid", "did you mean `list`?"),
        ("item", 2, "usage/invalid", "use one of add, import"),
        ("item list --where 'value.amount >'", 2, "expr/syntax", "a value is a field"),
        ("db restore gone", 1, "file/not-found", "check the path"),
    ] {
        for form in ["--output json", "--output=jsonl"] {
            let ran = place.run(&format!("{line} {form}"));
            assert!(ran.err.starts_with('{') && ran.err.lines().count() == 1, "{ran:?}");
            ran.assert_refused(exit_code, code, hint);
            let before = place.run(&format!("{form} {line}"));
            assert_eq!((before.code, before.err), (ran.code, ran.err));
        }
    }
}

#[test]
fn negative_numbers_are_told_their_range() {
    let place = Place::with_orders();
    for (line, hint) in [
        ("queue create other --retries -1", "from 0 to 20"),
        ("queue create other --crashes -1", "from 0 to 20"),
        ("queue create other --at-risk -80", "from 1 to 100"),
        ("queue create other --ttl -1h", "such as 30s, 5m"),
        ("queue create other --retry-delay -5", "such as 30s, 5m"),
        ("item claim orders --count -1", "from 1 to 1000"),
        ("item claim orders --lease -5m", "such as 30s, 5m"),
        ("item list --limit -1", "from 1 to 100000"),
        ("item list --older-than -1d", "a span such as 7d"),
        ("item add orders --value 1 --priority -1", "high (100)"),
        ("item add orders --value 1 --note -urgent", "--note=-urgent"),
        ("bench queue --rounds -1", "from 1 to 50"),
    ] {
        place.run(line).assert_refused(2, "usage/invalid", hint);
    }
    place.ok("item add orders --value -5 --note=-urgent");
    assert!(place.ok("item list orders --output jsonl").contains("\"value\":-5,"));
}

#[test]
fn blank_names_are_refused() {
    let place = Place::with_orders();
    let id = place.ok("item add orders --value 1 --name good");
    for blank in ["", " ", "\t"] {
        for arguments in [
            &["item", "add", "orders", "--value", "1", "--reference", blank][..],
            // An empty text is no name.
            &["item", "edit", id.trim(), "--name", &format!(" {blank}")],
            &["item", "claim", "orders", "--worker", blank],
            &["queue", "create", "other", "--name", blank],
            &["queue", "edit", "orders", "--name", blank],
            &["queue", "create", blank],
        ] {
            place.run_with(arguments).assert_refused(4, "value/blank", "at least one character");
        }
    }
    assert_eq!((place.count("total"), place.count("queued")), (1, 1));
}

#[test]
fn a_directory_that_is_a_file_is_named() {
    let place = Place::new();
    place.file("data", "");
    for line in ["queue list", "queue create orders"] {
        for dir in ["data", "data/below"] {
            let ran = place.run(&format!("{line} --data {dir}"));
            assert!(ran.err.contains(&format!("`{dir}`")), "{ran:?}");
            assert!(!ran.err.contains("os error"), "{ran:?}");
            assert!(ran.err.contains("hint: ") && matches!(ran.code, 1 | 4), "{ran:?}");
        }
    }
}
