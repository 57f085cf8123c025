//! Queues are made, found, changed, counted, emptied and dropped.

use model::{Change, QueueEdit, QueueSettings, QueueState, Status};

use crate::{Bench, secs};

fn create(bench: &Bench, settings: QueueSettings) -> Change {
    Change::CreateQueue { id: bench.id(), settings: Box::new(settings), schema: None }
}

fn edit(set: impl FnOnce(&mut QueueEdit)) -> Change {
    let mut edit = QueueEdit::default();
    set(&mut edit);
    Change::EditQueue { queue: "orders".into(), edit: Box::new(edit) }
}

pub fn a_queue_keeps_what_it_was_given(bench: &mut Bench) {
    let mut settings = QueueSettings::new("Vendor Invoices");
    settings.name = "Vendor invoice processing".into();
    settings.description = "14 day SLA.".into();
    settings.rules = model::Rules {
        ttl: Some(secs(86_400)),
        at_risk_percent: Some(80),
        continue_if_violated: true,
        retries: 3,
        retry_delay: secs(30),
        crashes: 7,
        processing_limit: Some(secs(600)),
        edit_while_processing: true,
        keep: Some(secs(1_000)),
    };
    let change = create(bench, settings.clone());
    let id = bench.make(change).unwrap().id;
    let queue = bench.queue("Vendor Invoices").unwrap();
    assert_eq!((queue.id, &queue.settings), (id, &settings));
    assert_eq!((queue.state, queue.schema_version), (QueueState::Active, None));
    assert_eq!((queue.created, queue.modified), (bench.now(), bench.now()));
}

pub fn a_queue_is_found_by_key_name_and_id(bench: &mut Bench) {
    let settings = QueueSettings { name: "The Name".into(), ..QueueSettings::new("key") };
    let id = bench.make(create(bench, settings)).unwrap().id;
    for text in ["key", "The Name", &id.to_string(), &id.to_string().to_uppercase()] {
        assert_eq!(bench.queue(text).unwrap().id, id, "{text}");
    }
    assert_eq!(bench.queue("KEY").unwrap_err().code(), "queue/not-found");
}

pub fn a_key_wins_over_a_name(bench: &mut Bench) {
    for key in ["one", "two"] {
        let settings = QueueSettings { name: "orders".into(), ..QueueSettings::new(key) };
        bench.make(create(bench, settings)).unwrap();
    }
    assert_eq!(bench.queue("orders").unwrap().settings.key, "orders");
}

pub fn a_shared_name_is_ambiguous(bench: &mut Bench) {
    for key in ["one", "two"] {
        let settings = QueueSettings { name: "same".into(), ..QueueSettings::new(key) };
        bench.make(create(bench, settings)).unwrap();
    }
    assert_eq!(bench.queue("same").unwrap_err().code(), "queue/ambiguous");
    assert_eq!(bench.stats("same").unwrap_err().code(), "queue/ambiguous");
}

pub fn keys_and_ids_are_unique(bench: &mut Bench) {
    let again = create(bench, QueueSettings::new("orders"));
    assert_eq!(bench.refused(again), "queue/exists");
    let id = bench.queue("orders").unwrap().id;
    let settings = Box::new(QueueSettings::new("other"));
    let same_id = Change::CreateQueue { id, settings, schema: None };
    assert_eq!(bench.refused(same_id), "queue/duplicate-id");
    assert_eq!(bench.queues().unwrap().len(), 1);
}

pub fn bad_keys_are_refused(bench: &mut Bench) {
    for (key, code) in [
        ("", "value/blank"),
        ("  ", "value/blank"),
        (" a", "value/bad-name"),
        ("a ", "value/bad-name"),
        ("a\nb", "value/bad-name"),
    ] {
        let change = create(bench, QueueSettings::new(key));
        assert_eq!(bench.refused(change), code, "{key:?}");
    }
    let change = create(bench, QueueSettings::new("a b/ü"));
    bench.make(change).unwrap();
}

pub fn an_edited_queue_changes_what_is_named(bench: &mut Bench) {
    let before = bench.queue("orders").unwrap();
    bench.pass(5);
    bench.make(edit(|edit| edit.description = Some("d".into()))).unwrap();
    let after = bench.queue("orders").unwrap();
    let mut expected = before.clone();
    expected.settings.description = "d".into();
    expected.modified = bench.now();
    assert_eq!(after, expected);
    bench.make(edit(|edit| edit.name = Some("n".into()))).unwrap();
    assert_eq!(bench.queue("n").unwrap().id, before.id);
    let unknown = Change::EditQueue { queue: "x".into(), edit: Box::default() };
    assert_eq!(bench.refused(unknown), "queue/not-found");
}

