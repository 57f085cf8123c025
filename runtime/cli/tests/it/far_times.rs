//! Times so far away that no item can carry them: refused at every door, and nothing is left
//! behind.

use crate::place::Place;

const FAR: &str = "99999999999d";
const LIMIT: &str = "at most 9999-01-01T00:00:00Z";

#[test]
fn far_times_are_refused_everywhere() {
    let place = Place::with_orders();
    let id = place.ok("item add orders --value 1").trim().to_owned();
    for line in [
        format!("item add orders --value 1 --expires {FAR}"),
        format!("item add orders --value 1 --delay {FAR}"),
        "item add orders --value 1 --expires 2990000d".to_owned(),
        format!("item edit {id} --expires {FAR}"),
        format!("item requeue {id} --delay {FAR}"),
        format!("item requeue {id} --expires {FAR}"),
    ] {
        let ran = place.run(&line);
        ran.assert_refused(2, "usage/invalid", LIMIT);
        assert!(ran.err.contains("d from now is beyond the limit of 9999-01-01"), "{ran:?}");
    }
    place.ok("item add orders --value 2 --expires 2900000d");
    assert_eq!(place.count("total"), 2);
    place.assert_sound();
    place.ok(&format!("item delete {id}"));
}

#[test]
fn the_end_of_the_calendar_is_too_far() {
    let place = Place::with_orders();
    let id = place.ok("item add orders --value 1").trim().to_owned();
    for time in ["9999-12-31T23:59:59Z", "9999-12-30T21:00:00Z", "9999-01-01T00:00:00.000001Z"] {
        for line in [
            format!("item add orders --value 1 --expires {time}"),
            format!("item add orders --value 1 --delay {time}"),
            format!("item edit {id} --expires {time}"),
            format!("item requeue {id} --delay {time}"),
        ] {
            let ran = place.run(&line);
            ran.assert_refused(2, "usage/invalid", LIMIT);
            assert!(ran.err.contains(&format!("the time {time} is beyond the limit")), "{ran:?}");
        }
    }
    let last = "9999-01-01T00:00:00Z";
    place.ok(&format!("item edit {id} --expires {last}"));
    assert!(place.ok(&format!("item show {id}")).contains(last));
    assert!(place.ok(&format!("item history {id}")).contains("expires"), "what was edited");
}

#[test]
fn imported_far_times_reject_their_rows() {
    let place = Place::with_orders();
    place.file("rows.csv", format!("until,n\n{FAR},1\n9999-12-31T23:59:59Z,2\n7d,3\n"));
    let ran = place.run("item import orders rows.csv --expires-from until");
    assert_eq!((ran.code, ran.out.as_str()), (4, "accepted 1, duplicate 0, rejected 2\n"));
    assert!(ran.err.contains("(row 1): limit/exceeded: column `until`: the time 99"), "{ran:?}");
    assert!(ran.err.contains("(row 2): value/bad-time: column `until`: the time 99"), "{ran:?}");
    assert_eq!(place.ok("item list orders --output jsonl").lines().count(), 1);
    place.assert_sound();
}

#[test]
fn a_queue_with_far_times_works() {
    let place = Place::with_orders();
    let far = "--expires 9999-01-01T00:00:00Z";
    let id = place.ok(&format!("item add orders --value 1 {far}")).trim().to_owned();
    place.ok(&format!("item add orders --value 2 {far} --delay 2900000d"));
    for line in [
        format!("item show {id}"),
        format!("item history {id}"),
        "item list orders".to_owned(),
        "item export orders".to_owned(),
        "item claim orders".to_owned(),
        format!("item hold {id}"),
        format!("item edit {id} --priority high"),
        format!("item delete {id}"),
        "queue clear orders --yes".to_owned(),
        "queue delete orders --force".to_owned(),
    ] {
        place.ok(&line);
    }
    place.assert_sound();
}
