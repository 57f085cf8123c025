//! Defects that others shipped, each shown to be absent here.

use model::{Change, Ending, ItemQuery, Mode, Move, Renewal, Status, limits};
use support::{Bench, fence, secs, settlement};

use crate::conformance::open_with_readers;

fn bench() -> Bench {
    Bench::new(open_with_readers)
}

/// A worker that lost its item once flipped it from completed to retryable, or raised its attempts.
#[test]
fn d1_a_stale_worker_cannot_settle() {
    let bench = bench();
    bench.set_rules(|rules| (rules.retries, rules.retry_delay) = (3, secs(30)));
    let item = bench.add();
    let stale = bench.take_one();
    bench.pass_and_tick(60);
    let fresh = bench.take_one();
    bench.settle(&fresh, Ending::Processed).unwrap();
    let before = (bench.item(item).unwrap(), bench.trail(item));
    let (id, token) = (item, stale.token);
    let requeue = Change::Requeue {
        item,
        token: Some(token),
        delay_until: None,
        expires: None,
        note: None,
        clear_notes: true,
    };
    let mut stale_changes: Vec<_> =
        Ending::ALL.into_iter().map(|ending| settlement(&stale, ending)).collect();
    stale_changes.extend([Change::GiveBack { item: id, token, begun: true }, requeue]);
    for change in stale_changes {
        assert_eq!(bench.refused(change), "queue/lease-lost");
    }
    let renewal = Renewal { item, token, lease: Some(secs(600)) };
    assert_eq!(
        bench.renew(vec![renewal]).unwrap()[0].as_ref().unwrap_err().code(),
        "queue/lease-lost"
    );
    let fenced = model::Commit {
        changes: vec![Change::Note { item, text: "mine".into(), clear: true }],
        fences: vec![fence(&stale)],
        run: None,
        mode: Mode::Independent,
    };
    assert_eq!(bench.commit(fenced).wait().unwrap_err().code(), "queue/lease-lost");
    assert_eq!((bench.item(item).unwrap(), bench.trail(item)), before);
}

/// A rescuer once read a list of the stuck; what completed meanwhile was opened again.
#[test]
fn d2_recovery_never_reopens_what_was_completed() {
    let bench = bench();
    let ids = bench.add_many(500);
    let held = bench.take(500);
    bench.pass(60);
    // All are overdue, and half of them settle in the very transaction before the recovery.
    for claimed in held.iter().step_by(2) {
        bench.settle(claimed, Ending::Processed).unwrap();
    }
    assert_eq!(bench.tick().unwrap().recovered, 250);
    for (index, id) in ids.iter().enumerate() {
        let expected = if index % 2 == 0 { Status::Processed } else { Status::Queued };
        assert_eq!(bench.status(*id), expected);
        let moves = bench.trail(*id);
        let settled = moves.iter().filter(|(by, _)| *by == Some(Move::Settle)).count();
        let lost = moves.iter().filter(|(by, _)| *by == Some(Move::Lose)).count();
        assert_eq!(settled + lost, 1);
    }
}

/// A rescue by elapsed time once duplicated healthy long jobs every night.
#[test]
fn d3_long_work_that_renews_stays_with_its_worker() {
    let bench = bench();
    bench.add();
    let claimed = bench.take_one();
    let lease = Some(secs(600));
    let renewal = Renewal { item: claimed.item.id, token: claimed.token, lease };
    for _ in 0..24 * 60 / 5 {
        bench.renew(vec![renewal.clone()]).unwrap()[0].as_ref().unwrap();
        bench.pass(300);
        assert_eq!(bench.tick().unwrap().recovered, 0);
    }
    assert_eq!(bench.take_ids(), [], "nobody else gets it in a whole day");
    bench.settle(&claimed, Ending::Processed).unwrap();
    assert_eq!(bench.item(claimed.item.id).unwrap().life.attempt, 1);
}

/// A rescue once left thousands of jobs stuck for 91 days.
#[test]
fn d4_thousands_of_lost_items_are_freed() {
    let bench = bench();
    bench.add_many(5_000);
    for _ in 0..5 {
        assert_eq!(bench.take(1_000).len(), 1_000);
    }
    bench.pass(60);
    let portions: Vec<u64> = (0..6).map(|_| bench.tick().unwrap().recovered).collect();
    assert_eq!(portions, [1_000, 1_000, 1_000, 1_000, 1_000, 0]);
    assert_eq!(bench.count(Status::Queued), 5_000);
}

/// Ten thousand rows that are not to be rescued once hid all that came after them.
#[test]
fn d5_what_is_not_due_hides_nothing() {
    let bench = bench();
    bench.add_many(10_000);
    for _ in 0..10 {
        let claim = model::Claim { lease: limits::LEASE_MAX, ..bench.claim_of(1_000) };
        assert_eq!(bench.claim(claim).unwrap().len(), 1_000);
    }
    let lost = bench.add();
    bench.take_one();
    bench.pass(60);
    let ticked = bench.tick().unwrap();
    assert_eq!((ticked.recovered, ticked.more), (1, false));
    assert_eq!(bench.take_ids(), [lost]);
    let statuses = vec![Status::Queued];
    let query = ItemQuery { statuses, limit: 10, ..ItemQuery::default() };
    assert_eq!(bench.items(query).unwrap().items, []);
}

/// A job that killed its process once ran 32 times with one attempt allowed.
#[test]
fn d6_an_item_that_kills_its_workers_is_buried() {
    for crashes in [0, 1, 3] {
        let mut bench = bench();
        bench.set_rules(|rules| (rules.crashes, rules.retries) = (crashes, 20));
        let item = bench.add();
        let mut deliveries = 0;
        while bench.take(1).len() == 1 {
            deliveries += 1;
            // The process dies: nothing is said, and another one opens the store.
            bench.reopen_after(|place| place.clock.pass(secs(61)));
            bench.tick().unwrap();
        }
        assert_eq!(deliveries, crashes + 1);
        assert_eq!(bench.status(item), Status::DeadLetter);
    }
}

/// A job whose timeout was unlimited was once rescued all the same.
#[test]
fn d7_work_without_a_limit_is_never_timed_out() {
    let bench = bench();
    let item = bench.add();
    let claimed = bench.take_one();
    let renewal = |lease| Renewal { item, token: claimed.token, lease: Some(lease) };
    for _ in 0..400 {
        bench.renew(vec![renewal(limits::LEASE_MAX)]).unwrap()[0].as_ref().unwrap();
        bench.pass(24 * 3_600 - 1);
        let ticked = bench.tick().unwrap();
        assert_eq!((ticked.recovered, ticked.timed_out), (0, 0));
    }
    bench.settle(&claimed, Ending::Processed).unwrap();
    assert_eq!(bench.status(item), Status::Processed);
}

/// An SQLite before 3.51.3 could damage a database when two connections wrote its log at once.
#[test]
fn d10_the_bundled_sqlite_is_sound() {
    assert!(rusqlite::version_number() >= 3_051_003, "SQLite {}", rusqlite::version());
}
