//! Runs and their journals, told in the plainest way.

use std::collections::{BTreeMap, BTreeSet};

use model::item::Holder;
use model::run::{
    self, Digest, EffectKey, End, Event, Held, Hold, Journal, NewRun, Page, Pin, Query, Record,
    Recorded, Run, TakeOver, Told,
};
use model::{Done, Error, Id, NewItem, Renewal, Ticked, Token, limits};

use super::Naive;

/// A run with its journal.
#[derive(Clone, Debug)]
pub(super) struct Driven {
    pub(super) run: Run,
    records: Vec<Record>,
    pins: BTreeSet<Digest>,
}

/// All runs, and what is kept for them.
#[derive(Clone, Debug, Default)]
pub(super) struct Runs {
    pub(super) all: BTreeMap<u64, Driven>,
    /// Runs that are gone, and the texts they were bound to.
    remains: BTreeMap<u64, BTreeSet<Digest>>,
    texts: BTreeMap<Digest, String>,
    /// Which run had the effect, and which item it added.
    effects: BTreeMap<EffectKey, (u64, Id)>,
    last: u64,
    /// The run of the commit.
    acting: Option<u64>,
}

impl Runs {
    /// Everybody who drives a run under a lease of its own.
    pub(super) fn holders(&mut self) -> impl Iterator<Item = &mut Holder> {
        self.all.values_mut().filter_map(|driven| match &mut driven.run.life.held {
            Some(Held::Lease(holder)) => Some(holder),
            _ => None,
        })
    }
}

impl Naive {
    fn run_number(&self, run: Id) -> Result<u64, Error> {
        let found = self.runs.all.iter().find(|(_, driven)| driven.run.id == run);
        found.map(|(number, _)| *number).ok_or(Error::RunNotFound { run })
    }

    fn driven(&self, run: Id) -> Result<&Driven, Error> {
        self.run_number(run).map(|number| &self.runs.all[&number])
    }

    /// Looks whether the commit comes from the driver of its run.
    pub(super) fn begin_commit(&mut self, fence: Option<run::Fence>) -> Result<(), Error> {
        self.runs.acting = None;
        let Some(run::Fence { run, token, after }) = fence else { return Ok(()) };
        let number = self.run_number(run)?;
        let life = &self.runs.all[&number].run.life;
        if life.held.as_ref().map(Held::token) != Some(token) {
            return Err(Error::RunLost { run });
        }
        if life.records != after {
            return Err(Error::RunOutOfStep { run, records: life.records, after });
        }
        self.runs.acting = Some(number);
        Ok(())
    }

    fn acting(&self) -> Result<u64, Error> {
        self.runs.acting.ok_or(Error::NotOfARun)
    }

    fn told(&self, number: u64) -> Done {
        let driven = &self.runs.all[&number];
        let life = &driven.run.life;
        let until = match &life.held {
            Some(Held::Lease(holder)) => Some(holder.until),
            Some(Held::Claim { item, .. }) => {
                let holder = self.kept(*item).ok().and_then(|kept| kept.item.life.holder.clone());
                holder.map(|holder| holder.until)
            }
            None => None,
        };
        let told = Told { state: life.state, records: life.records, until, cancel: life.cancel };
        Done { run: Some(told), ..Done::new(driven.run.id, None) }
    }

    fn happen_to_run(&mut self, number: u64, event: &Event) -> Result<Done, Error> {
        let now = self.now();
        let run = &mut self.runs.all.get_mut(&number).expect("a number of a run").run;
        let from = run.life.state;
        run::apply(&mut run.life, run.keep, event, now)
            .map_err(|refusal| run::explain(refusal, run.id, from))?;
        if run.life.state == run::State::Cancelled {
            run.end = Some(End::Cancelled);
        }
        Ok(self.told(number))
    }

    fn check_hold(&self, hold: &Hold) -> Result<(), Error> {
        let Hold::Claim { item, token } = hold else { return Ok(()) };
        let holder = self.kept(*item)?.item.life.holder.as_ref();
        if holder.map(|holder| holder.token) == Some(*token) {
            return Ok(());
        }
        Err(Error::LeaseLost { item: *item })
    }

