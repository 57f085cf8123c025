//! Lists, page by page.

use model::{Change, Ending, Id, Item, ItemQuery, Status, limits};

use crate::Bench;

fn of_orders(limit: usize) -> ItemQuery {
    ItemQuery { queue: Some("orders".into()), limit, ..ItemQuery::default() }
}

fn ids(items: &[Item]) -> Vec<Id> {
    items.iter().map(|item| item.id).collect()
}

pub fn every_page_size_gives_the_same_list(bench: &mut Bench) {
    let mut expected = bench.add_many(25);
    for limit in [1, 2, 3, 7, 24, 25, 26, 100, 500] {
        assert_eq!(ids(&bench.walk(&of_orders(limit))), expected, "{limit}");
        let everywhere = ItemQuery { limit, ..ItemQuery::default() };
        assert_eq!(ids(&bench.walk(&everywhere)), expected, "{limit}");
    }
    expected.reverse();
    for limit in [1, 2, 3, 7, 24, 25, 26, 100, 500] {
        let newest = ItemQuery { newest_first: true, ..of_orders(limit) };
        assert_eq!(ids(&bench.walk(&newest)), expected, "{limit}");
        let everywhere = ItemQuery { newest_first: true, limit, ..ItemQuery::default() };
        assert_eq!(ids(&bench.walk(&everywhere)), expected, "{limit}");
    }
}

pub fn the_last_page_has_no_next_one(bench: &mut Bench) {
    bench.add_many(6);
    for (limit, pages) in [(6, 1), (3, 2), (4, 2), (100, 1)] {
        let mut query = of_orders(limit);
        for page in 1..=pages {
            query.cursor = bench.items(query.clone()).unwrap().next;
            assert_eq!(query.cursor.is_none(), page == pages, "page {page} of {limit}");
        }
    }
    assert_eq!(bench.items(ItemQuery { queue: None, ..of_orders(9) }).unwrap().next, None);
}

pub fn filters_narrow_the_list(bench: &mut Bench) {
    bench.make_queue("others", |_| ());
    let old = bench.add_as(|new| new.reference = Some("R".into()));
    bench.pass(10);
    let noon = bench.now();
    let held = bench.item_in(Status::OnHold);
    let other = bench.add_as(|new| {
        new.queue = "others".into();
        new.reference = Some("R".into());
    });
    bench.finish_one(Ending::Processed);
    let list = |set: &dyn Fn(&mut ItemQuery)| {
        let mut query = ItemQuery { limit: 2, ..ItemQuery::default() };
        set(&mut query);
        ids(&bench.walk(&query))
    };
    assert_eq!(list(&|_| ()), [old, held, other]);
    assert_eq!(list(&|query| query.queue = Some("orders".into())), [old, held]);
    assert_eq!(list(&|query| query.statuses = vec![Status::OnHold]), [held]);
    let two = vec![Status::Processed, Status::OnHold, Status::Processed];
    assert_eq!(list(&|query| query.statuses.clone_from(&two)), [old, held]);
    assert_eq!(list(&|query| query.statuses = vec![Status::Expired]), []);
    assert_eq!(list(&|query| query.reference = Some("R".into())), [old, other]);
    assert_eq!(list(&|query| query.created_before = Some(noon)), [old]);
    assert_eq!(list(&|query| query.created_after = Some(noon)), [held, other]);
    let both = |query: &mut ItemQuery| {
        query.queue = Some("others".into());
        query.reference = Some("R".into());
        query.statuses = vec![Status::Queued];
    };
    assert_eq!(list(&both), [other]);
    assert_eq!(list(&|query| (both(query), query.statuses = vec![Status::OnHold]).1), []);
    for name in ["others", &bench.queue("others").unwrap().id.to_string()] {
        assert_eq!(list(&|query| query.queue = Some(name.into())), [other]);
    }
}

pub fn a_reference_is_found_with_any_page_size(bench: &mut Bench) {
    bench.add_many(3);
    let wanted = bench.add_as(|new| new.reference = Some("R".into()));
    for limit in [1, 2, 500] {
        for queue in [None, Some("orders".into())] {
            let reference = Some("R".into());
            let query = ItemQuery { queue, reference, limit, ..ItemQuery::default() };
            assert_eq!(ids(&bench.walk(&query)), [wanted]);
        }
    }
}

