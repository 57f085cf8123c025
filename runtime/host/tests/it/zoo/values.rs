//! Those that hand over too much, or what is none.

use host::Bound;
use wasmtime::component::Val;

use super::Fate::{Ends, Fails, Over, Says};
use super::{Fate, Specimen, returning, show, taking, talking};

const TRAPPED: &str = "plugin/trapped";
const ALLOWED: usize = 1_000;

pub(super) fn specimens() -> Vec<Specimen> {
    let mut all = Vec::new();
    all.extend(to_the_host());
    all.extend(results());
    all.extend(nonsense());
    all.extend(random());
    all
}

fn around(wanted: usize, bound: Bound) -> Fate {
    if wanted > ALLOWED { Over(bound) } else { Ends }
}

/// Stores a pointer and a length at 0.
fn pair(at: u32, length: usize) -> String {
    format!(
        "(i32.store (i32.const 0) (i32.const {at}))
         (i32.store (i32.const 4) (i32.const {length}))
         (i32.const 0)"
    )
}

/// So many texts of a megabyte, all of them the same one.
fn aliases(count: usize) -> String {
    let body = format!(
        "(local $at i32)
         (loop $again
            (i32.store (local.get $at) (i32.const 0))
            (i32.store offset=4 (local.get $at) (i32.const 1048576))
            (local.set $at (i32.add (local.get $at) (i32.const 8)))
            (br_if $again (i32.lt_u (local.get $at) (i32.const {}))))
         (call $logs (i32.const 0) (i32.const {count}))",
        count * 8
    );
    talking(17, &body, "")
}

fn to_the_host() -> Vec<Specimen> {
    let say = |length: usize| {
        talking(1025, &format!("(call $log (i32.const 0) (i32.const {length}))"), "")
    };
    let mut all = vec![
        Specimen::new("text of 64 MiB to the host", say(64 << 20), Over(Bound::HostCall)),
        Specimen::new("one text 4,096 times over", aliases(4_096), Over(Bound::HostCall)),
        Specimen::new("text past the end to the host", say((64 << 20) + 70_000), Fails(TRAPPED)),
        Specimen::new(
            "text that is none to the host",
            talking(
                1,
                "(i32.store (i32.const 0) (i32.const -1)) (call $log (i32.const 0) (i32.const 4))",
                "",
            ),
            Says(TRAPPED, "utf-8"),
        ),
        Specimen::new(
            "list that is not aligned",
            talking(1, "(call $logs (i32.const 1) (i32.const 1))", ""),
            Says(TRAPPED, "aligned"),
        ),
        Specimen::new(
            "list past the end to the host",
            talking(1, "(call $logs (i32.const 0) (i32.const 0x10000000))", ""),
            Fails(TRAPPED),
        )
        .with_limits(|limits| limits.host_call_bytes = usize::MAX),
    ];
    for (name, length) in [
        ("one byte less than may be handed over", ALLOWED - 1),
        ("as many bytes as may be handed over", ALLOWED),
        ("one byte more than may be handed over", ALLOWED + 1),
    ] {
        all.push(
            Specimen::new(name, say(length), around(length, Bound::HostCall))
                .with_limits(|limits| limits.host_call_bytes = ALLOWED),
        );
    }
    all
}

