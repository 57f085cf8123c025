//! Whole queues, and exceptions that are routed.

use finance::invoices::{route_exception, work_queue};
use wharf::fake::{self, Queue};
use wharf::queue::NewItem;
use wharf::{Decimal, Json, Kind, Result, decimal};

use crate::rows::{invoice, rows};

fn statuses(queue: &Queue) -> Vec<String> {
    queue.items().into_iter().map(|item| item.status).collect()
}

fn work(limit: Decimal) -> Result<finance::invoices::Tally> {
    let names = ["invoices", "ledger", "exceptions"].map(String::from);
    let [queue, ledger, exceptions] = names;
    fake::step(|| work_queue(queue, limit, ledger, exceptions))
}

#[test]
fn an_exception_is_routed_whole() -> Result<()> {
    let (invoices, exceptions) = (fake::queue("invoices"), fake::queue("exceptions"));
    let item = NewItem::new(&invoice("I-1", decimal!(6000))).name("Invoice I-1").reference("I-1");
    invoices.add(item)?;
    let route = || route_exception("invoices".into(), "too much".into(), "exceptions".into());
    fake::step(route)?;
    assert_eq!(statuses(&invoices), ["business-exception"]);
    assert_eq!(invoices.items()[0].result.as_deref(), Some("too much"));
    let routed = &exceptions.items()[0];
    assert_eq!((routed.name.as_deref(), routed.status.as_str()), (Some("Invoice I-1"), "queued"));
    assert_eq!(exceptions.notes(&routed.id), ["too much"]);
    let error = fake::step(route).unwrap_err();
    assert_eq!((error.kind(), error.code()), (Kind::Generic, "nothing-waits"));
    Ok(())
}

#[test]
fn an_exception_stays_where_it_cannot_go() -> Result<()> {
    let (invoices, exceptions) = (fake::queue("invoices"), fake::queue("exceptions"));
    invoices.add(NewItem::new(&invoice("I-1", decimal!(6000))).reference("I-1"))?;
    exceptions.add(NewItem::new(&1).reference("I-1"))?;
    let route = || route_exception("invoices".into(), "too much".into(), "exceptions".into());
    let error = fake::step(route).unwrap_err();
    assert_eq!(error.code(), "queue/duplicate-reference");
    assert_eq!(statuses(&invoices), ["queued"]);
    assert_eq!(exceptions.items().len(), 1);
    Ok(())
}

#[test]
fn a_whole_queue_is_worked() -> Result<()> {
    let (invoices, ledger) = (fake::queue("invoices"), fake::queue("ledger"));
    let exceptions = fake::queue("exceptions");
    for row in rows() {
        invoices.add(NewItem::new(&row))?;
    }
    invoices.add(NewItem::new(&Json::from(r#"{"InvoiceId": "I-1"}"#)))?;
    let tally = work(decimal!(5000))?;
    assert_eq!((tally.processed, tally.routed), (20, 11));
    assert_eq!((ledger.items().len(), exceptions.items().len()), (20, 11));
    let processed = statuses(&invoices).iter().filter(|status| *status == "processed").count();
    assert_eq!(processed, 20);
    assert_eq!(fake::log()[0].message, "20 processed, 11 routed");
    let amounts = ledger
        .items()
        .into_iter()
        .map(|item| item.value.read::<finance::invoices::Entry>().unwrap().amount);
    assert_eq!(tally.total, amounts.sum());
    Ok(())
}

#[test]
fn what_was_committed_stays() -> Result<()> {
    let (invoices, ledger) = (fake::queue("invoices"), fake::queue("ledger"));
    let exceptions = fake::queue("exceptions");
    invoices.add(NewItem::new(&invoice("I-1", decimal!(1))))?;
    invoices.add(NewItem::new(&invoice("I-2", decimal!(9000))))?;
    invoices.add(NewItem::new(&invoice("I-3", decimal!(1))))?;
    exceptions.pause();
    let error = work(decimal!(5000)).unwrap_err();
    assert_eq!((error.kind(), error.code()), (Kind::It, "queue/paused"));
    assert_eq!(statuses(&invoices), ["processed", "queued", "queued"]);
    assert_eq!(ledger.items().len(), 1);
    exceptions.resume();
    let tally = work(decimal!(5000))?;
    assert_eq!((tally.processed, tally.routed), (1, 1));
    Ok(())
}
