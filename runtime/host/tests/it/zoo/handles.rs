//! Those that hold on to things, or to things that are not theirs.

use host::Bound;

use super::Fate::{Ends, Fails, Over};
use super::{Fate, Specimen, owning, show};

const TRAPPED: &str = "plugin/trapped";
const ALLOWED: usize = 16;

/// A component that is given things of the host.
fn holding(body: &str) -> String {
    format!(
        r#"(component
            (import "thing" (type $thing (sub resource)))
            (import "make" (func $make (result (own $thing))))
            (core func $make (canon lower (func $make)))
            (core func $drop (canon resource.drop $thing))
            (core module $m
                (import "host" "make" (func $make (result i32)))
                (import "host" "drop" (func $drop (param i32)))
                (func (export "run") {body}))
            (core instance $i (instantiate $m (with "host" (instance
                (export "make" (func $make))
                (export "drop" (func $drop))))))
            (func (export "run") (canon lift (core func $i "run"))))"#
    )
}

fn times(count: usize, what: &str) -> String {
    format!(
        "(local $left i32)
         (local.set $left (i32.const {count}))
         (loop $again
            {what}
            (local.set $left (i32.sub (local.get $left) (i32.const 1)))
            (br_if $again (local.get $left)))"
    )
}

fn around(wanted: usize) -> Fate {
    if wanted > ALLOWED { Over(Bound::Handles) } else { Ends }
}

pub(super) fn specimens() -> Vec<Specimen> {
    let new = "(call $new (i32.const 1))";
    let mut all = vec![
        Specimen::new(
            "things of the host without end",
            holding("(loop $again (drop (call $make)) (br $again))"),
            Over(Bound::Handles),
        ),
        Specimen::new(
            "things of its own without end",
            owning(&format!("(loop $again (drop {new}) (br $again))"), ""),
            Over(Bound::Handles),
        ),
        Specimen::new(
            "many things, one at a time",
            holding(&times(5_000, "(call $drop (call $make))")),
            Ends,
        ),
        Specimen::new(
            "dropping a thing twice",
            holding(
                "(local $t i32)
                 (local.set $t (call $make))
                 (call $drop (local.get $t))
                 (call $drop (local.get $t))",
            ),
            Fails(TRAPPED),
        ),
        Specimen::new("dropping nothing", holding("(call $drop (i32.const 0))"), Fails(TRAPPED)),
        Specimen::new("a forged handle", holding("(call $drop (i32.const 7))"), Fails(TRAPPED)),
        Specimen::new(
            "a handle of minus one",
            holding("(call $drop (i32.const -1))"),
            Fails(TRAPPED),
        ),
        Specimen::new(
            "dropping one's own twice",
            owning(
                &format!(
                    "(local $t i32)
                     (local.set $t {new})
                     (call $drop (local.get $t))
                     (call $drop (local.get $t))"
                ),
                "",
            ),
            Fails(TRAPPED),
        ),
    ];
    for (of_host, of_its_own, count) in [
        ("one thing less than allowed", "one of its own less than allowed", ALLOWED - 1),
        ("as many things as allowed", "as many of its own as allowed", ALLOWED),
        ("one thing more than allowed", "one of its own more than allowed", ALLOWED + 1),
    ] {
        let held = holding(&times(count, "(drop (call $make))"));
        let owned = owning(&times(count, &format!("(drop {new})")), "");
        for (name, text) in [(of_host, held), (of_its_own, owned)] {
            all.push(
                Specimen::new(name, text, around(count))
                    .with_limits(|limits| limits.handles = ALLOWED),
            );
        }
    }
    all
}

#[test]
fn specimens_hold_no_more_than_allowed() {
    show(specimens());
}
