//! Journals: written in order, with what they tell of, and read in portions.

use model::run::{EffectKey, Fence, Journal, Record};
use model::{Change, Commit, Ending, Mode, NewItem, Outcome, Status, limits};

use crate::driver::{by_claim, journal, lease, record, succeeded};
use crate::{Bench, Driver, fence, settlement};

pub fn records_are_kept_in_order_without_a_gap(bench: &mut Bench) {
    let mut driver = Driver::start(bench);
    let awkward = "{\"a\":\"\u{0}\u{1}é🚢\\\"\"}";
    driver.write(bench, &["1", awkward, ""]).unwrap();
    driver.write(bench, &[]).unwrap();
    bench.pass(1);
    driver.write(bench, &["4"]).unwrap();
    assert_eq!(driver.data(bench), ["1", awkward, "", "4"]);
    let last = bench.journal(driver.run, 3, 10).unwrap().pop().unwrap();
    assert_eq!((last.seq, last.record), (4, record(bench, "4")));
    let life = driver.look(bench).life;
    let texts = "step".len() + "rows[3]/entry".len();
    assert_eq!((life.records, life.steps), (4, 4));
    assert_eq!(life.bytes, (4 * texts + 2 + awkward.len()) as u64);
    assert_eq!(bench.journal(driver.run, u64::MAX, 5).unwrap(), []);
    assert_eq!(bench.journal(driver.run, 0, 0).unwrap(), []);
}

pub fn journals_do_not_mix(bench: &mut Bench) {
    let mut drivers = [Driver::start(bench), Driver::start(bench), Driver::start(bench)];
    for round in 0..5 {
        for (number, driver) in drivers.iter_mut().enumerate() {
            driver.write(bench, &[&format!("{number}/{round}")]).unwrap();
        }
    }
    for (number, driver) in drivers.iter().enumerate() {
        let expected: Vec<_> = (0..5).map(|round| format!("{number}/{round}")).collect();
        assert_eq!(driver.data(bench), expected);
    }
}

pub fn records_and_changes_are_one_commit(bench: &mut Bench) {
    let mut driver = Driver::start(bench);
    let add = || Change::Add(Box::new(bench.new_item("1")));
    driver.commit(bench, vec![add(), journal(bench, &["1"])]).unwrap();
    let wrong = NewItem { value: "{".into(), ..bench.new_item("1") };
    let changes = vec![journal(bench, &["2"]), add(), Change::Add(Box::new(wrong))];
    assert_eq!(driver.commit(bench, changes).unwrap_err().code(), "value/invalid-json");
    assert_eq!(driver.data(bench), ["1"]);
    assert_eq!(driver.look(bench).life.steps, 1);
    assert_eq!(bench.count(Status::Queued), 1);
}

pub fn what_follows_a_refused_commit_is_refused(bench: &mut Bench) {
    let driver = Driver::start(bench);
    let first = bench.add_as(|new| new.reference = Some("R".into()));
    let twice = NewItem { reference: Some("R".into()), ..bench.new_item("1") };
    let behind =
        |after, changes| bench.commit(Commit::of_run(Fence { after, ..driver.fence() }, changes));
    let one = behind(0, vec![journal(bench, &["1"])]);
    let two = behind(1, vec![Change::Add(Box::new(twice)), journal(bench, &["2"])]);
    let three = behind(2, vec![journal(bench, &["3"]), Change::Delete { item: first }]);
    let four = behind(3, vec![Change::EndRun(Box::new(succeeded()))]);
    assert!(matches!(one.wait().unwrap()[..], [Outcome::Done(_)]));
    assert!(matches!(two.wait().unwrap()[..], [Outcome::Refused(_), Outcome::Skipped]));
    assert_eq!(three.wait().unwrap_err().code(), "run/out-of-step");
    assert_eq!(four.wait().unwrap_err().code(), "run/out-of-step");
    assert_eq!(driver.data(bench), ["1"]);
    assert_eq!(bench.status(first), Status::Queued);
}

pub fn claims_fence_a_run_too(bench: &mut Bench) {
    bench.add();
    let held = bench.take_one();
    let driver = Driver::start(bench);
    let commit =
        |fences| Commit { fences, ..Commit::of_run(driver.fence(), vec![journal(bench, &["1"])]) };
    bench.pass_and_tick(30);
    let renew = Change::RenewRun { run: driver.run, token: driver.token, lease: None };
    bench.make(renew).unwrap();
    bench.pass_and_tick(31);
    let refused = bench.commit(commit(vec![fence(&held)])).wait().unwrap_err();
    assert_eq!(refused.code(), "queue/lease-lost");
    assert_eq!(driver.data(bench), [""; 0]);
    bench.commit(commit(Vec::new())).wait().unwrap();
}

