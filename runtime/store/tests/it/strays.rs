//! Items whose times no item may have, as only an older store or somebody else can have written.

use model::limits::{MOMENT_MAX, MOMENT_MIN};
use model::{Change, Expiry, Id, ItemEdit, ItemQuery};
use rusqlite::Connection;
use support::Bench;

use crate::conformance::open_with_readers;

/// What an item of the first stores expired at when somebody asked for the end of time.
const END_OF_TIME: i64 = 253_402_207_200_999_999;

/// A store with two sound items, and between them one in whose columns this is planted.
fn planted(set: &str) -> (Bench, [Id; 3]) {
    let mut bench = Bench::new(open_with_readers);
    let items = [(); 3].map(|()| bench.add());
    bench.reopen_after(|place| {
        let db = Connection::open(place.dir.join("wharf.db")).unwrap();
        let plant = format!("UPDATE item SET {set} WHERE id = ?1");
        assert_eq!(db.execute(&plant, [items[1].to_bytes()]).unwrap(), 1);
    });
    (bench, items)
}

#[test]
fn a_check_names_items_with_impossible_times() {
    let (bench, [_, stray, _]) = planted(&format!("expires = {END_OF_TIME}"));
    let told = [format!("item {stray} has a time beyond the limits")];
    assert_eq!(bench.check().unwrap().problems, told);
    let (bench, _) = planted(&format!("expires = {}", MOMENT_MAX.as_microsecond()));
    assert_eq!(bench.check().unwrap().problems, [] as [String; 0]);
    for column in ["expires", "delay_until", "created", "modified", "completed"] {
        for micros in
            [i64::MIN, MOMENT_MIN.as_microsecond() - 1, MOMENT_MAX.as_microsecond() + 1, i64::MAX]
        {
            let (bench, [_, stray, _]) = planted(&format!("{column} = {micros}"));
            let told = [format!("item {stray} has a time beyond the limits")];
            assert_eq!(bench.check().unwrap().problems, told, "{column} = {micros}");
            bench.make(Change::Delete { item: stray }).unwrap();
        }
    }
}

#[test]
fn an_impossible_time_hides_no_item() {
    let far = format!("expires = {END_OF_TIME}, due = {END_OF_TIME}");
    let (bench, items) = planted(&far);
    let listed = bench.items(ItemQuery { limit: 10, ..ItemQuery::default() }).unwrap().items;
    assert_eq!(listed.iter().map(|item| item.id).collect::<Vec<_>>(), items);
    let life = |item| bench.item(item).unwrap().life;
    assert_eq!(life(items[1]).expires, Some(MOMENT_MAX));
    assert_eq!(bench.history(items[1], 0, 10).unwrap().len(), 1);
    assert_eq!(bench.take(10).iter().map(|claimed| claimed.item.id).collect::<Vec<_>>(), items);
    bench.make(Change::Hold { item: items[1], note: None }).unwrap();
    // Whatever moves it writes the time that was read: that mends it.
    bench.assert_sound();
}

#[test]
fn an_impossible_time_can_be_edited_away() {
    let (bench, [_, stray, _]) = planted(&format!("expires = {END_OF_TIME}"));
    let edit = ItemEdit { expires: Some(Expiry::Never), ..ItemEdit::default() };
    bench.make(Change::Edit { item: stray, edit: Box::new(edit) }).unwrap();
    bench.assert_sound();
    assert_eq!(bench.item(stray).unwrap().life.expires, None);
}

#[test]
fn a_queue_with_impossible_times_can_be_cleared() {
    for micros in [i64::MIN, i64::MAX] {
        let (bench, _) = planted(&format!("expires = {micros}, delay_until = {micros}"));
        bench.sweep("orders", 10).unwrap();
        let listed = bench.items(ItemQuery { limit: 10, ..ItemQuery::default() }).unwrap().items;
        assert_eq!(listed, []);
    }
}
