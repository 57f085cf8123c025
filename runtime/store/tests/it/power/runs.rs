//! Runs among what users do: started, driven in commits with items, taken over, ended.

use std::time::Duration;

use model::run::{
    Digest, EffectKey, End, Fence, Held, Hold, Journal, NewRun, Pin, Record, Recorded, Run, State,
    TakeOver,
};
use model::{Change, Commit, Id, NewItem, Outcome, Request, Store, Token};

use crate::power::known::Known;
use crate::power::workload::Users;

/// A run and its journal, as they can be seen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) run: Run,
    pub(crate) journal: Vec<Recorded>,
}

/// What is known of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fact {
    pub(crate) token: Token,
    pub(crate) records: u64,
    /// What its driver knows; time may have interrupted it.
    pub(crate) state: State,
    cancel: bool,
}

/// Everything that can be seen of runs.
pub(crate) fn look(store: &dyn Store) -> Result<Vec<Seen>, model::Error> {
    let mut query = model::run::Query { limit: 500, ..model::run::Query::default() };
    let mut seen = Vec::new();
    loop {
        let page = store.runs(query.clone())?;
        for run in page.runs {
            let journal = store.journal(run.id, 0, 10_000)?;
            seen.push(Seen { run, journal });
        }
        query.cursor = page.next;
        if query.cursor.is_none() {
            return Ok(seen);
        }
    }
}

impl Users {
    fn hold(&self, known: &Known) -> Hold {
        match self.held(known) {
            Some((item, token)) if self.one_in(2) => Hold::Claim { item, token },
            _ => Hold::Lease {
                token: Token::from_bytes(self.id().to_bytes()),
                driver: "eve".into(),
                lease: Duration::from_secs(100),
            },
        }
    }

    /// Something that is done about runs.
    pub(crate) fn about_run(&mut self, known: &Known) -> Request {
        let driven = known.runs.iter().filter(|(_, fact)| !fact.state.is_final());
        let Some((run, fact)) = self.pick(driven.collect::<Vec<_>>()) else {
            return self.start(known);
        };
        let (run, fact) = (*run, *fact);
        let hold = self.hold(known);
        match self.below(12) {
            0 | 1 => self.start(known),
            2 => {
                let wanted = TakeOver { run, hold, pin: None };
                Request::Commit(Commit::one(Change::TakeOverRun(Box::new(wanted))))
            }
            3 => Request::Commit(Commit::one(Change::CancelRun { run })),
            4 => {
                let renew = Change::RenewRun { run, token: fact.token, lease: None };
                Request::Commit(Commit::one(renew))
            }
            _ => self.drive(run, fact),
        }
    }

    fn start(&mut self, known: &Known) -> Request {
        let number = self.below(3) as u8;
        let digest = Digest::from_bytes([number; 32]);
        let text = Some(char::from(b'a' + number).to_string().repeat(3_000));
        let mut new = NewRun::new(self.id(), "tidy", Pin { digest, text }, self.hold(known));
        new.keep = Duration::from_secs(100);
        Request::Commit(Commit::one(Change::StartRun(Box::new(new))))
    }

    /// A step: items, records, and now and then the end.
    fn drive(&mut self, run: Id, fact: Fact) -> Request {
        let mut changes = Vec::new();
        for _ in 0..self.below(3) {
            let effect = Some(EffectKey::new(vec![self.below(40) as u8]));
            let item = NewItem { effect, reference: None, ..self.item("orders") };
            changes.push(Change::Add(Box::new(item)));
        }
        let records = (0..self.below(5)).map(|_| Record {
            at: self.now,
            kind: "step".into(),
            path: "loop[2]/add".into(),
            data: self.value(),
            checkpoint: self.one_in(4),
        });
        changes.push(Change::Journal(Journal { records: records.collect(), steps: 1 }));
        if self.one_in(6) {
            changes.push(Change::EndRun(Box::new(End::Succeeded { outputs: self.value() })));
        }
        let fence = Fence { run, token: fact.token, after: fact.records };
        Request::Commit(Commit::of_run(fence, changes))
    }
}

impl Known {
    /// Learns what became of runs.
    pub(crate) fn changed_run(&mut self, change: &Change, outcome: &Outcome) {
        let Outcome::Done(done) = outcome else { return };
        let Some(told) = done.run else { return };
        let token = match change {
            Change::StartRun(new) => Some(new.hold.token()),
            Change::TakeOverRun(wanted) => Some(wanted.hold.token()),
            _ => self.runs.get(&done.id).map(|fact| fact.token),
        };
        let token = token.expect("only known runs are changed");
        let (records, state, cancel) = (told.records, told.state, told.cancel);
        self.runs.insert(done.id, Fact { token, records, state, cancel });
    }

    /// Whether the runs that are seen are those that are known; time alone may have moved them on.
    pub(crate) fn runs_agree(&self, seen: &[Seen]) -> Result<(), String> {
        for Seen { run, journal } in seen {
            let fact = self.runs.get(&run.id).ok_or_else(|| format!("run {} is new", run.id))?;
            let state = run.life.state;
            let moved_on = fact.state == State::Running
                && matches!(state, State::Interrupted | State::Cancelled);
            if state != fact.state && !moved_on {
                return Err(format!("run {} is {state}, not {}", run.id, fact.state));
            }
            let numbers: Vec<u64> = journal.iter().map(|recorded| recorded.seq).collect();
            if run.life.records != fact.records || !numbers.into_iter().eq(1..=fact.records) {
                return Err(format!("run {} has other records: {journal:?}", run.id));
            }
            let held = run.life.held.as_ref().map(Held::token);
            if held.is_some_and(|token| token != fact.token) {
                return Err(format!("run {} has another driver", run.id));
            }
        }
        let there = |run: &Id| seen.iter().any(|seen| seen.run.id == *run);
        // Only what has ended is deleted, and what nobody cancelled does not end by itself.
        let kept = |fact: &Fact| !fact.state.is_final() && !fact.cancel;
        match self.runs.iter().find(|(run, fact)| kept(fact) && !there(run)) {
            Some((run, fact)) => Err(format!("run {run} is gone: {fact:?}")),
            None => Ok(()),
        }
    }
}

/// A driver outlives the cut: its token writes on, behind the records that are there.
pub(crate) fn drive_on(store: &dyn Store) -> Result<(), String> {
    let seen = look(store).map_err(|error| error.to_string())?;
    for Seen { run, .. } in seen {
        let Some(held) = &run.life.held else { continue };
        let fence = |after| Fence { run: run.id, token: held.token(), after };
        let journal = || vec![Change::Journal(Journal::default())];
        let records = run.life.records;
        let written = store.commit(Commit::of_run(fence(records), journal())).wait();
        written.map_err(|error| format!("a driver was lost: {error}"))?;
        match store.commit(Commit::of_run(fence(records + 1), journal())).wait() {
            Err(model::Error::RunOutOfStep { .. }) => {}
            other => return Err(format!("written behind a gap: {other:?}")),
        }
    }
    Ok(())
}
