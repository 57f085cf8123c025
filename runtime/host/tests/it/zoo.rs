//! The zoo: components that mean harm, each with what it does and what must come of it.

use std::time::Duration;

use host::compile::compile;
use host::{Bound, Call, Fault, Limits, Plugin, Sandbox};
use wasmtime::component::Val;

use crate::bed::{World, load, run_with, sandbox, simple};

mod concurrent;
mod endless;
mod files;
mod handles;
mod memory;
mod traps;
mod values;

/// What must come of a specimen.
#[derive(Clone, Copy, Debug)]
enum Fate {
    /// It comes to its own end, for what it does is allowed.
    Ends,
    /// It fails with this code.
    Fails(&'static str),
    /// It fails, and these words are in the message.
    Says(&'static str, &'static str),
    /// It goes over this bound.
    Over(Bound),
    /// It is not even loaded.
    Refused(&'static str),
}

/// One inhabitant.
struct Specimen {
    name: &'static str,
    text: String,
    limits: Limits,
    arguments: Vec<Val>,
    fate: Fate,
}

impl Specimen {
    fn new(name: &'static str, text: impl Into<String>, fate: Fate) -> Self {
        let limits = Limits { time: Duration::from_millis(150), ..Limits::default() };
        Self { name, text: text.into(), limits, arguments: Vec::new(), fate }
    }

    fn with_limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.limits);
        self
    }

    fn with_arguments(mut self, arguments: &[Val]) -> Self {
        self.arguments = arguments.to_vec();
        self
    }
}

/// Whatever takes longer than its time and this was not stopped in time. It is generous, for the
/// machine may be busy; unbounded waits are what it is to find.
const LATE: Duration = Duration::from_secs(3);

/// Lets each specimen loose, twice, and sees that the others do not notice.
fn show(specimens: Vec<Specimen>) {
    let sandbox = sandbox();
    let good = load(&sandbox, &simple("", "")).unwrap();
    for specimen in specimens {
        for _ in 0..2 {
            let fate = loose(&sandbox, &specimen);
            check(&specimen, fate);
            let call = Call::new(World::default());
            assert_eq!(run_with(&good, "run", &[], call).done.result, Ok(vec![]));
        }
    }
}

fn loose(sandbox: &Sandbox<World>, specimen: &Specimen) -> Result<(), (bool, Fault)> {
    let name = specimen.name;
    let bytes = wat::parse_str(&specimen.text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let loaded = compile(&bytes).and_then(|artifact| sandbox.load(&artifact));
    let plugin: Plugin<World> = loaded.map_err(|fault| (true, fault))?;
    let call = Call { limits: specimen.limits.clone(), ..Call::new(World::default()) };
    let ran = run_with(&plugin, "run", &specimen.arguments, call);
    assert!(ran.took < specimen.limits.time + LATE, "{name}: {:?}", ran.took);
    ran.done.result.map(drop).map_err(|fault| (false, fault))
}

fn check(specimen: &Specimen, fate: Result<(), (bool, Fault)>) {
    let fits = match (specimen.fate, &fate) {
        (Fate::Ends, Ok(())) => true,
        (Fate::Fails(code), Err((false, fault))) | (Fate::Refused(code), Err((true, fault))) => {
            fault.code() == code
        }
        (Fate::Says(code, words), Err((false, fault))) => {
            fault.code() == code && fault.to_string().contains(words)
        }
        (Fate::Over(expected), Err((false, Fault::OverLimit { bound, .. }))) => *bound == expected,
        _ => false,
    };
    assert!(fits, "{}: expected {:?}, not {fate:?}", specimen.name, specimen.fate);
    if let Err((_, fault)) = fate {
        assert!(!fault.hint().is_empty(), "{}: no hint", specimen.name);
    }
}

/// A component whose core module sees a memory of so many pages, and functions of the host that
/// are given texts from it.
fn talking(pages: u32, body: &str, items: &str) -> String {
    format!(
        r#"(component
            (import "log" (func $log (param "text" string)))
            (import "logs" (func $logs (param "texts" (list string))))
            (core module $memory (memory (export "memory") {pages}))
            (core instance $memory (instantiate $memory))
            (core func $log (canon lower (func $log) (memory $memory "memory")))
            (core func $logs (canon lower (func $logs) (memory $memory "memory")))
            (core module $m
                (import "host" "log" (func $log (param i32 i32)))
                (import "host" "logs" (func $logs (param i32 i32)))
                (import "host" "memory" (memory {pages}))
                {items}
                (func (export "run") {body}))
            (core instance $i (instantiate $m (with "host" (instance
                (export "log" (func $log))
                (export "logs" (func $logs))
                (export "memory" (memory $memory "memory"))))))
            (func (export "run") (canon lift (core func $i "run"))))"#
    )
}

/// A component whose `run` returns a value of this type, out of a memory of so many pages.
fn returning(result: &str, pages: u32, body: &str, items: &str) -> String {
    format!(
        r#"(component
            (core module $m
                (memory (export "memory") {pages})
                {items}
                (func (export "run") (result i32) {body})
                (func (export "after") (param i32)))
            (core instance $i (instantiate $m))
            (func (export "run") (result {result})
                (canon lift (core func $i "run") (memory $i "memory")
                    (post-return (func $i "after")))))"#
    )
}

/// A component whose `run` takes a text, which these functions make room for and clear away.
fn taking(realloc: &str, after: &str) -> String {
    format!(
        r#"(component
            (core module $m
                (memory (export "memory") 1)
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) {realloc})
                (func (export "run") (param i32 i32) (result i32) (i32.const 0))
                (func (export "after") (param i32) {after}))
            (core instance $i (instantiate $m))
            (func (export "run") (param "text" string) (result string)
                (canon lift (core func $i "run") (memory $i "memory")
                    (realloc (func $i "realloc")) (post-return (func $i "after")))))"#
    )
}

/// A component that makes resources of its own, whose end has this body.
fn owning(body: &str, end: &str) -> String {
    format!(
        r#"(component
            (core module $ends (func (export "end") (param i32) {end}))
            (core instance $ends (instantiate $ends))
            (type $thing (resource (rep i32) (dtor (func $ends "end"))))
            (core func $new (canon resource.new $thing))
            (core func $drop (canon resource.drop $thing))
            (core module $m
                (import "own" "new" (func $new (param i32) (result i32)))
                (import "own" "drop" (func $drop (param i32)))
                (func (export "run") {body}))
            (core instance $i (instantiate $m (with "own" (instance
                (export "new" (func $new))
                (export "drop" (func $drop))))))
            (func (export "run") (canon lift (core func $i "run"))))"#
    )
}

#[test]
fn the_zoo_is_well_stocked() {
    let all = [
        concurrent::specimens(),
        endless::specimens(),
        files::specimens(),
        handles::specimens(),
        memory::specimens(),
        traps::specimens(),
        values::specimens(),
    ];
    let mut names: Vec<_> = all.iter().flatten().map(|specimen| specimen.name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "names are unique");
    assert!(count >= 100, "{count}");
}