pub fn changes_of_a_run_need_one(bench: &mut Bench) {
    let effect = Some(EffectKey::new(*b"key"));
    let changes = [
        journal(bench, &["1"]),
        Change::EndRun(Box::new(succeeded())),
        Change::Add(Box::new(NewItem { effect, ..bench.new_item("1") })),
    ];
    for change in changes {
        assert_eq!(bench.refused(change), "run/not-named");
    }
    assert_eq!(bench.count(Status::Queued), 0);
}

pub fn nothing_is_written_behind_the_end(bench: &mut Bench) {
    let mut driver = Driver::start(bench);
    let end = Change::EndRun(Box::new(succeeded()));
    let changes = vec![end.clone(), journal(bench, &["1"])];
    assert_eq!(driver.commit(bench, changes).unwrap_err().code(), "run/invalid-transition");
    driver.commit(bench, vec![journal(bench, &["1"]), end]).unwrap();
    assert_eq!(driver.write(bench, &["2"]).unwrap_err().code(), "run/lost");
    assert_eq!(driver.data(bench), ["1"]);
}

pub fn the_newest_checkpoint_is_found(bench: &mut Bench) {
    let mut driver = Driver::start(bench);
    assert_eq!(bench.checkpoint(driver.run).unwrap(), None);
    let mut write = |data: &str, checkpoint| {
        let records = vec![Record { checkpoint, ..record(bench, data) }];
        driver.commit(bench, vec![Change::Journal(Journal { records, steps: 0 })]).unwrap();
        bench.checkpoint(driver.run).unwrap().map(|recorded| (recorded.seq, recorded.record.data))
    };
    assert_eq!(write("1", false), None);
    assert_eq!(write("2", true), Some((2, "2".into())));
    assert_eq!(write("3", false), Some((2, "2".into())));
    assert_eq!(write("4", true), Some((4, "4".into())));
    assert_eq!(driver.look(bench).life.steps, 0);
}

pub fn an_effect_is_had_once(bench: &mut Bench) {
    let mut driver = Driver::start(bench);
    let first = driver.add(bench, b"1").unwrap();
    assert_eq!(driver.add(bench, b"1").unwrap(), first);
    assert_ne!(driver.add(bench, b"2").unwrap(), first);
    assert_eq!(bench.count(Status::Queued), 2);
    // Another run of the same scope finds it, whatever has become of the item.
    let mut other = Driver::start(bench);
    bench.finish_one(Ending::Processed);
    assert_eq!(other.add(bench, b"1").unwrap(), first);
    bench.make(Change::Delete { item: first }).unwrap();
    let again = NewItem { effect: Some(EffectKey::new(*b"1")), ..bench.new_item("1") };
    let outcomes = other.commit(bench, vec![Change::Add(Box::new(again))]).unwrap();
    assert_eq!(outcomes, [Outcome::Done(model::Done::new(first, None))]);
    assert_eq!(bench.check().unwrap().items, 1);
}

pub fn an_effect_that_was_refused_is_had_later(bench: &mut Bench) {
    let mut driver = Driver::start(bench);
    let effect = Some(EffectKey::new(vec![0xff; limits::EFFECT_KEY_BYTES_MAX]));
    let twice = |effect| {
        let reference = Some("R".into());
        Change::Add(Box::new(NewItem { reference, effect, ..bench.new_item("1") }))
    };
    let taken = bench.add_as(|new| new.reference = Some("R".into()));
    let refused = driver.commit(bench, vec![twice(effect.clone())]).unwrap_err();
    assert_eq!(refused.code(), "queue/duplicate-reference");
    bench.make(Change::Delete { item: taken }).unwrap();
    let done = driver.commit(bench, vec![twice(effect.clone()), twice(effect)]).unwrap();
    assert_eq!(done[0], done[1], "within one commit, too");
    for length in [0, limits::EFFECT_KEY_BYTES_MAX + 1] {
        assert!(driver.add(bench, &vec![1; length]).is_err());
    }
}

