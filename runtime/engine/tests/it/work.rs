//! What a step does to queues is kept together, or not at all.

use std::time::Duration;

use engine::limits::STEP_CLAIMS_MAX;
use engine::work::Requeueing;
use model::{Change, Ending, Error, Expiry, ItemEdit, NewItem, QueueSettings, QueueState, Status};

use crate::ground::Ground;

#[test]
fn nothing_is_seen_before_it_is_kept() {
    let ground = Ground::new();
    let item = ground.queued("A");
    let mut work = ground.work();
    assert_eq!(work.process("orders").unwrap().unwrap().id, item);
    work.settle(item, Ending::BusinessException, Some("too much".into())).unwrap();
    let added = work.add(ground.new_item("problems", Some("A"))).unwrap();
    assert_eq!(ground.status(item), Status::Processing);
    assert!(ground.items("problems").is_empty());
    work.keep().unwrap();
    assert_eq!(ground.status(item), Status::BusinessException);
    assert_eq!(ground.item(item).result.as_deref(), Some("too much"));
    assert_eq!(ground.status(added), Status::Queued);
}

#[test]
fn the_step_sees_its_own_changes() {
    let ground = Ground::new();
    let item = ground.queued("A");
    let mut work = ground.work();
    work.process("orders").unwrap();
    work.settle(item, Ending::Processed, Some("done".into())).unwrap();
    let seen = work.get(item).unwrap();
    assert_eq!((seen.life.status, seen.result.as_deref()), (Status::Processed, Some("done")));
    let added = work.add(ground.new_item("problems", Some("B"))).unwrap();
    assert_eq!(work.find("problems", "B").unwrap().unwrap().id, added);
    assert_eq!(work.find("problems", "C").unwrap(), None);
    let edit = ItemEdit { value: Some("2".into()), ..ItemEdit::default() };
    work.update(added, edit).unwrap();
    let expected = work.get(added).unwrap();
    assert_eq!(expected.value, "2");
    work.keep().unwrap();
    assert_eq!(ground.item(added), expected);
}

