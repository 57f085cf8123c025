//! People repair what went wrong: requeue, hold, release, edit, note, delete.

use model::{Change, Ending, Expiry, ItemEdit, Move, Priority, Status, status};

use crate::{Bench, secs, settlement};

fn requeue(item: model::Id) -> Change {
    Change::Requeue {
        item,
        token: None,
        delay_until: None,
        expires: None,
        note: None,
        clear_notes: false,
    }
}

fn edit(item: model::Id, set: impl FnOnce(&mut ItemEdit)) -> Change {
    let mut edit = ItemEdit::default();
    set(&mut edit);
    Change::Edit { item, edit: Box::new(edit) }
}

fn note(item: model::Id, text: &str, clear: bool) -> Change {
    Change::Note { item, text: text.into(), clear }
}

/// The change that makes the move, where a person can ask for it without a token.
fn change_for(by: Move, item: model::Id) -> Option<Change> {
    Some(match by {
        Move::Requeue => requeue(item),
        Move::Hold => Change::Hold { item, note: None },
        Move::Release => Change::Release { item, note: None },
        Move::Edit => edit(item, |edit| edit.priority = Some(Priority::LOW)),
        Move::Note => note(item, "n", false),
        Move::Delete => Change::Delete { item },
        _ => return None,
    })
}

pub fn the_table_of_moves_holds_in_every_status(bench: &mut Bench) {
    for from in Status::ALL {
        for by in Move::ALL {
            let item = bench.item_in(from);
            let Some(change) = change_for(by, item) else {
                discard(bench, item);
                continue;
            };
            let got = bench.make(change);
            let held = from == Status::Processing && by == Move::Requeue;
            match status::targets(from, by) {
                Some(_) if held => assert_eq!(got.unwrap_err().code(), "queue/item-held"),
                Some([]) => assert_eq!(got.unwrap().status, None, "{from} by {by}"),
                Some(to) => {
                    assert!(to.contains(&got.unwrap().status.unwrap()), "{from} by {by}");
                }
                None => {
                    let on_hold = from == Status::OnHold;
                    let code =
                        if on_hold { "queue/item-on-hold" } else { "queue/invalid-transition" };
                    assert_eq!(got.unwrap_err().code(), code, "{from} by {by}");
                    assert_eq!(bench.status(item), from);
                }
            }
            discard(bench, item);
        }
    }
}

/// Takes an item out of the way, whatever its status.
fn discard(bench: &Bench, item: model::Id) {
    let Ok(found) = bench.item(item) else { return };
    match found.batch {
        Some(batch) => drop(bench.make(Change::DiscardBatch { batch }).unwrap()),
        None => drop(bench.make(Change::Delete { item }).unwrap()),
    }
    while bench.tick().unwrap().more {}
}

pub fn a_requeued_item_starts_over_at_the_back(bench: &mut Bench) {
    bench.set_rules(|rules| rules.retries = 1);
    let id = bench.add();
    for _ in 0..2 {
        bench.finish_one(Ending::ItException);
    }
    let waiting = bench.add();
    assert_eq!(bench.make(requeue(id)).unwrap().status, Some(Status::Queued));
    let life = bench.item(id).unwrap().life;
    assert_eq!((life.requeues, life.retries, life.crashes, life.attempt), (1, 0, 0, 2));
    assert_eq!(life.completed, None);
    assert_eq!(bench.take_ids(), [waiting, id]);
}

pub fn a_worker_requeues_what_it_holds_with_its_token(bench: &mut Bench) {
    let id = bench.add();
    let claimed = bench.take_one();
    let change = |token| Change::Requeue {
        item: id,
        token,
        delay_until: Some(bench.in_secs(10)),
        expires: Some(Expiry::At(bench.in_secs(99))),
        note: Some("the bank is closed".into()),
        clear_notes: false,
    };
    assert_eq!(bench.refused(change(None)), "queue/item-held");
    let stranger = Some(model::Token::from_bytes([9; 16]));
    assert_eq!(bench.refused(change(stranger)), "queue/lease-lost");
    let done = bench.make(change(Some(claimed.token))).unwrap();
    assert_eq!(done.status, Some(Status::Scheduled));
    let life = bench.item(id).unwrap().life;
    assert_eq!(
        (life.delay_until, life.expires),
        (Some(bench.in_secs(10)), Some(bench.in_secs(99)))
    );
    assert_eq!(bench.texts(id), ["the bank is closed"]);
    assert_eq!(bench.refused(change(Some(claimed.token))), "queue/lease-lost");
}

