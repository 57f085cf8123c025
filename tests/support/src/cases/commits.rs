//! Many changes at once: three modes, one outcome for each change.

use model::{Change, Commit, Ending, Error, Mode, Outcome, QueueSettings, Status};

use crate::Bench;

/// Adds whose references repeat: the third and the fifth are refused.
fn five_adds(bench: &Bench) -> Vec<Change> {
    let references = ["a", "b", "a", "c", "b"];
    let adds = references.map(|reference| {
        let mut new = bench.new_item("1");
        new.reference = Some(reference.into());
        Change::Add(Box::new(new))
    });
    adds.into()
}

/// One letter for each outcome.
fn letters(outcomes: &[Outcome]) -> String {
    let letter = |outcome: &Outcome| match outcome {
        Outcome::Done(_) => 'd',
        Outcome::Refused(_) => 'r',
        Outcome::Skipped => 's',
    };
    outcomes.iter().map(letter).collect()
}

pub fn each_mode_has_one_outcome_for_each_change(bench: &mut Bench) {
    for (mode, expected, kept) in [
        (Mode::AllOrNothing, "ssrss", 0),
        (Mode::StopAtFirst, "ddrss", 2),
        (Mode::Independent, "ddrdr", 3),
    ] {
        let outcomes = bench.outcomes(mode, five_adds(bench));
        assert_eq!(letters(&outcomes), expected, "{mode:?}");
        assert_eq!(bench.count(Status::Queued), kept, "{mode:?}");
        for outcome in outcomes {
            if let Outcome::Refused(error) = outcome {
                assert_eq!(error.code(), "queue/duplicate-reference");
            }
        }
        while bench.sweep("orders", 1_000).unwrap() > 0 {}
    }
}

pub fn a_good_commit_is_done_in_every_mode(bench: &mut Bench) {
    for mode in [Mode::AllOrNothing, Mode::StopAtFirst, Mode::Independent] {
        let adds: Vec<_> = (0..3).map(|_| Change::Add(Box::new(bench.new_item("1")))).collect();
        assert_eq!(letters(&bench.outcomes(mode, adds)), "ddd");
        assert_eq!(bench.outcomes(mode, Vec::new()), []);
    }
    assert_eq!(bench.count(Status::Queued), 9);
}

pub fn what_the_sender_could_see_refuses_one_change_only(bench: &mut Bench) {
    let good = || Change::Add(Box::new(bench.new_item("1")));
    let bad = || Change::Add(Box::new(bench.new_item("{")));
    let outcomes = bench.outcomes(Mode::Independent, vec![good(), bad(), good()]);
    assert_eq!(letters(&outcomes), "drd");
    let outcomes = bench.outcomes(Mode::AllOrNothing, vec![good(), bad(), good()]);
    assert_eq!(letters(&outcomes), "srs");
    assert_eq!(bench.count(Status::Queued), 2);
}

pub fn later_changes_see_earlier_ones(bench: &mut Bench) {
    let settings = Box::new(QueueSettings::new("fresh"));
    let batch = bench.id();
    let mut new = bench.new_item("1");
    (new.queue, new.batch) = ("fresh".into(), Some(batch));
    let id = new.id;
    let changes = vec![
        Change::CreateQueue { id: bench.id(), settings, schema: None },
        Change::OpenBatch { batch, queue: "fresh".into() },
        Change::Add(Box::new(new)),
        Change::CommitBatch { batch },
    ];
    assert_eq!(letters(&bench.outcomes(Mode::AllOrNothing, changes)), "dddd");
    bench.tick().unwrap();
    assert_eq!(bench.status(id), Status::Queued);
}

