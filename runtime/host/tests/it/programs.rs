//! Real programs, compiled by a real compiler: what the closed world answers them, and what is
//! said about where they break.

use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use host::compile::compile;
use host::{Bound, Call, Fault, Function, Limits, Plugin, Sandbox, Source};
use model::{ManualClock, SeededEntropy};
use wasmtime::component::Val;

use crate::bed::{Ran, World, link, options, run_function, sandbox};

/// Builds the programs once, and gives the folder that they are in.
fn programs() -> &'static PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
        let arguments =
            ["build", "--release", "--locked", "-p", "programs", "--target", "wasm32-wasip2"];
        let mut cargo = Command::new(env!("CARGO"));
        assert!(cargo.args(arguments).current_dir(&root).status().unwrap().success());
        // This binary lies in `target/release/deps`.
        let target = std::env::current_exe().unwrap();
        target.ancestors().nth(3).unwrap().join("wasm32-wasip2/release")
    })
}

fn component(name: &str) -> Vec<u8> {
    std::fs::read(programs().join(name).with_extension("wasm")).unwrap()
}

fn load(sandbox: &Sandbox<World>, name: &str) -> Result<Plugin<World>, Fault> {
    sandbox.load(&compile(&component(name)).unwrap())
}

/// The entry of a program, which says what WASI it was built for.
fn main_of(plugin: &Plugin<World>) -> Function {
    let interfaces = (0..20).map(|patch| format!("wasi:cli/run@0.2.{patch}"));
    let mut functions = interfaces.map(|interface| plugin.function(Some(&interface), "run"));
    functions.find_map(Result::ok).expect("it is a program")
}

/// Runs a program to its end.
fn run_in(sandbox: &Sandbox<World>, name: &str, limits: Limits) -> Ran {
    let plugin = load(sandbox, name).unwrap();
    run_function(&plugin, &main_of(&plugin), &[], Call { limits, ..Call::new(World::default()) })
}

fn run(name: &str, limits: Limits) -> Ran {
    run_in(&sandbox(), name, limits)
}

fn frames(fault: &Fault) -> Vec<String> {
    fault.trace().frames.iter().map(ToString::to_string).collect()
}

fn lines(ran: &Ran) -> Vec<&str> {
    ran.lines.iter().map(|(_, text)| &**text).collect()
}

#[test]
fn panics_show_message_and_place() {
    let ran = run("panics", Limits::default());
    let message = "panicked: index out of bounds: the len is 3 but the index is 3, \
                   at src/bin/panics.rs:15:5";
    assert_eq!(ran.fault().to_string(), message);
    assert_eq!(ran.fault().code(), "plugin/trapped");
    let frames = frames(ran.fault());
    assert_eq!(frames[0], "src/bin/panics.rs:15:5 in panics::look_up", "{frames:?}");
    assert!(frames.iter().any(|frame| frame.contains("in panics::sum_up_to")), "{frames:?}");
    assert!(frames.last().unwrap().ends_with("in panics::main"), "{frames:?}");
    assert!(frames.iter().all(|frame| !frame.contains("std::")), "{frames:?}");
}

#[test]
fn aborts_show_the_place() {
    let ran = run("divides", Limits::default());
    assert_eq!(ran.fault().to_string(), "wasm `unreachable` instruction executed");
    let frames = frames(ran.fault());
    assert!(frames[0].starts_with("src/bin/divides.rs:10:"), "{frames:?}");
}

#[test]
fn exits_show_the_code() {
    // WASI 0.2 only tells success from failure.
    let ran = run("exits", Limits::default());
    assert!(matches!(ran.fault(), Fault::Exited { code: 1, .. }), "{:?}", ran.fault());
    assert_eq!(ran.fault().code(), "plugin/exited");
}

#[test]
fn deep_recursion_shows_where() {
    let ran = run("recurses", Limits::default());
    assert_eq!(ran.fault().code(), "limit/exceeded");
    let Fault::OverLimit { bound: Bound::Stack, allowed: 524_288, trace, .. } = ran.fault() else {
        panic!("{:?}", ran.fault());
    };
    assert!(trace.frames[1].to_string().ends_with("in recurses::descend"), "{trace}");
    assert_eq!(trace.frames.len(), host::limits::TRACE_FRAMES_MAX);
}