pub fn requeueing_renews_a_passed_expiry(bench: &mut Bench) {
    bench.set_rules(|rules| rules.ttl = Some(secs(60)));
    let id = bench.add();
    bench.pass_and_tick(60);
    assert_eq!(bench.status(id), Status::Expired);
    bench.make(requeue(id)).unwrap();
    assert_eq!(bench.item(id).unwrap().life.expires, Some(bench.in_secs(60)));
    bench.pass_and_tick(59);
    assert_eq!(bench.status(id), Status::Queued);
}

pub fn requeueing_into_the_past_is_refused(bench: &mut Bench) {
    let item = bench.item_in(Status::Processed);
    let expires = Some(Expiry::At(bench.now()));
    let change = Change::Requeue {
        item,
        token: None,
        delay_until: None,
        expires,
        note: Some("n".into()),
        clear_notes: true,
    };
    assert_eq!(bench.refused(change), "value/expiry-in-past");
    assert_eq!(bench.trail(item).len(), 3);
}

pub fn an_expiry_is_said_in_three_ways(bench: &mut Bench) {
    bench.set_rules(|rules| rules.ttl = Some(secs(60)));
    let said = [
        (Expiry::Never, None),
        (Expiry::OfQueue, Some(bench.in_secs(90))),
        (Expiry::At(bench.in_secs(500)), Some(bench.in_secs(500))),
    ];
    bench.pass(30);
    for (expires, expected) in said {
        let item = bench.item_in(Status::Processed);
        let mut again = requeue(item);
        if let Change::Requeue { expires: said, .. } = &mut again {
            *said = Some(expires);
        }
        let before = bench.trail(item).len();
        bench.make(again).unwrap();
        assert_eq!(bench.item(item).unwrap().life.expires, expected, "{expires:?}");
        assert_eq!(bench.trail(item).len(), before + 1, "it is one change");
        let other = bench.item_in(Status::Queued);
        bench.make(edit(other, |edit| edit.expires = Some(expires))).unwrap();
        assert_eq!(bench.item(other).unwrap().life.expires, expected, "{expires:?}");
        discard(bench, item);
        discard(bench, other);
    }
}

pub fn requeueing_clears_notes_where_asked(bench: &mut Bench) {
    let item = bench.item_in(Status::Processed);
    bench.make(note(item, "old", false)).unwrap();
    bench.make(requeue(item)).unwrap();
    assert_eq!(bench.texts(item), ["old"]);
    let change = Change::Requeue {
        item,
        token: None,
        delay_until: None,
        expires: None,
        note: Some("new".into()),
        clear_notes: true,
    };
    assert_eq!(bench.make(change).unwrap().cleared, 1);
    assert_eq!(bench.texts(item), ["new"]);
}

pub fn clearing_takes_the_notes_of_every_verb_and_no_result(bench: &mut Bench) {
    let item = bench.add_as(|new| new.note = Some("added".into()));
    bench.make(edit(item, |edit| edit.priority = Some(Priority::HIGH))).unwrap();
    bench.make(Change::Hold { item, note: Some("held".into()) }).unwrap();
    bench.make(Change::Release { item, note: Some("released".into()) }).unwrap();
    let mut settlement = settlement(&bench.take_one(), Ending::Processed);
    if let Change::Settle(settlement) = &mut settlement {
        settlement.result = Some("the result".into());
    }
    bench.make(settlement).unwrap();
    let mut requeue = requeue(item);
    if let Change::Requeue { note, .. } = &mut requeue {
        *note = Some("requeued".into());
    }
    bench.make(requeue).unwrap();
    bench.make(note(item, "noted", false)).unwrap();
    assert_eq!(bench.make(note(item, "", true)).unwrap().cleared, 5);
    assert_eq!(bench.texts(item), ["priority", "the result"]);
    assert_eq!(bench.make(note(item, "the last", true)).unwrap().cleared, 0);
    assert_eq!(bench.texts(item), ["priority", "the result", "the last"]);
}

