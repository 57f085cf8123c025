//! Runs: started, driven, lost, taken over, ended, kept and gone.

use model::limits as max;
use model::run::{End, Fence, Hold, State, TakeOver, Told, Trigger};
use model::{Change, Commit, Ending, Id, Mode, NewRun, Outcome, QueueState, Status, Token};

use crate::driver::{by_claim, digest, failed, journal, lease, pin, succeeded};
use crate::{Bench, Driver, secs, settlement};

fn state(bench: &Bench, run: Id) -> State {
    bench.run(run).unwrap().life.state
}

fn take_over(bench: &Bench, run: Id, hold: Hold) -> Result<Driver, &'static str> {
    let token = hold.token();
    let wanted = TakeOver { run, hold, pin: None };
    let done = bench.make(Change::TakeOverRun(Box::new(wanted))).map_err(|error| error.code())?;
    Ok(Driver { run, token, records: done.run.unwrap().records })
}

fn told(outcome: Option<&Outcome>) -> Told {
    match outcome {
        Some(Outcome::Done(done)) => done.run.expect("it is about a run"),
        other => panic!("not done: {other:?}"),
    }
}

pub fn a_run_keeps_what_it_was_given(bench: &mut Bench) {
    let subject = bench.id();
    let inputs = "{\"limit\": 12345678901234567890.10,\n\"text\":\"é\\u0000\"}";
    for trigger in [Trigger::Manual, Trigger::Item(subject), Trigger::File(subject)] {
        let hold = lease(bench);
        let driver = Driver::start_as(bench, hold, |new| {
            (new.trigger, new.inputs, new.keep) = (trigger, inputs.into(), secs(7));
        });
        let run = driver.unwrap().look(bench);
        assert_eq!((run.flow.as_str(), run.pin, run.trigger), ("tidy", digest(1), trigger));
        assert_eq!((run.inputs.as_str(), run.keep, run.started), (inputs, secs(7), bench.now()));
        assert_eq!((run.life.state, run.end), (State::Running, None));
        assert_eq!(run.life.held.unwrap().until(), Some(bench.in_secs(60)));
    }
}

pub fn a_run_is_started_once(bench: &mut Bench) {
    let mut driver = Driver::start(bench);
    let again = |bench: &Bench| {
        let again = Driver::start_as(bench, lease(bench), |new| new.id = driver.run);
        again.unwrap_err()
    };
    let running = again(bench);
    let state = State::Running;
    assert_eq!(running, model::Error::RunExists { run: driver.run, state });
    bench.pass_and_tick(61);
    let state = State::Interrupted;
    assert_eq!(again(bench), model::Error::RunExists { run: driver.run, state });
    driver = take_over(bench, driver.run, lease(bench)).unwrap();
    driver.end(bench, succeeded()).unwrap();
    let state = State::Succeeded;
    let ended = Driver::start_as(bench, lease(bench), |new| new.id = driver.run);
    assert_eq!(ended.unwrap_err(), model::Error::RunExists { run: driver.run, state });
}

pub fn each_end_is_kept(bench: &mut Bench) {
    for end in [succeeded(), failed(), End::Cancelled] {
        let mut driver = Driver::start(bench);
        bench.pass(1);
        driver.end(bench, end.clone()).unwrap();
        let run = driver.look(bench);
        assert_eq!((run.life.state, run.life.ended), (end.state(), Some(bench.now())));
        assert_eq!((run.end, run.life.held), (Some(end), None));
        assert_eq!(driver.end(bench, succeeded()).unwrap_err().code(), "run/lost");
        let cancel = Change::CancelRun { run: driver.run };
        assert_eq!(bench.refused(cancel), "run/invalid-transition");
        assert_eq!(
            take_over(bench, driver.run, lease(bench)).unwrap_err(),
            "run/invalid-transition"
        );
    }
}