fn results() -> Vec<Specimen> {
    let text = |length| returning("string", 1025, &pair(16, length), "");
    let bytes = |length| returning("(list u8)", 1025, &pair(16, length), "");
    let mut all = vec![
        Specimen::new("result of 64 MiB", text(64 << 20), Over(Bound::Result)),
        Specimen::new(
            "list of 64 MiB",
            returning("(list u8)", 1025, &pair(0, 64 << 20), ""),
            Over(Bound::Result),
        ),
        Specimen::new(
            "result past the end",
            returning("(list u8)", 1, &pair(0, 65_537), ""),
            Fails(TRAPPED),
        ),
        Specimen::new(
            "list longer than memory can be",
            returning("(list u64)", 1, &pair(0, 0x7fff_ffff), ""),
            Fails(TRAPPED),
        )
        .with_limits(|limits| limits.result_bytes = usize::MAX),
        Specimen::new(
            "result at no place",
            returning("string", 1, "(i32.const -4)", ""),
            Fails(TRAPPED),
        ),
        Specimen::new(
            "result at an odd place",
            returning("string", 1, "(i32.const 1)", ""),
            Says(TRAPPED, "aligned"),
        ),
    ];
    for (name, length) in [
        ("result of one byte less than allowed", ALLOWED - 1),
        ("result of as many bytes as allowed", ALLOWED),
        ("result of one byte more than allowed", ALLOWED + 1),
    ] {
        all.push(
            Specimen::new(name, text(length), around(length, Bound::Result))
                .with_limits(|limits| limits.result_bytes = ALLOWED),
        );
    }
    for (name, length) in [
        ("list of one byte less than allowed", ALLOWED - 1),
        ("list of as many bytes as allowed", ALLOWED),
        ("list of one byte more than allowed", ALLOWED + 1),
    ] {
        all.push(
            Specimen::new(name, bytes(length), around(length, Bound::Result))
                .with_limits(|limits| limits.result_bytes = ALLOWED),
        );
    }
    all
}

fn nonsense() -> [Specimen; 5] {
    let data = r#"(data (i32.const 100) "\ff\fe\ff")"#;
    let plain = |result: &str, number: i32| {
        format!(
            r#"(component
                (core module $m (func (export "run") (result i32) (i32.const {number})))
                (core instance $i (instantiate $m))
                (type $t {result})
                (export $t' "t" (type $t))
                (func (export "run") (result $t') (canon lift (core func $i "run"))))"#
        )
    };
    [
        Specimen::new(
            "text that is none",
            returning("string", 1, &pair(100, 3), data),
            Says(TRAPPED, "utf-8"),
        ),
        Specimen::new("character that is none", plain("char", 0xd800), Fails(TRAPPED)),
        Specimen::new("case that is none", plain(r#"(enum "a" "b")"#, 2), Fails(TRAPPED)),
        Specimen::new(
            "option that is neither",
            returning(
                "(option u32)",
                1,
                "(i32.store (i32.const 0) (i32.const 2)) (i32.const 0)",
                "",
            ),
            Fails(TRAPPED),
        ),
        // Bits that stand for no flag are passed over, as the contract of components says.
        Specimen::new("flags that are none", plain(r#"(flags "a" "b")"#, -1), Ends),
    ]
}

/// Asks for so many random bytes.
fn rolling(count: u64) -> String {
    format!(
        r#"(component
            (import "wasi:random/random@0.2.0" (instance $random
                (export "get-random-bytes" (func (param "len" u64) (result (list u8))))))
            (core module $memory
                (memory (export "memory") 3)
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 16)))
            (core instance $memory (instantiate $memory))
            (core func $roll (canon lower (func $random "get-random-bytes")
                (memory $memory "memory") (realloc (func $memory "realloc"))))
            (core module $m
                (import "host" "roll" (func $roll (param i64 i32)))
                (func (export "run") (call $roll (i64.const {count}) (i32.const 0))))
            (core instance $i (instantiate $m (with "host" (instance
                (export "roll" (func $roll))))))
            (func (export "run") (canon lift (core func $i "run"))))"#
    )
}

fn random() -> [Specimen; 6] {
    let over = Over(Bound::Random);
    [
        Specimen::new("one random byte less than allowed", rolling(65_535), Ends),
        Specimen::new("as many random bytes as allowed", rolling(65_536), Ends),
        Specimen::new("one random byte more than allowed", rolling(65_537), over),
        Specimen::new("random bytes of 64 MiB", rolling(64 << 20), over),
        Specimen::new("all the random bytes there are", rolling(u64::MAX), over),
        Specimen::new(
            "argument larger than its memory",
            taking("(i32.const 16)", ""),
            Fails(TRAPPED),
        )
        .with_arguments(&[Val::String("x".repeat(1 << 20))]),
    ]
}

#[test]
fn specimens_hand_over_no_more_than_allowed() {
    show(specimens());
}
