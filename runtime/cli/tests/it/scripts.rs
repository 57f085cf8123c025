//! The shape that scripts rely on: what is printed where, under which names, in which order.

use model::Value;

use crate::place::{Place, Ran, finish, lines, list, start, text};

/// The fields of an item that stand first, in this order.
const FIELDS: [&str; 10] = [
    "id",
    "queue",
    "name",
    "reference",
    "status",
    "priority",
    "attempt",
    "value",
    "expires",
    "result",
];

/// Every status has a count.
const STATUSES: [&str; 12] = [
    "staged",
    "scheduled",
    "queued",
    "processing",
    "processed",
    "business-exception",
    "it-exception",
    "generic-exception",
    "processing-timeout",
    "on-hold",
    "expired",
    "dead-letter",
];

fn fields(object: &Value) -> Vec<&str> {
    object.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn items_begin_with_the_same_fields() {
    let place = Place::with_orders();
    let id = place.ok(r#"item add orders --value '{"amount": 1.50}' --reference R-1 --name one"#);
    let id = id.trim();
    for line in ["item list orders", "item list", &format!("item show {id}")] {
        let found = place.json(line);
        let [item] = list(&found) else { panic!("{line}: {found:?}") };
        assert_eq!(fields(item)[..10], FIELDS, "{line}");
        assert_eq!(text(item, "id"), id);
        assert_eq!(text(item, "status"), "queued");
    }
    let claimed = place.json("item claim orders");
    let [item] = list(&claimed) else { panic!("{claimed:?}") };
    assert_eq!(fields(item)[..10], FIELDS);
    assert_eq!(fields(item)[10], "token");
    let (queue, reference) = (text(item, "queue"), text(item, "reference"));
    assert_eq!((queue, reference, text(item, "name")), ("orders", "R-1", "one"));
    let token = text(item, "token");
    place.ok(&format!("item settle {id} --token {token} --status processed --result done"));
    let shown = place.json(&format!("item show {id}"));
    assert_eq!(text(&list(&shown)[0], "result"), "done");
}

#[test]
fn values_come_out_as_they_went_in() {
    let place = Place::with_orders();
    let value = r#"{"amount":5000.00,"big":123456789012345678901234567890,"text":"\u00e4 ö"}"#;
    place.ok(&format!("item add orders --value '{value}'"));
    for line in ["item list orders --output jsonl", "item claim orders --output jsonl"] {
        let printed = place.ok(line);
        assert!(printed.contains(&format!("\"value\":{value},")), "{printed}");
    }
}

#[test]
fn empty_queue_prints_empty_array() {
    let place = Place::with_orders();
    for line in ["item claim orders", "item claim orders --wait 50ms", "item list orders"] {
        let ran = place.run(&format!("{line} --output json"));
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "[]\n", ""), "{line}");
        let ran = place.run(&format!("{line} --output jsonl"));
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""), "{line}");
    }
}

#[test]
fn stats_are_one_object_of_counts() {
    let place = Place::with_orders();
    place.ok("item add orders --value 1");
    place.ok("item add orders --value 2 --delay 1h");
    place.ok("item add orders --value 3 --hold");
    place.ok("item claim orders");
    let stats = place.json("queue stats orders");
    let mut expected = vec!["queue", "state"];
    expected.extend(STATUSES);
    expected.extend(["total", "oldest_queued"]);
    assert_eq!(fields(&stats), expected);
    for status in STATUSES {
        let count = u64::from(["processing", "scheduled", "on-hold"].contains(&status));
        assert_eq!(place.count(status), count, "{status}");
    }
    assert_eq!(place.count("total"), 3);
}

