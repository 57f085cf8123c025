//! Runs that are stopped: by `kill -9`, and by Ctrl-C.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::Child;

use rustix::process::Signal;

use crate::flows::{count, invoices, items, put};
use crate::place::{Place, finish, list, signal, start, text};

/// Starts a run and sends it a signal as soon as it has told so many events.
fn stopped(place: &Place, flow: &str, by: Signal, seen: impl Fn(usize, &str) -> bool) -> Child {
    let mut child = start(&mut place.command(&["run", flow, "--output", "jsonl"]));
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let mut count = 0;
    loop {
        let line = lines.next().expect("it ended before it was stopped");
        count += 1;
        if seen(count, &line) {
            break;
        }
    }
    signal(child.id(), by);
    child
}

#[test]
fn killed_runs_lose_and_double_nothing() {
    for events in [1, 9, 40, 77, 120] {
        let place = invoices();
        place.ok("run ingest-invoices");
        place.ok("run decide");
        let killed = stopped(&place, "process-invoices", Signal::KILL, |count, _| count == events);
        assert_eq!(finish(killed).code, 128 + 9);
        let runs = place.json("runs list --flow process-invoices");
        assert_eq!(text(&list(&runs)[0], "state"), "running", "its lease has not run out");
        place.run("runs resume last --quiet").assert_refused(4, "run/held", "lease");
        // What is recorded as settled is, and nothing else.
        let of = |status| count(&place, "vendor-invoices", status);
        let held = of("processing");
        assert!(held <= 1, "{held}");
        let settled = of("processed") + of("business-exception");
        assert_eq!(settled + held + of("queued"), 30, "after {events} events");
        assert_routed_once(&place, held);
        // Whoever comes next does all the rest, but for what the killed one still holds.
        place.ok("run process-invoices");
        assert_eq!((of("queued"), of("processing")), (0, held), "after {events} events");
        assert_eq!(of("processed") + of("business-exception"), 30 - held);
        assert_routed_once(&place, held);
        place.assert_sound();
    }
}

/// Each business exception is in the queue of the manager once; one may be on its way.
fn assert_routed_once(place: &Place, held: usize) {
    let references = |queue: &str, status: &str| {
        let found = items(place, queue).into_iter().filter(|it| text(it, "status") == status);
        found.map(|item| text(&item, "reference").to_owned()).collect::<Vec<_>>()
    };
    let routed = references("invoices-for-the-manager", "queued");
    let ended = references("vendor-invoices", "business-exception");
    let held_ones = references("vendor-invoices", "processing");
    assert_eq!(held_ones.len(), held);
    let unique: BTreeSet<&String> = routed.iter().collect();
    assert_eq!(unique.len(), routed.len(), "none twice");
    assert!(ended.iter().all(|it| unique.contains(it)), "none is lost");
    let others = routed.iter().filter(|it| !ended.contains(it));
    assert!(others.into_iter().all(|it| held_ones.contains(it)), "{routed:?} {held_ones:?}");
}

#[test]
fn interruption_gives_items_back() {
    let place = invoices();
    place.ok("run ingest-invoices");
    let steps = "steps:
  - process: vendor-invoices
    limit: 1
    steps:
      - { id: long, wait: 1h }
";
    put(&place, "waits", steps);
    let interrupted =
        stopped(&place, "waits", Signal::INT, |_, line| line.ends_with("/long\",\"attempt\":1}"));
    let ran = finish(interrupted);
    assert_eq!((ran.code, ran.out.as_str()), (130, ""), "{ran:?}");
    let runs = place.json("runs list --flow waits");
    assert_eq!(text(&list(&runs)[0], "state"), "cancelled");
    assert_eq!(count(&place, "vendor-invoices", "queued"), 30);
    place.assert_sound();
}