    fn check_pin(&self, pin: &Pin) -> Result<(), Error> {
        match (self.runs.texts.get(&pin.digest), &pin.text) {
            (None, None) => Err(Error::NotPinned { digest: pin.digest }),
            (Some(known), Some(text)) if known != text => {
                Err(Error::PinDiffers { digest: pin.digest })
            }
            _ => Ok(()),
        }
    }

    fn keep_text(&mut self, pin: Pin) {
        if let Some(text) = pin.text {
            self.runs.texts.insert(pin.digest, text);
        }
    }

    pub(super) fn start_run(&mut self, new: NewRun) -> Result<Done, Error> {
        if let Ok(driven) = self.driven(new.id) {
            return Err(Error::RunExists { run: new.id, state: driven.run.life.state });
        }
        self.check_hold(&new.hold)?;
        self.check_pin(&new.pin)?;
        let run = Run {
            id: new.id,
            flow: new.flow,
            pin: new.pin.digest,
            trigger: new.trigger,
            inputs: new.inputs,
            life: run::born(&new.hold, self.now()),
            keep: new.keep,
            started: self.now(),
            end: None,
        };
        let pins = BTreeSet::from([new.pin.digest]);
        self.keep_text(new.pin);
        self.runs.last += 1;
        self.runs.all.insert(self.runs.last, Driven { run, records: Vec::new(), pins });
        Ok(self.told(self.runs.last))
    }

    pub(super) fn take_over(&mut self, wanted: TakeOver) -> Result<Done, Error> {
        let number = self.run_number(wanted.run)?;
        self.check_hold(&wanted.hold)?;
        if let Some(pin) = &wanted.pin {
            self.check_pin(pin)?;
        }
        let by_driver = self.runs.acting == Some(number);
        let done = self.happen_to_run(number, &Event::TakeOver { hold: wanted.hold, by_driver })?;
        if let Some(pin) = wanted.pin {
            let driven = self.runs.all.get_mut(&number).expect("just found");
            driven.run.pin = pin.digest;
            driven.pins.insert(pin.digest);
            self.keep_text(pin);
        }
        Ok(done)
    }

    pub(super) fn renew_run(
        &mut self,
        run: Id,
        token: Token,
        lease: Option<std::time::Duration>,
    ) -> Result<Done, Error> {
        let number = self.run_number(run)?;
        match self.runs.all[&number].run.life.held {
            Some(Held::Claim { item, token: own }) if own == token => {
                match self.renew(&Renewal { item, token, lease }) {
                    Err(Error::LeaseLost { .. }) => Err(Error::RunLost { run }),
                    renewed => renewed.map(|_| self.told(number)),
                }
            }
            _ => self.happen_to_run(number, &Event::Renew { token, lease }),
        }
    }

    pub(super) fn cancel_run(&mut self, run: Id) -> Result<Done, Error> {
        let number = self.run_number(run)?;
        self.happen_to_run(number, &Event::Cancel)
    }

    pub(super) fn record(&mut self, journal: Journal) -> Result<Done, Error> {
        let number = self.acting()?;
        let (records, bytes) = (journal.records.len() as u64, journal.bytes() as u64);
        let event = Event::Record { records, bytes, steps: journal.steps };
        let done = self.happen_to_run(number, &event)?;
        let driven = self.runs.all.get_mut(&number).expect("just found");
        driven.records.extend(journal.records);
        Ok(done)
    }

    pub(super) fn end_run(&mut self, end: End) -> Result<Done, Error> {
        let number = self.acting()?;
        let done = self.happen_to_run(number, &Event::End(end.state()))?;
        self.runs.all.get_mut(&number).expect("just found").run.end = Some(end);
        Ok(done)
    }

    /// Adds an item as an effect of the run, unless it has been before.
    pub(super) fn add_once(&mut self, new: NewItem, effect: EffectKey) -> Result<Done, Error> {
        let run = self.acting()?;
        if let Some((_, item)) = self.runs.effects.get(&effect) {
            let status = self.kept(*item).ok().map(|kept| kept.item.life.status);
            return Ok(Done::new(*item, status));
        }
        let done = self.add(new)?;
        self.runs.effects.insert(effect, (run, done.id));
        Ok(done)
    }