pub fn unknown_runs_are_refused(bench: &mut Bench) {
    let run = bench.id();
    assert_eq!(bench.run(run).unwrap_err().code(), "run/not-found");
    assert_eq!(bench.journal(run, 0, 1).unwrap_err().code(), "run/not-found");
    assert_eq!(bench.checkpoint(run).unwrap_err().code(), "run/not-found");
    assert_eq!(bench.refused(Change::CancelRun { run }), "run/not-found");
    let token = Token::from_bytes([1; 16]);
    assert_eq!(bench.refused(Change::RenewRun { run, token, lease: None }), "run/not-found");
    assert_eq!(take_over(bench, run, lease(bench)).unwrap_err(), "run/not-found");
    let mut nobody = Driver { run, token, records: 0 };
    assert_eq!(nobody.write(bench, &["1"]).unwrap_err().code(), "run/not-found");
}

pub fn a_stale_driver_changes_nothing(bench: &mut Bench) {
    let mut driver = Driver::start(bench);
    driver.write(bench, &["1"]).unwrap();
    let mut stale = driver;
    bench.pass_and_tick(61);
    let mut heir = take_over(bench, driver.run, lease(bench)).unwrap();
    assert_eq!(heir.records, 1);
    for mode in [Mode::AllOrNothing, Mode::StopAtFirst, Mode::Independent] {
        let add = Change::Add(Box::new(bench.new_item("1")));
        let changes = vec![add, journal(bench, &["stale"])];
        let commit = Commit { mode, ..Commit::of_run(stale.fence(), changes) };
        assert_eq!(bench.commit(commit).wait().unwrap_err().code(), "run/lost");
    }
    assert_eq!(stale.end(bench, succeeded()).unwrap_err().code(), "run/lost");
    let renew = Change::RenewRun { run: stale.run, token: stale.token, lease: None };
    assert_eq!(bench.refused(renew), "run/lost");
    assert_eq!(bench.count(Status::Queued), 0);
    assert_eq!(heir.data(bench), ["1"]);
    heir.write(bench, &["2"]).unwrap();
    assert_eq!(heir.look(bench).life.takes, 1);
}

pub fn a_live_driver_keeps_its_run(bench: &mut Bench) {
    let driver = Driver::start(bench);
    bench.pass_and_tick(59);
    assert_eq!(take_over(bench, driver.run, lease(bench)).unwrap_err(), "run/held");
    bench.pass(1);
    take_over(bench, driver.run, lease(bench)).expect("its lease is over, ticked or not");
}

pub fn a_late_driver_goes_on_while_nobody_noticed(bench: &mut Bench) {
    let mut driver = Driver::start(bench);
    bench.pass(100);
    driver.write(bench, &["late"]).unwrap();
    let renew = Change::RenewRun { run: driver.run, token: driver.token, lease: None };
    let done = bench.make(renew.clone()).unwrap();
    assert_eq!(done.run.unwrap().until, Some(bench.in_secs(60)));
    bench.pass_and_tick(61);
    assert_eq!(bench.refused(renew), "run/lost");
}

pub fn leases_of_runs_are_renewed_and_never_shortened(bench: &mut Bench) {
    let driver = Driver::start(bench);
    let renew = |lease| {
        let renew = Change::RenewRun { run: driver.run, token: driver.token, lease };
        bench.make(renew).unwrap().run.unwrap().until.unwrap()
    };
    bench.pass(10);
    assert_eq!(renew(Some(secs(1))), bench.in_secs(50));
    assert_eq!(renew(None), bench.in_secs(60));
    assert_eq!(renew(Some(secs(600))), bench.in_secs(600));
    bench.pass_and_tick(599);
    assert_eq!(state(bench, driver.run), State::Running);
    bench.pass_and_tick(1);
    assert_eq!(state(bench, driver.run), State::Interrupted);
}

pub fn a_tick_interrupts_what_lost_its_driver(bench: &mut Bench) {
    let drivers = [Driver::start(bench), Driver::start(bench)];
    bench.pass(30);
    let renew = Change::RenewRun { run: drivers[0].run, token: drivers[0].token, lease: None };
    bench.make(renew).unwrap();
    assert_eq!(bench.tick().unwrap().next, Some(bench.in_secs(30)));
    bench.pass(30);
    let ticked = bench.tick().unwrap();
    assert_eq!((ticked.interrupted, ticked.next), (1, Some(bench.in_secs(30))));
    let states = drivers.map(|driver| state(bench, driver.run));
    assert_eq!(states, [State::Running, State::Interrupted]);
}

