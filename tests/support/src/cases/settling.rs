//! Workers say how it ended.

use model::{Change, Ending, Fence, Mode, Outcome, Settlement, Status, Token};

use crate::{Bench, fence, secs, settlement};

pub fn each_ending_has_its_status(bench: &mut Bench) {
    for ending in Ending::ALL {
        let id = bench.add();
        let claimed = bench.take_one();
        let done = bench.settle(&claimed, ending).unwrap();
        assert_eq!(done.status, Some(ending.status()));
        let item = bench.item(id).unwrap();
        assert_eq!(item.life.status, ending.status());
        assert_eq!((item.life.holder, item.life.completed), (None, Some(bench.now())));
    }
}

pub fn the_result_stays_with_the_item(bench: &mut Bench) {
    let id = bench.add();
    let claimed = bench.take_one();
    let settlement = Settlement {
        item: id,
        token: claimed.token,
        ending: Ending::Processed,
        result: Some("The item has been successfully processed.".into()),
        retry: false,
    };
    bench.make(Change::Settle(settlement)).unwrap();
    let result = bench.item(id).unwrap().result;
    assert_eq!(result.as_deref(), Some("The item has been successfully processed."));
    assert_eq!(bench.texts(id), ["The item has been successfully processed."]);
}

pub fn a_settlement_happens_once(bench: &mut Bench) {
    bench.add();
    let claimed = bench.take_one();
    bench.settle(&claimed, Ending::Processed).unwrap();
    for ending in Ending::ALL {
        assert_eq!(bench.settle(&claimed, ending).unwrap_err().code(), "queue/lease-lost");
    }
    assert_eq!(bench.status(claimed.item.id), Status::Processed);
}

pub fn only_the_token_settles(bench: &mut Bench) {
    bench.add_many(2);
    let (mut one, other) = (bench.take_one(), bench.take_one());
    for token in [other.token, Token::from_bytes([0; 16])] {
        one.token = token;
        assert_eq!(bench.settle(&one, Ending::Processed).unwrap_err().code(), "queue/lease-lost");
    }
    assert_eq!(bench.status(one.item.id), Status::Processing);
}

pub fn settling_on_hold_says_so(bench: &mut Bench) {
    bench.add();
    let claimed = bench.take_one();
    bench.make(Change::Hold { item: claimed.item.id, note: None }).unwrap();
    assert_eq!(bench.settle(&claimed, Ending::Processed).unwrap_err().code(), "queue/item-on-hold");
    assert_eq!(bench.status(claimed.item.id), Status::OnHold);
}

pub fn settling_a_deleted_item_says_so(bench: &mut Bench) {
    bench.add();
    let claimed = bench.take_one();
    bench.make(Change::Delete { item: claimed.item.id }).unwrap();
    let refusal = bench.settle(&claimed, Ending::Processed).unwrap_err();
    assert_eq!(refusal.code(), "queue/item-not-found");
}

pub fn an_it_exception_without_delay_keeps_its_place(bench: &mut Bench) {
    bench.set_rules(|rules| rules.retries = 1);
    let ids = bench.add_many(2);
    let claimed = bench.take_one();
    let done = bench.settle(&claimed, Ending::ItException).unwrap();
    assert_eq!(done.status, Some(Status::Queued));
    let again = bench.take_one();
    assert_eq!((again.item.id, again.item.life.retries, again.item.life.attempt), (ids[0], 1, 2));
    assert_eq!(
        bench.settle(&again, Ending::ItException).unwrap().status,
        Some(Status::ItException)
    );
    assert_eq!(bench.take_ids(), ids[1..]);
}

pub fn an_it_exception_with_delay_waits(bench: &mut Bench) {
    bench.set_rules(|rules| (rules.retries, rules.retry_delay) = (1, secs(30)));
    let ids = bench.add_many(2);
    let claimed = bench.take_one();
    let done = bench.settle(&claimed, Ending::ItException).unwrap();
    assert_eq!(done.status, Some(Status::Scheduled));
    assert_eq!(bench.item(ids[0]).unwrap().life.delay_until, Some(bench.in_secs(30)));
    bench.pass_and_tick(29);
    assert_eq!(bench.status(ids[0]), Status::Scheduled);
    bench.pass_and_tick(1);
    assert_eq!(bench.take_ids(), [ids[1], ids[0]]);
}

