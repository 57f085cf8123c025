//! One run of the workload: what it did to the disk, what was acknowledged when, and what could
//! then be seen.

use std::sync::Arc;

use model::{Error, Reply, Timestamp};

use crate::power::bench::{Bench, Picture};
use crate::power::disk::Plugged;
use crate::power::known::Known;
use crate::power::platter::{Operation, Platter};
use crate::power::workload::{Step, Users};

/// A step that was taken, and the store after it.
pub(crate) struct Moment {
    pub(crate) step: Step,
    pub(crate) now: Timestamp,
    /// `None` where there was nothing to answer.
    pub(crate) reply: Option<Result<Reply, Error>>,
    /// How many operations the disk had seen when the step was acknowledged.
    pub(crate) acknowledged: usize,
    pub(crate) picture: Arc<Picture>,
    pub(crate) known: Arc<Known>,
}

pub(crate) struct Recording {
    pub(crate) seed: u64,
    pub(crate) moments: Vec<Moment>,
    /// All of them, closing included.
    pub(crate) operations: Vec<Operation>,
}

impl Recording {
    /// Runs the workload until `steps` are taken, then closes the store.
    pub(crate) fn make(seed: u64, steps: usize, lies: bool) -> Self {
        let mut users = Users::new(seed);
        let mut bench = Bench::new(Plugged::new(Platter::default()), users.now);
        bench.disk.lock().lies = lies;
        let mut known = Known::default();
        let mut moments = Vec::new();
        for number in 0..steps {
            let step = users.next(&known);
            let reply = take(&mut bench, &step, seed, number, users.now);
            let reply = reply.unwrap_or_else(|error| panic!("seed {seed}, {step:?}: {error}"));
            let acknowledged = bench.disk.lock().done.len();
            let picture = Picture::take(bench.store()).expect("a store without faults is read");
            let learned = match (&step, &reply) {
                (Step::Ask(request), Some(Ok(reply))) => known.learn(request, reply, &picture),
                _ => known.agrees(&picture),
            };
            learned.unwrap_or_else(|what| panic!("seed {seed}, step {number}, {step:?}: {what}"));
            assert_eq!(bench.disk.lock().done.len(), acknowledged, "reading writes nothing");
            let (picture, known) = (Arc::new(picture), Arc::new(known.clone()));
            moments.push(Moment { step, now: users.now, reply, acknowledged, picture, known });
        }
        bench.close();
        let operations = std::mem::take(&mut bench.disk.lock().done);
        Self { seed, moments, operations }
    }

    /// Takes the steps again on a disk whose power goes in the operation of this number; answers
    /// what was done before.
    pub(crate) fn run_until_cut(&self, operation: usize) -> Vec<Operation> {
        let mut bench = Bench::new(Plugged::new(Platter::default()), self.moments[0].now);
        bench.disk.lock().cut_at = Some(operation);
        for (number, moment) in self.moments.iter().enumerate() {
            let taken = take(&mut bench, &moment.step, self.seed, number, moment.now);
            if bench.disk.lock().off {
                break;
            }
            assert_eq!(taken.ok(), Some(moment.reply.clone()), "the same as recorded");
        }
        bench.close();
        std::mem::take(&mut bench.disk.lock().done)
    }

    /// The step during which the operation of this number, counted from 1, was done.
    pub(crate) fn in_flight(&self, operation: usize) -> usize {
        self.moments.partition_point(|moment| moment.acknowledged < operation)
    }

    /// What may be seen when the power went in that step: the store before it, or after it.
    pub(crate) fn expected(&self, in_flight: usize) -> (&Moment, &Moment) {
        let last = self.moments.len() - 1;
        let before = &self.moments[in_flight.saturating_sub(1)];
        (before, &self.moments[in_flight.min(last)])
    }
}

/// Takes a step. A refusal is a reply; an error is a store that could not be opened.
pub(crate) fn take(
    bench: &mut Bench,
    step: &Step,
    seed: u64,
    number: usize,
    now: Timestamp,
) -> Result<Option<Result<Reply, Error>>, Error> {
    bench.pass_until(now);
    bench.dice.set(seed.wrapping_mul(1_000_003).wrapping_add(number as u64));
    match step {
        Step::Open => bench.open().map(|()| None),
        Step::Ask(request) => Ok(Some(bench.ask(request.clone()))),
    }
}
