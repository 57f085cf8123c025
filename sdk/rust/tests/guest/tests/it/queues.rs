//! Queues of the fake host hand out, settle and keep as real ones do.

use guest::desk::{correct, fill, work};
use guest::ledger::Entry;
use wharf::fake::{self, Queue};
use wharf::queue::{self, Ending, Expiry, ItemChange, NewItem, Priority, Requeueing};
use wharf::{Error, Json, Result, decimal};

fn entry(id: &str, comment: &str) -> NewItem {
    let entry = Entry { invoice_id: id.into(), amount: decimal!(1), comment: comment.into() };
    NewItem::new(&entry).reference(id)
}

fn statuses(queue: &Queue) -> Vec<(String, String)> {
    let items = queue.items().into_iter();
    items.map(|item| (item.reference.unwrap_or_default(), item.status)).collect()
}

fn expect(queue: &Queue, expected: &[(&str, &str)]) {
    let seen = statuses(queue);
    let seen: Vec<_> = seen.iter().map(|(id, status)| (id.as_str(), status.as_str())).collect();
    assert_eq!(seen, expected);
}

#[test]
fn a_step_adds_all_that_can_be_said() {
    let invoices = fake::queue("invoices");
    let expires = "2026-02-01T00:00:00Z".parse().unwrap();
    let ids = ["1", "2", "1"].map(str::to_owned).to_vec();
    assert_eq!(fake::step(|| fill("invoices".into(), ids, expires)).unwrap(), 2);
    let waiting = ("", "on-hold");
    expect(&invoices, &[("1", "queued"), ("2", "queued"), waiting, ("", "scheduled")]);
    let first = &invoices.items()[0];
    assert_eq!(first.name.as_deref(), Some("Invoice 1"));
    assert_eq!((first.priority, first.attempt, first.retries), (Priority::HIGH, 0, 0));
    assert_eq!(first.value.read::<Entry>().unwrap().amount, decimal!(1253.78));
    assert_eq!(first.created.as_str(), "2026-01-01T00:00:00Z");
    assert_eq!(invoices.notes(&first.id), ["from the portal"]);
}

#[test]
fn a_step_works_a_whole_queue() -> Result<()> {
    let invoices = fake::queue("invoices").retries(1);
    for (id, comment) in [("1", "fine"), ("2", "down"), ("3", "odd"), ("4", "later"), ("5", "drop")]
    {
        invoices.add(entry(id, comment))?;
    }
    invoices.add(NewItem::new(&5).reference("6"))?;
    invoices.hold(&queue::find("invoices", "5")?.unwrap().id);
    let worked = fake::step(|| {
        let mut ids = Vec::new();
        // Each round ends when nothing waits: what is put back in it waits for the next.
        while let Some(claimed) = queue::process("invoices")? {
            ids.push(claimed.item().reference.unwrap_or_default());
            match ids.len() {
                1 => claimed.processed("entered")?,
                2 => claimed.it_exception("down")?,
                3 => claimed.settle(Ending::GenericException, None)?,
                4 => claimed.requeue(Requeueing::now().note("later"))?,
                _ => claimed.business_exception("not an entry")?,
            }
        }
        Ok::<_, Error>(ids)
    })?;
    assert_eq!(worked, ["1", "2", "3", "4", "6"]);
    let (done, back) = ("processed", "queued");
    let odd = ("3", "generic-exception");
    let failed = ("6", "business-exception");
    expect(&invoices, &[("1", done), ("2", back), odd, failed, ("5", "on-hold"), ("4", back)]);
    let second = queue::find("invoices", "2")?.unwrap();
    assert_eq!((second.attempt, second.retries, second.result.as_deref()), (1, 1, Some("down")));
    Ok(())
}

#[test]
fn a_commit_keeps_what_came_before() -> Result<()> {
    let invoices = fake::queue("invoices");
    invoices.add(entry("1", "fine"))?;
    invoices.add(entry("2", "fine"))?;
    let failed = fake::step(|| {
        queue::process("invoices")?.unwrap().processed("entered")?;
        let second = queue::process("invoices")?.unwrap();
        queue::commit()?;
        second.processed("entered")?;
        queue::add("invoices", entry("3", "fine"))?;
        Err::<(), Error>("the portal is down".into())
    });
    assert_eq!(failed.unwrap_err().code(), "failed");
    expect(&invoices, &[("1", "processed"), ("2", "queued")]);
    assert_eq!(invoices.items()[1].attempt, 1);
    assert_eq!(work("invoices".into())?, ["2"]);
    Ok(())
}

