//! What is kept of runs: texts while they are needed, ended runs for a while, lists of them.

use std::time::Duration;

use model::run::{Query, State, TakeOver};
use model::{Change, Ending, NewRun, Status};

use crate::driver::{by_claim, digest, failed, lease, pin, succeeded};
use crate::{Bench, Driver, secs};

fn state(bench: &Bench, run: model::Id) -> State {
    bench.run(run).unwrap().life.state
}

pub fn texts_are_pinned_while_a_run_needs_them(bench: &mut Bench) {
    let absent = |new: &mut NewRun| (new.pin.text, new.keep) = (None, secs(10));
    let refused = Driver::start_as(bench, lease(bench), absent).unwrap_err();
    assert_eq!(refused.code(), "run/not-pinned");
    let mut first = Driver::start_as(bench, lease(bench), |new| new.keep = secs(5)).unwrap();
    let mut second = Driver::start_as(bench, lease(bench), absent).unwrap();
    let differs = |new: &mut NewRun| new.pin.text = Some("another".into());
    let refused = Driver::start_as(bench, lease(bench), differs).unwrap_err();
    assert_eq!(refused.code(), "run/pin-differs");
    first.end(bench, succeeded()).unwrap();
    second.end(bench, failed()).unwrap();
    assert_eq!(bench.pinned(digest(1)).unwrap(), "flow: number-1");
    bench.pass_and_tick(5);
    assert_eq!(bench.run(first.run).unwrap_err().code(), "run/not-found");
    assert_eq!(bench.pinned(digest(1)).unwrap(), "flow: number-1");
    bench.pass_and_tick(5);
    assert_eq!(bench.pinned(digest(1)).unwrap_err().code(), "run/not-pinned");
    assert_eq!(bench.check().unwrap().runs, 0);
}

pub fn a_run_goes_on_with_another_text(bench: &mut Bench) {
    let mut driver = Driver::start_as(bench, lease(bench), |new| new.keep = secs(5)).unwrap();
    bench.pass_and_tick(60);
    let hold = lease(bench);
    driver.token = hold.token();
    let wanted = |pin| TakeOver { run: driver.run, hold: hold.clone(), pin: Some(pin) };
    let missing = model::run::Pin { text: None, ..pin(2) };
    let refused = bench.refused(Change::TakeOverRun(Box::new(wanted(missing))));
    assert_eq!(refused, "run/not-pinned");
    bench.make(Change::TakeOverRun(Box::new(wanted(pin(2))))).unwrap();
    assert_eq!(driver.look(bench).pin, digest(2));
    for number in [1, 2] {
        bench.pinned(digest(number)).expect("its journal is read with the text it was written by");
    }
    driver.end(bench, succeeded()).unwrap();
    bench.pass_and_tick(5);
    for number in [1, 2] {
        assert_eq!(bench.pinned(digest(number)).unwrap_err().code(), "run/not-pinned");
    }
}

pub fn ended_runs_are_kept_and_then_gone(bench: &mut Bench) {
    let mut driver = Driver::start_as(bench, lease(bench), |new| new.keep = secs(100)).unwrap();
    driver.write(bench, &["1"; 5]).unwrap();
    driver.add(bench, b"effect").unwrap();
    driver.end(bench, succeeded()).unwrap();
    bench.pass_and_tick(99);
    assert_eq!(driver.data(bench).len(), 5);
    assert_eq!(bench.tick().unwrap().next, Some(bench.in_secs(1)));
    bench.pass(1);
    let ticked = bench.tick().unwrap();
    assert_eq!((ticked.runs_retired, ticked.more), (1, false));
    assert_eq!(bench.run(driver.run).unwrap_err().code(), "run/not-found");
    let page = bench.runs(Query { limit: 10, ..Query::default() }).unwrap();
    assert_eq!(page.runs, []);
    // Its id is free, and so are its effects.
    let mut again = Driver::start_as(bench, lease(bench), |new| new.id = driver.run).unwrap();
    assert_eq!(again.data(bench), [""; 0]);
    again.add(bench, b"effect").unwrap();
    assert_eq!(bench.count(Status::Queued), 2);
}

pub fn interrupted_runs_are_kept(bench: &mut Bench) {
    let driver = Driver::start_as(bench, lease(bench), |new| new.keep = secs(1)).unwrap();
    bench.pass_and_tick(1_000_000);
    assert_eq!(state(bench, driver.run), State::Interrupted);
}

