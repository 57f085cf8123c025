//! Those that export async functions, which another engine runs: the same bounds hold there.

use host::Bound;
use host::compile::{Exports, compile};
use wasmtime::component::Val;

use super::Fate::{Ends, Fails, Over, Says};
use super::{Specimen, show};
use crate::bed::{run, sandbox};

/// A component whose async function `run` returns 5 after this, or goes on in `callback`.
fn concurrent(body: &str, callback: &str, items: &str) -> String {
    format!(
        r#"(component
            (import "sleep" (func $sleep))
            (import "refuse" (func $refuse))
            (core func $sleep (canon lower (func $sleep)))
            (core func $refuse (canon lower (func $refuse)))
            (core func $return (canon task.return (result u32)))
            (core module $m
                (import "host" "sleep" (func $sleep))
                (import "host" "refuse" (func $refuse))
                (import "host" "return" (func $return (param i32)))
                {items}
                (func (export "run") (result i32) {body})
                (func (export "callback") (param i32 i32 i32) (result i32) {callback}))
            (core instance $i (instantiate $m (with "host" (instance
                (export "sleep" (func $sleep))
                (export "refuse" (func $refuse))
                (export "return" (func $return))))))
            (func (export "run") async (result u32)
                (canon lift (core func $i "run") async (callback (func $i "callback")))))"#
    )
}

const LOOP: &str = "(loop $again (br $again)) (i32.const 0)";
const RETURN: &str = "(call $return (i32.const 5)) (i32.const 0)";
/// Gives way to others, then goes on in the callback.
const YIELD: &str = "(i32.const 1)";

pub(super) fn specimens() -> Vec<Specimen> {
    let late = Fails("plugin/timed-out");
    let trapped = Fails("plugin/trapped");
    let new = |name, body: &str, callback: &str, items: &str, fate| {
        Specimen::new(name, concurrent(body, callback, items), fate)
    };
    vec![
        new("async, good", RETURN, "unreachable", "", Ends),
        new("async, good after a while", YIELD, RETURN, "", Ends),
        new("async loop", LOOP, "unreachable", "", late),
        new(
            "async loop after its result",
            &format!("(call $return (i32.const 5)) {LOOP}"),
            "unreachable",
            "",
            late,
        ),
        new("async loop in the callback", YIELD, LOOP, "", late),
        new("async, gives way without end", YIELD, YIELD, "", late),
        new("async sleep in the host", &format!("(call $sleep) {RETURN}"), "unreachable", "", late),
        new(
            "async refusal of the host",
            &format!("(call $refuse) {RETURN}"),
            "unreachable",
            "",
            Fails("test/refused"),
        ),
        new("async trap", "unreachable", "unreachable", "", trapped),
        new("async trap in the callback", YIELD, "unreachable", "", trapped),
        new(
            "async recursion",
            &format!("(call $f) {RETURN}"),
            "unreachable",
            "(func $f (call $f))",
            Over(Bound::Stack),
        ),
        new(
            "async memory without end",
            &format!("(loop $again (drop (memory.grow (i32.const 16))) (br $again)) {RETURN}"),
            "unreachable",
            "(memory 1)",
            Over(Bound::Memory),
        ),
        new("async, ends without a result", "(i32.const 0)", "unreachable", "", trapped),
        new(
            "async, returns twice",
            &format!("(call $return (i32.const 4)) {RETURN}"),
            "unreachable",
            "",
            Says("plugin/trapped", "more than once"),
        ),
        new("async, waits for nothing", "(i32.const 2)", "unreachable", "", trapped),
        new("async, unknown answer", "(i32.const 77)", "unreachable", "", trapped),
    ]
}

#[test]
fn async_specimens_meet_the_same_bounds() {
    show(specimens());
}

#[test]
fn async_exports_choose_their_engine() {
    let bytes = wat::parse_str(concurrent(YIELD, RETURN, "")).unwrap();
    let artifact = compile(&bytes).unwrap();
    assert_eq!(artifact.exports(), Exports::Async);
    let plugin = sandbox().load(&artifact).unwrap();
    let ran = run(&plugin, host::Limits::default());
    assert_eq!(ran.done.result, Ok(vec![Val::U32(5)]));
}
