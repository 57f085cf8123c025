//! Power cuts: at every operation of a recording, with what a cut may leave of the unsafe bytes.

use std::ops::AddAssign;
use std::time::Duration;

use model::{
    Change, Claim, Commit, Ending, Error, Id, ManualClock, NewItem, Outcome, QueueState, Reply,
    Request, SeededEntropy, Settlement, Status, Store,
};

use crate::power::bench::{Bench, Picture};
use crate::power::disk::Plugged;
use crate::power::known::Known;
use crate::power::platter::{Operation, Platter, Tear};
use crate::power::recording::{Moment, Recording};
use crate::power::runs;

/// What was found behind cuts that did no harm.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Found {
    pub(crate) points: usize,
    /// The change in flight was there, whole.
    pub(crate) committed: usize,
    /// The power went again while the store recovered.
    pub(crate) again: usize,
}

impl AddAssign for Found {
    fn add_assign(&mut self, other: Self) {
        self.points += other.points;
        self.committed += other.committed;
        self.again += other.again;
    }
}

/// The cuts of one recording.
pub(crate) struct Cuts<'a> {
    pub(crate) recording: &'a Recording,
    /// Different losses for each cut.
    pub(crate) tears: u64,
}

impl Cuts<'_> {
    /// Tries every operation whose number leaves this rest; answers what was found, and each
    /// failure as one line.
    pub(crate) fn run(&self, of: usize, rest: usize) -> (Found, Vec<String>) {
        let (mut found, mut failures) = (Found::default(), Vec::new());
        let mut platter = Platter::default();
        for (number, operation) in (1..).zip(&self.recording.operations) {
            if number % of == rest {
                let mut cut = platter.clone();
                cut.begin(operation);
                for tear in 0..self.tears {
                    match self.point(&cut, number, number as u64 * self.tears + tear) {
                        Ok(one) => found += one,
                        Err(line) => failures.push(line),
                    }
                }
            }
            platter.apply(operation);
        }
        (found, failures)
    }

    /// Tries one cut alone.
    pub(crate) fn run_one(&self, number: usize, tear: u64) -> Result<Found, String> {
        let mut platter = Platter::default();
        for operation in &self.recording.operations[..number - 1] {
            platter.apply(operation);
        }
        platter.begin(&self.recording.operations[number - 1]);
        self.point(&platter, number, tear)
    }

    fn point(&self, cut: &Platter, number: usize, tear: u64) -> Result<Found, String> {
        let step = self.recording.in_flight(number);
        let (before, after) = self.recording.expected(step);
        let survivors = cut.survivors(Tear { seed: tear });
        let mut found = Found { points: 1, ..Found::default() };
        let explain = |what: String| {
            let seed = self.recording.seed;
            format!(
                "WHARF_POWER_POINT={seed}:{number}:{tear}: step {step} ({}): {what}",
                shown(&self.recording.moments[step.min(self.recording.moments.len() - 1)])
            )
        };
        let committed = come_back(&survivors, before, after).map_err(explain)?;
        found.committed += usize::from(committed);
        if tear.is_multiple_of(16) {
            let again = |what| explain(format!("after a second cut: {what}"));
            let recovery = open_and_close(&survivors, after).map_err(again)?;
            let Some(last) = recovery.len().checked_sub(1) else { return Ok(found) };
            let mut platter = survivors;
            let (done, cut) = recovery.split_at(tear as usize / 16 % (last + 1));
            for operation in done {
                platter.apply(operation);
            }
            platter.begin(&cut[0]);
            let survivors = platter.survivors(Tear { seed: tear + 1 });
            come_back(&survivors, before, after).map_err(again)?;
            found.again += 1;
        }
        Ok(found)
    }
}

/// What the disk sees when the store recovers, finds nothing to do, and writes its log into the
/// database.
fn open_and_close(survivors: &Platter, after: &Moment) -> Result<Vec<Operation>, String> {
    let mut bench = Bench::new(Plugged::new(survivors.clone()), after.now);
    bench.dice.set(7);
    bench.open().map_err(|error| format!("it does not open: {error}"))?;
    bench.close();
    Ok(std::mem::take(&mut bench.disk.lock().done))
}

fn shown(moment: &Moment) -> String {
    format!("{:?}", moment.step).chars().take(200).collect()
}

/// Opens what a cut has left, looks at it and works on. Answers whether the change in flight is
/// there.
fn come_back(survivors: &Platter, before: &Moment, after: &Moment) -> Result<bool, String> {
    let mut bench = Bench::new(Plugged::new(survivors.clone()), after.now);
    bench.dice.set(7);
    bench.open().map_err(|error| format!("it does not open: {error}"))?;
    let picture = Picture::take(bench.store()).map_err(|error| format!("unreadable: {error}"))?;
    let committed = picture == *after.picture && before.picture != after.picture;
    if !committed && picture != *before.picture {
        let (one, two) = (picture.difference(&before.picture), picture.difference(&after.picture));
        return Err(format!("neither before ({one}) nor after ({two})"));
    }
    no_problems(bench.store())?;
    let mut known = Known::clone(if committed { &after.known } else { &before.known });
    // A picture does not show whether a batch is decided.
    known.batches.retain(|batch, open| after.known.batches.get(batch) == Some(open));
    go_on(&bench, &known).map_err(|what| format!("going on: {what}"))?;
    Ok(committed)
}

