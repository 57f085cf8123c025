//! Writes the journal of a run.

use std::sync::Arc;

use model::run::{End, Fence, Journal, Record};
use model::{Change, Commit, Error, Id, Outcome, Store, Timestamp, json};

use crate::journal::{Entry, sealed};
use crate::limits::{JOURNAL_BYTES_AHEAD_MAX, JOURNAL_RECORDS_AHEAD_MAX};
use crate::step::Step;
use crate::vault::Vault;

/// Records that are not written yet, and where those that are end.
pub(super) struct Recorder {
    store: Arc<dyn Store>,
    fence: Fence,
    ahead: Vec<Record>,
    bytes: usize,
    /// Steps that the records ahead complete.
    steps: u64,
    cancel: bool,
    vault: Arc<dyn Vault>,
}

/// Something to be recorded.
#[derive(Clone, Copy)]
pub(super) struct Note<'n> {
    pub(super) entry: &'n Entry,
    pub(super) at: Timestamp,
    pub(super) path: &'n str,
    /// It completes a step.
    pub(super) step: bool,
    /// It tells a secret.
    pub(super) masked: bool,
}

impl<'n> Note<'n> {
    /// Something that completes no step and tells no secret.
    pub(super) fn plain(entry: &'n Entry, at: Timestamp, path: &'n str) -> Self {
        Self { entry, at, path, step: false, masked: false }
    }
}

impl Recorder {
    pub(super) fn new(store: Arc<dyn Store>, fence: Fence, vault: Arc<dyn Vault>) -> Self {
        Self { store, fence, ahead: Vec::new(), bytes: 0, steps: 0, cancel: false, vault }
    }

    pub(super) fn run(&self) -> Id {
        self.fence.run
    }

    /// Whether somebody has asked the store for the end of the run.
    pub(super) fn cancel_asked(&self) -> bool {
        self.cancel
    }

    /// Records this; it is durable with the next commit.
    pub(super) fn push(&mut self, note: Note<'_>) -> Result<(), Error> {
        let vault = note.masked.then_some(&*self.vault);
        let record = note.entry.record(note.at, note.path, vault)?;
        self.bytes += record.bytes();
        self.steps += u64::from(note.step);
        self.ahead.push(record);
        Ok(())
    }

    /// Whether so much is ahead that it should be written.
    pub(super) fn is_full(&self) -> bool {
        self.ahead.len() >= JOURNAL_RECORDS_AHEAD_MAX || self.bytes >= JOURNAL_BYTES_AHEAD_MAX
    }

    /// Makes everything so far durable.
    pub(super) fn flush(&mut self) -> Result<(), Error> {
        if self.ahead.is_empty() {
            return Ok(());
        }
        let journal = self.taken();
        let count = journal.records.len() as u64;
        self.commit(vec![Change::Journal(journal)])?;
        self.fence.after += count;
        Ok(())
    }

    /// Keeps what a step did, with everything so far.
    pub(super) fn keep(&mut self, step: &mut Step) -> Result<(), Error> {
        let journal = self.taken();
        let count = journal.records.len() as u64;
        step.keep(self.fence, Change::Journal(journal))?;
        self.fence.after += count;
        Ok(())
    }

    /// Makes changes of the run's own, with everything so far.
    pub(super) fn make(&mut self, mut changes: Vec<Change>) -> Result<Vec<Outcome>, Error> {
        let journal = self.taken();
        let count = journal.records.len() as u64;
        changes.push(Change::Journal(journal));
        let outcomes = self.commit(changes)?;
        self.fence.after += count;
        Ok(outcomes)
    }

    /// Ends the run; outputs that tell a secret are sealed.
    pub(super) fn end(&mut self, end: End, masked: bool) -> Result<(), Error> {
        let end = match end {
            End::Succeeded { outputs } if masked => {
                let outputs = json::parse(&outputs).unwrap_or_default();
                End::Succeeded { outputs: json::write(&sealed(&outputs, &*self.vault)?) }
            }
            end => end,
        };
        self.make(vec![]).map(drop)?;
        self.commit(vec![Change::EndRun(Box::new(end))]).map(drop)
    }

    pub(super) fn renew(&mut self) -> Result<(), Error> {
        let Fence { run, token, .. } = self.fence;
        let commit = Commit::one(Change::RenewRun { run, token, lease: None });
        let outcomes = self.store.commit(commit).wait()?;
        self.hear(&outcomes)
    }

    fn taken(&mut self) -> Journal {
        self.bytes = 0;
        let steps = std::mem::take(&mut self.steps);
        Journal { records: std::mem::take(&mut self.ahead), steps }
    }

    fn commit(&mut self, changes: Vec<Change>) -> Result<Vec<Outcome>, Error> {
        let outcomes = self.store.commit(Commit::of_run(self.fence, changes)).wait()?;
        self.hear(&outcomes)?;
        Ok(outcomes)
    }

    /// The first refusal; and whether somebody wants the run to end.
    fn hear(&mut self, outcomes: &[Outcome]) -> Result<(), Error> {
        for outcome in outcomes {
            match outcome {
                Outcome::Refused(error) => return Err(error.clone()),
                Outcome::Done(done) => {
                    self.cancel |= done.run.is_some_and(|told| told.cancel);
                }
                Outcome::Skipped => {}
            }
        }
        Ok(())
    }
}
