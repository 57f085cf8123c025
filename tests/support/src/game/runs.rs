//! The part of the game that is about runs.

use model::run::{
    Digest, EffectKey, End, Failure, FailureKind, Fence, Hold, Journal, NewRun, Pin, Query, Record,
    State, TakeOver, Trigger,
};
use model::{Change, Commit, Entropy, Id, Mode, NewItem, Outcome, Reply, Request, Token};

use super::Game;

const FLOWS: [&str; 2] = ["one", "two"];

/// A run as whoever drives it last saw it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    run: Id,
    token: Token,
    records: u64,
}

/// A list of runs that is being read, with the cursors of both.
#[derive(Debug)]
pub(super) struct Reading {
    query: Query,
    naive_cursor: Option<String>,
}

impl Game {
    fn seen(&self) -> Seen {
        if self.runs.is_empty() || self.dice.once_in(20) {
            return Seen { run: self.id(), token: Token::from_bytes([4; 16]), records: 0 };
        }
        *self.dice.pick(&self.runs)
    }

    fn hold(&self) -> Hold {
        if self.dice.once_in(2) {
            let (item, token) = self.claim_on();
            return Hold::Claim { item, token };
        }
        let token = Token::from_bytes(self.ids.next().to_be_bytes());
        Hold::Lease { token, driver: "ada".into(), lease: self.span() }
    }

    fn pin(&self) -> Pin {
        let number = self.dice.below(3) as u8;
        let text = self.maybe(2, || if self.dice.once_in(9) { 9 } else { number }.to_string());
        Pin { digest: Digest::from_bytes([number; 32]), text }
    }

    fn start(&self) -> Change {
        let id = if self.dice.once_in(10) { self.seen().run } else { self.id() };
        let mut new = NewRun::new(id, *self.dice.pick(&FLOWS), self.pin(), self.hold());
        new.pin.text =
            new.pin.text.or(self.maybe(2, || format!("{}", new.pin.digest.to_bytes()[0])));
        new.trigger = *self.dice.pick(&[Trigger::Manual, Trigger::Item(id), Trigger::File(id)]);
        new.keep = self.span();
        Change::StartRun(Box::new(new))
    }

    fn journal(&self) -> Change {
        let record = |_| Record {
            at: self.bench.now(),
            kind: "step".into(),
            path: "a/b".into(),
            data: self.dice.below(1_000).to_string(),
            checkpoint: self.dice.once_in(4),
        };
        let records = (0..self.dice.below(4)).map(record).collect();
        Change::Journal(Journal { records, steps: self.dice.below(3) as u64 })
    }

    fn end(&self) -> Change {
        let failure = || Failure {
            kind: *self.dice.pick(&FailureKind::ALL),
            code: "a/b".into(),
            message: "no".into(),
            path: "a".into(),
        };
        Change::EndRun(Box::new(match self.dice.below(4) {
            0 => End::Failed(failure()),
            1 => End::Cancelled,
            _ => End::Succeeded { outputs: "{}".into() },
        }))
    }

    fn effect(&mut self) -> Change {
        let mut new = NewItem::new(self.id(), self.queue(), "1");
        new.effect = Some(EffectKey::new(vec![self.dice.below(6) as u8]));
        self.items.push(new.id);
        Change::Add(Box::new(new))
    }

    /// A change that any driver may make, to any run.
    pub(super) fn change_of_run(&mut self) -> Change {
        let Seen { run, token, .. } = self.seen();
        match self.dice.below(10) {
            0..=4 => self.start(),
            5 | 6 => {
                let (hold, pin) = (self.hold(), self.maybe(4, || self.pin()));
                Change::TakeOverRun(Box::new(TakeOver { run, hold, pin }))
            }
            7 => Change::RenewRun { run, token, lease: self.maybe(2, || self.span()) },
            8 => Change::CancelRun { run },
            _ => self.journal(),
        }
    }