pub(crate) fn no_problems(store: &dyn Store) -> Result<(), String> {
    let checked = store.check().map_err(|error| format!("the check fails: {error}"))?;
    if checked.problems.is_empty() { Ok(()) } else { Err(checked.problems.join("; ")) }
}

/// The store must work on as if nothing had happened.
pub(crate) fn go_on(bench: &Bench, known: &Known) -> Result<(), String> {
    let store = bench.store();
    runs::drive_on(store)?;
    settle_held(store, known)?;
    keep_references(store, known)?;
    decide_batches(store, known)?;
    work(store, known)?;
    // Whoever held an item is long gone.
    bench.clock.pass(Duration::from_hours(48));
    for _ in 0..10 {
        if !store.tick().map_err(|error| error.to_string())?.more {
            break;
        }
    }
    for queue in known.queues.keys() {
        let stats = store.stats(queue).map_err(|error| error.to_string())?;
        let held = stats.count(Status::Processing);
        if held > 0 {
            return Err(format!("{held} items of `{queue}` are held for ever"));
        }
    }
    no_problems(store)
}

/// A claim outlives the cut: its token settles the item, once.
fn settle_held(store: &dyn Store, known: &Known) -> Result<(), String> {
    let held = known.items.iter().find_map(|(id, fact)| Some((*id, fact.token?)));
    let Some((item, token)) = held else { return Ok(()) };
    let settlement = Settlement {
        item,
        token,
        ending: Ending::Processed,
        result: Some("after all".into()),
        retry: true,
    };
    let done = store.make(Change::Settle(settlement.clone()));
    let done = done.map_err(|error| format!("a claim was lost: {error}"))?;
    if done.status != Some(Status::Processed) {
        return Err(format!("settled, it is {:?}", done.status));
    }
    match store.make(Change::Settle(settlement)) {
        Err(Error::LeaseLost { .. }) => Ok(()),
        other => Err(format!("settled twice: {other:?}")),
    }
}

fn fresh_id(seed: u64) -> Id {
    let now = "2030-01-01T00:00:00Z".parse().expect("that is a time");
    Id::new(&ManualClock::new(now), &SeededEntropy::new(seed))
}

fn keep_references(store: &dyn Store, known: &Known) -> Result<(), String> {
    let is_open = |queue: &String| known.queues.get(queue) == Some(&QueueState::Active);
    let mut taken = known.items.values().rev().filter(|fact| is_open(&fact.queue));
    let named = taken.find_map(|fact| Some((fact.queue.clone(), fact.reference.clone()?)));
    let Some((queue, reference)) = named else { return Ok(()) };
    let mut new = NewItem::new(fresh_id(1), queue, "1");
    new.reference = Some(reference);
    match store.make(Change::Add(Box::new(new))) {
        Err(Error::DuplicateReference { .. } | Error::ReferencePending { .. }) => Ok(()),
        other => Err(format!("a reference was taken twice: {other:?}")),
    }
}

fn decide_batches(store: &dyn Store, known: &Known) -> Result<(), String> {
    for (batch, open) in &known.batches {
        match (open, store.make(Change::DiscardBatch { batch: *batch })) {
            (true | false, Ok(_)) | (false, Err(Error::BatchDecided { .. })) => {}
            (_, other) => return Err(format!("a batch was lost: {other:?}")),
        }
    }
    Ok(())
}

fn work(store: &dyn Store, known: &Known) -> Result<(), String> {
    if !known.queues.contains_key("orders") {
        return Ok(());
    }
    let words = |error: Error| format!("no work: {error}");
    let adds = (2..5).map(|seed| NewItem::new(fresh_id(seed), "orders", "2"));
    let adds = adds.map(|new| Change::Add(Box::new(new))).collect();
    let commit = Request::Commit(Commit::of(adds, model::Mode::AllOrNothing));
    let Reply::Committed(outcomes) = store.send(commit).wait().map_err(words)? else {
        unreachable!("that answers a commit")
    };
    if !outcomes.iter().all(|outcome| matches!(outcome, Outcome::Done(_))) {
        return Err(format!("not added: {outcomes:?}"));
    }
    let claim = Claim {
        queue: "orders".into(),
        count: 3,
        lease: Duration::from_mins(1),
        worker: "bob".into(),
    };
    let claimed = store.claim(claim).map_err(words)?;
    if claimed.len() != 3 {
        return Err(format!("{} items claimed", claimed.len()));
    }
    let settlement = Settlement {
        item: claimed[0].item.id,
        token: claimed[0].token,
        ending: Ending::Processed,
        result: None,
        retry: true,
    };
    store.make(Change::Settle(settlement)).map(drop).map_err(words)
}
