//! Items that become ready together, or not at all.

use model::{Change, Expiry, Id, Mode, Move, Priority, QueueState, Status, limits};

use crate::{Bench, secs};

fn stage(bench: &Bench, batch: Id, count: usize) -> Vec<Id> {
    let mut ids = Vec::new();
    for from in (0..count).step_by(1_000) {
        let adds = (from..count.min(from + 1_000)).map(|value| {
            let mut new = bench.new_item(&value.to_string());
            new.batch = Some(batch);
            ids.push(new.id);
            Change::Add(Box::new(new))
        });
        let adds = adds.collect();
        bench.outcomes(Mode::AllOrNothing, adds);
    }
    ids
}

pub fn staged_items_wait_for_the_decision(bench: &mut Bench) {
    let batch = bench.open_batch();
    let ids = stage(bench, batch, 3);
    bench.pass_and_tick(100);
    assert_eq!(bench.take_ids(), []);
    assert_eq!(bench.item(ids[0]).unwrap().batch, Some(batch));
    assert_eq!(bench.count(Status::Staged), 3);
    bench.make(Change::CommitBatch { batch }).unwrap();
    assert_eq!(bench.tick().unwrap().batched, 3);
    assert_eq!(bench.take_ids(), ids);
    assert_eq!(bench.trail(ids[0])[1], (Some(Move::Ready), Status::Queued));
}

pub fn a_large_batch_moves_in_order_and_in_portions(bench: &mut Bench) {
    let batch = bench.open_batch();
    let count = limits::MOVES_PER_TRANSACTION_MAX * 2 + 500;
    let ids = stage(bench, batch, count);
    let between = bench.add();
    bench.make(Change::CommitBatch { batch }).unwrap();
    let mut moved = Vec::new();
    loop {
        let ticked = bench.tick().unwrap();
        moved.push(ticked.batched);
        if !ticked.more {
            break;
        }
    }
    assert_eq!(moved, [1_000, 1_000, 500]);
    let order: Vec<Id> = std::iter::repeat_with(|| bench.take_ids())
        .take_while(|ids| !ids.is_empty())
        .flatten()
        .collect();
    assert_eq!(order[0], between, "a place is given when an item is ready");
    assert_eq!(order[1..], ids);
}

pub fn a_batch_of_exactly_one_portion_ends(bench: &mut Bench) {
    let batch = bench.open_batch();
    stage(bench, batch, limits::MOVES_PER_TRANSACTION_MAX);
    bench.make(Change::CommitBatch { batch }).unwrap();
    while bench.tick().unwrap().more {}
    assert_eq!(bench.count(Status::Queued), 1_000);
}

pub fn batched_items_keep_priority_delay_and_expiry(bench: &mut Bench) {
    let batch = bench.open_batch();
    let add = |shape: &dyn Fn(&mut model::NewItem)| {
        bench.add_as(|new| {
            new.batch = Some(batch);
            shape(new);
        })
    };
    let low = add(&|new| new.priority = Priority::LOW);
    let later = add(&|new| new.delay_until = Some(bench.in_secs(100)));
    let brief = add(&|new| new.expires = Expiry::At(bench.in_secs(10)));
    let normal = add(&|_| ());
    bench.make(Change::CommitBatch { batch }).unwrap();
    bench.pass_and_tick(20);
    bench.tick().unwrap();
    assert_eq!(bench.take_ids(), [normal, low]);
    assert_eq!((bench.status(later), bench.status(brief)), (Status::Scheduled, Status::Expired));
}

pub fn a_discarded_batch_leaves_nothing(bench: &mut Bench) {
    let batch = bench.open_batch();
    let ids = stage(bench, batch, 1_200);
    bench.make(Change::DiscardBatch { batch }).unwrap();
    let ticks = [bench.tick().unwrap(), bench.tick().unwrap()];
    assert_eq!(ticks.map(|ticked| (ticked.batched, ticked.more)), [(1_000, true), (200, false)]);
    assert_eq!(bench.item(ids[7]).unwrap_err().code(), "queue/item-not-found");
    assert_eq!(bench.check().unwrap().items, 0);
}

pub fn a_reference_in_a_batch_is_pending_then_taken(bench: &mut Bench) {
    let batch = bench.open_batch();
    let add = |batch| {
        let mut new = bench.new_item("1");
        (new.reference, new.batch) = (Some("R".into()), batch);
        bench.add_new(new).map_err(|refusal| refusal.code())
    };
    let first = add(Some(batch)).unwrap().id;
    assert_eq!(add(None), Err("queue/reference-pending"));
    assert_eq!(add(Some(batch)), Err("queue/reference-pending"));
    assert_eq!(bench.item_by_reference("orders", "R").unwrap().id, first);
    bench.make(Change::CommitBatch { batch }).unwrap();
    assert_eq!(add(None), Err("queue/duplicate-reference"), "decided, though not moved yet");
    bench.tick().unwrap();
    assert_eq!(add(None), Err("queue/duplicate-reference"));
}

