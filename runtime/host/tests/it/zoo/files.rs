//! Those that are not what is run here: other features, other contracts, broken files.

use host::compile::compile;
use host::{Call, Limits};
use model::{Entropy, SeededEntropy};
use std::time::Duration;

use super::Fate::Refused;
use super::{Specimen, returning, show};
use crate::bed::{RealClock, World, load, run_with, sandbox, simple};

const INVALID: &str = "plugin/invalid";
const IMPORT: &str = "plugin/unknown-import";

pub(super) fn specimens() -> Vec<Specimen> {
    let mut all: Vec<Specimen> = features()
        .into_iter()
        .map(|(name, items)| Specimen::new(name, simple("", items), Refused(INVALID)))
        .collect();
    all.extend(imports().map(|(name, text)| Specimen::new(name, text, Refused(IMPORT))));
    all.push(Specimen::new("a core module", "(module)", Refused("plugin/not-a-component")));
    all
}

fn features() -> [(&'static str, &'static str); 11] {
    [
        ("garbage collection: structs", "(type (struct (field i32)))"),
        ("garbage collection: arrays", "(type (array i8))"),
        ("garbage collection: i31", "(func (drop (ref.i31 (i32.const 1))))"),
        ("exceptions: tags", "(tag $t) (func (throw $t))"),
        ("exceptions: handlers", "(tag $t) (func (block (try_table (catch_all 0))))"),
        ("threads: shared memory", "(memory 1 1 shared)"),
        ("threads: atomics", "(memory 1) (func (drop (i32.atomic.load (i32.const 0))))"),
        ("memory of 64 bits", "(memory i64 1)"),
        ("several memories", "(memory 1) (memory 1)"),
        ("pages of other sizes", "(memory 1 (pagesize 1))"),
        (
            "wide arithmetic",
            "(func (param i64 i64) (result i64 i64)
            (i64.mul_wide_u (local.get 0) (local.get 1)))",
        ),
    ]
}

fn imports() -> [(&'static str, String); 7] {
    let run = r#"(core module $m (func (export "run"))) (core instance $i (instantiate $m))
        (func (export "run") (canon lift (core func $i "run")))"#;
    let with = |import: &str| format!("(component {import} {run})");
    let interface = |name: &str, function: &str| {
        with(&format!(r#"(import "{name}" (instance (export "{function}" (func))))"#))
    };
    [
        ("a function that nobody offers", with(r#"(import "launch" (func))"#)),
        ("a function of another type", with(r#"(import "log" (func (param "text" u32)))"#)),
        ("an interface that nobody offers", interface("evil:corp/spy@1.0.0", "spy")),
        (
            "names of the network",
            interface("wasi:sockets/ip-name-lookup@0.2.0", "resolve-addresses"),
        ),
        ("sockets", interface("wasi:sockets/tcp-create-socket@0.2.0", "create-tcp-socket")),
        ("requests", interface("wasi:http/outgoing-handler@0.2.0", "handle")),
        ("a newer WASI", interface("wasi:cli/environment@0.9.0", "get-environment")),
    ]
}

#[test]
fn other_features_are_refused() {
    show(specimens());
}

#[test]
fn a_name_of_another_kind_is_no_function() {
    let text = r#"(component
        (type $t (record (field "a" u32)))
        (export "run" (type $t)))"#;
    let plugin = load(&sandbox(), text).unwrap();
    assert_eq!(plugin.function(None, "run").unwrap_err().code(), "plugin/no-function");
    assert_eq!(plugin.function(Some("run"), "run").unwrap_err().code(), "plugin/no-function");
    assert_eq!(plugin.function(Some("a:b/c"), "run").unwrap_err().code(), "plugin/no-function");
}

#[test]
fn truncated_files_are_refused() {
    let whole = wat::parse_str(returning("string", 1, "(i32.const 0)", "")).unwrap();
    let sandbox = sandbox();
    let mut whole_enough = 0;
    for length in 0..whole.len() {
        // Cut between two sections, a file is a component that lacks its end.
        if let Ok(artifact) = compile(&whole[..length]) {
            sandbox.load(&artifact).unwrap();
            whole_enough += 1;
        }
    }
    assert!(whole_enough < 10, "{whole_enough}");
}

#[test]
fn ten_thousand_flipped_files_do_no_harm() {
    let whole =
        wat::parse_str(returning("string", 1, "(i32.const 0)", "(func $f (call $f))")).unwrap();
    let sandbox = sandbox();
    let dice = SeededEntropy::new(11);
    let clock = RealClock::new();
    let (mut refused, mut ran) = (0, 0);
    for _ in 0..10_000 {
        let mut flipped = whole.clone();
        let roll = dice.next();
        let bits = flipped.len() * 8;
        for part in 0..=(roll % 3) as u32 {
            let bit = (roll >> (8 + part * 32)) as usize % bits;
            flipped[bit / 8] ^= 1 << (bit % 8);
        }
        let loaded = compile(&flipped).and_then(|artifact| sandbox.load(&artifact));
        let function = loaded.and_then(|plugin| {
            let function = plugin.function(None, "run")?;
            Ok((plugin, function))
        });
        let Ok((plugin, _)) = function else {
            refused += 1;
            continue;
        };
        let limits = Limits { time: Duration::from_millis(20), ..Limits::default() };
        let call = Call { limits, ..Call::new(World::default()) };
        drop(run_with(&plugin, "run", &[], call));
        ran += 1;
    }
    assert!(refused > 1_000 && ran > 1_000, "{refused} refused, {ran} ran");
    let took = model::Clock::elapsed(&clock);
    assert!(took < Duration::from_mins(2), "{took:?}");
}
