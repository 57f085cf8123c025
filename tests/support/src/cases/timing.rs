//! What time makes due.

use model::{Change, Clock, Ending, Expiry, Status, limits};

use crate::{Bench, secs};

pub fn a_tick_tells_what_it_did(bench: &mut Bench) {
    bench.set_rules(|rules| rules.crashes = 1);
    for _ in 0..2 {
        bench.add_as(|new| new.delay_until = Some(bench.in_secs(100)));
    }
    bench.add_as(|new| (new.hold, new.expires) = (false, Expiry::At(bench.in_secs(100))));
    let ticked = bench.tick().unwrap();
    assert_eq!(ticked, model::Ticked { next: Some(bench.in_secs(100)), ..ticked });
    assert_eq!((ticked.promoted, ticked.expired, ticked.more), (0, 0, false));
    bench.pass(100);
    let ticked = bench.tick().unwrap();
    assert_eq!((ticked.promoted, ticked.expired, ticked.next), (2, 1, None));
    bench.take(2);
    bench.pass(60);
    assert_eq!(bench.tick().unwrap().recovered, 2);
    bench.take(2);
    bench.pass(60);
    assert_eq!(bench.tick().unwrap().buried, 2);
    assert_eq!(bench.tick().unwrap(), model::Ticked::default());
}

pub fn a_tick_moves_bounded_portions(bench: &mut Bench) {
    bench.set_rules(|rules| rules.ttl = Some(secs(10)));
    bench.add_many(limits::MOVES_PER_TRANSACTION_MAX + 1);
    bench.pass(10);
    let first = bench.tick().unwrap();
    assert_eq!((first.expired, first.more), (1_000, true));
    let second = bench.tick().unwrap();
    assert_eq!((second.expired, second.more), (1, false));
}

pub fn items_expire_wherever_they_wait(bench: &mut Bench) {
    let scheduled = bench.add_as(|new| {
        (new.delay_until, new.expires) = (Some(bench.in_secs(100)), Expiry::At(bench.in_secs(50)));
    });
    let held = bench.add_as(|new| (new.hold, new.expires) = (true, Expiry::At(bench.in_secs(50))));
    let queued = bench.add_as(|new| new.expires = Expiry::At(bench.in_secs(50)));
    bench.pass_and_tick(50);
    let statuses = [scheduled, held, queued].map(|id| bench.status(id));
    assert_eq!(statuses, [Status::Expired, Status::OnHold, Status::Expired]);
}

pub fn work_in_progress_does_not_expire(bench: &mut Bench) {
    let item = bench.add_as(|new| new.expires = Expiry::At(bench.in_secs(10)));
    let claimed = bench.take_one();
    bench.pass_and_tick(20);
    bench.settle(&claimed, Ending::Processed).unwrap();
    assert_eq!(bench.status(item), Status::Processed);
}

pub fn a_tick_passes_over_paused_queues_alike(bench: &mut Bench) {
    let item = bench.add_as(|new| new.delay_until = Some(bench.in_secs(10)));
    let state = model::QueueState::Paused;
    bench.make(Change::SetQueueState { queue: "orders".into(), state }).unwrap();
    bench.pass_and_tick(10);
    assert_eq!(bench.status(item), Status::Queued);
}

pub fn finished_items_are_kept_as_long_as_the_queue_says(bench: &mut Bench) {
    bench.set_rules(|rules| rules.keep = Some(secs(1_000)));
    let statuses = Status::ALL.into_iter().filter(|status| status.is_final());
    let finished: Vec<_> = statuses.map(|status| bench.item_in(status)).collect();
    let waiting = [Status::OnHold, Status::Staged].map(|status| bench.item_in(status));
    bench.pass_and_tick(500);
    bench.pass_and_tick(500);
    assert!(finished.iter().any(|id| bench.item(*id).is_ok()), "the youngest are still there");
    bench.pass_and_tick(100);
    for id in finished {
        assert_eq!(bench.item(id).unwrap_err().code(), "queue/item-not-found");
    }
    for id in waiting {
        bench.item(id).unwrap();
    }
}

pub fn without_a_rule_everything_is_kept(bench: &mut Bench) {
    let item = bench.item_in(Status::Processed);
    bench.pass_and_tick(3_000 * 86_400);
    assert_eq!(bench.status(item), Status::Processed);
}

pub fn retention_comes_to_rest(bench: &mut Bench) {
    bench.make_queue("others", |_| ());
    for (queue, count) in [("orders", 2_500), ("others", 1_500)] {
        let adds = (0..count).map(|_| {
            let mut new = bench.new_item("1");
            (new.queue, new.expires) = (queue.into(), Expiry::At(bench.in_secs(1)));
            Change::Add(Box::new(new))
        });
        bench.outcomes(model::Mode::AllOrNothing, adds.collect());
        let rules = model::Rules { keep: Some(secs(10_000)), ..model::Rules::default() };
        let edit = model::QueueEdit { rules: Some(rules), ..model::QueueEdit::default() };
        bench.make(Change::EditQueue { queue: queue.into(), edit: Box::new(edit) }).unwrap();
    }
    bench.pass_and_tick(2);
    bench.pass(100);
    let ticks = (1..100).find(|_| !bench.tick().unwrap().more);
    assert!(ticks.is_some_and(|ticks| ticks <= 4), "looking at young items ends: {ticks:?}");
    bench.pass_and_tick(20_000);
    assert_eq!(bench.check().unwrap().items, 0);
}

pub fn a_set_back_clock_does_not_stop_retention(bench: &mut Bench) {
    let clock = bench.place.clock.clone();
    let today = clock.now();
    bench.set_rules(|rules| rules.keep = Some(secs(60)));
    clock.set(bench.in_secs(10 * 365 * 86_400));
    bench.tick().unwrap();
    clock.set(today);
    let item = bench.item_in(Status::Processed);
    bench.pass_and_tick(300);
    assert_eq!(bench.item(item).unwrap_err().code(), "queue/item-not-found");
}
