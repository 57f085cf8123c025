//! Thirty invoices: queued from a file, decided by a plugin, and those over the limit routed.

use std::collections::BTreeSet;

use model::Value;

use crate::flows::{count, invoices, items};
use crate::place::{list, text};

/// The amount of an invoice, in cents.
fn cents(item: &Value) -> u64 {
    let amount = text(item.get("value").unwrap(), "Amount").trim().to_owned();
    amount.replace('.', "").parse().unwrap_or_else(|_| panic!("{amount}"))
}

#[test]
fn a3_rows_become_items_once() {
    let place = invoices();
    assert_eq!(place.ok("run ingest-invoices"), "{\"added\":30,\"known\":0}\n");
    assert_eq!(place.ok("run ingest-invoices"), "{\"added\":0,\"known\":30}\n");
    let items = items(&place, "vendor-invoices");
    assert_eq!(items.len(), 30);
    for (item, number) in items.iter().zip(1_001..) {
        assert_eq!(text(item, "name"), format!("Invoice I-{number}"));
        assert_eq!(text(item, "reference"), format!("I-{number}"));
        let amount = text(item.get("value").unwrap(), "Amount");
        assert_eq!(amount, amount.trim(), "cells are trimmed");
        let days = |field| text(item, field)[..10].replace('-', "").parse::<u64>().unwrap();
        assert!(days("expires") > days("created"), "in a fortnight");
    }
}

#[test]
fn a4_the_limit_itself_needs_the_manager() {
    let place = invoices();
    let decide = |amount: &str| {
        let invoice =
            format!(r#"{{"InvoiceId": "I-1", "AccountName": "Fabrikam", "Amount": {amount}}}"#);
        let input = format!("invoice={invoice}");
        let ran = place.run_with(&["run", "decide", "--input", &input, "--output", "json"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        model::json::parse(&ran.out).unwrap()
    };
    for small in ["4999.99", "0", "\" 4999.99 \""] {
        assert_eq!(text(&decide(small), "status"), "processed", "{small}");
        assert_eq!(text(&decide(small), "notes"), "The invoice has been processed");
    }
    for large in ["5000", "5000.00", "12345678901234567890.01"] {
        assert_eq!(text(&decide(large), "status"), "business-exception", "{large}");
        assert_eq!(text(&decide(large), "notes"), "The amount needs a manager's approval");
    }
}

#[test]
fn a5_a7_each_item_ends_where_it_belongs() {
    let place = invoices();
    place.ok("run ingest-invoices");
    let done = place.ok("run process-invoices");
    assert_eq!(done, "{\"result\":{\"claimed\":30,\"processed\":20,\"failed\":10}}\n");
    let mut large = BTreeSet::new();
    for item in items(&place, "vendor-invoices") {
        let (status, result) = (text(&item, "status"), text(&item, "result"));
        if cents(&item) < 500_000 {
            assert_eq!((status, result), ("processed", "The invoice has been processed"));
        } else {
            let told = "The amount needs a manager's approval";
            assert_eq!((status, result), ("business-exception", told));
            large.insert(text(&item, "reference").to_owned());
        }
        assert_eq!(item.get("attempt").unwrap().to_string(), "1");
    }
    assert_eq!(large.len(), 10);
    let manager = items(&place, "invoices-for-the-manager");
    let routed: BTreeSet<String> = manager.iter().map(|it| text(it, "reference").into()).collect();
    assert_eq!((routed, manager.len()), (large, 10), "each of them once");
    // There is nothing left to do.
    let again = place.ok("run process-invoices");
    assert_eq!(again, "{\"result\":{\"claimed\":0,\"processed\":0,\"failed\":0}}\n");
    place.assert_sound();
}

#[test]
fn the_limit_is_an_input() {
    let place = invoices();
    place.ok("run ingest-invoices");
    place.ok("run process-invoices --input limit=1e9");
    assert_eq!(count(&place, "vendor-invoices", "processed"), 30);
    assert_eq!(items(&place, "invoices-for-the-manager").len(), 0);
}

#[test]
fn runs_are_listed_and_shown() {
    let place = invoices();
    assert_eq!(place.run("runs list").err, "no runs\n");
    place.ok("run ingest-invoices");
    place.ok("run decide");
    place.run("run ingest-invoices --input file=invoices/gone.csv");
    let runs = place.json("runs list");
    let told: Vec<_> =
        list(&runs).iter().map(|run| (text(run, "flow"), text(run, "state"))).collect();
    let (ingest, decide) = ("ingest-invoices", "decide");
    assert_eq!(told, [(ingest, "failed"), (decide, "succeeded"), (ingest, "succeeded")]);
    assert_eq!(list(&place.json("runs list --flow decide")).len(), 1);
    assert_eq!(list(&place.json("runs list --state failed,running")).len(), 1);
    let page = place.run("runs list --limit 2 --output jsonl");
    let cursor = page.err.trim().strip_prefix("cursor: ").unwrap_or_else(|| panic!("{page:?}"));
    let rest = place.json(&format!("runs list --limit 2 --cursor {cursor}"));
    assert_eq!(list(&rest).len(), 1, "the first is on the second page");

    let failed = place.ok("runs show last");
    assert!(failed.contains("failed at  rows\n") && failed.contains("file/not-found"), "{failed}");
    let id = text(&list(&runs)[1], "id");
    let shown = place.ok(&format!("runs show {id}"));
    assert!(shown.contains("✓ decision") && shown.contains("output   \"approved\""), "{shown}");
    let whole = place.json(&format!("runs show {id}"));
    let journal = list(whole.get("journal").unwrap());
    let done = journal.iter().find(|record| text(record, "kind") == "done").unwrap();
    assert_eq!(text(done, "step"), "decision");
    assert_eq!(text(done.get("data").unwrap(), "output"), "approved");
}