pub fn only_it_exceptions_that_ask_are_retried(bench: &mut Bench) {
    bench.set_rules(|rules| rules.retries = 5);
    for (ending, retry) in [
        (Ending::BusinessException, true),
        (Ending::GenericException, true),
        (Ending::Processed, true),
        (Ending::ItException, false),
    ] {
        let item = bench.add();
        let token = bench.take_one().token;
        let settlement = Settlement { item, token, ending, result: None, retry };
        let done = bench.make(Change::Settle(settlement)).unwrap();
        assert_eq!(done.status, Some(ending.status()));
    }
}

pub fn what_is_given_back_was_never_taken(bench: &mut Bench) {
    let ids = bench.add_many(2);
    let claimed = bench.take_one();
    let (item, token) = (claimed.item.id, claimed.token);
    let give_back = Change::GiveBack { item, token, begun: false };
    assert_eq!(bench.make(give_back.clone()).unwrap().status, Some(Status::Queued));
    assert_eq!(bench.item(ids[0]).unwrap().life.attempt, 0);
    assert_eq!(bench.refused(give_back), "queue/lease-lost");
    assert_eq!(bench.take_ids(), ids);
}

pub fn what_had_begun_counts_when_given_back(bench: &mut Bench) {
    let ids = bench.add_many(2);
    let claimed = bench.take_one();
    let (item, token) = (claimed.item.id, claimed.token);
    bench.make(Change::GiveBack { item, token, begun: true }).unwrap();
    let life = bench.item(ids[0]).unwrap().life;
    assert_eq!((life.status, life.attempt, life.crashes), (Status::Queued, 1, 0));
    assert_eq!(bench.take_ids(), ids);
}

pub fn fences_guard_the_whole_commit(bench: &mut Bench) {
    bench.add();
    let held = bench.take_one();
    let commit = |fences: Vec<Fence>| {
        let add = Change::Add(Box::new(bench.new_item("2")));
        let commit = model::Commit { fences, ..model::Commit::of(vec![add], Mode::Independent) };
        bench.commit(commit).wait()
    };
    assert!(matches!(commit(vec![fence(&held)]).unwrap()[..], [Outcome::Done(_)]));
    let stranger = Fence { token: Token::from_bytes([7; 16]), ..fence(&held) };
    for broken in [vec![stranger], vec![fence(&held), stranger]] {
        assert_eq!(commit(broken).unwrap_err().code(), "queue/lease-lost");
    }
    let unknown = Fence { item: bench.id(), ..fence(&held) };
    assert_eq!(commit(vec![unknown]).unwrap_err().code(), "queue/item-not-found");
    bench.settle(&held, Ending::Processed).unwrap();
    assert_eq!(commit(vec![fence(&held)]).unwrap_err().code(), "queue/lease-lost");
    assert_eq!(bench.check().unwrap().items, 2);
}

pub fn a_settlement_and_an_addition_hold_together(bench: &mut Bench) {
    bench.make_queue("exceptions", |_| ());
    bench.add();
    let claimed = bench.take_one();
    let mut new = bench.new_item("2");
    new.queue = "exceptions".into();
    let both =
        || vec![settlement(&claimed, Ending::GenericException), Change::Add(Box::new(new.clone()))];
    let mut wrong = both();
    wrong.push(Change::Delete { item: bench.id() });
    bench.outcomes(Mode::AllOrNothing, wrong);
    assert_eq!(bench.status(claimed.item.id), Status::Processing);
    assert_eq!(bench.item(new.id).unwrap_err().code(), "queue/item-not-found");
    bench.outcomes(Mode::AllOrNothing, both());
    assert_eq!(bench.status(claimed.item.id), Status::GenericException);
    assert_eq!(bench.status(new.id), Status::Queued);
}