    /// A commit of some driver, who may have lost the run or missed a record.
    pub(super) fn drive(&mut self) {
        let Seen { run, token, records } = self.seen();
        let after = if self.dice.once_in(12) { records + 1 } else { records };
        let mut changes = Vec::new();
        for _ in 0..=self.dice.below(4) {
            changes.push(match self.dice.below(10) {
                0..=3 => self.journal(),
                4..=6 => self.effect(),
                7 if self.dice.once_in(2) => self.end(),
                8 => self.change_of_run(),
                _ => self.change(),
            });
        }
        let modes = [Mode::AllOrNothing, Mode::AllOrNothing, Mode::StopAtFirst, Mode::Independent];
        let mode = *self.dice.pick(&modes);
        let commit = Commit { mode, ..Commit::of_run(Fence { run, token, after }, changes) };
        self.ask(Request::Commit(commit));
    }

    /// Remembers what a commit tells of runs.
    pub(super) fn see(&mut self, commit: &Commit, outcomes: &[Outcome]) {
        for (change, outcome) in commit.changes.iter().zip(outcomes) {
            let Outcome::Done(done) = outcome else { continue };
            let Some(told) = done.run else { continue };
            let known = self.runs.iter().rposition(|seen| seen.run == done.id);
            let hold = match change {
                Change::StartRun(new) => Some(&new.hold),
                Change::TakeOverRun(wanted) => Some(&wanted.hold),
                _ => None,
            };
            match (hold, known) {
                (Some(hold), _) => {
                    let (run, token, records) = (done.id, hold.token(), told.records);
                    self.runs.push(Seen { run, token, records });
                }
                (None, Some(known)) => self.runs[known].records = told.records,
                (None, None) => {}
            }
        }
    }

    pub(super) fn question_of_runs(&self) -> Request {
        let run = self.seen().run;
        match self.dice.below(4) {
            0 => Request::Run(run),
            1 => {
                let (after, limit) = (self.dice.below(4) as u64, self.dice.below(4));
                Request::Journal { run, after, limit }
            }
            2 => Request::Checkpoint(run),
            _ => Request::Pinned(self.pin().digest),
        }
    }

    /// Begins a list of runs, or reads the next page of one.
    pub(super) fn read_on_runs(&mut self) {
        if self.readings_of_runs.is_empty() || self.dice.once_in(2) {
            let states = (0..self.dice.below(3)).map(|_| *self.dice.pick(&State::ALL)).collect();
            let flow = self.maybe(2, || (*self.dice.pick(&FLOWS)).to_owned());
            let query = Query { flow, states, cursor: None, limit: 1 + self.dice.below(4) };
            self.readings_of_runs.push(Reading { query, naive_cursor: None });
        }
        let at = self.dice.below(self.readings_of_runs.len());
        let mut reading = self.readings_of_runs.swap_remove(at);
        self.asked.push(format!("{reading:?}"));
        let cursor = reading.naive_cursor.take();
        let query = Query { cursor, ..reading.query.clone() };
        let Ok(Reply::Runs(expected)) = self.naive.answer(Request::Runs(query)) else {
            panic!("a list of runs is always answered");
        };
        let asked = || self.asked.join("\n");
        let page = self.bench.runs(reading.query.clone()).unwrap();
        assert_eq!(page.runs, expected.runs, "\n{}", asked());
        assert_eq!(page.next.is_some(), expected.next.is_some(), "\n{}", asked());
        if page.next.is_some() {
            (reading.query.cursor, reading.naive_cursor) = (page.next, expected.next);
            self.readings_of_runs.push(reading);
        }
    }

    pub(super) fn compare_runs(&mut self) {
        for Seen { run, .. } in std::mem::take(&mut self.runs) {
            self.ask(Request::Run(run));
            self.ask(Request::Journal { run, after: 0, limit: 1_000 });
            self.ask(Request::Checkpoint(run));
        }
        for number in 0..3 {
            self.ask(Request::Pinned(Digest::from_bytes([number; 32])));
        }
    }
}
