//! The table of the moves of a run, for the page of states.

use std::fmt::Write;

use model::run::{Move, State, TABLE};

/// Every change of state.
pub(super) fn diagram() -> String {
    let mut text = String::from("stateDiagram-v2\n    [*] --> running: start\n");
    for row in TABLE {
        for to in row.to.iter().filter(|to| **to != row.from) {
            writeln!(text, "    {} --> {to}: {}", row.from, row.by).unwrap();
        }
        if row.to.is_empty() {
            writeln!(text, "    {} --> [*]: {}", row.from, row.by).unwrap();
        }
    }
    text
}

pub(super) fn table() -> String {
    let mut text = String::from("| from | move | to | made by |\n|---|---|---|---|\n");
    for row in TABLE {
        let ends: Vec<&str> = row.to.iter().map(|to| to.name()).collect();
        let ends = if ends.is_empty() { "(gone)".into() } else { ends.join(", ") };
        let maker = match (row.by, row.from) {
            (Move::Renew | Move::Record | Move::End, _) => "its driver",
            (Move::TakeOver, State::Running) => "its driver; another once its lease is over",
            (Move::TakeOver, _) => "a driver",
            (Move::Interrupt, _) => "time, or the end of its claim",
            (Move::Retire, _) => "time",
            (Move::Cancel, _) => "somebody",
        };
        writeln!(text, "| {} | {} | {ends} | {maker} |", row.from, row.by).unwrap();
    }
    text
}