#[test]
fn hoarding_shows_where() {
    let ran = run("hoards", Limits { memory_bytes: 64 << 20, ..Limits::default() });
    let Fault::OverLimit { bound: Bound::Memory, allowed, wanted, trace } = ran.fault() else {
        panic!("{:?}", ran.fault());
    };
    assert_eq!(*allowed, 64 << 20);
    assert!(wanted.is_some_and(|wanted| wanted > *allowed));
    assert!(frames(ran.fault())[0].contains("in hoards::main"), "{trace}");
}

#[test]
fn the_world_is_empty() {
    let ran = run("looks", Limits::default());
    assert_eq!(ran.done.result, Ok(vec![Val::Result(Ok(None))]));
    let lines = lines(&ran);
    let expected = ["stdin: 0", "arguments: 0", "environment: 0"];
    assert_eq!(lines[..3], expected);
    let files: Vec<_> = lines.iter().filter(|line| line.ends_with(": false")).collect();
    assert_eq!(files.len(), 8, "{lines:?}");
    assert!(lines.contains(&"time: 1795593600000000000"), "{lines:?}");
    assert_eq!(ran.lines.last(), Some(&(Source::Stderr, "done".into())));
}

#[test]
fn the_network_is_not_there() {
    let fault = load(&sandbox(), "connects").unwrap_err();
    assert_eq!(fault.code(), "plugin/unknown-import");
    let Fault::Import { import, .. } = &fault else { panic!("{fault:?}") };
    assert!(import.starts_with("wasi:sockets/"), "{import}");
}

#[test]
fn floods_are_dropped_and_counted() {
    let limits = Limits { time: Duration::from_millis(300), ..Limits::default() };
    let ran = run("floods", limits);
    assert_eq!(ran.fault().code(), "plugin/timed-out");
    assert!((1_000..1_300).contains(&ran.lines.len()), "{}", ran.lines.len());
    let last = &ran.lines.last().unwrap().1;
    assert!(last.contains("dropped, beyond what a run may log"), "{last}");
}

#[test]
fn panics_of_the_sink_end_the_call() {
    let plugin = load(&sandbox(), "floods").unwrap();
    let call = Call { sink: Box::new(|_| panic!("no more paper")), ..Call::new(World::default()) };
    let done = plugin.call(&main_of(&plugin), &[], call);
    assert_eq!(done.result, Err(Fault::HostPanicked { message: "no more paper".into() }));
}

#[test]
fn sleeping_and_spinning_end_in_time() {
    for name in ["sleeps", "spins"] {
        let ran = run(name, Limits { time: Duration::from_millis(100), ..Limits::default() });
        assert_eq!(ran.fault().code(), "plugin/timed-out", "{name}");
        assert!(ran.took < Duration::from_secs(2), "{name}: {:?}", ran.took);
        let told = frames(ran.fault());
        // Who waits in the host wakes up to tell where it is.
        assert!(told.iter().any(|line| line.contains(&format!("src/bin/{name}.rs"))), "{told:?}");
    }
}

#[test]
fn clocks_are_those_of_the_host() {
    let clock = Arc::new(ManualClock::new("1969-07-20T20:17:40Z".parse().unwrap()));
    let sandbox = Sandbox::new(host::Options { clock, ..options() }, link).unwrap();
    // What lies before 1970 cannot be said, so it is 1970.
    let ran = run_in(&sandbox, "looks", Limits::default());
    assert!(lines(&ran).contains(&"time: 0"), "{:?}", ran.lines);
}

#[test]
fn randomness_is_that_of_the_seed() {
    let rolled = |seed| {
        let entropy = Arc::new(SeededEntropy::new(seed));
        let sandbox = Sandbox::new(host::Options { entropy, ..options() }, link).unwrap();
        run_in(&sandbox, "rolls", Limits::default()).lines
    };
    assert_eq!(rolled(1), rolled(1));
    assert_ne!(rolled(1), rolled(2));
}
