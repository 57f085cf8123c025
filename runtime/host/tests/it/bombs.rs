//! Components that are small to send and large to compile.

use std::fmt::Write;

use crate::bed::simple;

/// Every local is live everywhere: the cost grows with the square of the count.
pub(crate) fn quadratic(count: usize) -> Vec<u8> {
    let mut body = String::new();
    for at in 0..count {
        let (read, write, other) = (at, (at * 7) % count, (at * 3) % count);
        write!(
            body,
            "(if (local.get {read})
                (then (local.set {write} (i32.add (local.get {other}) (i32.const 1)))))"
        )
        .unwrap();
    }
    let locals = "(local i32)".repeat(count);
    let items = format!("(func {locals} (loop $l {body} (br_if $l (local.get 0))))");
    wat::parse_str(simple("", &items)).unwrap()
}

pub(crate) fn many_functions(count: usize) -> Vec<u8> {
    let function = "(func (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))";
    wat::parse_str(simple("", &function.repeat(count))).unwrap()
}

/// The most memory that this process has held.
pub(crate) fn peak_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
