//! Workers take items, in order.

use model::{Change, Claim, Clock, Ending, Expiry, Priority, QueueState, Renewal, Status};

use crate::{Bench, secs};

pub fn an_empty_queue_gives_nothing(bench: &mut Bench) {
    assert_eq!(bench.take(10), []);
    assert!(!bench.wait_ready("orders", secs(0)).unwrap());
}

pub fn a_claim_makes_the_worker_the_holder(bench: &mut Bench) {
    let id = bench.add();
    let claimed = bench.take_one();
    assert_eq!(claimed.item, bench.item(id).unwrap());
    let holder = claimed.item.life.holder.unwrap();
    assert_eq!((holder.worker.as_str(), holder.token), ("ada", claimed.token));
    assert_eq!((holder.since, holder.until), (bench.now(), bench.in_secs(60)));
    assert_eq!((claimed.item.life.status, claimed.item.life.attempt), (Status::Processing, 1));
    assert_eq!(bench.take(1), []);
}

pub fn the_lower_number_goes_first_then_the_older(bench: &mut Bench) {
    let priorities = [300, 200, 1, 200, 100, 1, 2_147_483_647];
    let add = |number| bench.add_as(|new| new.priority = Priority::try_from(number).unwrap());
    let ids = priorities.map(add);
    let order = [2, 5, 4, 1, 3, 0, 6].map(|index: usize| ids[index]);
    let singly: Vec<_> = (0..3).map(|_| bench.take_one().item.id).collect();
    assert_eq!(singly, order[..3]);
    assert_eq!(bench.take_ids(), order[3..]);
}

pub fn claims_give_at_most_what_is_asked(bench: &mut Bench) {
    let ids = bench.add_many(10);
    assert_eq!(bench.take(0), []);
    assert_eq!(bench.take(4).len(), 4);
    assert_eq!(bench.take_ids(), ids[4..]);
}

pub fn tokens_are_all_different(bench: &mut Bench) {
    bench.add_many(100);
    let tokens = bench.take(100).into_iter().map(|claimed| claimed.token.to_bytes());
    assert_eq!(tokens.collect::<std::collections::BTreeSet<_>>().len(), 100);
}

pub fn queues_do_not_share_items(bench: &mut Bench) {
    bench.make_queue("others", |_| ());
    let mine = bench.add();
    let theirs = bench.add_as(|new| new.queue = "others".into());
    assert_eq!(bench.take_ids(), [mine]);
    let claim = Claim { queue: "others".into(), ..bench.claim_of(5) };
    assert_eq!(bench.claim(claim).unwrap()[0].item.id, theirs);
}

pub fn closed_queues_hand_nothing_out(bench: &mut Bench) {
    bench.add();
    for (state, code) in
        [(QueueState::Paused, "queue/paused"), (QueueState::Stopped, "queue/stopped")]
    {
        bench.make(Change::SetQueueState { queue: "orders".into(), state }).unwrap();
        assert_eq!(bench.claim(bench.claim_of(1)).unwrap_err().code(), code);
        assert_eq!(bench.wait_ready("orders", secs(0)).unwrap_err().code(), code);
    }
    let state = QueueState::Active;
    bench.make(Change::SetQueueState { queue: "orders".into(), state }).unwrap();
    assert!(bench.wait_ready("orders", secs(0)).unwrap());
    assert_eq!(bench.take(1).len(), 1);
}

pub fn scheduled_items_join_behind_their_priority(bench: &mut Bench) {
    let scheduled = bench.add_as(|new| new.delay_until = Some(bench.in_secs(10)));
    let urgent = bench.add_as(|new| {
        new.delay_until = Some(bench.in_secs(5));
        new.priority = Priority::HIGH;
    });
    let waiting = bench.add();
    bench.pass(10);
    assert_eq!(bench.take_ids(), [urgent, waiting, scheduled]);
}

pub fn delays_end_in_the_order_of_their_times(bench: &mut Bench) {
    let delayed =
        [7, 3, 5].map(|seconds| bench.add_as(|new| new.delay_until = Some(bench.in_secs(seconds))));
    bench.pass_and_tick(10);
    assert_eq!(bench.take_ids(), [1, 2, 0].map(|index: usize| delayed[index]));
}