pub fn a_held_item_waits_and_a_released_one_queues_last(bench: &mut Bench) {
    let ids = bench.add_many(2);
    let hold = Change::Hold { item: ids[0], note: Some("why".into()) };
    assert_eq!(bench.make(hold).unwrap().status, Some(Status::OnHold));
    let release = Change::Release { item: ids[0], note: Some("because".into()) };
    assert_eq!(bench.make(release).unwrap().status, Some(Status::Queued));
    assert_eq!(bench.texts(ids[0]), ["why", "because"]);
    assert_eq!(bench.take_ids(), [ids[1], ids[0]]);
}

pub fn a_released_item_still_waits_for_its_delay(bench: &mut Bench) {
    let item = bench.item_in(Status::Scheduled);
    bench.make(Change::Hold { item, note: None }).unwrap();
    let release = Change::Release { item, note: None };
    assert_eq!(bench.make(release.clone()).unwrap().status, Some(Status::Scheduled));
    bench.make(Change::Hold { item, note: None }).unwrap();
    bench.pass_and_tick(4_000);
    assert_eq!(bench.status(item), Status::OnHold);
    assert_eq!(bench.make(release).unwrap().status, Some(Status::Queued));
}

pub fn holding_takes_the_item_from_its_worker(bench: &mut Bench) {
    let item = bench.item_in(Status::Processing);
    bench.make(Change::Hold { item, note: None }).unwrap();
    assert_eq!(bench.item(item).unwrap().life.holder, None);
    bench.pass_and_tick(100);
    assert_eq!(bench.status(item), Status::OnHold, "no lease is left to run out");
}

pub fn an_edit_changes_what_it_names(bench: &mut Bench) {
    let item = bench.add_as(|new| {
        new.name = Some("a".into());
        new.reference = Some("R".into());
        new.expires = Expiry::At(bench.in_secs(100));
    });
    let before = bench.item(item).unwrap();
    bench.pass(1);
    bench.make(edit(item, |edit| edit.name = Some(Some("b".into())))).unwrap();
    let after = bench.item(item).unwrap();
    let expected = model::Item { name: Some("b".into()), modified: bench.now(), ..before.clone() };
    assert_eq!(after, expected);
    bench
        .make(edit(item, |edit| {
            edit.value = Some("[2]".into());
            edit.priority = Some(Priority::HIGH);
            edit.reference = Some(None);
            edit.expires = Some(Expiry::Never);
        }))
        .unwrap();
    let after = bench.item(item).unwrap();
    assert_eq!((after.value.as_str(), after.priority), ("[2]", Priority::HIGH));
    assert_eq!((after.reference, after.life.expires), (None, None));
    bench.pass_and_tick(200);
    assert_eq!(bench.status(item), Status::Queued);
}

pub fn an_edited_priority_counts_at_once(bench: &mut Bench) {
    let ids = bench.add_many(3);
    bench.make(edit(ids[2], |edit| edit.priority = Some(Priority::HIGH))).unwrap();
    bench.make(edit(ids[0], |edit| edit.priority = Some(Priority::LOW))).unwrap();
    assert_eq!(bench.take_ids(), [ids[2], ids[1], ids[0]]);
}

pub fn an_edited_expiry_counts_at_once(bench: &mut Bench) {
    let item = bench.add();
    bench.make(edit(item, |edit| edit.expires = Some(Expiry::At(bench.in_secs(5))))).unwrap();
    assert_eq!(
        bench.refused(edit(item, |edit| edit.expires = Some(Expiry::At(bench.now())))),
        "value/expiry-in-past"
    );
    bench.pass_and_tick(5);
    assert_eq!(bench.status(item), Status::Expired);
}