pub fn a_cursor_survives_changes_around_it(bench: &mut Bench) {
    let added = bench.add_many(20);
    let mut query = of_orders(5);
    let page = bench.items(query.clone()).unwrap();
    assert_eq!(ids(&page.items), added[..5]);
    query.cursor = page.next;
    for item in [added[4], added[5], added[7]] {
        bench.make(Change::Delete { item }).unwrap();
    }
    bench.make(Change::Hold { item: added[8], note: None }).unwrap();
    let last = bench.add();
    let rest = ids(&bench.walk(&query));
    let mut expected = vec![added[6]];
    expected.extend(&added[8..]);
    expected.push(last);
    assert_eq!(rest, expected, "no item twice, none left out");
}

pub fn a_newest_first_cursor_shows_no_later_item(bench: &mut Bench) {
    let added = bench.add_many(6);
    let mut query = ItemQuery { newest_first: true, ..of_orders(2) };
    query.cursor = bench.items(query.clone()).unwrap().next;
    bench.add_many(3);
    let mut expected = added[..4].to_vec();
    expected.reverse();
    assert_eq!(ids(&bench.walk(&query)), expected);
}

pub fn a_moving_status_list_ends(bench: &mut Bench) {
    let added = bench.add_many(10);
    let mut query = ItemQuery { statuses: vec![Status::Queued], ..of_orders(2) };
    let mut seen = Vec::new();
    loop {
        let page = bench.items(query.clone()).unwrap();
        for item in &page.items {
            bench.make(Change::Hold { item: item.id, note: None }).unwrap();
        }
        seen.extend(ids(&page.items));
        query.cursor = page.next;
        if query.cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, added);
}

pub fn a_foreign_cursor_is_refused(bench: &mut Bench) {
    bench.add_many(3);
    let cursor = bench.items(of_orders(1)).unwrap().next;
    let turned = ItemQuery { newest_first: true, cursor, ..of_orders(1) };
    assert_eq!(bench.items(turned).unwrap_err().code(), "value/bad-cursor");
    for text in ["", "x", "é", "o", "oxyz", "o1 ", "offffffffffffffffff"] {
        let query = ItemQuery { cursor: Some(text.into()), ..of_orders(1) };
        assert_eq!(bench.items(query).unwrap_err().code(), "value/bad-cursor", "{text:?}");
    }
}

pub fn unknown_queues_are_refused(bench: &mut Bench) {
    let queue = Some("nowhere".into());
    let query = ItemQuery { queue, limit: 5, ..ItemQuery::default() };
    assert_eq!(bench.items(query).unwrap_err().code(), "queue/not-found");
}

pub fn a_page_of_large_values_ends_early(bench: &mut Bench) {
    let value = format!("\"{}\"", "x".repeat(limits::ITEM_VALUE_BYTES_MAX - 2));
    for _ in 0..6 {
        bench.add_new(bench.new_item(&value)).unwrap();
    }
    let page = bench.items(of_orders(100)).unwrap();
    assert_eq!(page.items.len(), limits::PAGE_BYTES_MAX / limits::ITEM_VALUE_BYTES_MAX);
    assert!(page.next.is_some());
    assert_eq!(bench.walk(&of_orders(100)).len(), 6);
}

pub fn a_page_examines_a_bounded_number_of_rows(bench: &mut Bench) {
    bench.add_many(limits::PAGE_SCAN_ROWS_MAX);
    let wanted = bench.add_as(|new| new.reference = Some("R".into()));
    let reference = Some("R".into());
    let query = ItemQuery { reference, limit: 10, ..ItemQuery::default() };
    let page = bench.items(query.clone()).unwrap();
    assert_eq!(page.items, [], "a page may be empty");
    assert!(page.next.is_some(), "and still have a next one");
    assert_eq!(ids(&bench.walk(&query)), [wanted]);
}