pub fn new_rules_keep_the_order_of_delays(bench: &mut Bench) {
    let delay = |seconds| bench.add_as(|new| new.delay_until = Some(bench.in_secs(seconds)));
    let delayed = [7, 3, 5].map(delay);
    bench.set_rules(|rules| rules.continue_if_violated = true);
    bench.pass_and_tick(10);
    assert_eq!(bench.take_ids(), [1, 2, 0].map(|index: usize| delayed[index]));
}

pub fn expired_items_are_never_handed_out(bench: &mut Bench) {
    let expiring = bench.add_as(|new| new.expires = Expiry::At(bench.in_secs(10)));
    let lasting = bench.add();
    bench.pass(10);
    assert_eq!(bench.take_ids(), [lasting]);
    assert_eq!(bench.status(expiring), Status::Expired);
}

pub fn a_microsecond_before_its_expiry_it_is_handed_out(bench: &mut Bench) {
    let id = bench.add_as(|new| new.expires = Expiry::At(bench.in_secs(10)));
    bench.place.clock.pass(std::time::Duration::from_micros(9_999_999));
    assert_eq!(bench.take_ids(), [id]);
}

pub fn violated_items_go_on_where_the_queue_says(bench: &mut Bench) {
    bench.set_rules(|rules| rules.continue_if_violated = true);
    let id = bench.add_as(|new| new.expires = Expiry::At(bench.in_secs(10)));
    bench.pass_and_tick(11);
    assert_eq!(bench.take_ids(), [id]);
}

pub fn the_rules_of_now_decide_about_expiry(bench: &mut Bench) {
    bench.set_rules(|rules| rules.continue_if_violated = true);
    let id = bench.add_as(|new| new.expires = Expiry::At(bench.in_secs(10)));
    bench.pass_and_tick(11);
    bench.set_rules(|rules| rules.continue_if_violated = false);
    assert_eq!(bench.take_ids(), []);
    assert_eq!(bench.status(id), Status::Expired);
}

pub fn many_expired_items_hide_no_live_one(bench: &mut Bench) {
    for _ in 0..2_500 / 100 {
        let expires = Expiry::At(bench.in_secs(1));
        let adds = (0..100).map(|_| {
            let mut new = bench.new_item("1");
            (new.expires, new.priority) = (expires, Priority::HIGH);
            Change::Add(Box::new(new))
        });
        bench.outcomes(model::Mode::AllOrNothing, adds.collect());
    }
    let live = bench.add();
    bench.pass(2);
    let found = (0..4).flat_map(|_| bench.take_ids()).collect::<Vec<_>>();
    assert_eq!(found, [live], "each claim brings more of the expired out of the way");
    while bench.tick().unwrap().more {}
    assert_eq!(bench.count(Status::Expired), 2_500);
}

pub fn renewals_extend_and_never_shorten(bench: &mut Bench) {
    bench.add();
    let claimed = bench.take_one();
    let renewal = |lease| Renewal { item: claimed.item.id, token: claimed.token, lease };
    bench.pass(30);
    let ends = bench.renew(vec![renewal(None), renewal(Some(secs(1)))]).unwrap();
    assert_eq!(ends, [Ok(bench.in_secs(60)), Ok(bench.in_secs(60))]);
    assert_eq!(bench.renew(vec![renewal(Some(secs(600)))]).unwrap(), [Ok(bench.in_secs(600))]);
    bench.pass_and_tick(599);
    assert_eq!(bench.status(claimed.item.id), Status::Processing);
    bench.pass_and_tick(1);
    assert_eq!(bench.status(claimed.item.id), Status::Queued);
}

pub fn renewals_answer_each_for_itself(bench: &mut Bench) {
    bench.add_many(2);
    let (one, other) = (bench.take_one(), bench.take_one());
    bench.settle(&other, Ending::Processed).unwrap();
    let token = one.token;
    let renewal = |item| Renewal { item, token, lease: None };
    let ids = [other.item.id, bench.id(), one.item.id];
    let ends = bench.renew(ids.map(renewal).to_vec()).unwrap();
    assert_eq!(ends[0].as_ref().unwrap_err().code(), "queue/lease-lost");
    assert_eq!(ends[1].as_ref().unwrap_err().code(), "queue/item-not-found");
    assert_eq!(ends[2], Ok(bench.in_secs(60)));
}

