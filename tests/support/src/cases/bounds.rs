//! Every limit at one below, at, and one above.

use std::time::Duration;

use model::limits::{
    CLAIM_BYTES_MAX, CLAIM_ITEMS_MAX, COMMIT_BYTES_MAX, COMMIT_CHANGES_MAX, CRASHES_MAX,
    ITEM_NAME_BYTES_MAX, ITEM_REFERENCE_BYTES_MAX, ITEM_RESULT_BYTES_MAX, ITEM_VALUE_BYTES_MAX,
    JSON_DEPTH_MAX, LEASE_MAX, LEASE_MIN, MOMENT_MAX, MOMENT_MIN, NOTE_BYTES_MAX, PAGE_ITEMS_MAX,
    QUEUE_DESCRIPTION_BYTES_MAX, QUEUE_KEY_BYTES_MAX, QUEUE_NAME_BYTES_MAX, QUEUE_SCHEMA_BYTES_MAX,
    QUEUES_MAX, RETRIES_MAX, SPAN_MAX, WORKER_NAME_BYTES_MAX,
};
use model::{
    Change, Claim, Commit, Ending, Error, Expiry, Id, ItemQuery, Mode, QueueEdit, QueueSettings,
    Renewal, Rules, Settlement, Status, Timestamp,
};

use crate::Bench;

const OVER: &str = "limit/exceeded";

/// Tries one below, at and one above the limit; only the last must be refused.
fn around(limit: usize, mut attempt: impl FnMut(usize) -> Result<(), Error>) {
    for size in [limit - 1, limit] {
        attempt(size).unwrap_or_else(|refusal| panic!("{size} of {limit}: {refusal}"));
    }
    assert_eq!(attempt(limit + 1).expect_err("over the limit").code(), OVER);
}

fn text(size: usize) -> String {
    "x".repeat(size)
}

/// JSON text of that many bytes, which is a value and, for a schema, says yes to everything.
fn padded(size: usize) -> String {
    format!("{}{{}}", " ".repeat(size - 2))
}

pub fn texts_of_a_new_item_are_bounded(bench: &mut Bench) {
    let bench = &*bench;
    let add = |shape: &dyn Fn(&mut model::NewItem)| {
        let mut new = bench.new_item("1");
        shape(&mut new);
        bench.add_new(new).map(drop)
    };
    around(ITEM_NAME_BYTES_MAX, |size| add(&|new| new.name = Some(text(size))));
    around(ITEM_REFERENCE_BYTES_MAX, |size| add(&|new| new.reference = Some(text(size))));
    around(ITEM_VALUE_BYTES_MAX, |size| add(&|new| new.value = padded(size)));
    around(NOTE_BYTES_MAX, |size| add(&|new| new.note = Some(text(size))));
    for blank in ["", " "] {
        for refused in [
            add(&|new| new.reference = Some(blank.into())),
            add(&|new| new.name = Some(blank.into())),
        ] {
            assert_eq!(refused.unwrap_err().code(), "value/blank");
        }
    }
}

pub fn texts_of_changes_are_bounded(bench: &mut Bench) {
    let item = bench.add();
    let bench = &*bench;
    let edit = |set: &dyn Fn(&mut model::ItemEdit)| {
        let mut edit = Box::default();
        set(&mut edit);
        bench.make(Change::Edit { item, edit }).map(drop)
    };
    around(ITEM_NAME_BYTES_MAX, |size| edit(&|edit| edit.name = Some(Some(text(size)))));
    around(ITEM_REFERENCE_BYTES_MAX, |size| edit(&|edit| edit.reference = Some(Some(text(size)))));
    around(ITEM_VALUE_BYTES_MAX, |size| edit(&|edit| edit.value = Some(padded(size))));
    around(NOTE_BYTES_MAX, |size| {
        bench.make(Change::Note { item, text: text(size), clear: false }).map(drop)
    });
    around(NOTE_BYTES_MAX, |size| {
        bench.make(Change::Hold { item, note: Some(text(size)) })?;
        bench.make(Change::Release { item, note: None }).map(drop)
    });
    around(NOTE_BYTES_MAX, |size| {
        bench.make(Change::Hold { item, note: None })?;
        let released = bench.make(Change::Release { item, note: Some(text(size)) }).map(drop);
        bench.make(Change::Release { item, note: None }).ok();
        released
    });
    around(NOTE_BYTES_MAX, |size| {
        let note = Some(text(size));
        let (token, delay_until, expires, clear_notes) = (None, None, None, false);
        let change = Change::Requeue { item, token, delay_until, expires, note, clear_notes };
        bench.make(change).map(drop)
    });
    around(ITEM_RESULT_BYTES_MAX, |size| {
        let claimed = bench.add_and_take();
        let result = Some(text(size));
        let (item, token) = (claimed.item.id, claimed.token);
        let ending = Ending::Processed;
        bench
            .make(Change::Settle(Settlement { item, token, ending, result, retry: false }))
            .map(drop)
    });
}