pub fn a_long_journal_goes_in_portions(bench: &mut Bench) {
    let shape = |new: &mut NewRun| new.keep = Duration::ZERO;
    let mut long = Driver::start_as(bench, lease(bench), shape).unwrap();
    long.write(bench, &vec!["1"; 2_500]).unwrap();
    long.end(bench, succeeded()).unwrap();
    let mut ticks = 1;
    assert_eq!(bench.tick().unwrap().runs_retired, 1);
    assert_eq!(bench.run(long.run).unwrap_err().code(), "run/not-found", "gone at once");
    bench.assert_sound();
    while bench.tick().unwrap().more {
        bench.assert_sound();
        ticks += 1;
    }
    assert_eq!(ticks, 2, "2,500 records in three portions");
    assert_eq!(bench.pinned(digest(1)).unwrap_err().code(), "run/not-pinned");
}

pub fn reopening_keeps_runs_and_clears_remains(bench: &mut Bench) {
    bench.add_many(2);
    let held = bench.take(2);
    let mut by_claim_of = Driver::start_as(bench, by_claim(&held[0]), |_| ()).unwrap();
    let mut long = Driver::start_as(bench, lease(bench), |new| new.keep = Duration::ZERO).unwrap();
    long.write(bench, &vec!["1"; 1_500]).unwrap();
    long.end(bench, succeeded()).unwrap();
    by_claim_of.write(bench, &["1", "2"]).unwrap();
    let before = by_claim_of.look(bench);
    bench.tick().unwrap();
    bench.reopen();
    assert_eq!(by_claim_of.look(bench), before);
    assert!(!bench.tick().unwrap().more, "what was left is cleared");
    by_claim_of.write(bench, &["3"]).unwrap();
    bench.settle(&held[0], Ending::Processed).unwrap();
    assert_eq!(state(bench, by_claim_of.run), State::Interrupted);
}

pub fn runs_are_listed_newest_first(bench: &mut Bench) {
    let mut drivers = Vec::new();
    for number in 0..12 {
        let flow = if number % 3 == 0 { "third" } else { "other" };
        let driver = Driver::start_as(bench, lease(bench), |new| new.flow = flow.into());
        drivers.push(driver.unwrap());
        if number % 2 == 0 {
            drivers.last_mut().unwrap().end(bench, failed()).unwrap();
        }
    }
    let list = |query: &Query| {
        let mut query = query.clone();
        let mut found = Vec::new();
        loop {
            let page = bench.runs(query.clone()).unwrap();
            found.extend(page.runs.into_iter().map(|run| run.id));
            query.cursor = page.next;
            if query.cursor.is_none() {
                return found;
            }
        }
    };
    let newest = |wanted: fn(usize) -> bool| {
        let wanted = (0..12).rev().filter(|number| wanted(*number));
        wanted.map(|number| drivers[number].run).collect::<Vec<_>>()
    };
    for limit in [1, 2, 5, 12, 100] {
        let all = Query { limit, ..Query::default() };
        assert_eq!(list(&all), newest(|_| true));
        let third = Query { flow: Some("third".into()), ..all.clone() };
        assert_eq!(list(&third), newest(|number| number % 3 == 0));
        let failed = Query { states: vec![State::Failed], ..all.clone() };
        assert_eq!(list(&failed), newest(|number| number % 2 == 0));
        let both = Query { states: vec![State::Failed, State::Running], ..third };
        assert_eq!(list(&both), newest(|number| number % 3 == 0));
        let none = Query { flow: Some("none".into()), ..failed };
        assert_eq!(list(&none), []);
    }
    for cursor in ["", "r", "r0", "12", "rzz", "n5"] {
        let query = Query { cursor: Some(cursor.into()), limit: 1, ..Query::default() };
        assert_eq!(bench.runs(query).unwrap_err().code(), "value/bad-cursor", "{cursor}");
    }
    let query = Query { limit: 501, ..Query::default() };
    assert_eq!(bench.runs(query).unwrap_err().code(), "limit/exceeded");
}

pub fn a_cursor_of_runs_shows_no_later_run(bench: &mut Bench) {
    let shape = |new: &mut NewRun| new.keep = secs(1);
    let mut runs = Vec::new();
    for _ in 0..4 {
        runs.push(Driver::start_as(bench, lease(bench), shape).unwrap());
    }
    let page = bench.runs(Query { limit: 1, ..Query::default() }).unwrap();
    for driver in &mut runs[2..] {
        driver.end(bench, succeeded()).unwrap();
    }
    bench.pass_and_tick(1);
    bench.reopen();
    Driver::start(bench);
    let rest = bench.runs(Query { limit: 10, cursor: page.next, ..Query::default() }).unwrap();
    let ids: Vec<_> = rest.runs.into_iter().map(|run| run.id).collect();
    assert_eq!(ids, [runs[1].run, runs[0].run]);
}
