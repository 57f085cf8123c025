//! Clocks that somebody sets, and leases that keep their length.

use model::{Clock, Ending, Expiry, Renewal, Status, Timestamp};
use support::{Bench, secs};

use crate::conformance::open_with_readers;

/// Seconds by which clocks jump, from a correction to another age.
const JUMPS: [i64; 8] =
    [3, -3, 3_600, -3_600, 86_400, -86_400, 5 * 365 * 86_400, -5 * 365 * 86_400];

fn bench() -> Bench {
    Bench::new(open_with_readers)
}

fn jump(bench: &Bench, seconds: i64) {
    let clock = &bench.place.clock;
    let to = clock.now().as_microsecond() + seconds * 1_000_000;
    clock.set(Timestamp::from_microsecond(to).unwrap());
}

#[test]
fn leases_of_live_workers_survive_any_jump() {
    for seconds in JUMPS {
        let bench = bench();
        let item = bench.add();
        let claimed = bench.take_one();
        bench.pass(30);
        jump(&bench, seconds);
        bench.tick().unwrap();
        bench.pass_and_tick(29);
        assert_eq!(bench.status(item), Status::Processing, "a jump of {seconds} s");
        let renewal = Renewal { item, token: claimed.token, lease: None };
        assert_eq!(bench.renew(vec![renewal]).unwrap(), [Ok(bench.in_secs(60))]);
        bench.settle(&claimed, Ending::Processed).unwrap();
    }
}

#[test]
fn lost_leases_are_recovered_in_time_after_any_jump() {
    for seconds in JUMPS {
        let bench = bench();
        let item = bench.add();
        bench.take_one();
        bench.pass(30);
        jump(&bench, seconds);
        bench.pass_and_tick(30);
        assert_eq!(bench.status(item), Status::Queued, "a jump of {seconds} s");
    }
}

#[test]
fn the_processing_limit_keeps_its_length() {
    for seconds in JUMPS {
        let bench = bench();
        bench.set_rules(|rules| rules.processing_limit = Some(secs(100)));
        let item = bench.add();
        let claimed = bench.take_one();
        bench.pass(50);
        let renewal = Renewal { item, token: claimed.token, lease: None };
        bench.renew(vec![renewal]).unwrap()[0].as_ref().unwrap();
        jump(&bench, seconds);
        bench.pass_and_tick(49);
        assert_eq!(bench.status(item), Status::Processing, "a jump of {seconds} s");
        bench.pass_and_tick(1);
        assert_eq!(bench.status(item), Status::ProcessingTimeout, "a jump of {seconds} s");
    }
}

#[test]
fn jumps_there_and_back_leave_leases_as_they_were() {
    let bench = bench();
    let item = bench.add();
    let until = bench.take_one().item.life.holder.unwrap().until;
    for seconds in [86_400, -86_400, -3_600, 3_600] {
        jump(&bench, seconds);
        bench.tick().unwrap();
    }
    assert_eq!(bench.item(item).unwrap().life.holder.unwrap().until, until);
}

#[test]
fn delays_and_expiries_follow_the_time_of_day() {
    let bench = bench();
    let delayed = bench.add_as(|new| new.delay_until = Some(bench.in_secs(3_600)));
    let expiring = bench.add_as(|new| new.expires = Expiry::At(bench.in_secs(3_600)));
    jump(&bench, -7_200);
    bench.pass_and_tick(7_200);
    assert_eq!(bench.status(delayed), Status::Scheduled);
    assert_eq!(bench.status(expiring), Status::Queued);
    jump(&bench, 3_600);
    bench.tick().unwrap();
    assert_eq!(bench.status(delayed), Status::Queued);
    assert_eq!(bench.status(expiring), Status::Expired);
}

#[test]
fn a_lease_that_was_lost_can_be_won_back() {
    let bench = bench();
    let item = bench.add();
    let first = bench.take_one();
    bench.pass(61);
    // Nobody has looked yet: the worker is late, but still the only one.
    let renewal = |token| Renewal { item, token, lease: None };
    bench.renew(vec![renewal(first.token)]).unwrap()[0].as_ref().unwrap();
    bench.pass_and_tick(60);
    assert_eq!(bench.status(item), Status::Queued);
    let lost = bench.renew(vec![renewal(first.token)]).unwrap();
    assert_eq!(lost[0].as_ref().unwrap_err().code(), "queue/lease-lost");
    // The same worker claims it again, and only the new token counts.
    let second = bench.take_one();
    assert_eq!(second.item.id, item);
    assert!(bench.settle(&first, Ending::Processed).is_err());
    bench.settle(&second, Ending::Processed).unwrap();
}

#[test]
fn a_lease_from_the_future_ends_after_its_length() {
    for days in [1, 365, 5 * 365] {
        let mut bench = bench();
        let today = bench.now();
        jump(&bench, days * 86_400);
        let item = bench.add();
        let claimed = bench.take_one();
        bench.reopen_after(|place| place.clock.set(today));
        bench.pass_and_tick(59);
        assert_eq!(bench.status(item), Status::Processing);
        let renewal = Renewal { item, token: claimed.token, lease: None };
        assert_eq!(bench.renew(vec![renewal]).unwrap(), [Ok(bench.in_secs(60))]);
        bench.pass_and_tick(60);
        assert_eq!(bench.status(item), Status::Queued, "{days} days");
    }
}

#[test]
fn a_processing_limit_from_the_future_ends_too() {
    let mut bench = bench();
    bench.set_rules(|rules| rules.processing_limit = Some(secs(100)));
    let today = bench.now();
    jump(&bench, 365 * 86_400);
    let item = bench.add();
    let claimed = bench.take_one();
    bench.reopen_after(|place| place.clock.set(today));
    let renewal = Renewal { item, token: claimed.token, lease: Some(secs(600)) };
    bench.renew(vec![renewal]).unwrap()[0].as_ref().unwrap();
    bench.pass_and_tick(99);
    assert_eq!(bench.status(item), Status::Processing);
    bench.pass_and_tick(1);
    assert_eq!(bench.status(item), Status::ProcessingTimeout);
}

#[test]
fn a_lease_runs_on_while_the_store_is_closed() {
    let mut bench = bench();
    let ids = bench.add_many(2);
    let long = model::Claim { lease: secs(600), ..bench.claim_of(1) };
    let held = bench.claim(long).unwrap().remove(0);
    bench.take_one();
    bench.reopen_after(|place| place.clock.pass(secs(120)));
    bench.tick().unwrap();
    assert_eq!((bench.status(ids[0]), bench.status(ids[1])), (Status::Processing, Status::Queued));
    bench.settle(&held, Ending::Processed).unwrap();
}

#[test]
fn a_set_back_clock_keeps_the_order_of_items() {
    let mut bench = bench();
    let first = bench.add();
    jump(&bench, -86_400);
    let second = bench.add();
    bench.reopen_after(|place| place.clock.set("2001-01-01T00:00:00Z".parse().unwrap()));
    let third = bench.add();
    assert_eq!(bench.take_ids(), [first, second, third]);
    let all = model::ItemQuery { limit: 2, ..model::ItemQuery::default() };
    let listed: Vec<_> = bench.walk(&all).into_iter().map(|item| item.id).collect();
    assert_eq!(listed, [first, second, third]);
}
