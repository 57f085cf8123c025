//! A sandbox that pools: the same answers, and a bound on calls at a time.

use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use host::limits::POOLED_CALLS_MAX;
use host::{Bound, Call, Fault, Limits, Options, Sandbox};

use crate::bed::{World, importing, link, load, options, run, run_with, simple};

fn pooling() -> Sandbox<World> {
    Sandbox::new(Options { pooling: true, ..options() }, link).unwrap()
}

#[test]
fn pooled_memory_is_empty_each_time() {
    let text = simple(
        "(if (i32.load (i32.const 100)) (then unreachable))
         (i32.store (i32.const 100) (i32.const 1))",
        "(memory 1)",
    );
    let plugin = load(&pooling(), &text).unwrap();
    for _ in 0..500 {
        assert_eq!(run(&plugin, Limits::default()).done.result, Ok(vec![]));
    }
}

#[test]
fn pooled_calls_are_bounded() {
    let sandbox = pooling();
    let waiting = load(&sandbox, &importing("wait", "(call $f)")).unwrap();
    let good = load(&sandbox, &simple("", "")).unwrap();
    for (count, fits) in [(POOLED_CALLS_MAX - 1, true), (POOLED_CALLS_MAX, false)] {
        let all_in = Arc::new(Barrier::new(count + 1));
        let ran = thread::scope(|scope| {
            for _ in 0..count {
                let world = World { waits: Some(Arc::clone(&all_in)), ..World::default() };
                scope.spawn(|| run_with(&waiting, "run", &[], Call::new(world)));
            }
            all_in.wait();
            let ran = run(&good, Limits { time: Duration::from_secs(5), ..Limits::default() });
            all_in.wait();
            ran
        });
        match ran.done.result {
            Ok(_) => assert!(fits),
            Err(Fault::OverLimit { bound: Bound::PooledCalls, .. }) => assert!(!fits),
            Err(fault) => panic!("{fault:?}"),
        }
    }
}
