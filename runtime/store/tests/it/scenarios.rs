//! What users of the systems before this one rely on, told as they would tell it.

use model::{
    Change, Ending, Expiry, Id, ItemEdit, Mode, NewItem, Outcome, Priority, QueueEdit,
    QueueSettings, QueueState, Sla, Status, Timestamp,
};
use support::{Bench, secs};

use crate::conformance::open_with_readers;

const HOUR: u64 = 3_600;

fn bench() -> Bench {
    Bench::new(open_with_readers)
}

fn clock_shows(bench: &Bench, at: &str) {
    bench.place.clock.set(at.parse().unwrap());
    bench.tick().unwrap();
}

fn sla(bench: &Bench, item: Id) -> Option<Sla> {
    let rules = bench.queue("orders").unwrap().settings.rules;
    bench.item(item).unwrap().sla(&rules, bench.now())
}

#[test]
fn a10_a_blank_expiry_comes_from_the_queue() {
    let bench = bench();
    let never = bench.add();
    bench.set_rules(|rules| rules.ttl = Some(secs(1_440 * 60)));
    let tomorrow = bench.add();
    assert_eq!(bench.item(tomorrow).unwrap().life.expires, Some(bench.in_secs(24 * HOUR)));
    assert_eq!(bench.item(never).unwrap().life.expires, None);
    bench.pass_and_tick(9 * 365 * 24 * HOUR);
    assert_eq!(bench.status(never), Status::Queued);
    assert_eq!(bench.status(tomorrow), Status::Expired);
}

#[test]
fn a11_priority_decides_the_order() {
    let bench = bench();
    let priorities = [Priority::LOW, Priority::NORMAL, Priority::HIGH, Priority::NORMAL];
    let [low, normal, high, second] =
        priorities.map(|priority| bench.add_as(|new| new.priority = priority));
    let order: Vec<_> = (0..4).map(|_| bench.take_one().item.id).collect();
    assert_eq!(order, [high, normal, second, low]);
}

#[test]
fn a12_a_requeue_with_delay_waits() {
    let bench = bench();
    bench.set_rules(|rules| rules.ttl = Some(secs(24 * HOUR)));
    let item = bench.add();
    bench.make(Change::Note { item, text: "called the bank".into(), clear: false }).unwrap();
    let claimed = bench.take_one();
    let (day, two_days) = (bench.in_secs(24 * HOUR), bench.in_secs(48 * HOUR));
    let requeue = Change::Requeue {
        item,
        token: Some(claimed.token),
        delay_until: Some(day),
        expires: Some(Expiry::At(two_days)),
        note: None,
        clear_notes: false,
    };
    bench.make(requeue).unwrap();
    for _ in 0..23 {
        bench.pass_and_tick(HOUR);
        assert_eq!(bench.take_ids(), []);
    }
    let life = bench.item(item).unwrap().life;
    assert_eq!((life.requeues, life.expires), (1, Some(two_days)));
    assert_eq!(bench.texts(item), ["called the bank"]);
    bench.pass_and_tick(HOUR);
    assert_eq!(bench.take_ids(), [item]);
}

#[test]
fn a13_an_item_is_at_risk_then_violated() {
    let bench = bench();
    bench.set_rules(|rules| (rules.ttl, rules.at_risk_percent) = (Some(secs(5 * HOUR)), Some(80)));
    clock_shows(&bench, "2026-01-31T14:00:00Z");
    let item = bench.add();
    clock_shows(&bench, "2026-01-31T17:59:59Z");
    assert_eq!(sla(&bench, item), Some(Sla::InTime));
    clock_shows(&bench, "2026-01-31T18:00:00Z");
    assert_eq!(sla(&bench, item), Some(Sla::AtRisk));
    clock_shows(&bench, "2026-01-31T18:59:59Z");
    assert_eq!(sla(&bench, item), Some(Sla::AtRisk));
    clock_shows(&bench, "2026-01-31T19:00:00Z");
    assert_eq!(sla(&bench, item), Some(Sla::Violated));
    assert_eq!(bench.take_ids(), []);

    bench.set_rules(|rules| (rules.ttl, rules.continue_if_violated) = (Some(secs(1_800)), true));
    clock_shows(&bench, "2026-02-01T14:00:00Z");
    let item = bench.add();
    let half_past: Timestamp = "2026-02-01T14:30:00Z".parse().unwrap();
    assert_eq!(bench.item(item).unwrap().life.expires, Some(half_past));
    clock_shows(&bench, "2026-02-01T15:00:00Z");
    assert_eq!(bench.take_ids(), [item]);
    assert_eq!(sla(&bench, item), Some(Sla::Violated));
}

#[test]
fn a14_three_retries_are_four_deliveries() {
    let bench = bench();
    bench.set_rules(|rules| rules.retries = 3);
    let ids = bench.add_many(2);
    for delivery in 1..=4 {
        let claimed = bench.take_one();
        assert_eq!(claimed.item.id, ids[0], "no other item comes in between");
        let life = &claimed.item.life;
        assert_eq!((life.attempt, life.retries), (delivery, delivery - 1));
        bench.settle(&claimed, Ending::ItException).unwrap();
    }
    assert_eq!(bench.status(ids[0]), Status::ItException);

    let claimed = bench.take_one();
    bench.settle(&claimed, Ending::ItException).unwrap();
    let claimed = bench.take_one();
    assert_eq!((claimed.item.id, claimed.item.life.attempt), (ids[1], 2));
    bench.settle(&claimed, Ending::BusinessException).unwrap();
    assert_eq!(bench.status(ids[1]), Status::BusinessException, "a business exception ends it");

    bench.set_rules(|rules| rules.retries = 0);
    let once = bench.add();
    bench.finish_one(Ending::ItException);
    assert_eq!(bench.status(once), Status::ItException);
}