pub fn stopped_queues_let_leases_run_out(bench: &mut Bench) {
    bench.add();
    let claimed = bench.take_one();
    let renewal = Renewal { item: claimed.item.id, token: claimed.token, lease: None };
    let set = |state| {
        bench.make(Change::SetQueueState { queue: "orders".into(), state }).unwrap();
    };
    set(QueueState::Paused);
    assert!(bench.renew(vec![renewal.clone()]).unwrap()[0].is_ok());
    set(QueueState::Stopped);
    let ends = bench.renew(vec![renewal]).unwrap();
    assert_eq!(ends[0].as_ref().unwrap_err().code(), "queue/stopped");
    bench.settle(&claimed, Ending::Processed).unwrap();
}

pub fn a_lost_lease_returns_to_its_old_place(bench: &mut Bench) {
    let ids = bench.add_many(3);
    let lost = bench.take_one();
    bench.pass_and_tick(60);
    assert_eq!(bench.trail(lost.item.id).last(), Some(&(Some(model::Move::Lose), Status::Queued)));
    let again = bench.take(3);
    let order: Vec<_> = again.iter().map(|claimed| claimed.item.id).collect();
    assert_eq!(order, ids, "nothing overtakes it");
    assert_ne!(again[0].token, lost.token);
    assert_eq!((again[0].item.life.attempt, again[0].item.life.crashes), (2, 1));
}

pub fn too_many_lost_leases_end_as_dead_letter(bench: &mut Bench) {
    bench.set_rules(|rules| rules.crashes = 2);
    let id = bench.add();
    for crashes in 1..=3 {
        bench.take_one();
        bench.pass_and_tick(60);
        assert_eq!(bench.item(id).unwrap().life.crashes, crashes);
    }
    let item = bench.item(id).unwrap();
    assert_eq!((item.life.status, item.life.attempt), (Status::DeadLetter, 3));
    assert_eq!(item.life.completed, Some(bench.now()));
    assert_eq!(bench.take_ids(), []);
}

pub fn a_claim_recovers_what_is_lost_first(bench: &mut Bench) {
    let id = bench.add();
    bench.take_one();
    bench.pass(60);
    assert_eq!(bench.take_ids(), [id]);
}

pub fn a_late_worker_may_still_renew_what_nobody_took(bench: &mut Bench) {
    bench.add();
    let claimed = bench.take_one();
    bench.place.clock.pass(secs(61));
    let renewal = Renewal { item: claimed.item.id, token: claimed.token, lease: None };
    assert_eq!(bench.renew(vec![renewal]).unwrap(), [Ok(bench.in_secs(60))]);
    bench.tick().unwrap();
    assert_eq!(bench.status(claimed.item.id), Status::Processing);
    assert!(bench.place.clock.now() > claimed.item.life.holder.unwrap().until);
}

pub fn the_processing_limit_ends_however_often_renewed(bench: &mut Bench) {
    bench.set_rules(|rules| rules.processing_limit = Some(secs(100)));
    bench.add();
    let claimed = bench.take_one();
    let renewal = Renewal { item: claimed.item.id, token: claimed.token, lease: None };
    bench.pass_and_tick(50);
    bench.renew(vec![renewal.clone()]).unwrap();
    bench.pass_and_tick(49);
    assert_eq!(bench.status(claimed.item.id), Status::Processing);
    bench.pass_and_tick(1);
    assert_eq!(bench.status(claimed.item.id), Status::ProcessingTimeout);
    assert!(bench.renew(vec![renewal]).unwrap()[0].is_err());
    assert!(bench.settle(&claimed, Ending::Processed).is_err());
}

pub fn a_new_processing_limit_holds_for_running_work(bench: &mut Bench) {
    bench.add();
    let claimed = bench.take_one();
    bench.pass(40);
    bench.set_rules(|rules| rules.processing_limit = Some(secs(30)));
    bench.tick().unwrap();
    assert_eq!(bench.status(claimed.item.id), Status::ProcessingTimeout);
}
