//! Processes that are killed or interrupted: nothing acknowledged is lost, nothing is doubled.

use std::collections::HashSet;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::place::{Place, finish, lines, list, signal, start, text, words};
use crate::racing::serving;

const ROWS: usize = 20_000;

/// A place with a file of many rows.
fn place_with_rows() -> Place {
    let place = Place::with_orders();
    let rows = lines(ROWS, |number| format!("R-{number},{number}.50"));
    place.file("rows.csv", format!("id,amount\n{rows}"));
    place
}

const IMPORT: &str = "item import orders rows.csv";

/// Every row is there, once.
fn assert_complete(place: &Place) {
    assert_eq!((place.count("queued"), place.count("total")), (ROWS as u64, ROWS as u64));
    let items = place.json(&format!("item list orders --limit {ROWS}"));
    let of_row = |field| move |item| text(item, field).to_owned();
    let ids: HashSet<String> = list(&items).iter().map(of_row("id")).collect();
    assert_eq!(ids.len(), ROWS);
    let row = |item: &model::Value| text(item.get("value").unwrap(), "id").to_owned();
    let rows: HashSet<String> = list(&items).iter().map(row).collect();
    assert_eq!(rows.len(), ROWS);
    place.assert_sound();
}

#[test]
fn killed_import_is_simply_run_again() {
    for column in ["", " --reference-from id"] {
        let place = place_with_rows();
        let mut killed = 0;
        // The moments are spread over the whole of an import, whatever the machine.
        for milliseconds in (5..).step_by(35) {
            let child = start(&mut place.command(&words(&format!("{IMPORT}{column}"))));
            let id = child.id();
            thread::sleep(Duration::from_millis(milliseconds));
            signal(id, Signal::KILL);
            let ran = finish(child);
            if ran.code == 0 {
                break;
            }
            assert_eq!(ran.code, 128 + 9, "{ran:?}");
            killed += 1;
        }
        assert!(killed > 0, "no import was killed");
        let total = place.count("total");
        println!("killed {killed} times");
        let last = place.json(&format!("{IMPORT}{column}"));
        let count = |field| last.get(field).map(model::json::write).unwrap();
        assert_eq!(count("rejected"), "0");
        assert_eq!(count("duplicate"), total.to_string());
        assert_complete(&place);
    }
}

#[test]
fn interrupted_import_says_how_to_go_on() {
    let place = place_with_rows();
    let child = serving(&place, IMPORT);
    signal(child.id(), Signal::INT);
    let ran = finish(child);
    assert_eq!(ran.code, 130, "{ran:?}");
    assert!(ran.err.contains("the same import can be run again"), "{ran:?}");
    place.ok(IMPORT);
    assert_complete(&place);
}

#[test]
fn interrupted_wait_leaves_store_usable() {
    for stop in [Signal::INT, Signal::TERM] {
        let place = Place::with_orders();
        let owner = serving(&place, "item claim orders --wait 50s --output json");
        let client = start(&mut place.command(&words("item claim orders --wait 50s")));
        // The second one may be hit before it listens for signals; then the system ends it.
        for child in [owner, client] {
            place.ok("queue list");
            signal(child.id(), stop);
            let ran = finish(child);
            assert!(ran.code == 130 || ran.code == 128 + stop.as_raw(), "{ran:?}");
        }
        place.ok("item add orders --value 1");
        assert_eq!(list(&place.json("item claim orders")).len(), 1);
        place.assert_sound();
    }
}

#[test]
fn interrupted_owner_says_so_and_exits_130() {
    let place = Place::with_orders();
    let owner = serving(&place, "item claim orders --wait 50s --output json");
    signal(owner.id(), Signal::INT);
    finish(owner).assert_refused(130, "interrupted", "run it again");
}

#[test]
fn killed_owner_loses_nothing_acknowledged() {
    for round in 0..3 {
        let place = Arc::new(Place::with_orders());
        place.ok("queue create other");
        let owner = serving(&place, "item claim other --wait 50s");
        let adders: Vec<_> = (0..8)
            .map(|adder| {
                let place = Arc::clone(&place);
                thread::spawn(move || add_some(&place, adder))
            })
            .collect();
        thread::sleep(Duration::from_millis(40 + 60 * round));
        signal(owner.id(), Signal::KILL);
        assert_eq!(finish(owner).code, 128 + 9);
        let (mut acknowledged, mut unknown) = (Vec::new(), 0);
        for adder in adders {
            let (added, unclear) = adder.join().unwrap();
            acknowledged.extend(added);
            unknown += unclear;
        }
        let items = place.json("item list orders --limit 1000");
        let there: HashSet<&str> = list(&items).iter().map(|item| text(item, "id")).collect();
        let lost: Vec<_> = acknowledged.iter().filter(|id| !there.contains(id.as_str())).collect();
        assert_eq!(lost, [""; 0]);
        let most = acknowledged.len() + unknown;
        assert!((acknowledged.len()..=most).contains(&there.len()), "{unknown} unknown");
        place.assert_sound();
    }
}

/// Adds items one after another: the ids that were acknowledged, and how many are not known.
fn add_some(place: &Place, who: usize) -> (Vec<String>, usize) {
    let (mut added, mut unknown) = (Vec::new(), 0);
    for number in 0..5 {
        let ran = place.run(&format!("item add orders --value 1 --reference {who}-{number}"));
        if ran.code == 0 {
            added.push(ran.out.trim().to_owned());
        } else {
            ran.assert_refused(1, "store/unknown-outcome", "look before you repeat it");
            unknown += 1;
        }
    }
    (added, unknown)
}

#[test]
fn import_outlives_its_owner() {
    for milliseconds in [5, 60, 150] {
        let place = place_with_rows();
        place.ok("queue create other");
        let owner = serving(&place, "item claim other --wait 50s");
        let import = start(&mut place.command(&words(IMPORT)));
        thread::sleep(Duration::from_millis(milliseconds));
        signal(owner.id(), Signal::KILL);
        finish(owner);
        let ran = finish(import);
        println!("owner killed after {milliseconds} ms: {}", ran.code);
        if ran.code != 0 {
            assert_eq!(ran.code, 1, "{ran:?}");
            assert!(ran.err.contains("error[store/unknown-outcome]"), "{ran:?}");
            assert!(ran.err.contains("the same import can be run again"), "{ran:?}");
        }
        place.ok(IMPORT);
        assert_complete(&place);
    }
}

#[test]
fn stopped_owner_hands_over() {
    let place = Place::with_orders();
    let owner = serving(&place, "item claim orders --wait 50s");
    let client = start(&mut place.command(&words("item claim orders --wait 50s --output jsonl")));
    signal(owner.id(), Signal::TERM);
    assert_eq!(finish(owner).code, 130);
    place.ok("item add orders --value 1");
    let ran = finish(client);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 1), "{ran:?}");
}