pub fn an_edited_reference_stays_unique(bench: &mut Bench) {
    let one = bench.add_as(|new| new.reference = Some("R".into()));
    let other = bench.add_as(|new| new.reference = Some("S".into()));
    let to = |text: &str| {
        let text = text.to_owned();
        edit(other, |edit| edit.reference = Some(Some(text)))
    };
    assert_eq!(bench.refused(to("R")), "queue/duplicate-reference");
    assert_eq!(bench.refused(to("")), "value/blank");
    bench.make(to("S")).unwrap();
    bench.make(to("T")).unwrap();
    assert_eq!(bench.item_by_reference("orders", "T").unwrap().id, other);
    assert_eq!(bench.item_by_reference("orders", "S").unwrap_err().code(), "queue/item-not-found");
    assert_eq!(bench.item_by_reference("orders", "R").unwrap().id, one);
}

pub fn an_edit_must_leave_json(bench: &mut Bench) {
    let item = bench.add();
    assert_eq!(
        bench.refused(edit(item, |edit| edit.value = Some("{".into()))),
        "value/invalid-json"
    );
    assert_eq!(bench.item(item).unwrap().value, "1");
}

pub fn content_is_locked_while_a_worker_reads_it(bench: &mut Bench) {
    let item = bench.item_in(Status::Processing);
    let value = || edit(item, |edit| edit.value = Some("2".into()));
    assert_eq!(bench.refused(value()), "queue/item-held");
    bench.make(edit(item, |edit| edit.priority = Some(Priority::HIGH))).unwrap();
    bench.set_rules(|rules| rules.edit_while_processing = true);
    bench.make(value()).unwrap();
    assert_eq!(bench.item(item).unwrap().value, "2");
}

pub fn notes_come_and_go(bench: &mut Bench) {
    let item = bench.add();
    bench.make(note(item, "one", false)).unwrap();
    bench.make(note(item, "two", false)).unwrap();
    assert_eq!(bench.texts(item), ["one", "two"]);
    bench.make(note(item, "three", true)).unwrap();
    assert_eq!(bench.texts(item), ["three"]);
    assert_eq!(bench.refused(note(item, "", false)), "value/blank");
    bench.make(note(item, "", true)).unwrap();
    assert_eq!(bench.texts(item), [""; 0]);
    assert_eq!(bench.trail(item).len(), 5, "that there were notes stays on record");
}

pub fn a_refused_note_clears_nothing(bench: &mut Bench) {
    let batch = bench.open_batch();
    let item = bench.add_as(|new| {
        new.batch = Some(batch);
        new.note = Some("kept".into());
    });
    assert_eq!(bench.refused(note(item, "x", true)), "queue/invalid-transition");
    assert_eq!(bench.texts(item), ["kept"]);
}

pub fn a_deleted_item_is_gone_with_its_history(bench: &mut Bench) {
    let item = bench.add_as(|new| new.reference = Some("R".into()));
    assert_eq!(bench.make(Change::Delete { item }).unwrap().status, None);
    let codes = [
        bench.item(item).unwrap_err().code(),
        bench.history(item, 0, 10).unwrap_err().code(),
        bench.item_by_reference("orders", "R").unwrap_err().code(),
        bench.refused(Change::Delete { item }),
    ];
    assert_eq!(codes, ["queue/item-not-found"; 4]);
    assert_eq!(bench.take_ids(), []);
    assert_eq!(bench.stats("orders").unwrap().total(), 0);
}

pub fn unknown_items_are_refused_by_every_change(bench: &mut Bench) {
    let item = bench.id();
    let token = model::Token::from_bytes([1; 16]);
    let changes = Move::ALL.into_iter().filter_map(|by| change_for(by, item));
    let give_back = Change::GiveBack { item, token, begun: false };
    for change in changes.chain([give_back]) {
        assert_eq!(bench.refused(change), "queue/item-not-found");
    }
}