#[test]
fn refusals_are_heard_at_once() {
    let ground = Ground::new();
    let item = ground.queued("A");
    ground.make_queue("typed", Some(r#"{"type":"string"}"#));
    ground.make_queue("closed", None);
    let state = QueueState::Paused;
    ground.store().make(Change::SetQueueState { queue: "closed".into(), state }).unwrap();
    let mut work = ground.work();
    let code = |refusal: Result<_, Error>| refusal.err().map(|error| error.code());
    let again = ground.new_item("orders", Some("A"));
    assert_eq!(code(work.add(again).map(drop)), Some("queue/duplicate-reference"));
    let first = ground.new_item("orders", Some("B"));
    work.add(first.clone()).unwrap();
    let twice = NewItem { id: ground.id(), ..first };
    assert_eq!(code(work.add(twice).map(drop)), Some("queue/duplicate-reference"));
    let misfit = ground.new_item("typed", None);
    assert_eq!(code(work.add(misfit).map(drop)), Some("value/schema-violation"));
    let late = ground.new_item("closed", None);
    assert_eq!(code(work.add(late).map(drop)), Some("queue/paused"));
    let nowhere = ground.new_item("order", None);
    assert_eq!(code(work.add(nowhere).map(drop)), Some("queue/not-found"));
    assert_eq!(code(work.settle(item, Ending::Processed, None)), Some("queue/lease-lost"));
    assert_eq!(code(work.get(ground.id()).map(drop)), Some("queue/item-not-found"));
    work.keep().unwrap();
    assert_eq!(ground.items("orders").len(), 2);
}

#[test]
fn an_item_is_settled_once() {
    let ground = Ground::new();
    let item = ground.queued("A");
    let mut work = ground.work();
    work.process("orders").unwrap();
    work.settle(item, Ending::Processed, None).unwrap();
    for _ in 0..2 {
        let again = work.settle(item, Ending::BusinessException, None).unwrap_err();
        assert_eq!(again, Error::LeaseLost { item });
    }
    work.keep().unwrap();
    assert_eq!(ground.status(item), Status::Processed);
}

#[test]
fn what_a_failed_step_did_is_gone() {
    let ground = Ground::new();
    let (settled, held) = (ground.queued("A"), ground.queued("B"));
    let mut work = ground.work();
    work.process("orders").unwrap();
    work.process("orders").unwrap();
    work.settle(settled, Ending::Processed, None).unwrap();
    work.add(ground.new_item("problems", None)).unwrap();
    work.undo(None);
    assert!(ground.items("problems").is_empty());
    for item in [settled, held] {
        let life = ground.item(item).life;
        let counters = (life.attempt, life.retries, life.crashes);
        assert_eq!((life.status, counters), (Status::Queued, (1, 0, 0)));
    }
}

#[test]
fn a_broken_off_step_uses_up_a_retry() {
    let ground = Ground::new();
    let item = ground.queued("A");
    for retries in 1..=3 {
        let mut work = ground.work();
        work.process("orders").unwrap().expect("it is back");
        work.undo(Some("trap: unreachable"));
        let life = ground.item(item).life;
        assert_eq!((life.status, life.retries), (Status::Queued, retries));
    }
    let mut work = ground.work();
    work.process("orders").unwrap();
    work.undo(Some("trap: unreachable"));
    assert_eq!(ground.status(item), Status::ItException);
    assert_eq!(ground.item(item).result.as_deref(), Some("trap: unreachable"));
}

#[test]
fn what_is_still_held_goes_back() {
    let ground = Ground::new();
    let (dropped, forgotten) = (ground.queued("A"), ground.queued("B"));
    let mut work = ground.work();
    work.process("orders").unwrap();
    work.process("orders").unwrap();
    work.give_back(dropped).unwrap();
    assert_eq!(work.process("orders").unwrap(), None);
    work.keep().unwrap();
    for item in [dropped, forgotten] {
        let life = ground.item(item).life;
        assert_eq!((life.status, life.attempt, life.retries), (Status::Queued, 1, 0));
    }
}

#[test]
fn a_commit_keeps_what_came_before() {
    let ground = Ground::new();
    let (first, second) = (ground.queued("A"), ground.queued("B"));
    let mut work = ground.work();
    work.process("orders").unwrap();
    work.settle(first, Ending::Processed, None).unwrap();
    work.process("orders").unwrap();
    work.commit().unwrap();
    assert_eq!(ground.status(first), Status::Processed);
    assert_eq!(ground.status(second), Status::Processing);
    work.settle(second, Ending::Processed, None).unwrap();
    work.undo(Some("timeout"));
    assert_eq!(ground.status(first), Status::Processed);
    assert_eq!(ground.item(second).life.retries, 1);
}

#[test]
fn a_lost_lease_keeps_nothing() {
    let ground = Ground::new();
    let item = ground.queued("A");
    let mut work = ground.work();
    work.process("orders").unwrap();
    work.add(ground.new_item("problems", None)).unwrap();
    ground.pass(31);
    let mut other = ground.work();
    assert_eq!(other.process("orders").unwrap().unwrap().id, item);
    work.settle(item, Ending::Processed, None).unwrap();
    assert_eq!(work.keep().unwrap_err(), Error::LeaseLost { item });
    // The step hears it again instead of keeping a part.
    assert_eq!(work.commit().unwrap_err(), Error::LeaseLost { item });
    work.undo(None);
    assert!(ground.items("problems").is_empty());
    assert_eq!(ground.status(item), Status::Processing);
    other.settle(item, Ending::Processed, None).unwrap();
    other.keep().unwrap();
}

#[test]
fn an_open_claim_fences_the_commit() {
    let ground = Ground::new();
    let item = ground.queued("A");
    let mut work = ground.work();
    work.process("orders").unwrap();
    ground.store().make(Change::Hold { item, note: None }).unwrap();
    work.add(ground.new_item("problems", None)).unwrap();
    assert_eq!(work.commit().unwrap_err(), Error::LeaseLost { item });
    assert!(ground.items("problems").is_empty());
}

#[test]
fn a_keeper_renews_until_all_is_over() {
    let ground = Ground::new();
    let item = ground.queued("A");
    let mut work = ground.work();
    let mut keeper = work.keeper();
    keeper.renew().unwrap();
    work.process("orders").unwrap();
    for _ in 0..6 {
        ground.pass(20);
        keeper.renew().unwrap();
    }
    // What is settled but not yet kept still needs its lease.
    work.settle(item, Ending::Processed, None).unwrap();
    ground.pass(20);
    keeper.renew().unwrap();
    ground.pass(20);
    work.keep().unwrap();
    ground.pass(60);
    keeper.renew().unwrap();
    assert_eq!(ground.status(item), Status::Processed);
}

#[test]
fn a_keeper_tells_that_a_lease_is_gone() {
    let ground = Ground::new();
    let item = ground.queued("A");
    let mut work = ground.work();
    let mut keeper = work.keeper();
    work.process("orders").unwrap();
    ground.store().make(Change::Hold { item, note: None }).unwrap();
    assert!(keeper.renew().is_err());
}

#[test]
fn requeueing_takes_held_and_finished_items() {
    let ground = Ground::new();
    let (held, finished) = (ground.queued("A"), ground.queued("B"));
    let mut work = ground.work();
    work.process("orders").unwrap();
    work.process("orders").unwrap();
    let tomorrow = Some("2026-02-01T08:00:00Z".parse().unwrap());
    let how = Requeueing { delay_until: tomorrow, note: Some("later".into()), expires: None };
    work.requeue(held, how.clone()).unwrap();
    work.settle(finished, Ending::GenericException, None).unwrap();
    work.requeue(finished, Requeueing::default()).unwrap();
    work.note(finished, "tried again").unwrap();
    work.keep().unwrap();
    assert_eq!(ground.status(held), Status::Scheduled);
    assert_eq!(ground.item(held).life.delay_until, tomorrow);
    assert_eq!((ground.status(finished), ground.item(finished).life.requeues), (Status::Queued, 1));
}

#[test]
fn a_step_holds_a_bounded_number_of_items() {
    let ground = Ground::new();
    let add = || Change::Add(Box::new(ground.new_item("orders", None)));
    let adds = (0..=STEP_CLAIMS_MAX).map(|_| add()).collect();
    let commit = model::Commit::of(adds, model::Mode::AllOrNothing);
    ground.store().commit(commit).wait().unwrap();
    let mut work = ground.work();
    for _ in 0..STEP_CLAIMS_MAX {
        work.process("orders").unwrap().unwrap();
    }
    let refusal = work.process("orders").unwrap_err();
    assert_eq!(refusal.code(), "limit/exceeded");
    assert!(refusal.to_string().contains("step-claims"), "{refusal}");
    work.keep().unwrap();
}

#[test]
fn a_step_makes_a_bounded_number_of_changes() {
    let ground = Ground::new();
    let mut work = ground.work();
    let most = model::limits::COMMIT_CHANGES_MAX;
    for _ in 0..most {
        work.add(ground.new_item("orders", None)).unwrap();
    }
    let refusal = work.add(ground.new_item("orders", None)).unwrap_err();
    assert_eq!(refusal.code(), "limit/exceeded");
    work.commit().unwrap();
    work.add(ground.new_item("orders", None)).unwrap();
    work.keep().unwrap();
    let stats = ground.store().stats("orders").unwrap();
    assert_eq!(stats.total(), most as u64 + 1);
}

#[test]
fn expiry_is_said_in_three_ways() {
    let ground = Ground::new();
    let mut settings = QueueSettings::new("brief");
    settings.rules.ttl = Some(Duration::from_hours(1));
    let create = Change::CreateQueue { id: ground.id(), settings: settings.into(), schema: None };
    ground.store().make(create).unwrap();
    let moment = "2026-02-01T08:00:00Z".parse().unwrap();
    let hour = "2026-01-31T09:00:00Z".parse().unwrap();
    for (said, expected) in [
        (None, Some(hour)),
        (Some(Expiry::OfQueue), Some(hour)),
        (Some(Expiry::At(moment)), Some(moment)),
        (Some(Expiry::Never), None),
    ] {
        let new = ground.new_item("brief", None);
        let item = ground.store().make(Change::Add(Box::new(new))).unwrap().id;
        let mut work = ground.work();
        let requeueing = Requeueing { expires: said, ..Requeueing::default() };
        work.process("brief").unwrap().unwrap();
        work.requeue(item, requeueing).unwrap();
        assert_eq!(work.get(item).unwrap().life.expires, expected, "{said:?}");
        work.keep().unwrap();
        assert_eq!(ground.item(item).life.expires, expected, "{said:?}");
        // Whoever comes next takes the next one.
        ground.store().make(Change::Hold { item, note: None }).unwrap();
    }
    let mut work = ground.work();
    let item = ground.queued("A");
    let past = Expiry::At("2026-01-31T08:00:00Z".parse().unwrap());
    let requeueing = Requeueing { expires: Some(past), ..Requeueing::default() };
    assert_eq!(work.requeue(item, requeueing).unwrap_err().code(), "value/expiry-in-past");
}