pub fn leases_of_runs_follow_a_set_clock(bench: &mut Bench) {
    let driver = Driver::start(bench);
    bench.place.clock.set(bench.in_secs(5_000));
    bench.tick().unwrap();
    assert_eq!(state(bench, driver.run), State::Running);
    bench.pass_and_tick(61);
    assert_eq!(state(bench, driver.run), State::Interrupted);
}

pub fn many_lost_runs_are_found_in_portions(bench: &mut Bench) {
    let start = |_| Change::StartRun(Box::new(NewRun::new(bench.id(), "f", pin(1), lease(bench))));
    bench.outcomes(Mode::Independent, (0..1_500).map(start).collect());
    bench.pass(61);
    let ticks = [bench.tick().unwrap(), bench.tick().unwrap()];
    assert_eq!(ticks.map(|tick| (tick.interrupted, tick.more)), [(1_000, true), (500, false)]);
}

pub fn a_run_under_a_claim_lives_by_it(bench: &mut Bench) {
    let item = bench.add();
    let claimed = bench.take_one();
    let mut driver =
        Driver::start_as(bench, by_claim(&claimed), |new| new.trigger = Trigger::Item(item))
            .unwrap();
    driver.write(bench, &["1"]).unwrap();
    bench.pass(30);
    let renew = Change::RenewRun { run: driver.run, token: driver.token, lease: None };
    let done = bench.make(renew.clone()).unwrap();
    assert_eq!(done.run.unwrap().until, Some(bench.in_secs(60)));
    assert_eq!(bench.item(item).unwrap().life.holder.unwrap().until, bench.in_secs(60));
    bench.pass(61);
    let ticked = bench.tick().unwrap();
    assert_eq!((ticked.recovered, ticked.interrupted), (1, 1));
    assert_eq!(state(bench, driver.run), State::Interrupted);
    assert_eq!(driver.write(bench, &["2"]).unwrap_err().code(), "run/lost");
    assert_eq!(bench.refused(renew), "run/lost");
    // Whoever claims the item next goes on with its run.
    let again = bench.take_one();
    let mut heir = take_over(bench, driver.run, by_claim(&again)).unwrap();
    heir.write(bench, &["2"]).unwrap();
    assert_eq!(heir.data(bench), ["1", "2"]);
}

pub fn whatever_ends_a_claim_interrupts_its_run(bench: &mut Bench) {
    let ends: [fn(&Bench, &model::Claimed); 6] = [
        |bench, held| {
            bench.settle(held, Ending::Processed).unwrap();
        },
        |bench, held| {
            let (item, token) = (held.item.id, held.token);
            bench.make(Change::GiveBack { item, token, begun: true }).unwrap();
            bench.make(Change::Delete { item }).unwrap();
        },
        |bench, held| {
            bench.make(Change::Hold { item: held.item.id, note: None }).unwrap();
        },
        |bench, held| {
            bench.make(Change::Delete { item: held.item.id }).unwrap();
        },
        |bench, _| while bench.sweep("orders", 100).unwrap() > 0 {},
        |bench, _| {
            // A claim does first what is due, and the next worker has the item at once.
            bench.pass(61);
            assert_eq!(bench.take(1).len(), 1);
        },
    ];
    for end in ends {
        bench.add();
        let held = bench.take_one();
        let driver = Driver::start_as(bench, by_claim(&held), |_| ()).unwrap();
        end(bench, &held);
        assert_eq!(state(bench, driver.run), State::Interrupted);
    }
}

pub fn a_run_may_end_with_its_item_in_any_order(bench: &mut Bench) {
    for settled_first in [true, false] {
        bench.add();
        let held = bench.take_one();
        let mut driver = Driver::start_as(bench, by_claim(&held), |_| ()).unwrap();
        let mut changes =
            vec![settlement(&held, Ending::Processed), Change::EndRun(Box::new(succeeded()))];
        if !settled_first {
            changes.reverse();
        }
        driver.commit(bench, changes).unwrap();
        assert_eq!(state(bench, driver.run), State::Succeeded);
        assert_eq!(bench.status(held.item.id), Status::Processed);
    }
}