#[test]
fn pages_give_each_item_once() {
    const ITEMS: usize = 1_200;
    let place = Place::with_orders();
    let rows = lines(ITEMS, |number| format!("{number}"));
    place.file("rows.jsonl", rows);
    place.ok("item import orders rows.jsonl");
    for (limit, filter) in [(7, ""), (100, ""), (500, "--newest-first"), (1_200, ""), (5_000, "")] {
        let mut found = Vec::new();
        let mut cursor = String::new();
        loop {
            let ran = place
                .run(&format!("item list orders --output json --limit {limit} {filter} {cursor}"));
            assert_eq!(ran.code, 0, "{ran:?}");
            let page = model::json::parse(&ran.out).unwrap();
            found.extend(list(&page).iter().map(|item| number(item, "value")));
            assert!(list(&page).len() <= limit);
            let Some(next) = ran.err.strip_prefix("cursor: ") else { break };
            assert_eq!(list(&page).len(), limit, "only the last page is short");
            cursor = format!("--cursor {}", next.trim());
            // Every page of seven would take a while; some prove it as well.
            if limit == 7 && found.len() >= 70 {
                break;
            }
        }
        let mut expected: Vec<u64> = (0..ITEMS as u64).collect();
        if filter == "--newest-first" {
            expected.reverse();
        }
        expected.truncate(if limit == 7 { 70 } else { ITEMS });
        assert_eq!(found, expected, "{limit} {filter}");
    }
}

fn number(object: &Value, field: &str) -> u64 {
    object.get(field).and_then(Value::as_number).and_then(model::Number::as_u64).unwrap()
}

#[test]
fn pages_of_a_filter_give_each_once() {
    let place = Place::with_orders();
    let rows = lines(1_200, |number| format!("{{\"n\":{number}}}"));
    place.file("rows.jsonl", rows);
    place.ok("item import orders rows.jsonl");
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let line = format!("item list orders --output jsonl --limit 100 {cursor} --where");
        let mut arguments = crate::place::words(&line);
        arguments.push("value.n >= 600".into());
        let ran = place.run_with(&arguments);
        for line in ran.out.lines() {
            let item = model::json::parse(line).unwrap();
            found.push(number(item.get("value").unwrap(), "n"));
        }
        let Some(next) = ran.err.strip_prefix("cursor: ") else { break };
        cursor = format!("--cursor {}", next.trim());
    }
    assert_eq!(found, (600..1_200).collect::<Vec<u64>>());
}

#[test]
fn global_options_stand_anywhere() {
    let place = Place::new();
    place.ok("--data there queue create orders");
    place.ok("item add orders --value 1 --data there");
    let expected = place.ok("item list orders --data there --output json");
    for line in [
        "--data there --output json item list orders",
        "item --data there list --output json orders",
        "--output=json item list --data=there orders",
        "item --output json list orders --data there",
        "--data there item list --output json -q orders --color never",
    ] {
        assert_eq!(place.ok(line), expected, "{line}");
    }
    let mut by_environment = place.command(&["item", "list", "orders", "--output", "json"]);
    let ran = finish(start(by_environment.env("WHARF_DATA", "there")));
    assert_eq!((ran.code, ran.out), (0, expected));
    assert!(!place.path(".wharf").exists(), "the default directory was never asked for");
}

#[test]
fn data_and_talk_are_kept_apart() {
    let place = Place::with_orders();
    for line in [
        "item add orders --value 1",
        "item claim orders",
        "item list orders",
        "queue show orders",
        "queue stats orders",
        "queue list",
        "db check",
    ] {
        let Ran { code, out, err } = place.run(&format!("{line} --output json"));
        assert_eq!((code, err.as_str()), (0, ""), "{line}");
        assert!(model::json::parse(&out).is_ok(), "{line} prints one document: {out}");
        let lines = place.ok(&format!("{line} --output jsonl"));
        for line in lines.lines() {
            assert!(model::json::parse(line).is_ok_and(|it| it.as_object().is_some()), "{line}");
        }
    }
    let quiet = place.run("queue pause orders --quiet");
    assert_eq!((quiet.code, quiet.out.as_str(), quiet.err.as_str()), (0, "", ""));
}