const MICRO: Duration = Duration::from_micros(1);

/// Tries one microsecond below, at and one above the last moment, and the very last there is.
fn around_the_end(mut attempt: impl FnMut(Timestamp) -> Result<Option<Timestamp>, Error>) {
    for at in [MOMENT_MAX - MICRO, MOMENT_MAX] {
        let kept = attempt(at).unwrap_or_else(|refusal| panic!("{at}: {refusal}"));
        assert_eq!(kept, Some(at), "kept to the microsecond");
    }
    for at in [MOMENT_MAX + MICRO, Timestamp::MAX] {
        let refused = attempt(at).expect_err("beyond the last moment");
        assert_eq!(refused.code(), OVER);
        assert!(refused.to_string().contains(&at.to_string()), "{refused}");
        assert!(refused.hint().contains("at most 9999-01-01T00:00:00Z"), "{}", refused.hint());
    }
}

pub fn times_of_a_new_item_are_bounded(bench: &mut Bench) {
    let bench = &*bench;
    let add = |shape: &dyn Fn(&mut model::NewItem)| {
        let mut new = bench.new_item("1");
        shape(&mut new);
        Ok(bench.item(bench.add_new(new)?.id)?.life)
    };
    around_the_end(|at| Ok(add(&|new| new.expires = Expiry::At(at))?.expires));
    around_the_end(|at| Ok(add(&|new| new.delay_until = Some(at))?.delay_until));
    let held_until = |at| {
        add(&|new| (new.hold, new.delay_until) = (true, Some(at))).map(|life| life.delay_until)
    };
    for at in [MOMENT_MIN, MOMENT_MIN + MICRO] {
        assert_eq!(held_until(at), Ok(Some(at)));
    }
    for at in [MOMENT_MIN - MICRO, Timestamp::MIN] {
        assert_eq!(held_until(at).unwrap_err().code(), OVER);
    }
    // What waits until the end of time is in nobody's way.
    let ready = bench.add();
    assert_eq!(bench.take(10).iter().filter(|claimed| claimed.item.id == ready).count(), 1);
}

pub fn times_of_changes_are_bounded(bench: &mut Bench) {
    let item = bench.add();
    let bench = &*bench;
    let life = |change| {
        bench.make(change)?;
        Ok(bench.item(item)?.life)
    };
    around_the_end(|at| {
        let edit = model::ItemEdit { expires: Some(Expiry::At(at)), ..model::ItemEdit::default() };
        life(Change::Edit { item, edit: Box::new(edit) }).map(|life| life.expires)
    });
    around_the_end(|at| life(requeued(item, None, Some(at))).map(|life| life.expires));
    around_the_end(|at| life(requeued(item, Some(at), None)).map(|life| life.delay_until));
    assert_eq!(bench.refused(requeued(item, Some(MOMENT_MIN - MICRO), None)), OVER);
    bench.make(requeued(item, Some(MOMENT_MIN), None)).unwrap();
    assert_eq!(bench.status(item), Status::Queued);
}

fn requeued(item: Id, delay_until: Option<Timestamp>, expires: Option<Timestamp>) -> Change {
    let (token, note, clear_notes) = (None, None, false);
    let expires = expires.map(Expiry::At);
    Change::Requeue { item, token, delay_until, expires, note, clear_notes }
}