pub fn a_run_outlives_its_item_under_a_lease(bench: &mut Bench) {
    bench.add();
    let claimed = bench.take_one();
    let mut driver = Driver::start_as(bench, by_claim(&claimed), |_| ()).unwrap();
    let hold = lease(bench);
    let token = hold.token();
    let wanted = TakeOver { run: driver.run, hold, pin: None };
    let over = Change::TakeOverRun(Box::new(wanted));
    driver.commit(bench, vec![settlement(&claimed, Ending::Processed), over]).unwrap();
    assert_eq!(driver.write(bench, &["old"]).unwrap_err().code(), "run/lost");
    driver.token = token;
    driver.write(bench, &["new"]).unwrap();
    let life = driver.look(bench).life;
    assert_eq!((life.state, life.takes), (State::Running, 0), "it is the same driver");
}

pub fn a_claim_must_hold_to_hold_a_run(bench: &mut Bench) {
    bench.add();
    let held = bench.take_one();
    let forged = Hold::Claim { item: held.item.id, token: Token::from_bytes([9; 16]) };
    let refused = Driver::start_as(bench, forged.clone(), |_| ()).unwrap_err();
    assert_eq!(refused.code(), "queue/lease-lost");
    let nothing = Hold::Claim { item: bench.id(), token: held.token };
    let refused = Driver::start_as(bench, nothing, |_| ()).unwrap_err();
    assert_eq!(refused.code(), "queue/item-not-found");
    let driver = Driver::start(bench);
    bench.pass_and_tick(60);
    assert_eq!(take_over(bench, driver.run, forged).unwrap_err(), "queue/lease-lost");
}

pub fn a_stopped_queue_lets_its_runs_wind_down(bench: &mut Bench) {
    bench.add();
    let held = bench.take_one();
    let driver = Driver::start_as(bench, by_claim(&held), |_| ()).unwrap();
    let (queue, state) = ("orders".into(), QueueState::Stopped);
    bench.make(Change::SetQueueState { queue, state }).unwrap();
    let renew = Change::RenewRun { run: driver.run, token: driver.token, lease: None };
    assert_eq!(bench.refused(renew), "queue/stopped");
}

pub fn a_driver_is_told_to_cancel(bench: &mut Bench) {
    let mut driver = Driver::start(bench);
    let before = driver.commit(bench, vec![journal(bench, &["1"])]).unwrap();
    assert!(!told(before.first()).cancel);
    let done = bench.make(Change::CancelRun { run: driver.run }).unwrap();
    let asked = done.run.unwrap();
    assert_eq!((asked.state, asked.cancel), (State::Running, true));
    bench.make(Change::CancelRun { run: driver.run }).expect("asking twice is asking");
    let renew = Change::RenewRun { run: driver.run, token: driver.token, lease: None };
    assert!(bench.make(renew).unwrap().run.unwrap().cancel, "with its renewal");
    let after = driver.commit(bench, vec![journal(bench, &["2"])]).unwrap();
    assert!(told(after.first()).cancel, "with its commit");
    driver.end(bench, End::Cancelled).unwrap();
    assert_eq!(state(bench, driver.run), State::Cancelled);
}

pub fn a_driver_may_finish_what_was_cancelled(bench: &mut Bench) {
    let mut driver = Driver::start(bench);
    bench.make(Change::CancelRun { run: driver.run }).unwrap();
    driver.end(bench, succeeded()).unwrap();
    assert_eq!(state(bench, driver.run), State::Succeeded);
}

pub fn without_a_driver_a_run_is_cancelled_at_once(bench: &mut Bench) {
    let [before, after] = [Driver::start(bench), Driver::start(bench)];
    bench.make(Change::CancelRun { run: before.run }).unwrap();
    bench.pass_and_tick(61);
    assert_eq!(state(bench, after.run), State::Interrupted);
    let done = bench.make(Change::CancelRun { run: after.run }).unwrap();
    assert_eq!(done.run.unwrap().state, State::Cancelled);
    for driver in [before, after] {
        let run = driver.look(bench);
        assert_eq!((run.life.state, run.end), (State::Cancelled, Some(End::Cancelled)));
        assert_eq!(run.life.ended, Some(bench.now()));
    }
}