pub fn a_reference_of_a_discarded_batch_becomes_free(bench: &mut Bench) {
    let batch = bench.open_batch();
    let add = |batch| {
        let mut new = bench.new_item("1");
        (new.reference, new.batch) = (Some("R".into()), batch);
        bench.add_new(new).map_err(|refusal| refusal.code())
    };
    add(Some(batch)).unwrap();
    bench.make(Change::DiscardBatch { batch }).unwrap();
    assert_eq!(add(None), Err("queue/reference-pending"));
    bench.tick().unwrap();
    add(None).unwrap();
}

pub fn a_batch_is_decided_once_and_may_be_told_again(bench: &mut Bench) {
    let (kept, dropped) = (bench.open_batch(), bench.open_batch());
    for _ in 0..2 {
        bench.make(Change::CommitBatch { batch: kept }).unwrap();
        bench.make(Change::DiscardBatch { batch: dropped }).unwrap();
    }
    assert_eq!(bench.refused(Change::DiscardBatch { batch: kept }), "batch/decided");
    assert_eq!(bench.refused(Change::CommitBatch { batch: dropped }), "batch/decided");
    let mut new = bench.new_item("1");
    new.batch = Some(kept);
    assert_eq!(bench.add_new(new).unwrap_err().code(), "batch/decided");
    let reopened = Change::OpenBatch { batch: kept, queue: "orders".into() };
    assert_eq!(bench.refused(reopened), "batch/decided");
    bench.tick().unwrap();
    bench.tick().unwrap();
    bench.make(Change::CommitBatch { batch: kept }).unwrap();
    bench.make(Change::DiscardBatch { batch: dropped }).unwrap();
    assert_eq!(bench.refused(Change::DiscardBatch { batch: kept }), "batch/decided");
}

pub fn opening_a_batch_again_changes_nothing(bench: &mut Bench) {
    let batch = bench.open_batch();
    stage(bench, batch, 2);
    bench.make(Change::OpenBatch { batch, queue: "orders".into() }).unwrap();
    bench.make(Change::CommitBatch { batch }).unwrap();
    bench.tick().unwrap();
    assert_eq!(bench.count(Status::Queued), 2);
}

pub fn a_batch_belongs_to_one_queue(bench: &mut Bench) {
    bench.make_queue("others", |_| ());
    let batch = bench.open_batch();
    let elsewhere = Change::OpenBatch { batch, queue: "others".into() };
    assert_eq!(bench.refused(elsewhere), "batch/not-found");
    let mut new = bench.new_item("1");
    (new.queue, new.batch) = ("others".into(), Some(batch));
    assert_eq!(bench.add_new(new).unwrap_err().code(), "batch/not-found");
}

pub fn unknown_batches_are_refused(bench: &mut Bench) {
    let batch = bench.id();
    let mut new = bench.new_item("1");
    new.batch = Some(batch);
    assert_eq!(bench.add_new(new.clone()).unwrap_err().code(), "batch/not-found");
    assert_eq!(bench.refused(Change::CommitBatch { batch }), "batch/not-found");
    assert_eq!(bench.refused(Change::DiscardBatch { batch }), "batch/not-found");
    new.hold = true;
    assert_eq!(bench.add_new(new).unwrap_err().code(), "batch/hold");
}

pub fn a_paused_queue_opens_no_batch_but_decides_one(bench: &mut Bench) {
    let batch = bench.open_batch();
    stage(bench, batch, 1);
    let state = QueueState::Paused;
    bench.make(Change::SetQueueState { queue: "orders".into(), state }).unwrap();
    let another = Change::OpenBatch { batch: bench.id(), queue: "orders".into() };
    assert_eq!(bench.refused(another), "queue/paused");
    bench.make(Change::CommitBatch { batch }).unwrap();
    bench.tick().unwrap();
    assert_eq!(bench.count(Status::Queued), 1);
}

pub fn several_batches_move_one_after_the_other(bench: &mut Bench) {
    let batches = [bench.open_batch(), bench.open_batch(), bench.open_batch()];
    let staged = batches.map(|batch| stage(bench, batch, 2));
    for index in [2, 0, 1] {
        bench.make(Change::CommitBatch { batch: batches[index] }).unwrap();
    }
    while bench.tick().unwrap().more {}
    let expected: Vec<Id> =
        [2, 0, 1].into_iter().flat_map(|at: usize| staged[at].clone()).collect();
    assert_eq!(bench.take_ids(), expected, "in the order in which they were decided");
}

pub fn a_taken_back_decision_decides_nothing(bench: &mut Bench) {
    let batch = bench.open_batch();
    stage(bench, batch, 1);
    let wrong = Change::Delete { item: bench.id() };
    bench.outcomes(Mode::AllOrNothing, vec![Change::CommitBatch { batch }, wrong]);
    bench.pass_and_tick(1);
    assert_eq!(bench.count(Status::Staged), 1);
    bench.make(Change::DiscardBatch { batch }).unwrap();
    bench.tick().unwrap();
    assert!(!bench.wait_ready("orders", secs(0)).unwrap());
    assert_eq!(bench.count(Status::Staged), 0);
}