pub fn queues_are_listed_in_the_order_of_their_making(bench: &mut Bench) {
    for key in ["z", "a", "m"] {
        bench.make_queue(key, |_| ());
    }
    bench.make(Change::DropQueue { queue: "a".into() }).unwrap();
    bench.make_queue("b", |_| ());
    let keys: Vec<_> =
        bench.queues().unwrap().into_iter().map(|queue| queue.settings.key).collect();
    assert_eq!(keys, ["orders", "z", "m", "b"]);
}

pub fn a_deletion_is_never_taken_back(bench: &mut Bench) {
    let set = |state| Change::SetQueueState { queue: "orders".into(), state };
    for state in [QueueState::Paused, QueueState::Stopped, QueueState::Active] {
        bench.make(set(state)).unwrap();
        assert_eq!(bench.queue("orders").unwrap().state, state);
    }
    bench.make(set(QueueState::Deleting)).unwrap();
    for state in [QueueState::Active, QueueState::Paused, QueueState::Stopped] {
        assert_eq!(bench.refused(set(state)), "queue/deleting");
    }
    bench.make(set(QueueState::Deleting)).unwrap();
}

pub fn only_an_empty_queue_is_dropped(bench: &mut Bench) {
    bench.add_many(3);
    let drop_queue = || Change::DropQueue { queue: "orders".into() };
    assert_eq!(bench.refused(drop_queue()), "queue/not-empty");
    let state = QueueState::Deleting;
    bench.make(Change::SetQueueState { queue: "orders".into(), state }).unwrap();
    let swept: Vec<_> = (0..3).map(|_| bench.sweep("orders", 2).unwrap()).collect();
    assert_eq!(swept, [2, 1, 0]);
    bench.make(drop_queue()).unwrap();
    let codes = [
        bench.queue("orders").unwrap_err().code(),
        bench.stats("orders").unwrap_err().code(),
        bench.claim(bench.claim_of(1)).unwrap_err().code(),
        bench.sweep("orders", 1).unwrap_err().code(),
        bench.wait_ready("orders", secs(0)).unwrap_err().code(),
        bench.schema("orders", None).unwrap_err().code(),
        bench.refused(drop_queue()),
    ];
    assert_eq!(codes, ["queue/not-found"; 7]);
}

pub fn a_sweep_takes_items_of_every_status(bench: &mut Bench) {
    let mut ids = Vec::new();
    for status in Status::ALL {
        ids.push(bench.item_in(status));
        if status == Status::Queued {
            // Nothing may be ready while the next item is led to its status.
            bench.make(Change::Hold { item: ids[ids.len() - 1], note: None }).unwrap();
        }
    }
    bench.make_queue("others", |_| ());
    let spared = bench.add_as(|new| new.queue = "others".into());
    assert_eq!(bench.sweep("orders", 0).unwrap(), 0);
    assert_eq!(bench.sweep("orders", 1_000).unwrap(), 12);
    for id in ids {
        assert_eq!(bench.history(id, 0, 1).unwrap_err().code(), "queue/item-not-found");
    }
    assert_eq!(bench.status(spared), Status::Queued);
    assert_eq!(bench.stats("orders").unwrap().total(), 0);
}

pub fn a_queue_made_anew_starts_empty(bench: &mut Bench) {
    let schema = Some(Some("{\"type\":\"string\"}".into()));
    let batch = bench.open_batch();
    bench.make(edit(|edit| edit.schema = schema)).unwrap();
    bench.make(Change::DropQueue { queue: "orders".into() }).unwrap();
    bench.make_queue("orders", |_| ());
    assert_eq!(bench.schema("orders", None).unwrap(), None);
    assert_eq!(bench.refused(Change::CommitBatch { batch }), "batch/not-found");
    let id = bench.add();
    assert_eq!(bench.take_ids(), [id]);
}

pub fn stats_count_each_status(bench: &mut Bench) {
    let stats = bench.stats("orders").unwrap();
    assert_eq!((stats.total(), stats.oldest_queued), (0, None));
    let first = bench.now();
    bench.add_many(2);
    bench.pass(10);
    bench.item_in(Status::OnHold);
    bench.finish_one(model::Ending::Processed);
    let second = bench.now();
    bench.add();
    let stats = bench.stats("orders").unwrap();
    assert_eq!((stats.count(Status::Queued), stats.oldest_queued), (2, Some(first)));
    assert_eq!((stats.count(Status::OnHold), stats.count(Status::Processed)), (1, 1));
    assert_eq!(stats.queue, bench.queue("orders").unwrap());
    bench.take_one();
    assert_eq!(bench.stats("orders").unwrap().oldest_queued, Some(second));
}

pub fn a_waiting_claimer_is_told_of_what_is_there(bench: &mut Bench) {
    assert!(!bench.wait_ready("orders", std::time::Duration::from_millis(5)).unwrap());
    let item = bench.add();
    assert!(bench.wait_ready("orders", secs(3_600)).unwrap());
    bench.make(Change::Hold { item, note: None }).unwrap();
    assert!(!bench.wait_ready("orders", secs(0)).unwrap());
}
