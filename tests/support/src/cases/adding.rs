//! Items come in.

use model::{Expiry, Priority, QueueState, Status};

use crate::Bench;

pub fn an_item_keeps_what_it_was_given(bench: &mut Bench) {
    let mut new = bench.new_item("{\"Amount\": 5000.00,\r\n \"a\": [1e400]}");
    new.name = Some("Rechnung Ü-1".into());
    new.reference = Some("I-1001".into());
    new.priority = Priority::try_from(17).unwrap();
    new.expires = Expiry::At(bench.in_secs(90));
    new.note = Some("from the folder".into());
    let done = bench.add_new(new.clone()).unwrap();
    assert_eq!((done.id, done.status), (new.id, Some(Status::Queued)));
    let item = bench.item(new.id).unwrap();
    assert_eq!(item.value, new.value, "values are kept byte for byte");
    assert_eq!((item.name, item.reference, item.priority), (new.name, new.reference, new.priority));
    assert_eq!((item.life.expires, item.life.delay_until), (Some(bench.in_secs(90)), None));
    assert_eq!((item.created, item.modified), (bench.now(), bench.now()));
    assert_eq!((item.life.attempt, item.life.retries, item.life.crashes), (0, 0, 0));
    assert_eq!((item.queue.as_str(), item.batch, item.schema_version), ("orders", None, None));
    assert_eq!(bench.texts(new.id), ["from the folder"]);
}

pub fn names_may_repeat_and_be_absent(bench: &mut Bench) {
    let names = [None, Some("a"), Some("a")];
    let ids = names.map(|name| bench.add_as(|new| new.name = name.map(Into::into)));
    for (id, name) in ids.iter().zip(names) {
        assert_eq!(bench.item(*id).unwrap().name.as_deref(), name);
    }
}

pub fn references_are_unique_within_a_queue(bench: &mut Bench) {
    bench.make_queue("others", |_| ());
    let first = bench.add_as(|new| new.reference = Some("R".into()));
    let mut again = bench.new_item("2");
    again.reference = Some("R".into());
    let refusal = bench.add_new(again.clone()).unwrap_err();
    assert_eq!(refusal.code(), "queue/duplicate-reference");
    assert!(refusal.hint().contains(&first.to_string()));
    again.queue = "others".into();
    bench.add_new(again).unwrap();
    bench.add_as(|new| new.reference = Some("r".into()));
    assert_eq!(bench.count(Status::Queued), 2);
}

pub fn a_finished_item_still_owns_its_reference(bench: &mut Bench) {
    bench.add_as(|new| new.reference = Some("R".into()));
    let id = bench.finish_one(model::Ending::Processed);
    let mut again = bench.new_item("2");
    again.reference = Some("R".into());
    assert_eq!(bench.add_new(again.clone()).unwrap_err().code(), "queue/duplicate-reference");
    bench.make(model::Change::Delete { item: id }).unwrap();
    bench.add_new(again).unwrap();
}

pub fn the_same_id_is_added_once(bench: &mut Bench) {
    let new = bench.new_item("1");
    bench.add_new(new.clone()).unwrap();
    assert_eq!(bench.add_new(new.clone()).unwrap_err().code(), "queue/duplicate-id");
    let mut elsewhere = new;
    bench.make_queue("others", |_| ());
    elsewhere.queue = "others".into();
    assert_eq!(bench.add_new(elsewhere).unwrap_err().code(), "queue/duplicate-id");
    assert_eq!(bench.check().unwrap().items, 1);
}

pub fn values_must_be_json(bench: &mut Bench) {
    for value in ["", " ", "{", "{\"a\":}", "[1,]", "nul", "01", "'a'", "{\"a\":1} x"] {
        let refusal = bench.add_new(bench.new_item(value)).unwrap_err();
        assert_eq!(refusal.code(), "value/invalid-json", "{value:?}");
    }
    for value in ["null", "0", "\"\\ud83d\\ude00\"", "[]", " {} "] {
        bench.add_new(bench.new_item(value)).unwrap();
    }
}

pub fn an_expiry_must_lie_ahead(bench: &mut Bench) {
    for expires in [bench.now(), "2020-01-01T00:00:00Z".parse().unwrap()] {
        let mut new = bench.new_item("1");
        new.expires = Expiry::At(expires);
        assert_eq!(bench.add_new(new).unwrap_err().code(), "value/expiry-in-past");
    }
    assert_eq!(bench.check().unwrap().items, 0);
}

pub fn the_queue_gives_a_blank_expiry(bench: &mut Bench) {
    bench.set_rules(|rules| rules.ttl = Some(crate::secs(60)));
    let by_rule = bench.add();
    let by_wish = bench.add_as(|new| new.expires = Expiry::At(bench.in_secs(5)));
    let by_wish_never = bench.add_as(|new| new.expires = Expiry::Never);
    bench.set_rules(|rules| rules.ttl = None);
    let never = bench.add();
    let expires = |id| bench.item(id).unwrap().life.expires;
    assert_eq!(expires(by_rule), Some(bench.in_secs(60)));
    assert_eq!(expires(by_wish), Some(bench.in_secs(5)));
    assert_eq!((expires(by_wish_never), expires(never)), (None, None));
}

pub fn a_delay_schedules_and_a_past_one_does_not(bench: &mut Bench) {
    let later = bench.add_as(|new| new.delay_until = Some(bench.in_secs(1)));
    let now = bench.add_as(|new| new.delay_until = Some(bench.now()));
    assert_eq!((bench.status(later), bench.status(now)), (Status::Scheduled, Status::Queued));
    assert_eq!(bench.item(now).unwrap().life.delay_until, None);
    assert_eq!(bench.take_ids(), [now]);
}

pub fn an_item_can_start_on_hold(bench: &mut Bench) {
    let held = bench.item_in(Status::OnHold);
    assert_eq!(bench.take_ids(), []);
    assert_eq!(bench.trail(held), [(None, Status::OnHold)]);
}

pub fn closed_queues_take_nothing_in(bench: &mut Bench) {
    let states = [
        (QueueState::Paused, "queue/paused"),
        (QueueState::Stopped, "queue/stopped"),
        (QueueState::Deleting, "queue/deleting"),
    ];
    for (state, code) in states {
        bench.make(model::Change::SetQueueState { queue: "orders".into(), state }).unwrap();
        assert_eq!(bench.add_new(bench.new_item("1")).unwrap_err().code(), code);
    }
}

pub fn an_unknown_queue_is_named_with_its_neighbour(bench: &mut Bench) {
    let mut new = bench.new_item("1");
    new.queue = "order".into();
    let refusal = bench.add_new(new).unwrap_err();
    assert_eq!(refusal.code(), "queue/not-found");
    assert!(refusal.hint().contains("orders"));
}