pub fn a_taken_back_commit_leaves_no_trace(bench: &mut Bench) {
    let item = bench.add();
    let before = (bench.item(item).unwrap(), bench.stats("orders").unwrap());
    let settings = Box::new(QueueSettings::new("fresh"));
    let changes = vec![
        Change::CreateQueue { id: bench.id(), settings, schema: Some("{}".into()) },
        Change::Note { item, text: "n".into(), clear: false },
        Change::Hold { item, note: None },
        Change::Add(Box::new(bench.new_item("2"))),
        Change::OpenBatch { batch: bench.id(), queue: "orders".into() },
        Change::SetQueueState { queue: "orders".into(), state: model::QueueState::Paused },
        Change::Delete { item: bench.id() },
    ];
    assert_eq!(letters(&bench.outcomes(Mode::AllOrNothing, changes)), "ssssssr");
    assert_eq!((bench.item(item).unwrap(), bench.stats("orders").unwrap()), before);
    assert_eq!(bench.trail(item).len(), 1);
    assert_eq!(bench.queues().unwrap().len(), 1);
    assert_eq!(bench.queue("fresh").unwrap_err().code(), "queue/not-found");
    assert_eq!(bench.take_ids(), [item]);
}

pub fn a_taken_back_drop_leaves_the_queue_as_it_was(bench: &mut Bench) {
    let item = bench.add();
    let changes = vec![
        Change::Delete { item },
        Change::DropQueue { queue: "orders".into() },
        Change::Delete { item: bench.id() },
    ];
    assert_eq!(letters(&bench.outcomes(Mode::AllOrNothing, changes)), "ssr");
    assert_eq!(bench.count(Status::Queued), 1);
    assert!(bench.wait_ready("orders", crate::secs(0)).unwrap());
    assert_eq!(bench.take_ids(), [item]);
}

pub fn a_dropped_queue_leaves_no_count_behind(bench: &mut Bench) {
    let item = bench.add();
    let drop_queue = Change::DropQueue { queue: "orders".into() };
    bench.outcomes(Mode::AllOrNothing, vec![Change::Delete { item }, drop_queue]);
    bench.make_queue("orders", |_| ());
    assert_eq!(bench.stats("orders").unwrap().total(), 0);
    assert!(!bench.wait_ready("orders", crate::secs(0)).unwrap());
    let id = bench.add();
    assert_eq!(bench.take_ids(), [id]);
}

pub fn many_commits_may_be_on_their_way(bench: &mut Bench) {
    let pending: Vec<_> = (0..200)
        .map(|value| {
            let new = bench.new_item(&value.to_string());
            bench.commit(Commit::one(Change::Add(Box::new(new))))
        })
        .collect();
    for pending in pending {
        assert!(matches!(pending.wait().unwrap()[..], [Outcome::Done(_)]));
    }
    let values: Vec<_> = bench.take(200).into_iter().map(|claimed| claimed.item.value).collect();
    let expected: Vec<_> = (0..200).map(|value| value.to_string()).collect();
    assert_eq!(values, expected, "begun in the order in which they were sent");
}

pub fn an_outcome_tells_the_id_and_the_status(bench: &mut Bench) {
    let item = bench.add();
    let claimed = bench.take_one();
    let batch = bench.id();
    let queue = bench.id();
    let settings = Box::new(QueueSettings::new("fresh"));
    let changes = vec![
        crate::settlement(&claimed, Ending::Processed),
        Change::OpenBatch { batch, queue: "orders".into() },
        Change::CreateQueue { id: queue, settings, schema: None },
        Change::Delete { item },
    ];
    let outcomes = bench.outcomes(Mode::AllOrNothing, changes);
    let done = |id, status| Outcome::Done(model::Done::new(id, status));
    let expected = [
        done(item, Some(Status::Processed)),
        done(batch, None),
        done(queue, None),
        done(item, None),
    ];
    assert_eq!(outcomes, expected);
}

pub fn a_refusal_is_data_that_explains(bench: &mut Bench) {
    let item = bench.item_in(Status::Processed);
    let refusal = bench.make(Change::Release { item, note: None }).unwrap_err();
    let from = Status::Processed;
    assert_eq!(refusal, Error::NotAllowed { item, from, by: model::Move::Release });
    assert_eq!(refusal.hint(), "from processed you can: requeue, hold, note, delete");
}
