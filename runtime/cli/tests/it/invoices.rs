//! The two bulk-import files of Power Automate, as they are: a queue, then its thirty items.

use std::path::PathBuf;

use model::Value;

use crate::place::{Place, finish, lines, list, start, text};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../flows/vendor-invoices")
}

/// A place with both files.
fn place() -> Place {
    let place = Place::new();
    for file in ["vendor-invoice-queue.csv", "vendor-invoice-items.csv"] {
        place.file(file, std::fs::read(folder().join(file)).unwrap());
    }
    place
}

const ITEMS: &str = "item import vendor-invoice-items.csv --name-from InvoiceId";

#[test]
fn a1_queue_file_makes_the_queue() {
    let place = place();
    let import = "queue import vendor-invoice-queue.csv";
    assert_eq!(place.ok(import), "created 1, changed 0, unchanged 0, rejected 0\n");
    let shown = place.ok("queue show 'Vendor Invoices' --output json");
    let queues = model::json::parse(&shown).unwrap();
    let queue = &list(&queues)[0];
    assert_eq!(text(queue, "key"), "Vendor Invoices");
    assert_eq!(text(queue, "name"), "Vendor invoice processing");
    assert!(text(queue, "description").ends_with("14 day SLA."));
    assert_eq!(text(queue, "ttl"), "1d", "1440 minutes");
    assert_eq!(text(queue, "state"), "active");
    for _ in 0..2 {
        assert_eq!(place.ok(import), "created 0, changed 0, unchanged 1, rejected 0\n");
    }
    assert_eq!(place.ok("queue show 'Vendor Invoices' --output json"), shown, "nothing changed");
}

#[test]
fn a2_item_file_makes_thirty_items() {
    let place = place();
    place.ok("queue import vendor-invoice-queue.csv");
    assert_eq!(place.ok(ITEMS), "accepted 30, duplicate 0, rejected 0\n");
    let listed = place.ok("item list 'Vendor Invoices' --output json");
    let items = model::json::parse(&listed).unwrap();
    let names: Vec<&str> = list(&items).iter().map(|item| text(item, "name")).collect();
    let expected: Vec<String> = (1_001..=1_030).map(|number| format!("I-{number}")).collect();
    assert_eq!(names, expected, "in the order of the file");
    for item in list(&items) {
        assert_eq!(text(item, "status"), "queued");
        assert_eq!(text(item, "queue"), "Vendor Invoices");
        assert!(item.get("expires").is_some_and(|at| at.as_text().is_some()), "after the TTL");
    }
    let value = list(&items)[0].get("value").unwrap();
    assert_eq!(text(value, "Amount"), " 3445.63 ", "text stays as it is");

    for _ in 0..2 {
        assert_eq!(place.ok(ITEMS), "accepted 0, duplicate 30, rejected 0\n");
    }
    assert_eq!(place.ok("item list 'Vendor Invoices' --output json"), listed, "nothing changed");
}

#[test]
fn a2_inferred_types_are_numbers_and_times() {
    let place = place();
    place.ok("queue import vendor-invoice-queue.csv");
    let ran = place.run(&format!("{ITEMS} --types infer"));
    assert_eq!((ran.code, ran.out.as_str()), (0, "accepted 30, duplicate 0, rejected 0\n"));
    assert!(ran.err.contains("Amount number"), "it says so: {ran:?}");
    let listed = place.json("item list 'Vendor Invoices'");
    let item = |name: &str| {
        let found = list(&listed).iter().find(|item| text(item, "name") == name);
        model::json::write(found.unwrap().get("value").unwrap())
    };
    let expected = r#"{"InvoiceId":"I-1006","InvoiceDate":"06/04/2023","AccountName":"Fabrikam",
        "ContactEmail":"invoicing@fabrikam.com","Amount":1253.78,"Status":"Paid",
        "WorkQueueKey":"Vendor Invoices","ComponentState":0,
        "OverwriteTime":"1900-01-01T00:00:00"}"#;
    let expected = model::json::parse(expected).unwrap();
    assert_eq!(model::json::parse(&item("I-1006")).unwrap(), expected);
    let padded = model::json::parse(&item("I-1001")).unwrap();
    assert_eq!(padded.get("Amount").map(model::json::write).as_deref(), Some("3445.63"));
}

#[test]
fn shell_workers_drain_the_queue() {
    let place = place();
    place.ok("queue import vendor-invoice-queue.csv");
    place.ok(ITEMS);
    let worker = folder().join("worker.sh");
    let workers: Vec<_> = (0..3)
        .map(|_| {
            let mut command = place.program("bash");
            command.arg(&worker).arg("Vendor Invoices").env("WHARF", crate::place::WHARF);
            start(&mut command)
        })
        .collect();
    for worker in workers {
        let ran = finish(worker);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    }
    let items = place.json("item list 'Vendor Invoices'");
    for item in list(&items) {
        let amount = text(item.get("value").unwrap(), "Amount").trim();
        let (whole, _) = amount.split_once('.').unwrap();
        let small = whole.parse::<u32>().unwrap() < 5_000;
        let status = if small { "processed" } else { "business-exception" };
        assert_eq!(text(item, "status"), status, "{amount}");
        assert!(text(item, "result").starts_with("The "), "{item:?}");
        assert_eq!(item.get("attempt").map(model::json::write).as_deref(), Some("1"));
    }
}

/// The loop of the README, with its `jq` and `./process-order` replaced, in the shell it is for.
#[test]
fn readme_loop_drains_the_queue() {
    let readme = std::fs::read_to_string(folder().join("../../README.md")).unwrap();
    let mut blocks = readme.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let code = blocks.find(|block| block.starts_with("while item=")).expect("a worker in a loop");
    let place = Place::with_orders();
    let rows = lines(10, |number| format!("{{\"amount\":{number}}}"));
    place.file("rows.jsonl", rows);
    place.ok("item import orders rows.jsonl");
    let wharf = crate::place::WHARF;
    let script = format!(
        "wharf() {{ '{wharf}' \"$@\"; }}\n\
         jq() {{ sed -n \"s/.*\\\"${{2#.}}\\\":\\\"\\([^\\\"]*\\)\\\".*/\\1/p\"; }}\n{}",
        code.replace("--wait 30s", "--wait 50ms")
    );
    place.file("process-order", "#!/bin/sh\ngrep -q '\"amount\":[0-6]'\n");
    let mut command = place.program("bash");
    command.arg("-c").arg(format!("chmod +x process-order\n{script}"));
    let ran = finish(start(&mut command));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!((place.count("processed"), place.count("it-exception")), (7, 3), "{ran:?}");
    assert_eq!(place.count("total"), 10);
}

#[test]
fn import_of_one_command_makes_its_queue() {
    let place = place();
    let line = "item import invoices vendor-invoice-items.csv --create";
    assert_eq!(place.ok(line), "accepted 30, duplicate 0, rejected 0\n");
    assert_eq!(place.ok(line), "accepted 0, duplicate 30, rejected 0\n");
    let stats: Value = place.json("queue stats invoices");
    assert_eq!(stats.get("queued").map(model::json::write).as_deref(), Some("30"));
}
