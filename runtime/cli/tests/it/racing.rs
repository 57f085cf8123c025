//! Many processes at once: they queue up, share nothing by accident, and wake each other.

use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::process::Child;
use std::sync::Arc;
use std::thread;

use crate::place::{Place, finish, lines, list, now, start, text, words};

const AT_ONCE: usize = 16;

fn begin(place: &Place, line: &str) -> Child {
    start(&mut place.command(&words(line)))
}

#[test]
fn sixteen_verbs_at_once_succeed() {
    for round in 0..3 {
        let place = Place::with_orders();
        let id = place.ok("item add orders --value 0").trim().to_owned();
        place.file("rows.csv", "n\n1\n2\n3\n");
        let lines: [String; AT_ONCE] = [
            "item add orders --value 1",
            "item add orders --value 2 --reference R",
            "item add orders --value 3 --delay 1h",
            "item add orders --value 4 --hold",
            "item import orders rows.csv",
            "item list orders",
            "item list orders --where 'attempt == 0'",
            "item export orders",
            &format!("item show {id}"),
            &format!("item note {id} noted"),
            &format!("item history {id}"),
            &format!("item edit {id} --priority high"),
            "queue create other",
            "queue edit orders --retries 2",
            "queue stats orders",
            "db check",
        ]
        .map(str::to_owned);
        let running: Vec<_> = lines.iter().map(|line| begin(&place, line)).collect();
        for (child, line) in running.into_iter().zip(&lines) {
            let ran = finish(child);
            assert_eq!((ran.code, ran.err.contains("error")), (0, false), "{round} {line} {ran:?}");
        }
        assert_eq!(place.count("total"), 8);
        assert_eq!((place.count("scheduled"), place.count("on-hold")), (1, 1));
        place.assert_sound();
    }
}

#[test]
fn sixteen_creators_leave_one_queue() {
    let place = Place::new();
    let running: Vec<_> = (0..AT_ONCE).map(|_| begin(&place, "queue create orders")).collect();
    let ran: Vec<_> = running.into_iter().map(finish).collect();
    let made = ran.iter().filter(|ran| ran.code == 0).count();
    assert_eq!(made, 1, "{ran:?}");
    for ran in ran.iter().filter(|ran| ran.code != 0) {
        ran.assert_refused(4, "queue/exists", "wharf queue edit orders");
    }
    assert_eq!(place.ok("queue list --output jsonl").lines().count(), 1);
}

#[test]
fn sixteen_claimers_share_no_item() {
    const ITEMS: usize = 200;
    let place = Arc::new(Place::with_orders());
    let rows = lines(ITEMS, |number| format!("{number}"));
    place.file("rows.jsonl", rows);
    place.ok("item import orders rows.jsonl");
    let claimers: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let place = Arc::clone(&place);
            thread::spawn(move || claim_all(&place))
        })
        .collect();
    let taken: Vec<String> =
        claimers.into_iter().flat_map(|claimer| claimer.join().unwrap()).collect();
    let distinct: HashSet<&String> = taken.iter().collect();
    assert_eq!((taken.len(), distinct.len()), (ITEMS, ITEMS));
    assert_eq!((place.count("queued"), place.count("processing")), (0, ITEMS as u64));
}

/// Claims until nothing is left; the ids.
fn claim_all(place: &Place) -> Vec<String> {
    let mut taken = Vec::new();
    loop {
        let claimed = place.json("item claim orders --count 4");
        if list(&claimed).is_empty() {
            return taken;
        }
        taken.extend(list(&claimed).iter().map(|item| text(item, "id").to_owned()));
    }
}

#[test]
fn waiting_claim_wakes_within_a_second() {
    let place = Place::with_orders();
    place.ok("queue create other");
    // Of the two that wait, one owns the store and serves it, the other one is served.
    for owner_first in [true, false] {
        let elsewhere = (!owner_first).then(|| serving(&place, "item claim other --wait 50s"));
        for _ in 0..3 {
            let claim = "item claim orders --wait 50s --output jsonl";
            let wait = if owner_first { serving } else { begin };
            let mut waiting = wait(&place, claim);
            let began = now();
            let id = place.ok("item add orders --value 1");
            let mut line = String::new();
            let out = waiting.stdout.take().unwrap();
            BufReader::new(out).read_line(&mut line).unwrap();
            // From the start of the process that adds to the line of the one that waits.
            let latency = began.elapsed();
            println!("owner waits: {owner_first}, awake after {latency:?}");
            assert!(line.contains(id.trim()), "{line}");
            assert!(latency.as_millis() < 1_000, "{latency:?}");
            assert_eq!(finish(waiting).code, 0);
        }
        if let Some(elsewhere) = elsewhere {
            place.ok("item add other --value 1");
            assert_eq!(finish(elsewhere).code, 0);
        }
    }
}

/// Starts a command and returns when it owns the store and serves it.
pub(crate) fn serving(place: &Place, line: &str) -> Child {
    let control = place.path(".wharf/control.json");
    let child = begin(place, line);
    let began = now();
    let mine = |text: String| text.contains(&child.id().to_string());
    while !std::fs::read_to_string(&control).is_ok_and(mine) {
        assert!(began.elapsed().as_secs() < 30, "process {} serves nothing", child.id());
        thread::yield_now();
    }
    child
}

#[test]
fn late_owner_is_replaced_in_order() {
    let place = Place::with_orders();
    let owner = serving(&place, "item claim orders --wait 50s");
    let waiting: Vec<_> =
        (0..4).map(|_| begin(&place, "item claim orders --wait 50s --output jsonl")).collect();
    for value in 0..5 {
        place.ok(&format!("item add orders --value {value}"));
    }
    assert_eq!(finish(owner).code, 0);
    for child in waiting {
        let ran = finish(child);
        assert_eq!((ran.code, ran.out.lines().count()), (0, 1), "{ran:?}");
    }
    assert_eq!(place.count("processing"), 5);
}