#[test]
fn colour_comes_only_when_asked() {
    let place = Place::with_orders();
    place.ok("item add orders --value 1");
    assert!(!place.ok("item list orders").contains('\u{1b}'));
    assert!(place.ok("item list orders --color always").contains('\u{1b}'));
    assert!(!place.ok("item list orders --color never").contains('\u{1b}'));
    assert!(place.run("item list nothing --color always").err.contains('\u{1b}'));
    assert!(!place.run("item list nothing").err.contains('\u{1b}'));
}

#[test]
fn options_may_stand_between_queue_and_file() {
    let place = Place::with_orders();
    place.file("rows.data", "{\"n\":1}\n");
    for line in [
        "item import orders --format jsonl rows.data",
        "item import --format jsonl orders rows.data",
        "item import orders rows.data --format jsonl",
        "item import --quiet orders --format jsonl rows.data --data .wharf",
    ] {
        assert!(place.ok(line).ends_with("rejected 0\n"), "{line}");
    }
    assert_eq!(place.count("total"), 1);
    let piped = "echo 2 | wharf item import orders --format jsonl -";
    let ran = finish(start(&mut place.shell(piped)));
    assert_eq!((ran.code, ran.out.as_str()), (0, "accepted 1, duplicate 0, rejected 0\n"));
    assert_eq!(place.run("item import a b c").code, 2);
}

#[test]
fn same_settings_again_are_no_mistake() {
    let place = Place::with_orders();
    for _ in 0..2 {
        place.ok("queue edit orders --retries 5 --ttl 24h");
    }
    place.run("queue edit orders").assert_refused(2, "usage/invalid", "wharf queue show orders");
}

#[test]
fn bench_measures_every_work_and_cleans_up() {
    let place = Place::new();
    let rows = place.json("bench queue --depth 1000 --rounds 1 -q");
    let works: Vec<&str> = list(&rows).iter().map(|row| text(row, "work")).collect();
    let expected = [
        "add, batches of 1000",
        "claim + settle, 1000 waiting",
        "claim, 1000 waiting, to 1000",
        "page of 50, the first",
        "page of 50, a cursor in the middle",
        "page of 50, a cursor near the end",
        "page of 50, from the end backwards",
        "add one by one, pipelined",
        "add one by one, 16 callers",
        "add -> claimed by a waiting worker",
    ];
    assert_eq!(works, expected);
    let left = std::fs::read_dir(place.path(".")).unwrap().count();
    assert_eq!(left, 0, "the temporary store is gone");
}

#[test]
fn an_item_may_never_expire_under_a_ttl() {
    let place = Place::new();
    place.ok("queue create orders --ttl 1h");
    place.ok("item add orders --value 1 --expires none --reference never");
    place.ok("item add orders --value 2 --reference later");
    place.file("rows.csv", "id,until\nr-1,none\nr-2,\n");
    place.ok("item import orders rows.csv --reference-from id --expires-from until");
    for (reference, expires) in [("never", false), ("later", true), ("r-1", false), ("r-2", true)] {
        let shown = place.json(&format!("item show --queue orders --reference {reference}"));
        let at = list(&shown)[0].get("expires").unwrap();
        assert_eq!(at.as_text().is_some(), expires, "{reference}: {at:?}");
    }
}

#[test]
fn switches_are_told_either_way() {
    let place = Place::with_orders();
    for (told, expected) in [
        ("--continue-if-violated", true),
        ("--continue-if-violated no", false),
        ("--continue-if-violated yes", true),
        ("--continue-if-violated=false", false),
        ("--continue-if-violated=true", true),
    ] {
        place.ok(&format!("queue edit orders {told}"));
        let queue = place.json("queue show orders");
        let flag = list(&queue)[0].get("continue_if_violated").and_then(Value::as_bool);
        assert_eq!(flag, Some(expected), "{told}");
    }
    let ran = place.run("queue edit --edit-while-processing orders");
    ran.assert_refused(2, "usage/invalid", "write yes or no");
}