pub fn a_ttl_ends_with_the_last_moment(bench: &mut Bench) {
    bench.set_rules(|rules| rules.ttl = Some(SPAN_MAX));
    for (now, expires) in [
        (MOMENT_MAX - SPAN_MAX - MICRO, MOMENT_MAX - MICRO),
        (MOMENT_MAX - SPAN_MAX, MOMENT_MAX),
        (MOMENT_MAX - SPAN_MAX + MICRO, MOMENT_MAX),
    ] {
        bench.place.clock.set(now);
        let item = bench.add();
        assert_eq!(bench.item(item).unwrap().life.expires, Some(expires));
        assert_eq!(bench.take_ids(), [item]);
    }
}

pub fn values_are_bounded_in_depth(bench: &mut Bench) {
    let bench = &*bench;
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let add = |depth| bench.add_new(bench.new_item(&nested(depth)));
    for schema in [None, Some("true".to_owned())] {
        let edit = Box::new(QueueEdit { schema: Some(schema), ..QueueEdit::default() });
        bench.make(Change::EditQueue { queue: "orders".into(), edit }).unwrap();
        add(JSON_DEPTH_MAX - 1).unwrap();
        add(JSON_DEPTH_MAX).unwrap();
        assert_eq!(add(JSON_DEPTH_MAX + 1).unwrap_err().code(), "value/invalid-json");
    }
}

pub fn commits_are_bounded(bench: &mut Bench) {
    let bench = &*bench;
    around(COMMIT_CHANGES_MAX, |size| {
        let adds = (0..size).map(|_| Change::Add(Box::new(bench.new_item("1"))));
        bench.commit(Commit::of(adds.collect(), Mode::AllOrNothing)).wait().map(drop)
    });
    around(COMMIT_BYTES_MAX, |size| {
        let parts = 17;
        let adds = (0..parts).map(|part| {
            let bytes = size / parts + usize::from(part < size % parts);
            Change::Add(Box::new(bench.new_item(&padded(bytes))))
        });
        bench.commit(Commit::of(adds.collect(), Mode::AllOrNothing)).wait().map(drop)
    });
}

pub fn claims_are_bounded(bench: &mut Bench) {
    bench.add_many(CLAIM_ITEMS_MAX + 1);
    let bench = &*bench;
    let claim = |set: &dyn Fn(&mut Claim)| {
        let mut claim = bench.claim_of(0);
        set(&mut claim);
        bench.claim(claim).map(|claimed| claimed.len())
    };
    around(WORKER_NAME_BYTES_MAX, |size| claim(&|claim| claim.worker = text(size)).map(drop));
    around(LEASE_MAX.as_millis() as usize, |millis| {
        claim(&|claim| claim.lease = Duration::from_millis(millis as u64)).map(drop)
    });
    for blank in ["", " \t"] {
        let refused = claim(&|claim| claim.worker = blank.into()).unwrap_err();
        assert_eq!(refused.code(), "value/blank");
    }
    claim(&|claim| claim.lease = LEASE_MIN).unwrap();
    let short = claim(&|claim| claim.lease = Duration::from_millis(99));
    assert_eq!(short.unwrap_err().code(), OVER);
    around(CLAIM_ITEMS_MAX, |size| {
        assert_eq!(claim(&|claim| claim.count = size)?, size);
        while bench.sweep("orders", 1_000).unwrap() > 0 {}
        bench.add_many(CLAIM_ITEMS_MAX + 1);
        Ok(())
    });
}

pub fn renewals_are_bounded(bench: &mut Bench) {
    let claimed = bench.add_and_take();
    let bench = &*bench;
    let renewal = |lease| Renewal { item: claimed.item.id, token: claimed.token, lease };
    around(CLAIM_ITEMS_MAX, |size| bench.renew(vec![renewal(None); size]).map(drop));
    let too_long = LEASE_MAX + Duration::from_millis(1);
    for lease in [Duration::ZERO, Duration::from_millis(99), too_long] {
        let ends = bench.renew(vec![renewal(Some(lease))]).unwrap();
        assert_eq!(ends[0].as_ref().unwrap_err().code(), OVER);
    }
}

pub fn a_claim_of_large_values_ends_early(bench: &mut Bench) {
    let value = padded(ITEM_VALUE_BYTES_MAX);
    let fit = CLAIM_BYTES_MAX / ITEM_VALUE_BYTES_MAX;
    for _ in 0..=fit {
        bench.add_new(bench.new_item(&value)).unwrap();
    }
    assert_eq!(bench.take(100).len(), fit);
    assert_eq!(bench.take(100).len(), 1);
}

