//! Those that want too much memory, too many tables or instances: one less, as much, one more.

use host::Bound;

use super::Fate::{Ends, Over, Refused, Says};
use super::{Fate, Specimen, show};
use crate::bed::simple;

const PAGE: usize = 64 * 1024;
/// What each specimen is allowed of what it is about.
const ALLOWED: usize = 16;

const ONE_LESS_EQUAL_MORE: [usize; 3] = [ALLOWED - 1, ALLOWED, ALLOWED + 1];

fn fate(wanted: usize, bound: Bound) -> Fate {
    if wanted > ALLOWED { Over(bound) } else { Ends }
}

/// A component of so many core instances, the last of which exports `run`.
fn instances(count: usize, items: &str) -> String {
    let more = "(core instance (instantiate $m))".repeat(count - 1);
    format!(
        r#"(component
            (core module $m {items} (func (export "run")))
            {more}
            (core instance $i (instantiate $m))
            (func (export "run") (canon lift (core func $i "run"))))"#
    )
}

pub(super) fn specimens() -> Vec<Specimen> {
    let mut all = Vec::new();
    for wanted in ONE_LESS_EQUAL_MORE {
        all.extend(memories(wanted));
        all.extend(tables(wanted));
        all.push(
            Specimen::new(
                name("instances", wanted),
                instances(wanted, ""),
                fate(wanted, Bound::Instances),
            )
            .with_limits(|limits| limits.instances = ALLOWED),
        );
    }
    all.extend(greedy());
    all
}

fn name(what: &'static str, wanted: usize) -> &'static str {
    let how = ["one less than", "as many as", "one more than"][wanted + 1 - ALLOWED];
    format!("{how} allowed: {what}").leak()
}

fn memories(wanted: usize) -> [Specimen; 4] {
    let (half, rest) = (ALLOWED / 2, wanted - ALLOWED / 2);
    let grow =
        format!("(if (i32.eq (memory.grow (i32.const {rest})) (i32.const -1)) (then unreachable))");
    let two = format!(
        r#"(component
            (core module $other (memory {half}))
            (core instance (instantiate $other))
            (core module $m (memory {rest}) (func (export "run")))
            (core instance $i (instantiate $m))
            (func (export "run") (canon lift (core func $i "run"))))"#
    );
    let declared = simple("", &format!("(memory {wanted})"));
    let grown = simple(&grow, &format!("(memory {half})"));
    let fate = fate(wanted, Bound::Memory);
    let bytes =
        |specimen: Specimen| specimen.with_limits(|limits| limits.memory_bytes = ALLOWED * PAGE);
    [
        bytes(Specimen::new(name("declared pages", wanted), declared, fate)),
        bytes(Specimen::new(name("grown pages", wanted), grown, fate)),
        bytes(Specimen::new(name("pages of two memories", wanted), two, fate)),
        Specimen::new(
            name("memories", wanted),
            instances(wanted, "(memory 0)"),
            self::fate(wanted, Bound::Memories),
        )
        .with_limits(|limits| limits.memories = ALLOWED),
    ]
}

fn tables(wanted: usize) -> [Specimen; 4] {
    let (half, rest) = (ALLOWED / 2, wanted - ALLOWED / 2);
    let grow = format!(
        "(if (i32.eq (table.grow 0 (ref.null func) (i32.const {rest})) (i32.const -1))
            (then unreachable))"
    );
    let declared = simple("", &format!("(table {wanted} funcref)"));
    let two = simple("", &format!("(table {half} funcref) (table {rest} funcref)"));
    let grown = simple(&grow, &format!("(table {half} funcref)"));
    let fate = fate(wanted, Bound::TableElements);
    let elements =
        |specimen: Specimen| specimen.with_limits(|limits| limits.table_elements = ALLOWED);
    [
        elements(Specimen::new(name("declared elements", wanted), declared, fate)),
        elements(Specimen::new(name("elements of two tables", wanted), two, fate)),
        elements(Specimen::new(name("grown elements", wanted), grown, fate)),
        Specimen::new(
            name("tables", wanted),
            simple("", &"(table 0 funcref)".repeat(wanted)),
            self::fate(wanted, Bound::Tables),
        )
        .with_limits(|limits| limits.tables = ALLOWED),
    ]
}

fn greedy() -> [Specimen; 8] {
    let grow = "(loop $again (drop (memory.grow (i32.const 16))) (br $again))";
    let table = "(loop $again
        (drop (table.grow 0 (ref.null func) (i32.const 1000))) (br $again))";
    let refused = "(if (i32.ne (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable))";
    let table_refused = "(if
        (i32.ne (table.grow 0 (ref.null func) (i32.const 1)) (i32.const -1))
        (then unreachable))";
    [
        Specimen::new("memory without end", simple(grow, "(memory 1)"), Over(Bound::Memory)),
        Specimen::new("all of 4 GiB", simple("", "(memory 65536)"), Over(Bound::Memory)),
        Specimen::new(
            "table without end",
            simple(table, "(table 1 funcref)"),
            Over(Bound::TableElements),
        ),
        Specimen::new(
            "the largest table",
            simple("", "(table 0xffffffff funcref)"),
            Says("limit/exceeded", "plugin-table-elements"),
        ),
        Specimen::new("beyond its own maximum", simple(refused, "(memory 1 1)"), Ends),
        Specimen::new(
            "beyond its own maximum of elements",
            simple(table_refused, "(table 1 1 funcref)"),
            Ends,
        ),
        Specimen::new(
            "a memory for each of many instances",
            instances(60, "(memory 1)"),
            Over(Bound::Memories),
        ),
        Specimen::new("two thousand instances", instances(2_000, ""), Refused("plugin/invalid")),
    ]
}

#[test]
fn greedy_specimens_are_bounded() {
    show(specimens());
}
