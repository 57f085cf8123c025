//! Rows on their way into the store: a few commits at once, outcomes in the order of the file.

use std::collections::VecDeque;

use model::{Change, Commit, Mode, NewItem, Outcome, Pending, Store};

use super::report::Report;
use crate::error::{Error, Result};
use crate::import::{Kept, Place, Reject};

/// Rows of one commit.
const ROWS: usize = 1_000;
/// A commit is sent when its texts are this long, however few its rows.
const BYTES: usize = 4 * 1024 * 1024;
/// Commits on their way.
const FLYING: usize = 3;

pub(super) struct Pipeline<'a> {
    store: &'a dyn Store,
    report: Report,
    rows: Vec<Slot>,
    changes: Vec<Change>,
    bytes: usize,
    flying: VecDeque<(Vec<Slot>, Pending<Vec<Outcome>>)>,
}

/// A row: sent, or rejected before that.
type Slot = std::result::Result<Sent, Reject>;

/// Where a row stands and, if its rejection is to be written, the row.
type Sent = (Place, Option<Kept>);

impl<'a> Pipeline<'a> {
    pub(super) fn new(store: &'a dyn Store, report: Report) -> Self {
        let (rows, changes, flying) = (Vec::new(), Vec::new(), VecDeque::new());
        Self { store, report, rows, changes, bytes: 0, flying }
    }

    pub(super) fn keeps(&self) -> bool {
        self.report.keeps()
    }

    /// Takes the next row; says whether that filled a commit.
    pub(super) fn push(
        &mut self,
        row: std::result::Result<(Sent, NewItem), Reject>,
    ) -> Result<bool> {
        self.rows.push(row.map(|(sent, item)| {
            self.bytes += item.bytes();
            self.changes.push(Change::Add(Box::new(item)));
            sent
        }));
        let full = self.rows.len() == ROWS || self.bytes >= BYTES;
        if full {
            self.send();
            while self.flying.len() >= FLYING {
                self.land()?;
            }
        }
        Ok(full)
    }

    fn send(&mut self) {
        let changes = std::mem::take(&mut self.changes);
        let rows = std::mem::take(&mut self.rows);
        self.bytes = 0;
        let pending = if changes.is_empty() {
            Pending::ready(Ok(Vec::new()))
        } else {
            self.store.commit(Commit::of(changes, Mode::Independent))
        };
        self.flying.push_back((rows, pending));
    }

    /// Waits for the oldest commit and counts what became of its rows.
    fn land(&mut self) -> Result<()> {
        let Some((rows, pending)) = self.flying.pop_front() else { return Ok(()) };
        let mut outcomes = pending.wait()?.into_iter();
        let mut closed = None;
        for row in rows {
            let (place, kept) = match row {
                Ok(sent) => sent,
                Err(reject) => {
                    self.report.reject(reject)?;
                    continue;
                }
            };
            match outcomes.next() {
                Some(Outcome::Done(_)) => self.report.accepted += 1,
                Some(Outcome::Refused(model::Error::DuplicateReference { .. })) => {
                    self.report.duplicate += 1;
                }
                // Somebody closed the queue meanwhile: that is not the fault of the rows.
                Some(Outcome::Refused(error @ model::Error::QueueClosed { .. })) => {
                    closed = Some(error);
                }
                Some(Outcome::Refused(error)) => {
                    self.report.reject(Reject::model(place, &error).keeping(kept))?;
                }
                Some(Outcome::Skipped) | None => {
                    let detail = "an outcome is missing".into();
                    return Err(model::Error::Protocol { detail }.into());
                }
            }
        }
        closed.map_or(Ok(()), |error| Err(error.into()))
    }

    /// Sends what is left and waits for everything; the first error is the one that counts.
    pub(super) fn finish(mut self) -> (Report, Result<()>) {
        if !self.rows.is_empty() {
            self.send();
        }
        let mut first: Option<Error> = None;
        while !self.flying.is_empty() {
            if let Err(error) = self.land() {
                first.get_or_insert(error);
            }
        }
        (self.report, first.map_or(Ok(()), Err))
    }
}