#[test]
fn a15_a_batch_reports_each_row() {
    let bench = bench();
    bench.add_as(|new| new.reference = Some("R-1".into()));
    let row = |reference: &str, hold| {
        let mut new = bench.new_item("{}");
        (new.reference, new.hold) = (Some(reference.into()), hold);
        new
    };
    let rows = [row("R-0", false), row("R-1", false), row("R-2", true)];
    let adds = rows.iter().cloned().map(|new| Change::Add(Box::new(new))).collect();
    let outcomes = bench.outcomes(Mode::Independent, adds);
    let codes: Vec<_> = outcomes
        .iter()
        .map(|outcome| match outcome {
            Outcome::Refused(error) => error.code(),
            _ => "",
        })
        .collect();
    assert_eq!(codes, ["", "queue/duplicate-reference", ""]);
    assert_eq!(bench.status(rows[0].id), Status::Queued);
    assert_eq!(bench.status(rows[2].id), Status::OnHold);
}

#[test]
fn a16_a_paused_queue_refuses_in_and_out() {
    let bench = bench();
    bench.add();
    let add = || Change::Add(Box::new(bench.new_item("1")));
    for (state, code) in
        [(QueueState::Paused, "queue/paused"), (QueueState::Stopped, "queue/stopped")]
    {
        bench.make(Change::SetQueueState { queue: "orders".into(), state }).unwrap();
        assert_eq!(bench.claim(bench.claim_of(1)).unwrap_err().code(), code);
        assert_eq!(bench.refused(add()), code);
        for outcome in bench.outcomes(Mode::Independent, vec![add(), add()]) {
            assert!(matches!(outcome, Outcome::Refused(error) if error.code() == code));
        }
    }
}

#[test]
fn a17_a_schema_guards_the_door_in_versions() {
    let bench = bench();
    let set = |schema: &str| {
        let schema = Some(Some(schema.to_owned()));
        let edit = Box::new(QueueEdit { schema, ..QueueEdit::default() });
        bench.make(Change::EditQueue { queue: "orders".into(), edit }).unwrap();
    };
    set(r#"{"properties": {"Amount": {"type": "number"}}, "required": ["Amount"]}"#);
    let refusal = bench.add_new(bench.new_item(r#"{"Amount": "1253.78"}"#)).unwrap_err();
    assert_eq!(refusal.code(), "value/schema-violation");
    assert!(refusal.to_string().contains("/Amount"), "{refusal}");
    let old = bench.add_new(bench.new_item(r#"{"Amount": 1253.78}"#)).unwrap().id;
    set(r#"{"required": ["Currency"]}"#);
    let refusal = bench.add_new(bench.new_item(r#"{"Amount": 1}"#)).unwrap_err();
    assert_eq!(refusal.code(), "value/schema-violation");
    assert_eq!(bench.item(old).unwrap().schema_version, Some(1), "what is there stays");
    assert_eq!(bench.take_ids(), [old]);
}

#[test]
fn a18_a_deleted_queue_is_gone_with_its_items() {
    let bench = bench();
    let ids = bench.add_many(3);
    let drop_queue = || Change::DropQueue { queue: "orders".into() };
    assert_eq!(bench.refused(drop_queue()), "queue/not-empty");
    let state = QueueState::Deleting;
    bench.make(Change::SetQueueState { queue: "orders".into(), state }).unwrap();
    while bench.sweep("orders", 2).unwrap() > 0 {}
    bench.make(drop_queue()).unwrap();
    for id in ids {
        assert_eq!(bench.item(id).unwrap_err().code(), "queue/item-not-found");
        assert_eq!(bench.history(id, 0, 10).unwrap_err().code(), "queue/item-not-found");
    }
    assert_eq!(bench.queue("orders").unwrap_err().code(), "queue/not-found");
    let settings = Box::new(QueueSettings::new("orders"));
    bench.make(Change::CreateQueue { id: bench.id(), settings, schema: None }).unwrap();
    bench.add_new(NewItem::new(bench.id(), "orders", "1")).unwrap();
}

#[test]
fn a19_content_is_locked_while_processed() {
    let bench = bench();
    let item = bench.item_in(Status::Processing);
    let edits = [
        ItemEdit { name: Some(Some("n".into())), ..ItemEdit::default() },
        ItemEdit { value: Some("2".into()), ..ItemEdit::default() },
    ];
    let change = |edit: &ItemEdit| Change::Edit { item, edit: Box::new(edit.clone()) };
    for edit in &edits {
        assert_eq!(bench.refused(change(edit)), "queue/item-held");
    }
    bench.set_rules(|rules| rules.edit_while_processing = true);
    for edit in &edits {
        bench.make(change(edit)).unwrap();
    }
    let edited = bench.item(item).unwrap();
    assert_eq!((edited.name.as_deref(), edited.value.as_str()), (Some("n"), "2"));
    bench.make(change(&ItemEdit { name: Some(None), ..ItemEdit::default() })).unwrap();
    assert_eq!(bench.item(item).unwrap().name, None);
}