pub fn a_repeated_step_changes_nothing_twice(bench: &mut Bench) {
    // What a driver does that has crashed before its reply: it takes the run over and tries again.
    bench.add();
    let held = bench.take_one();
    let mut driver = Driver::start_as(bench, by_claim(&held), |_| ()).unwrap();
    let item = driver.add(bench, b"step/0").unwrap();
    bench.pass_and_tick(61);
    let again = bench.take(10).into_iter().find(|again| again.item.id == held.item.id).unwrap();
    let wanted = model::run::TakeOver { run: driver.run, hold: by_claim(&again), pin: None };
    bench.make(Change::TakeOverRun(Box::new(wanted))).unwrap();
    driver.token = again.token;
    assert_eq!(driver.add(bench, b"step/0").unwrap(), item);
    let changes =
        vec![settlement(&again, Ending::Processed), Change::EndRun(Box::new(succeeded()))];
    driver.commit(bench, changes).unwrap();
    assert_eq!(bench.check().unwrap().items, 2);
}

pub fn large_records_end_a_portion_early(bench: &mut Bench) {
    let mut driver = Driver::start(bench);
    let large = "x".repeat(limits::RECORD_DATA_BYTES_MAX);
    for _ in 0..2 {
        driver.write(bench, &[&large, "small"]).unwrap();
    }
    let counts: Vec<_> =
        (0..4).map(|after| bench.journal(driver.run, after, 100).unwrap().len()).collect();
    assert_eq!(counts, [1, 1, 1, 1]);
    driver.end(bench, succeeded()).unwrap();
    bench.pass_and_tick(31 * 86_400);
    assert_eq!(bench.run(driver.run).unwrap_err().code(), "run/not-found");
}

pub fn records_are_bounded(bench: &mut Bench) {
    let mut driver = Driver::start(bench);
    let mut refused = |shape: &dyn Fn(&mut Record)| {
        let mut record = record(bench, "1");
        shape(&mut record);
        let records = vec![record];
        let written = driver.commit(bench, vec![Change::Journal(Journal { records, steps: 1 })]);
        written.err().map(|error| error.code())
    };
    let text = |length: usize| "é".repeat(length / 2) + &"e".repeat(length % 2);
    for (over, expected) in [(0, None), (1, Some("limit/exceeded"))] {
        let kind = text(limits::RECORD_KIND_BYTES_MAX + over);
        assert_eq!(refused(&|record| record.kind.clone_from(&kind)), expected);
        let path = text(limits::RECORD_PATH_BYTES_MAX + over);
        assert_eq!(refused(&|record| record.path.clone_from(&path)), expected);
        let data = text(limits::RECORD_DATA_BYTES_MAX + over);
        assert_eq!(refused(&|record| record.data.clone_from(&data)), expected);
    }
    let most = vec!["1"; limits::JOURNAL_RECORDS_MAX + 1];
    assert_eq!(driver.write(bench, &most).unwrap_err().code(), "limit/exceeded");
    driver.records = 3;
    driver.write(bench, &most[1..]).unwrap();
    let steps = limits::JOURNAL_STEPS_MAX as u64 + 1;
    let over = Change::Journal(Journal { records: Vec::new(), steps });
    assert_eq!(driver.commit(bench, vec![over]).unwrap_err().code(), "limit/exceeded");
}

pub fn every_mode_writes_records(bench: &mut Bench) {
    let mut driver = Driver::start(bench);
    for mode in [Mode::AllOrNothing, Mode::StopAtFirst, Mode::Independent] {
        let wrong = Change::Delete { item: bench.id() };
        let changes = vec![journal(bench, &["1"]), wrong, journal(bench, &["2"])];
        let commit = Commit { mode, ..Commit::of_run(driver.fence(), changes) };
        bench.commit(commit).wait().unwrap();
        driver.records = driver.look(bench).life.records;
    }
    assert_eq!(driver.data(bench), ["1", "1", "2"]);
}

pub fn a_lease_covers_a_silent_driver(bench: &mut Bench) {
    let hold = lease(bench);
    let mut driver = Driver::start_as(bench, hold, |_| ()).unwrap();
    bench.pass(59);
    driver.write(bench, &["1"]).unwrap();
    bench.pass_and_tick(2);
    // Writing is no renewal: whoever writes may hang right after.
    assert_eq!(driver.write(bench, &["2"]).unwrap_err().code(), "run/lost");
}
