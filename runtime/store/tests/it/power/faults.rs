//! Failing disks: any operation fails, once or from then on, and everybody is told the truth about
//! it.

use std::ops::AddAssign;
use std::sync::Arc;

use model::{Error, Reply};

use crate::power::bench::{Bench, Picture};
use crate::power::cuts::no_problems;
use crate::power::disk::{Fault, Kind, Plugged};
use crate::power::platter::{Platter, Tear};
use crate::power::recording::{Moment, Recording, take};
use crate::power::workload::Step;

/// Steps of one window: a fault strikes somewhere within.
pub(crate) const STEPS: usize = 5;

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Found {
    pub(crate) points: usize,
    /// Nobody had to hear of it.
    pub(crate) absorbed: usize,
    pub(crate) full: usize,
    pub(crate) io: usize,
    pub(crate) unknown: usize,
    /// After an unknown outcome, the change was there.
    pub(crate) committed: usize,
}

impl AddAssign for Found {
    fn add_assign(&mut self, other: Self) {
        self.points += other.points;
        self.absorbed += other.absorbed;
        self.full += other.full;
        self.io += other.io;
        self.unknown += other.unknown;
        self.committed += other.committed;
    }
}

impl Found {
    /// Counts an error; another than these three would be a lie.
    fn told(&mut self, error: &Error, kind: Kind) -> Result<(), String> {
        let count = match (error, kind) {
            (Error::StoreFull { .. }, Kind::Full) => &mut self.full,
            (Error::StoreIo { .. }, _) => &mut self.io,
            (Error::UnknownOutcome, Kind::Full) => return Err("a full disk leaves no doubt".into()),
            (Error::UnknownOutcome, _) => &mut self.unknown,
            (other, _) => return Err(format!("told `{}`: {other}", other.code())),
        };
        *count += 1;
        Ok(())
    }
}

/// Some steps of a recording, taken again by a process that starts on what the one before left.
pub(crate) struct Window<'a> {
    recording: &'a Recording,
    from: usize,
    platter: Platter,
}

impl<'a> Window<'a> {
    /// All windows of a recording, one after the other.
    pub(crate) fn all(recording: &'a Recording) -> Vec<Self> {
        let mut platter = Platter::default();
        let mut done = 0;
        let mut windows = Vec::new();
        for from in (0..recording.moments.len() - STEPS).step_by(STEPS) {
            let begun = from.checked_sub(1).map_or(0, |last| recording.moments[last].acknowledged);
            recording.operations[done..begun].iter().for_each(|done| platter.apply(done));
            done = begun;
            windows.push(Self { recording, from, platter: platter.clone() });
        }
        windows
    }

    /// All faults of all kinds, or each of so many.
    pub(crate) fn run(&self, each: u64) -> Result<Found, String> {
        let mut found = Found::default();
        for kind in Kind::ALL {
            let count = self.count(kind)?;
            for at in (1 + self.from as u64 % each..=count).step_by(each as usize) {
                for sticky in [false, true] {
                    found += self.point(Fault { kind, at, sticky })?;
                }
            }
        }
        Ok(found)
    }

    /// How many operations of the kind a run without faults makes.
    fn count(&self, kind: Kind) -> Result<u64, String> {
        let mut run = Run::new(self);
        run.steps()?;
        let count = run.bench.disk.lock().count(kind.class());
        Ok(count)
    }

    pub(crate) fn point(&self, fault: Fault) -> Result<Found, String> {
        let mut run = Run::new(self);
        run.bench.disk.lock().expect_fault(Some(fault));
        run.fault = Some(fault);
        let gone_on = run.steps().and_then(|cut| if cut { Ok(()) } else { run.end() });
        let Fault { kind, at, sticky } = fault;
        gone_on.map_err(|what| {
            let (seed, from) = (self.recording.seed, self.from);
            let (number, again) = (kind as u8, u8::from(sticky));
            format!("WHARF_POWER_FAULT={seed}:{from}:{number}:{at}:{again}: {kind:?}: {what}")
        })?;
        run.found.points = 1;
        let told = run.found.full + run.found.io + run.found.unknown;
        run.found.absorbed = usize::from(told == 0);
        Ok(run.found)
    }
}

/// One run through a window.
struct Run<'a> {
    window: &'a Window<'a>,
    bench: Bench,
    fault: Option<Fault>,
    found: Found,
}

impl<'a> Run<'a> {
    fn new(window: &'a Window<'a>) -> Self {
        let now = window.recording.moments[window.from.saturating_sub(1)].now;
        let bench = Bench::new(Plugged::new(window.platter.clone()), now);
        Self { window, bench, fault: None, found: Found::default() }
    }