#[test]
fn a_failed_step_leaves_nothing() -> Result<()> {
    let invoices = fake::queue("invoices");
    let problems = fake::queue("problems");
    invoices.add(entry("1", "fine"))?;
    let failed = fake::step(|| {
        let claimed = queue::process("invoices")?.unwrap();
        claimed.note("seen")?;
        queue::add("problems", entry("1", "moved"))?;
        assert_eq!(queue::find("problems", "1")?.unwrap().status, "queued");
        claimed.processed("moved")?;
        queue::add("problems", entry("1", "again"))
    });
    assert_eq!(failed.unwrap_err().code(), "queue/duplicate-reference");
    expect(&invoices, &[("1", "queued")]);
    expect(&problems, &[]);
    assert_eq!(invoices.notes(&invoices.items()[0].id), [""; 0]);
    Ok(())
}

#[test]
fn what_is_added_waits_for_the_end() -> Result<()> {
    let invoices = fake::queue("invoices");
    fake::step(|| {
        queue::add("invoices", entry("1", "fine"))?;
        assert!(queue::process("invoices")?.is_none());
        assert!(invoices.items().is_empty());
        Ok::<_, Error>(())
    })?;
    assert_eq!(queue::process("invoices")?.unwrap().item().attempt, 1);
    Ok(())
}

#[test]
fn what_is_dropped_goes_back() -> Result<()> {
    let invoices = fake::queue("invoices");
    invoices.add(entry("1", "fine"))?;
    drop(queue::process("invoices")?);
    expect(&invoices, &[("1", "queued")]);
    fake::step(|| {
        let claimed = queue::process("invoices")?.unwrap();
        drop(claimed);
        // It goes back when the step is over, so no step runs in circles.
        assert!(queue::process("invoices")?.is_none());
        Ok::<_, Error>(())
    })?;
    let claimed = fake::step(|| queue::process("invoices"))?.unwrap();
    expect(&invoices, &[("1", "queued")]);
    assert_eq!(claimed.processed("late").unwrap_err().code(), "queue/lease-lost");
    assert_eq!(invoices.items()[0].attempt, 3);
    Ok(())
}

#[test]
fn urgent_items_go_first() -> Result<()> {
    fake::queue("invoices");
    for (id, priority) in [("1", 300), ("2", 200), ("3", 100), ("4", 200)] {
        queue::add("invoices", entry(id, "fine").priority(Priority(priority)))?;
    }
    assert_eq!(work("invoices".into())?, ["3", "2", "4", "1"]);
    Ok(())
}

#[test]
fn time_makes_items_due() -> Result<()> {
    let invoices = fake::queue("invoices");
    let noon = "2026-01-01T12:00:00Z".parse()?;
    let evening: wharf::DateTime = "2026-01-01T18:00:00+01:00".parse()?;
    queue::add("invoices", entry("1", "fine").delay_until(noon).expires(evening.clone()))?;
    queue::add("invoices", entry("2", "fine").expires(evening.clone()))?;
    expect(&invoices, &[("1", "scheduled"), ("2", "queued")]);
    fake::set_now("2026-01-01T12:00:00Z".parse()?);
    expect(&invoices, &[("2", "queued"), ("1", "queued")]);
    fake::set_now(evening);
    assert!(queue::process("invoices")?.is_none());
    expect(&invoices, &[("2", "expired"), ("1", "expired")]);
    let item = queue::find("invoices", "1")?.unwrap();
    queue::requeue(&item.id, Requeueing::now())?;
    assert_eq!(work("invoices".into())?, ["1"]);
    Ok(())
}

#[test]
fn items_are_corrected_by_reference() -> Result<()> {
    let invoices = fake::queue("invoices");
    invoices.add(entry("1", "odd"))?;
    assert_eq!(work("invoices".into())?, ["1"]);
    assert_eq!(fake::step(|| correct("invoices".into(), "1".into()))?, "queued");
    let item = queue::find("invoices", "1")?.unwrap();
    assert_eq!((item.name.as_deref(), item.priority), (Some("corrected"), Priority::LOW));
    assert_eq!(item.value, Json::from("2"));
    assert_eq!(invoices.notes(&item.id), ["seen", "corrected"]);
    assert_eq!(correct("invoices".into(), "2".into())?, "none");
    Ok(())
}