    /// No running run is held by a claim that has ended.
    pub(super) fn interrupt_lost(&mut self) -> u64 {
        let lost = |driven: &Driven| match driven.run.life.held {
            Some(Held::Claim { item, token }) => {
                let holder = self.kept(item).ok().and_then(|kept| kept.item.life.holder.as_ref());
                holder.is_none_or(|holder| holder.token != token)
            }
            _ => false,
        };
        let of_lost = self.runs.all.iter().filter(|(_, driven)| lost(driven));
        let lost: Vec<u64> = of_lost.map(|(number, _)| *number).collect();
        for number in &lost {
            self.happen_to_run(*number, &Event::ClaimEnded).expect("it is held by a claim");
        }
        lost.len() as u64
    }

    pub(super) fn next_run_due(&self) -> Option<model::Timestamp> {
        self.runs
            .all
            .values()
            .filter_map(|driven| run::due(&driven.run.life, driven.run.keep))
            .min()
    }

    pub(super) fn make_runs_due(&mut self, ticked: &mut Ticked) {
        let now = self.now();
        let due = |driven: &Driven| {
            run::due(&driven.run.life, driven.run.keep).is_some_and(|due| due <= now)
        };
        let of_late = self.runs.all.iter().filter(|(_, driven)| due(driven));
        for number in of_late.map(|(number, _)| *number).collect::<Vec<_>>() {
            if self.runs.all[&number].run.life.state.is_final() {
                let gone = self.runs.all.remove(&number).expect("just found");
                self.runs.remains.insert(number, gone.pins);
                ticked.runs_retired += 1;
            } else {
                self.happen_to_run(number, &Event::Due).expect("it is due");
                ticked.interrupted += 1;
            }
        }
    }

    /// Forgets what runs that are gone have left.
    pub(super) fn clear_remains(&mut self) {
        let gone = std::mem::take(&mut self.runs.remains);
        self.runs.effects.retain(|_, (run, _)| !gone.contains_key(run));
        for digest in gone.into_values().flatten() {
            if !self.runs.all.values().any(|driven| driven.pins.contains(&digest)) {
                self.runs.texts.remove(&digest);
            }
        }
    }

    pub(super) fn read_run(&self, run: Id) -> Result<Run, Error> {
        Ok(self.driven(run)?.run.clone())
    }

    /// Its cursor is the number of the last run shown.
    pub(super) fn page_of_runs(&self, query: &Query) -> Result<Page, Error> {
        Error::limit("page-items", query.limit, limits::PAGE_ITEMS_MAX)?;
        let before = query.cursor.as_ref().map(|text| text.parse().expect("a naive cursor"));
        let wanted = |number: u64, run: &Run| {
            before.is_none_or(|before: u64| number < before)
                && query.flow.as_ref().is_none_or(|flow| run.flow == *flow)
                && (query.states.is_empty() || query.states.contains(&run.life.state))
        };
        let newest_first = self.runs.all.iter().rev();
        let of_list = newest_first.filter(|(number, driven)| wanted(**number, &driven.run));
        let mut found: Vec<_> = of_list.collect();
        let more = found.len() > query.limit;
        found.truncate(query.limit);
        let next = found.last().filter(|_| more).map(|(number, _)| number.to_string());
        Ok(Page { runs: found.into_iter().map(|(_, driven)| driven.run.clone()).collect(), next })
    }

    pub(super) fn journal(
        &self,
        run: Id,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Recorded>, Error> {
        let numbered = (1..).zip(&self.driven(run)?.records);
        let later = numbered.filter(|(seq, _)| *seq > after).take(limit);
        Ok(later.map(|(seq, record)| Recorded { seq, record: record.clone() }).collect())
    }

    pub(super) fn checkpoint(&self, run: Id) -> Result<Option<Recorded>, Error> {
        let all = self.journal(run, 0, usize::MAX)?;
        Ok(all.into_iter().rfind(|recorded| recorded.record.checkpoint))
    }

    pub(super) fn pinned(&self, digest: Digest) -> Result<String, Error> {
        self.runs.texts.get(&digest).cloned().ok_or(Error::NotPinned { digest })
    }
}