    fn moments(&self) -> &'a [Moment] {
        &self.window.recording.moments
    }

    /// What was to be seen before the step of this number: nothing, in a new store.
    fn before(&self, number: usize) -> Arc<Picture> {
        let last = number.checked_sub(1);
        last.map_or_else(Arc::default, |last| self.moments()[last].picture.clone())
    }

    /// Takes all steps; answers whether the power was cut in the end.
    fn steps(&mut self) -> Result<bool, String> {
        if self.window.from > 0 && self.step(self.window.from - 1, &Step::Open)? {
            return Ok(true);
        }
        for number in self.window.from..self.window.from + STEPS {
            if self.step(number, &self.moments()[number].step)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn take(&mut self, number: usize, step: &Step) -> Result<Option<Result<Reply, Error>>, Error> {
        let (seed, now) = (self.window.recording.seed, self.moments()[number].now);
        let reply = take(&mut self.bench, step, seed, number, now)?;
        match reply {
            Some(Err(
                error @ (Error::StoreFull { .. } | Error::StoreIo { .. } | Error::UnknownOutcome),
            )) => Err(error),
            other => Ok(other),
        }
    }

    /// Takes a step until it is done; answers whether the power was cut instead.
    fn step(&mut self, number: usize, step: &Step) -> Result<bool, String> {
        let after = &self.moments()[number];
        let before = match step {
            Step::Open => after.picture.clone(),
            Step::Ask(_) => self.before(number),
        };
        let struck = self.bench.disk.lock().struck;
        let mut taken = self.take(number, step);
        if let Err(error) = &taken {
            let error = error.clone();
            let fault = self.fault.ok_or_else(|| format!("without a fault, {error}"))?;
            self.found.told(&error, fault.kind)?;
            if fault.at % 3 == 0 {
                return self.cut(&error, &before, &after.picture).map(|()| true);
            }
            if fault.sticky {
                self.look(&error, &before, &after.picture)?;
                taken = self.take(number, step);
                if let Err(error) = &taken {
                    self.found.told(error, fault.kind)?;
                }
                self.bench.disk.lock().fault = None;
            }
            let there = self.look(&error, &before, &after.picture)?;
            if taken.is_err() && !there {
                taken = self.take(number, step);
            }
            if there {
                return Ok(false);
            }
        }
        let reply = taken.map_err(|error| format!("it does not go on after {step:?}: {error}"))?;
        if matches!(step, Step::Ask(_)) && reply != after.reply {
            return Err(format!("{step:?}: {reply:?} instead of {:?}", after.reply));
        }
        if self.bench.disk.lock().struck != struck {
            self.expect(&after.picture)?;
        }
        Ok(false)
    }

    /// After an error nothing has changed, or all of it where that was said to be possible; answers
    /// which.
    fn look(&mut self, error: &Error, before: &Picture, after: &Picture) -> Result<bool, String> {
        if !self.bench.is_open() {
            return Ok(false);
        }
        let picture = match (Picture::take(self.bench.store()), self.fault) {
            (Ok(picture), _) => picture,
            // Who cannot read cannot look.
            (Err(Error::StoreIo { .. }), Some(Fault { kind: Kind::Read, sticky: true, .. })) => {
                return Ok(false);
            }
            (Err(again), _) => return Err(format!("unreadable after `{error}`: {again}")),
        };
        self.judge(&picture, error, before, after)
    }

    fn judge(
        &mut self,
        picture: &Picture,
        error: &Error,
        before: &Picture,
        after: &Picture,
    ) -> Result<bool, String> {
        let possible = matches!(error, Error::UnknownOutcome);
        if picture == before {
            return Ok(false);
        }
        if possible && picture == after {
            self.found.committed += 1;
            return Ok(true);
        }
        Err(format!("after `{error}`, {}", picture.difference(before)))
    }

    fn expect(&self, wanted: &Picture) -> Result<(), String> {
        let picture = Picture::take(self.bench.store()).map_err(|error| error.to_string())?;
        if picture == *wanted { Ok(()) } else { Err(picture.difference(wanted)) }
    }

    /// The power goes right after the error.
    fn cut(&mut self, error: &Error, before: &Picture, after: &Picture) -> Result<(), String> {
        let picture = self.survive()?;
        self.judge(&picture, error, before, after).map(drop)
    }

    /// The fault is over, the store closed in good order or not: everything acknowledged is there.
    fn end(&mut self) -> Result<(), String> {
        let last = &self.moments()[self.window.from + STEPS - 1];
        self.bench.disk.lock().fault = None;
        self.expect(&last.picture)?;
        no_problems(self.bench.store())?;
        if self.fault.is_some_and(|fault| fault.at % 2 == 0) {
            self.bench.close();
        }
        let picture = self.survive()?;
        if picture == *last.picture { Ok(()) } else { Err(picture.difference(&last.picture)) }
    }

    /// Cuts the power and looks at what a new process finds.
    fn survive(&mut self) -> Result<Picture, String> {
        self.bench.cut();
        let seed = self.fault.map_or(0, |fault| fault.at);
        let survivors = self.bench.disk.lock().platter.survivors(Tear { seed });
        let now = model::Clock::now(&*self.bench.clock);
        let mut bench = Bench::new(Plugged::new(survivors), now);
        bench.dice.set(7);
        bench.open().map_err(|error| format!("it does not open after the cut: {error}"))?;
        let picture = Picture::take(bench.store()).map_err(|error| error.to_string())?;
        no_problems(bench.store())?;
        Ok(picture)
    }
}