#[test]
fn refusals_have_the_codes_of_wharf() -> Result<()> {
    let invoices = fake::queue("invoices");
    let id = invoices.add(entry("1", "fine"))?;
    let past: wharf::DateTime = "2025-12-31T00:00:00Z".parse()?;
    for (item, code) in [
        (entry("1", "fine"), "queue/duplicate-reference"),
        (entry("", "fine"), "value/blank"),
        (entry("2", "fine").expires(past), "value/expiry-in-past"),
        (entry("2", "fine").priority(Priority(0)), "value/bad-priority"),
        (NewItem::new(&Json::from("{")), "value/invalid-json"),
        (NewItem::new(&f64::NAN), "value/invalid-json"),
    ] {
        assert_eq!(queue::add("invoices", item).unwrap_err().code(), code);
    }
    assert_eq!(queue::add("invoice", entry("2", "fine")).unwrap_err().code(), "queue/not-found");
    assert_eq!(queue::get("item-99").unwrap_err().code(), "queue/item-not-found");

    let claimed = queue::process("invoices")?.unwrap();
    let rename = || ItemChange::new().name("other");
    assert_eq!(queue::update(&id, rename()).unwrap_err().code(), "queue/item-held");
    assert_eq!(queue::requeue(&id, Requeueing::now()).unwrap_err().code(), "queue/item-held");
    invoices.hold(&id);
    assert_eq!(claimed.processed("done").unwrap_err().code(), "queue/item-on-hold");
    let requeued = queue::requeue(&id, Requeueing::now());
    assert_eq!(requeued.unwrap_err().code(), "queue/item-on-hold");
    invoices.release(&id);
    queue::process("invoices")?.unwrap().processed("done")?;
    assert_eq!(queue::update(&id, rename()).unwrap_err().code(), "queue/invalid-transition");

    invoices.pause();
    assert_eq!(queue::process("invoices").unwrap_err().code(), "queue/paused");
    assert_eq!(queue::add("invoices", entry("3", "fine")).unwrap_err().code(), "queue/paused");
    invoices.resume();
    assert!(queue::process("invoices")?.is_none());
    Ok(())
}

#[test]
fn lost_leases_keep_nothing() -> Result<()> {
    let invoices = fake::queue("invoices");
    invoices.add(entry("1", "fine"))?;
    let late = fake::step(|| {
        let claimed = queue::process("invoices")?.unwrap();
        queue::add("invoices", entry("2", "fine"))?;
        fake::lose_leases();
        drop(claimed);
        Ok::<_, Error>(())
    });
    assert_eq!(late.unwrap_err().code(), "queue/lease-lost");
    expect(&invoices, &[("1", "queued")]);
    let claimed = queue::process("invoices")?.unwrap();
    fake::lose_leases();
    assert_eq!(claimed.processed("done").unwrap_err().code(), "queue/lease-lost");
    Ok(())
}

#[test]
fn sizes_have_limits() {
    fake::queue("invoices");
    let text = |bytes: usize| "x".repeat(bytes);
    for (most, item) in [
        (256, (|text| NewItem::new(&1).name(text)) as fn(String) -> NewItem),
        (256, |text| NewItem::new(&1).reference(text)),
        (64 * 1024, |text| NewItem::new(&1).note(text)),
        (1_048_576, |text| NewItem::new(&text[2..].to_owned())),
    ] {
        for (bytes, fits) in [(most - 1, true), (most, true), (most + 1, false)] {
            let added = queue::add("invoices", item(text(bytes)));
            let code = added.as_ref().err().map(queue::Error::code);
            assert_eq!(code, (!fits).then_some("limit/exceeded"), "{bytes}");
        }
    }
    for (priority, fits) in [(0, false), (1, true), (i32::MAX as u32, true), (1 << 31, false)] {
        let added = queue::add("invoices", NewItem::new(&1).priority(Priority(priority)));
        assert_eq!(added.is_ok(), fits, "{priority}");
    }
}

#[test]
fn expiry_is_said_in_three_ways() -> Result<()> {
    let invoices = fake::queue("invoices");
    let moment: wharf::DateTime = "2026-02-01T00:00:00Z".parse()?;
    let expires = |id: &str| queue::get(id).map(|item| item.expires);
    let id = invoices.add(entry("1", "fine").expires(moment.clone()))?;
    queue::update(&id, ItemChange::new().name("as it was"))?;
    assert_eq!(expires(&id)?, Some(moment.clone()));
    queue::update(&id, ItemChange::new().expires(Expiry::Never))?;
    assert_eq!(expires(&id)?, None);
    queue::requeue(&id, Requeueing::now().expires(moment.clone()))?;
    assert_eq!(expires(&id)?, Some(moment));
    queue::requeue(&id, Requeueing::now().expires(Expiry::OfQueue))?;
    assert_eq!(expires(&id)?, None);
    let id = invoices.add(entry("2", "fine").expires(Expiry::Never))?;
    assert_eq!(expires(&id)?, None);
    Ok(())
}