pub fn a_taken_back_start_leaves_nothing(bench: &mut Bench) {
    bench.add();
    let held = bench.take_one();
    let new = NewRun::new(bench.id(), "tidy", pin(1), by_claim(&held));
    let run = new.id;
    let wrong = Change::CancelRun { run: bench.id() };
    bench.outcomes(Mode::AllOrNothing, vec![Change::StartRun(Box::new(new)), wrong]);
    assert_eq!(bench.run(run).unwrap_err().code(), "run/not-found");
    assert_eq!(bench.pinned(digest(1)).unwrap_err().code(), "run/not-pinned");
    bench.settle(&held, Ending::Processed).unwrap();
    // A claim whose end was taken back still holds its run.
    bench.add();
    let held = bench.take_one();
    let driver = Driver::start_as(bench, by_claim(&held), |_| ()).unwrap();
    let wrong = Change::CancelRun { run: bench.id() };
    bench.outcomes(Mode::AllOrNothing, vec![settlement(&held, Ending::Processed), wrong]);
    assert_eq!(state(bench, driver.run), State::Running);
}

pub fn runs_are_bounded(bench: &mut Bench) {
    let refused = |shape: &dyn Fn(&mut NewRun)| {
        Driver::start_as(bench, lease(bench), shape).unwrap_err().code()
    };
    assert_eq!(refused(&|new| new.flow = " ".into()), "value/blank");
    assert_eq!(
        refused(&|new| new.flow = "f".repeat(max::RUN_FLOW_BYTES_MAX + 1)),
        "limit/exceeded"
    );
    let inputs = |length: usize| "1".repeat(length);
    assert_eq!(
        refused(&|new| new.inputs = inputs(max::RUN_INPUTS_BYTES_MAX + 1)),
        "limit/exceeded"
    );
    let text = |length: usize| Some("t".repeat(length));
    let over = max::RUN_PIN_BYTES_MAX + 1;
    assert_eq!(refused(&|new| new.pin.text = text(over)), "limit/exceeded");
    assert_eq!(refused(&|new| new.keep = max::SPAN_MAX + secs(1)), "limit/exceeded");
    let token = Token::from_bytes([1; 16]);
    for (driver, lease) in [
        (String::new(), secs(1)),
        ("d".repeat(max::DRIVER_NAME_BYTES_MAX + 1), secs(1)),
        ("ada".into(), max::LEASE_MIN / 2),
        ("ada".into(), max::LEASE_MAX + secs(1)),
    ] {
        assert!(Driver::start_as(bench, Hold::Lease { token, driver, lease }, |_| ()).is_err());
    }
    let largest = Driver::start_as(bench, lease(bench), |new| {
        new.flow = "f".repeat(max::RUN_FLOW_BYTES_MAX);
        new.inputs = inputs(max::RUN_INPUTS_BYTES_MAX);
        new.pin.text = text(max::RUN_PIN_BYTES_MAX);
        new.keep = max::SPAN_MAX;
    });
    let mut driver = largest.unwrap();
    let outputs = "1".repeat(max::RUN_OUTPUTS_BYTES_MAX + 1);
    let refused = driver.end(bench, End::Succeeded { outputs }).unwrap_err();
    assert_eq!(refused.code(), "limit/exceeded");
    let End::Failed(failure) = failed() else { unreachable!("it failed") };
    let message = "m".repeat(max::FAILURE_MESSAGE_BYTES_MAX + 1);
    let refused = driver.end(bench, End::Failed(model::run::Failure { message, ..failure }));
    assert_eq!(refused.unwrap_err().code(), "limit/exceeded");
    let fence = Fence { after: 7, ..driver.fence() };
    let out_of_step = bench.commit(Commit::of_run(fence, Vec::new())).wait();
    assert_eq!(out_of_step.unwrap_err().code(), "run/out-of-step");
}