#[test]
fn tables_fit_the_terminal() {
    let place = Place::new();
    let key = "a-queue-whose-key-is-longer-than-forty-eight-characters-of-text";
    place.ok(&format!("queue create {key} --name 'The name of that queue is not much shorter'"));
    assert!(place.ok("queue list").contains(key));
    for (columns, lines) in [("120", 2), ("40", 6)] {
        let mut command = place.command(&["queue", "list"]);
        let ran = finish(start(command.env("COLUMNS", columns)));
        assert_eq!(ran.out.lines().count(), lines, "{}", ran.out);
        assert!(ran.out.contains(key), "{}", ran.out);
    }
}

#[test]
fn completions_offer_values() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = place.ok(&format!("completions {shell}"));
        for word in ["it-exception", "jsonl", "power-automate", "normal", "none"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn a_reference_names_one_item() {
    let place = Place::with_orders();
    place.ok("item add orders --value 1 --reference R-1 --name Old");
    let one = "--queue orders --reference R-1";
    place.ok(&format!("item edit {one} --name New --value 2"));
    place.ok(&format!("item note {one} 'a word'"));
    let shown = place.json(&format!("item show {one}"));
    assert_eq!(text(&list(&shown)[0], "name"), "New");
    place.ok(&format!("item edit {one} --name none"));
    let shown = place.json(&format!("item show {one}"));
    assert!(list(&shown)[0].get("name").unwrap().is_null());
    place.ok(&format!("item hold {one}"));
    assert_eq!(place.count("on-hold"), 1);
    place.ok(&format!("item release {one}"));
    let claimed = place.json("item claim orders");
    let token = text(&list(&claimed)[0], "token").to_owned();
    place.ok(&format!("item renew {one} --token {token}"));
    place.ok(&format!("item settle {one} --token {token} --status it-exception"));
    place.ok(&format!("item requeue {one} --expires 7d"));
    let expires = || {
        let shown = place.json(&format!("item show {one}"));
        list(&shown)[0].get("expires").unwrap().clone()
    };
    assert!(expires().as_text().is_some());
    place.ok(&format!("item requeue {one} --expires none"));
    assert!(expires().is_null());
    assert_eq!(place.count("queued"), 1);
    assert!(place.ok(&format!("item history {one}")).lines().count() > 6);
    let gone = place.run("item hold --queue orders --reference R-2");
    gone.assert_refused(4, "queue/item-not-found", "may have been deleted");
    let many = place.run("item edit --queue orders --status queued --name x --all-matching");
    many.assert_refused(2, "usage/invalid", "--queue QUEUE --reference TEXT");
    place.ok(&format!("item delete {one}"));
    assert_eq!(place.count("total"), 0);
}

#[test]
fn none_is_the_word_for_nothing() {
    let place = Place::with_orders();
    place.ok("queue edit orders --description 'All of them' --name Orders");
    place.ok("queue edit orders --description none --name none");
    let queue = place.json("queue show orders");
    let queue = &list(&queue)[0];
    assert_eq!((text(queue, "description"), text(queue, "name")), ("", "orders"));
    for name in ["", "none"] {
        place.run_with(&["item", "add", "orders", "--value", "1", "--name", name]);
    }
    let items = place.json("item list orders");
    assert_eq!(list(&items).len(), 2);
    assert!(list(&items).iter().all(|item| item.get("name").unwrap().is_null()));
}

#[test]
fn lists_for_programs_are_not_cut() {
    let place = Place::with_orders();
    let name = "n".repeat(120);
    place.ok(&format!("item add orders --value 1 --name {name} --reference {name}"));
    let listed = place.ok("item list orders");
    assert_eq!(listed.matches(&name).count(), 2, "{listed}");
}
