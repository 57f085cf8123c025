//! A run under test, and whoever drives it.

use model::run::{Digest, End, Failure, FailureKind, Fence, Hold, Journal, Pin, Record};
use model::{Change, Claimed, Commit, Entropy, Error, Id, NewItem, NewRun, Outcome, Run, Token};

use crate::{Bench, secs};

/// What a driver knows of its run.
#[derive(Clone, Copy, Debug)]
pub struct Driver {
    pub run: Id,
    pub token: Token,
    /// How many records it has written.
    pub records: u64,
}

/// A digest that says which one it is.
pub fn digest(number: u8) -> Digest {
    Digest::from_bytes([number; 32])
}

/// A text with the digest of that number.
pub fn pin(number: u8) -> Pin {
    Pin { digest: digest(number), text: Some(format!("flow: number-{number}")) }
}

/// A hold under a lease of a minute.
pub fn lease(bench: &Bench) -> Hold {
    let token = Token::from_bytes(bench.place.entropy.next().to_be_bytes());
    Hold::Lease { token, driver: "ada".into(), lease: secs(60) }
}

pub fn by_claim(claimed: &Claimed) -> Hold {
    Hold::Claim { item: claimed.item.id, token: claimed.token }
}

pub fn record(bench: &Bench, data: &str) -> Record {
    Record {
        at: bench.now(),
        kind: "step".into(),
        path: "rows[3]/entry".into(),
        data: data.into(),
        checkpoint: false,
    }
}

/// Records with these data that complete a step each.
pub fn journal(bench: &Bench, data: &[&str]) -> Change {
    let records: Vec<_> = data.iter().map(|data| record(bench, data)).collect();
    let steps = records.len() as u64;
    Change::Journal(Journal { records, steps })
}

pub fn succeeded() -> End {
    End::Succeeded { outputs: "{\"sum\":1.10}".into() }
}

pub fn failed() -> End {
    End::Failed(Failure {
        kind: FailureKind::It,
        code: "http/unreachable".into(),
        message: "nobody answers".into(),
        path: "entry".into(),
    })
}

impl Driver {
    /// Starts a run of the flow `tidy` under a lease of a minute.
    pub fn start(bench: &Bench) -> Self {
        Self::start_as(bench, lease(bench), |_| ()).unwrap()
    }

    pub fn start_as(
        bench: &Bench,
        hold: Hold,
        shape: impl FnOnce(&mut NewRun),
    ) -> Result<Self, Error> {
        let mut new = NewRun::new(bench.id(), "tidy", pin(1), hold);
        shape(&mut new);
        let (run, token) = (new.id, new.hold.token());
        bench.make(Change::StartRun(Box::new(new)))?;
        Ok(Self { run, token, records: 0 })
    }

    pub fn fence(&self) -> Fence {
        Fence { run: self.run, token: self.token, after: self.records }
    }

    /// Makes the changes as the run's driver; all of them or none.
    pub fn commit(&mut self, bench: &Bench, changes: Vec<Change>) -> Result<Vec<Outcome>, Error> {
        let outcomes = bench.commit(Commit::of_run(self.fence(), changes)).wait()?;
        for outcome in &outcomes {
            match outcome {
                Outcome::Refused(error) => return Err(error.clone()),
                Outcome::Done(done) => {
                    self.records = done.run.map_or(self.records, |told| told.records);
                }
                Outcome::Skipped => {}
            }
        }
        Ok(outcomes)
    }

    /// Writes a record for each of these data.
    pub fn write(&mut self, bench: &Bench, data: &[&str]) -> Result<(), Error> {
        self.commit(bench, vec![journal(bench, data)]).map(drop)
    }

    pub fn end(&mut self, bench: &Bench, end: End) -> Result<(), Error> {
        self.commit(bench, vec![Change::EndRun(Box::new(end))]).map(drop)
    }

    /// Adds an item as an effect of the run; answers the item that is there for it.
    pub fn add(&mut self, bench: &Bench, effect: &[u8]) -> Result<Id, Error> {
        let effect = Some(model::run::EffectKey::new(effect));
        let new = NewItem { effect, ..bench.new_item("1") };
        match self.commit(bench, vec![Change::Add(Box::new(new))])?.pop() {
            Some(Outcome::Done(done)) => Ok(done.id),
            other => panic!("an addition ends otherwise: {other:?}"),
        }
    }

    pub fn look(&self, bench: &Bench) -> Run {
        bench.run(self.run).unwrap()
    }

    /// The data of all its records, which are numbered without a gap.
    pub fn data(&self, bench: &Bench) -> Vec<String> {
        let mut data = Vec::new();
        loop {
            let part = bench.journal(self.run, data.len() as u64, 7).unwrap();
            if part.is_empty() {
                return data;
            }
            for recorded in part {
                data.push(recorded.record.data);
                assert_eq!(recorded.seq, data.len() as u64, "there is a gap");
            }
        }
    }
}
