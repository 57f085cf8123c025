//! Counters say what is there, whatever happened.

use model::{Change, Ending, Expiry, Id, ItemEdit, Mode, Priority, Status};

use crate::{Bench, Dice};

/// Something that may or may not be possible now: refusals are part of the game.
fn throw(bench: &Bench, dice: &Dice, known: &[Id]) -> Change {
    let item = if known.is_empty() { bench.id() } else { *dice.pick(known) };
    let note = Some("n".to_owned());
    match dice.below(10) {
        0 => Change::Hold { item, note },
        1 => Change::Release { item, note },
        2 => Change::Delete { item },
        3 => Change::Note { item, text: "n".into(), clear: dice.once_in(2) },
        4 => {
            let edit = ItemEdit { priority: Some(Priority::HIGH), ..ItemEdit::default() };
            Change::Edit { item, edit: Box::new(edit) }
        }
        5 => {
            let (token, expires, clear_notes) = (None, None, false);
            let delay_until = dice.once_in(2).then(|| bench.in_secs(5));
            Change::Requeue { item, token, delay_until, expires, note, clear_notes }
        }
        _ => {
            let mut new = bench.new_item("1");
            new.hold = dice.once_in(5);
            new.delay_until = dice.once_in(4).then(|| bench.in_secs(3));
            new.expires =
                if dice.once_in(4) { Expiry::At(bench.in_secs(6)) } else { Expiry::OfQueue };
            new.reference = dice.once_in(3).then(|| dice.below(20).to_string());
            Change::Add(Box::new(new))
        }
    }
}

pub fn counts_equal_a_recount_after_anything(bench: &mut Bench) {
    bench.set_rules(|rules| (rules.retries, rules.crashes) = (2, 1));
    let dice = Dice::new(11);
    let modes = [Mode::AllOrNothing, Mode::StopAtFirst, Mode::Independent];
    let mut known = Vec::new();
    for _ in 0..300 {
        let changes: Vec<_> = (0..=dice.below(4)).map(|_| throw(bench, &dice, &known)).collect();
        known.extend(changes.iter().filter_map(|change| match change {
            Change::Add(new) => Some(new.id),
            _ => None,
        }));
        bench.outcomes(*dice.pick(&modes), changes);
        for claimed in bench.take(dice.below(3)) {
            if !dice.once_in(3) {
                bench.settle(&claimed, *dice.pick(&Ending::ALL)).unwrap();
            }
        }
        if dice.once_in(4) {
            bench.pass_and_tick(dice.below(40) as u64);
        }
    }
    bench.assert_sound();
    recount(bench);
}

/// Counts the items of a full list and compares.
fn recount(bench: &Bench) {
    let items = bench.walk(&model::ItemQuery { limit: 500, ..model::ItemQuery::default() });
    let stats = bench.stats("orders").unwrap();
    for status in Status::ALL {
        let found = items.iter().filter(|item| item.life.status == status).count();
        assert_eq!(stats.count(status), found as u64, "{status}");
    }
    let queued = items.iter().filter(|item| item.life.status == Status::Queued);
    assert_eq!(stats.oldest_queued, queued.map(|item| item.created).next());
    assert!(items.len() > 50, "the game leaves something to count");
}

pub fn a_check_counts_queues_and_items(bench: &mut Bench) {
    bench.make_queue("others", |_| ());
    bench.add_many(5);
    bench.item_in(Status::OnHold);
    let checked = bench.check().unwrap();
    assert_eq!((checked.queues, checked.items), (2, 6));
    assert!(checked.bytes > 0 && checked.format > 0);
    assert_eq!(checked.problems, [""; 0]);
}
