//! How calls end: by themselves, in time, when asked to; and that nothing is left of them.

use std::thread;
use std::time::Duration;

use host::{Call, Cancel, Every, Fault, Limits};
use wasmtime::component::Val;

use crate::bed::{World, importing, load, run, run_with, sandbox, simple};

const LOOP: &str = "(loop $again (br $again))";

fn within(time: Duration) -> Limits {
    Limits { time, ..Limits::default() }
}

#[test]
fn returns_what_the_function_returns() {
    let text = r#"(component
        (core module $m
            (func (export "add") (param i32 i32) (result i32)
                (i32.add (local.get 0) (local.get 1))))
        (core instance $i (instantiate $m))
        (func (export "add") (param "a" u32) (param "b" u32) (result u32)
            (canon lift (core func $i "add"))))"#;
    let plugin = load(&sandbox(), text).unwrap();
    let ran = run_with(&plugin, "add", &[Val::U32(2), Val::U32(3)], Call::new(World::default()));
    assert_eq!(ran.done.result, Ok(vec![Val::U32(5)]));
    for arguments in [vec![], vec![Val::U32(2)], vec![Val::U32(2), Val::Bool(true)]] {
        let ran = run_with(&plugin, "add", &arguments, Call::new(World::default()));
        assert_eq!(ran.fault().code(), "plugin/wrong-arguments", "{arguments:?}");
    }
    let missing = plugin.function(None, "sub").unwrap_err();
    assert_eq!(missing, Fault::NoFunction { function: "sub".into() });
}

#[test]
fn each_call_starts_afresh() {
    let text = r#"(component
        (core module $m
            (global $count (mut i32) (i32.const 0))
            (func (export "run") (result i32)
                (global.set $count (i32.add (global.get $count) (i32.const 1)))
                (global.get $count)))
        (core instance $i (instantiate $m))
        (func (export "run") (result u32) (canon lift (core func $i "run"))))"#;
    let plugin = load(&sandbox(), text).unwrap();
    for _ in 0..3 {
        assert_eq!(run(&plugin, Limits::default()).done.result, Ok(vec![Val::U32(1)]));
    }
}

#[test]
fn endless_loops_end_in_time() {
    let sandbox = sandbox();
    let plugin = load(&sandbox, &simple(LOOP, "")).unwrap();
    for milliseconds in [0, 5, 100] {
        let allowed = Duration::from_millis(milliseconds);
        let ran = run(&plugin, within(allowed));
        assert_eq!(ran.fault().code(), "plugin/timed-out");
        assert!(ran.took >= allowed, "{:?} of {allowed:?}", ran.took);
        assert!(ran.took < allowed + Duration::from_secs(1), "{:?} of {allowed:?}", ran.took);
        assert_eq!(ran.fault().trace().frames.len(), 1, "it tells where the loop is");
    }
}

#[test]
fn waits_in_the_host_end_in_time() {
    let plugin = load(&sandbox(), &importing("sleep", "(call $f)")).unwrap();
    let ran = run(&plugin, within(Duration::from_millis(50)));
    assert_eq!(ran.fault().code(), "plugin/timed-out");
    assert!(ran.took < Duration::from_secs(2), "{:?}", ran.took);
}

#[test]
fn cancelling_stops_computing_and_waiting() {
    let sandbox = sandbox();
    for text in [simple(LOOP, ""), importing("sleep", "(call $f)")] {
        let plugin = load(&sandbox, &text).unwrap();
        let cancel = Cancel::default();
        let mut begun = 0;
        let mut act = || {
            begun += 1;
            cancel.cancel();
        };
        let every = Some(Every { period: Duration::from_millis(20), act: &mut act });
        let call = Call { cancel: cancel.clone(), every, ..Call::new(World::default()) };
        let ran = run_with(&plugin, "run", &[], call);
        assert_eq!(ran.fault().code(), "plugin/cancelled");
        assert_eq!(begun, 1);
        assert!(ran.took < Duration::from_secs(2), "{:?}", ran.took);
    }
}

#[test]
fn cancelled_calls_do_not_begin() {
    let plugin = load(&sandbox(), &importing("yield", "(call $f)")).unwrap();
    let cancel = Cancel::default();
    cancel.cancel();
    let call = Call { cancel, ..Call::new(World::default()) };
    let ran = run_with(&plugin, "run", &[], call);
    assert_eq!(ran.fault().code(), "plugin/cancelled");
    assert_eq!(ran.done.step.calls, 0);
}

#[test]
fn something_else_is_done_now_and_then() {
    let plugin = load(&sandbox(), &simple(LOOP, "")).unwrap();
    let mut times = 0;
    let mut act = || times += 1;
    let every = Some(Every { period: Duration::from_millis(10), act: &mut act });
    let limits = within(Duration::from_millis(300));
    let call = Call { limits, every, ..Call::new(World::default()) };
    assert_eq!(run_with(&plugin, "run", &[], call).fault().code(), "plugin/timed-out");
    assert!((2..=31).contains(&times), "{times}");
}

#[test]
fn panics_of_the_host_are_caught() {
    let sandbox = sandbox();
    let plugin = load(&sandbox, &importing("panic", "(call $f)")).unwrap();
    let ran = run(&plugin, Limits::default());
    assert_eq!(ran.fault(), &Fault::HostPanicked { message: "the host fell over".into() });
    let good = load(&sandbox, &simple("", "")).unwrap();
    assert_eq!(run(&good, Limits::default()).done.result, Ok(vec![]));
}

#[test]
fn tasks_of_a_runtime_cannot_call() {
    let plugin = load(&sandbox(), &simple("", "")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let ran = runtime.block_on(async { run(&plugin, Limits::default()) });
    assert_eq!(ran.fault().code(), "host/panicked");
    assert_eq!(run(&plugin, Limits::default()).done.result, Ok(vec![]));
}

#[test]
fn refusals_of_the_host_keep_their_code() {
    let plugin = load(&sandbox(), &importing("refuse", "(call $f)")).unwrap();
    let ran = run(&plugin, Limits::default());
    assert_eq!(ran.fault().code(), "test/refused");
    assert_eq!(ran.fault().to_string(), "not today");
    assert_eq!(ran.fault().trace().frames.len(), 1);
}

#[test]
fn many_threads_call_at_once() {
    let sandbox = sandbox();
    let plugin = load(&sandbox, &importing("yield", "(call $f)")).unwrap();
    let calls: u64 = thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let one = || run(&plugin, Limits::default()).done;
                    (0..50).map(|_| one().step.calls).sum::<u64>()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(calls, 400);
}
