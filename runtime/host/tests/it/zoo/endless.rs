//! Those that never end.

use wasmtime::component::Val;

use super::Fate::{Ends, Fails};
use super::{Specimen, owning, returning, show, taking, talking};
use crate::bed::{importing, simple};

const LOOP: &str = "(loop $again (br $again))";
const LATE: super::Fate = Fails("plugin/timed-out");

pub(super) fn specimens() -> Vec<Specimen> {
    let text = [Val::String("text".into())];
    let room = "(i32.const 16)";
    let mut all = vec![
        Specimen::new("loop", simple(LOOP, ""), LATE),
        Specimen::new(
            "loop when it starts",
            simple("", &format!("(func $s {LOOP}) (start $s)")),
            LATE,
        ),
        Specimen::new("good taker", taking(room, ""), Ends).with_arguments(&text),
        Specimen::new("loop in realloc", taking(&format!("{LOOP} {room}"), ""), LATE)
            .with_arguments(&text),
        Specimen::new("loop in post-return", taking(room, LOOP), LATE).with_arguments(&text),
        Specimen::new("good owner", owning("(call $drop (call $new (i32.const 1)))", ""), Ends),
        Specimen::new(
            "loop in the end of a resource",
            owning("(call $drop (call $new (i32.const 1)))", LOOP),
            LATE,
        ),
        Specimen::new(
            "ping-pong with the host",
            talking(1, "(loop $again (call $log (i32.const 0) (i32.const 1)) (br $again))", ""),
            LATE,
        ),
        Specimen::new(
            "ping-pong with a host that waits",
            importing("yield", "(loop $again (call $f) (br $again))"),
            LATE,
        ),
        Specimen::new("sleep in the host", importing("sleep", "(call $f)"), LATE),
    ];
    all.extend(computing());
    all
}

fn computing() -> [Specimen; 7] {
    [
        Specimen::new("tail calls", simple("(return_call $f)", "(func $f (return_call $f))"), LATE),
        Specimen::new(
            "indirect tail calls",
            simple(
                "(return_call_indirect (i32.const 0))",
                "(table funcref (elem $f)) (func $f (return_call_indirect (i32.const 0)))",
            ),
            LATE,
        ),
        Specimen::new(
            "loop of branches",
            simple("(loop $a (block $b (br_table $a $b $a (i32.const 2))))", ""),
            LATE,
        ),
        Specimen::new(
            "filling memory",
            simple(
                "(loop $again
                    (memory.fill (i32.const 0) (i32.const 7) (i32.const 67108864))
                    (br $again))",
                "(memory 1024)",
            ),
            LATE,
        ),
        Specimen::new(
            "copying memory",
            simple(
                "(loop $again
                    (memory.copy (i32.const 0) (i32.const 1) (i32.const 67108863))
                    (br $again))",
                "(memory 1024)",
            ),
            LATE,
        ),
        Specimen::new(
            "growing by nothing",
            simple("(loop $again (drop (memory.grow (i32.const 0))) (br $again))", "(memory 1)"),
            LATE,
        ),
        Specimen::new(
            "floating point without end",
            returning(
                "f64",
                1,
                "(local $x f64)
                 (loop $again
                    (local.set $x (f64.sqrt (f64.add (local.get $x) (f64.const 1))))
                    (br $again))
                 (unreachable)",
                "",
            )
            .replace("(func (export \"run\") (result i32)", "(func (export \"run\") (result f64)")
            .replace("(param i32)))", "(param f64)))"),
            LATE,
        ),
    ]
}

#[test]
fn endless_specimens_are_stopped() {
    show(specimens());
}
