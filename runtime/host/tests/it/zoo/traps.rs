//! Those that break, wherever code of theirs runs.

use host::Bound;
use wasmtime::component::Val;

use super::Fate::{Ends, Fails, Over, Says};
use super::{Specimen, owning, show, taking};
use crate::bed::{importing, simple};

const TRAPPED: &str = "plugin/trapped";

/// An instruction that cannot be carried out, and what is said about it.
const INSTRUCTIONS: &[(&str, &str, &str)] = &[
    ("unreachable", "unreachable", "wasm `unreachable` instruction executed"),
    (
        "division by zero",
        "(drop (i32.div_u (i32.const 1) (i32.const 0)))",
        "integer divide by zero",
    ),
    (
        "division that overflows",
        "(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))",
        "integer overflow",
    ),
    (
        "conversion of no number",
        "(drop (i32.trunc_f32_s (f32.const nan)))",
        "invalid conversion to integer",
    ),
    ("reading past the end", "(drop (i32.load (i32.const 65533)))", "out of bounds memory access"),
    ("writing past the end", "(i64.store (i32.const -8) (i64.const 1))", "out of bounds memory"),
    (
        "filling past the end",
        "(memory.fill (i32.const 65535) (i32.const 1) (i32.const 2))",
        "out of bounds memory access",
    ),
    ("calling nothing", "(call_indirect (i32.const 1))", "uninitialized element"),
    ("calling past the end", "(call_indirect (i32.const 9))", "undefined element"),
    (
        "calling the wrong type",
        "(drop (call_indirect (result i64) (i32.const 0)))",
        "indirect call type mismatch",
    ),
];

pub(super) fn specimens() -> Vec<Specimen> {
    let items = "(memory 1) (table 2 funcref) (elem (i32.const 0) $f) (func $f)";
    let instruction = |(name, body, words): &(&'static str, &str, &'static str)| {
        Specimen::new(name, simple(body, items), Says(TRAPPED, words))
    };
    let mut all: Vec<Specimen> = INSTRUCTIONS.iter().map(instruction).collect();
    all.extend(elsewhere());
    all.extend(deep());
    all
}

/// Breaking in code that runs before, after or beside the function.
fn elsewhere() -> [Specimen; 9] {
    let text = [Val::String("text".into())];
    let drop = "(call $drop (call $new (i32.const 1)))";
    [
        Specimen::new(
            "trap when it starts",
            simple("", "(func $s unreachable) (start $s)"),
            Fails(TRAPPED),
        ),
        Specimen::new(
            "data past the end",
            simple("", r#"(memory 1) (data (i32.const 65535) "ab")"#),
            Says(TRAPPED, "out of bounds memory access"),
        ),
        Specimen::new("trap in realloc", taking("unreachable", ""), Fails(TRAPPED))
            .with_arguments(&text),
        Specimen::new("realloc past the end", taking("(i32.const 65535)", ""), Fails(TRAPPED))
            .with_arguments(&text),
        Specimen::new("realloc of minus one", taking("(i32.const -1)", ""), Fails(TRAPPED))
            .with_arguments(&text),
        Specimen::new(
            "trap in post-return",
            taking("(i32.const 16)", "unreachable"),
            Fails(TRAPPED),
        )
        .with_arguments(&text),
        Specimen::new("trap in the end of a resource", owning(drop, "unreachable"), Fails(TRAPPED)),
        Specimen::new("panic of the host", importing("panic", "(call $f)"), Fails("host/panicked")),
        Specimen::new(
            "refusal of the host",
            importing("refuse", "(call $f)"),
            Fails("test/refused"),
        ),
    ]
}

fn deep() -> [Specimen; 5] {
    let stack = Over(Bound::Stack);
    let indirect = "(table funcref (elem $f)) (func $f (call_indirect (i32.const 0)) (nop))";
    let large = format!("(func $f {} (call $f))", "(local i64)".repeat(1_000));
    [
        Specimen::new("recursion", simple("(call $f)", "(func $f (call $f))"), stack),
        Specimen::new(
            "mutual recursion",
            simple("(call $f)", "(func $f (call $g)) (func $g (call $f))"),
            stack,
        ),
        Specimen::new("indirect recursion", simple("(call $f)", indirect), stack),
        Specimen::new("recursion with large frames", simple("(call $f)", &large), stack),
        Specimen::new(
            "recursion that ends",
            simple(
                "(call $f (i32.const 1000))",
                "(func $f (param i32) (if (local.get 0)
                    (then (call $f (i32.sub (local.get 0) (i32.const 1))))))",
            ),
            Ends,
        ),
    ]
}

#[test]
fn breaking_specimens_break_alone() {
    show(specimens());
}
