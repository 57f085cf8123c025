//! Every item can tell its story.

use model::{Change, Ending, Expiry, ItemEdit, Move, Priority, Status};

use crate::{Bench, secs};

pub fn each_transition_is_one_entry_in_order(bench: &mut Bench) {
    bench.set_rules(|rules| (rules.retries, rules.retry_delay) = (1, secs(5)));
    let item = bench.add();
    bench.finish_one(Ending::ItException);
    bench.pass_and_tick(5);
    bench.take_one();
    bench.pass_and_tick(60);
    let claimed = bench.take_one();
    bench.make(Change::GiveBack { item, token: claimed.token, begun: false }).unwrap();
    bench.make(Change::Hold { item, note: None }).unwrap();
    bench.make(Change::Note { item, text: "n".into(), clear: false }).unwrap();
    bench.make(Change::Release { item, note: None }).unwrap();
    bench.finish_one(Ending::Processed);
    let expected = [
        (None, Status::Queued),
        (Some(Move::Claim), Status::Processing),
        (Some(Move::Settle), Status::Scheduled),
        (Some(Move::Promote), Status::Queued),
        (Some(Move::Claim), Status::Processing),
        (Some(Move::Lose), Status::Queued),
        (Some(Move::Claim), Status::Processing),
        (Some(Move::GiveBack), Status::Queued),
        (Some(Move::Hold), Status::OnHold),
        (Some(Move::Note), Status::OnHold),
        (Some(Move::Release), Status::Queued),
        (Some(Move::Claim), Status::Processing),
        (Some(Move::Settle), Status::Processed),
    ];
    assert_eq!(bench.trail(item), expected);
}

pub fn entries_tell_when_who_and_which_attempt(bench: &mut Bench) {
    let item = bench.add();
    bench.pass(1);
    bench.take_one();
    bench.pass_and_tick(60);
    let entries = bench.history(item, 0, 10).unwrap();
    let facts: Vec<_> =
        entries.iter().map(|entry| (entry.worker.as_deref(), entry.attempt)).collect();
    assert_eq!(facts, [(None, 0), (Some("ada"), 1), (Some("ada"), 1)]);
    assert_eq!(entries[1].at, entries[0].at + model::time::parse_span("1s").unwrap());
    assert_eq!(entries[2].at, bench.now());
}

pub fn history_is_read_in_parts(bench: &mut Bench) {
    let item = bench.add();
    for number in 2..=25 {
        bench.make(Change::Note { item, text: number.to_string(), clear: false }).unwrap();
    }
    let mut seen = Vec::new();
    loop {
        let after = seen.last().copied().unwrap_or(0);
        let part = bench.history(item, after, 10).unwrap();
        if part.is_empty() {
            break;
        }
        seen.extend(part.iter().map(|entry| entry.number));
    }
    assert_eq!(seen, (1..=25).collect::<Vec<u32>>());
    assert_eq!(bench.history(item, 3, 1).unwrap()[0].text.as_deref(), Some("4"));
    assert_eq!(bench.history(item, 0, 0).unwrap(), []);
    assert_eq!(bench.history(item, u32::MAX, 10).unwrap(), []);
}

pub fn an_edit_tells_which_fields_changed(bench: &mut Bench) {
    let item = bench.add();
    let some = ItemEdit {
        priority: Some(Priority::HIGH),
        expires: Some(Expiry::Never),
        ..ItemEdit::default()
    };
    let all = ItemEdit {
        name: Some(Some("n".into())),
        value: Some("2".into()),
        reference: Some(None),
        ..some.clone()
    };
    for (edit, told) in
        [(some, "priority, expires"), (all, "name, value, priority, reference, expires")]
    {
        bench.make(Change::Edit { item, edit: Box::new(edit) }).unwrap();
        let entries = bench.history(item, 0, 10).unwrap();
        let last = entries.last().unwrap();
        assert_eq!((last.by, last.text.as_deref()), (Some(Move::Edit), Some(told)));
    }
}

pub fn renewals_write_no_history(bench: &mut Bench) {
    bench.add();
    let claimed = bench.take_one();
    let renewal = model::Renewal { item: claimed.item.id, token: claimed.token, lease: None };
    bench.renew(vec![renewal]).unwrap();
    assert_eq!(bench.trail(claimed.item.id).len(), 2);
}