pub fn pages_are_bounded(bench: &mut Bench) {
    bench.add_many(PAGE_ITEMS_MAX + 1);
    let bench = &*bench;
    around(PAGE_ITEMS_MAX, |limit| {
        let page = bench.items(ItemQuery { limit, ..ItemQuery::default() })?;
        assert_eq!(page.items.len(), limit);
        Ok(())
    });
}

pub fn settings_of_a_queue_are_bounded(bench: &mut Bench) {
    let bench = &*bench;
    let create = |set: &dyn Fn(&mut QueueSettings)| {
        let mut settings = Box::new(QueueSettings::new(bench.id().to_string()));
        set(&mut settings);
        bench.make(Change::CreateQueue { id: bench.id(), settings, schema: None }).map(drop)
    };
    around(QUEUE_KEY_BYTES_MAX, |size| create(&|settings| settings.key = text(size)));
    around(QUEUE_NAME_BYTES_MAX, |size| create(&|settings| settings.name = text(size)));
    around(QUEUE_DESCRIPTION_BYTES_MAX, |size| {
        create(&|settings| settings.description = text(size))
    });
    around(RETRIES_MAX as usize, |retries| {
        create(&|settings| settings.rules.retries = retries as u32)
    });
    around(CRASHES_MAX as usize, |crashes| {
        create(&|settings| settings.rules.crashes = crashes as u32)
    });
    around(100, |percent| create(&|settings| settings.rules.at_risk_percent = Some(percent as u8)));
    let spans: [fn(&mut Rules, Duration); 4] = [
        |rules, span| rules.ttl = Some(span),
        |rules, span| rules.retry_delay = span,
        |rules, span| rules.processing_limit = Some(span),
        |rules, span| rules.keep = Some(span),
    ];
    for set in spans {
        around(SPAN_MAX.as_secs() as usize, |seconds| {
            create(&|settings| set(&mut settings.rules, Duration::from_secs(seconds as u64)))
        });
    }
}

pub fn edited_queues_keep_within_bounds(bench: &mut Bench) {
    let bench = &*bench;
    let edit = |set: &dyn Fn(&mut QueueEdit)| {
        let mut edit = Box::default();
        set(&mut edit);
        bench.make(Change::EditQueue { queue: "orders".into(), edit }).map(drop)
    };
    around(QUEUE_DESCRIPTION_BYTES_MAX, |size| edit(&|edit| edit.description = Some(text(size))));
    around(RETRIES_MAX as usize, |retries| {
        let rules = Rules { retries: retries as u32, ..Rules::default() };
        edit(&|edit| edit.rules = Some(rules.clone()))
    });
    around(QUEUE_SCHEMA_BYTES_MAX, |size| edit(&|edit| edit.schema = Some(Some(padded(size)))));
    around(QUEUE_SCHEMA_BYTES_MAX, |size| {
        let (id, schema) = (bench.id(), Some(padded(size)));
        let settings = Box::new(QueueSettings::new(id.to_string()));
        bench.make(Change::CreateQueue { id, settings, schema }).map(drop)
    });
    assert_eq!(bench.count(Status::Queued), 0);
}

impl Bench {
    fn add_and_take(&self) -> model::Claimed {
        while self.sweep("orders", 1_000).unwrap() > 0 {}
        self.add();
        self.take_one()
    }
}

pub fn queues_are_bounded(bench: &mut Bench) {
    let create = |number: usize| {
        let settings = Box::new(QueueSettings::new(format!("q-{number}")));
        Change::CreateQueue { id: bench.id(), settings, schema: None }
    };
    // One is there already.
    let numbers: Vec<usize> = (1..QUEUES_MAX).collect();
    for part in numbers.chunks(COMMIT_CHANGES_MAX) {
        let changes = part.iter().map(|number| create(*number)).collect();
        bench.commit(Commit::of(changes, Mode::AllOrNothing)).wait().unwrap();
    }
    assert_eq!(bench.queues().unwrap().len(), QUEUES_MAX);
    assert_eq!(bench.make(create(QUEUES_MAX)).unwrap_err().code(), OVER);
    bench.make(Change::DropQueue { queue: "q-1".into() }).unwrap();
    bench.make(create(QUEUES_MAX)).unwrap();
}
