//! What the writer knows of runs, and the one way to move one.

use std::collections::BTreeSet;

use model::run::{self, Digest, Event, Held, Moved, NewRun, Pin, Told};
use model::{Error, Id, Timestamp, limits};
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::{Attempt, Result, Translated};
use crate::ledger::Ledger;
use crate::row::{self, RunHead, micros, span_micros};
use crate::sql;

/// What is known of all runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Runs {
    next_number: i64,
    /// The run whose driver makes the present commit.
    pub(crate) acting: Option<i64>,
    /// Running runs that are held by the claim on an item.
    by_claim: BTreeSet<(Id, i64)>,
    by_claim_changed: bool,
    /// Runs whose claim has ended in this transaction.
    lost: Vec<i64>,
    /// There are journals of runs that are gone.
    pub(crate) remains: bool,
}

impl Runs {
    pub(crate) fn load(db: &Connection) -> Result<Self> {
        let number = |query| db.query_row(query, [], |row| row.get(0)).translated();
        let remains: Option<i64> = number(sql::NEXT_REMAINS)?;
        let last = number(sql::LAST_RUN)?;
        let mut statement = db.prepare_cached(sql::RUNS_BY_CLAIM).translated()?;
        let rows = statement.query_map([], |row| Ok((row::id(row, 0)?, row.get(1)?)));
        let by_claim = rows.translated()?.collect::<rusqlite::Result<_>>().translated()?;
        Ok(Self {
            next_number: last.unwrap_or(0) + 1,
            by_claim,
            remains: remains.is_some(),
            ..Self::default()
        })
    }

    /// The claim on this item has ended: the runs that are held by it are to be interrupted.
    pub(crate) fn claim_ended(&mut self, item: Id) {
        let all = (item, i64::MIN)..=(item, i64::MAX);
        self.lost.extend(self.by_claim.range(all).map(|(_, run)| *run));
    }

    /// How many runs have lost their claim so far.
    pub(crate) fn lost_so_far(&self) -> usize {
        self.lost.len()
    }

    /// What came after that was taken back.
    pub(crate) fn take_back(&mut self, db: &Connection, lost: usize) -> Result<()> {
        self.lost.truncate(lost);
        if self.by_claim_changed {
            let remains = self.remains;
            let (acting, lost) = (self.acting, std::mem::take(&mut self.lost));
            *self = Self { acting, lost, remains, by_claim_changed: true, ..Self::load(db)? };
        }
        Ok(())
    }

    pub(crate) fn begin(&mut self) {
        self.by_claim_changed = false;
    }

    /// Follows what holds a run.
    fn follow(&mut self, number: i64, before: Option<&Held>, after: Option<&Held>) {
        for (held, holds) in [(before, false), (after, true)] {
            let Some(Held::Claim { item, .. }) = held else { continue };
            self.by_claim_changed = true;
            if holds {
                self.by_claim.insert((*item, number));
            } else {
                self.by_claim.remove(&(*item, number));
            }
        }
    }
}

/// What holds a run, as the columns of its row.
struct HeldColumns<'a> {
    token: Option<[u8; 16]>,
    claim: Option<[u8; 16]>,
    driver: Option<&'a str>,
    since: Option<i64>,
    lease: Option<i64>,
    until: Option<i64>,
}

impl<'a> HeldColumns<'a> {
    fn of(held: Option<&'a Held>) -> Self {
        let token = held.map(|held| held.token().to_bytes());
        let claim = match held {
            Some(Held::Claim { item, .. }) => Some(item.to_bytes()),
            _ => None,
        };
        let holder = match held {
            Some(Held::Lease(holder)) => Some(holder),
            _ => None,
        };
        Self {
            token,
            claim,
            driver: holder.map(|holder| holder.worker.as_str()),
            since: holder.map(|holder| micros(holder.since)),
            lease: holder.map(|holder| span_micros(holder.lease)),
            until: holder.map(|holder| micros(holder.until)),
        }
    }
}

impl Ledger {
    /// Finds a run by its id.
    pub(crate) fn run(&self, run: Id) -> Attempt<RunHead> {
        self.find_run(run)?.ok_or_else(|| Error::RunNotFound { run }.into())
    }

    pub(crate) fn find_run(&self, run: Id) -> Attempt<Option<RunHead>> {
        let mut statement = self.db.prepare_cached(sql::RUN_BY_ID)?;
        Ok(statement.query_row([run.to_bytes()], row::run_head).optional()?)
    }

    fn run_by_number(&self, number: i64) -> Attempt<RunHead> {
        let mut statement = self.db.prepare_cached(sql::RUN_BY_NUMBER)?;
        Ok(statement.query_row([number], row::run_head)?)
    }

    /// The run whose driver makes the commit.
    pub(crate) fn acting_run(&self) -> Attempt<RunHead> {
        let number = self.runs.acting.ok_or(Error::NotOfARun)?;
        self.run_by_number(number)
    }

    /// How a run stands, for its driver.
    pub(crate) fn told(&self, head: &RunHead) -> Attempt<Told> {
        let life = &head.life;
        let until = match &life.held {
            Some(Held::Claim { item, .. }) => {
                self.find_head(*item)?.and_then(|head| head.life.holder).map(|holder| holder.until)
            }
            other => other.as_ref().and_then(Held::until),
        };
        let told = Told { state: life.state, records: life.records, until, cancel: life.cancel };
        Ok(told)
    }

    /// Writes a new run. Whatever could refuse it has been asked before.
    pub(crate) fn write_new_run(&mut self, new: &NewRun) -> Attempt<RunHead> {
        let number = self.runs.next_number;
        self.runs.next_number += 1;
        let (trigger, subject) = row::trigger_code(new.trigger);
        let life = run::born(&new.hold, self.now);
        let columns = HeldColumns::of(life.held.as_ref());
        let due = run::due(&life, new.keep);
        self.db.prepare_cached(sql::START_RUN)?.execute(params![
            number,
            new.id.to_bytes(),
            new.flow,
            life.state.code(),
            columns.token,
            columns.claim,
            columns.driver,
            columns.since,
            columns.lease,
            columns.until,
            life.cancel,
            life.takes,
            life.records as i64,
            life.bytes as i64,
            life.steps as i64,
            span_micros(new.keep),
            micros(self.now),
            None::<i64>,
            new.pin.digest.to_bytes(),
            trigger,
            subject.map(Id::to_bytes),
            due.map(micros),
        ])?;
        self.db.prepare_cached(sql::START_RUN_TEXT)?.execute((number, &new.inputs))?;
        self.bind_pin(number, &new.pin)?;
        self.note_due(due);
        self.runs.follow(number, None, life.held.as_ref());
        self.run_by_number(number)
    }

    /// Lets `model` decide what the event makes of the run, and persists that.
    pub(crate) fn make_run(&mut self, head: &mut RunHead, event: &Event) -> Attempt<Moved> {
        let from = head.life.state;
        let before = head.life.held.clone();
        let moved = run::apply(&mut head.life, head.keep, event, self.now)
            .map_err(|refusal| run::explain(refusal, head.id, from))?;
        if moved.to.is_none() {
            return self.erase_run(head.number).map(|()| moved);
        }
        let life = &head.life;
        if moved.by == run::Move::Record {
            let (records, bytes, steps) = (life.records, life.bytes, life.steps);
            let counters = (head.number, records as i64, bytes as i64, steps as i64);
            self.db.prepare_cached(sql::RECORD_RUN)?.execute(counters)?;
        } else {
            self.persist_run(head)?;
            self.runs.follow(head.number, before.as_ref(), head.life.held.as_ref());
        }
        Ok(moved)
    }

    fn persist_run(&mut self, head: &RunHead) -> Attempt<()> {
        let life = &head.life;
        let columns = HeldColumns::of(life.held.as_ref());
        let due = run::due(life, head.keep);
        self.db.prepare_cached(sql::MOVE_RUN)?.execute(params![
            head.number,
            life.state.code(),
            columns.token,
            columns.claim,
            columns.driver,
            columns.since,
            columns.lease,
            columns.until,
            life.cancel,
            life.takes,
            life.records as i64,
            life.bytes as i64,
            life.steps as i64,
            life.ended.map(micros),
            head.pin.to_bytes(),
            due.map(micros),
        ])?;
        self.note_due(due);
        Ok(())
    }

    /// A run is gone at once; its journal goes in portions.
    fn erase_run(&mut self, number: i64) -> Attempt<()> {
        for statement in [sql::DROP_RUN, sql::DROP_RUN_TEXT, sql::LEAVE_REMAINS] {
            self.db.prepare_cached(statement)?.execute([number])?;
        }
        self.runs.remains = true;
        Ok(())
    }

    /// Whether the text is there, or comes with the pin. Nothing is written yet.
    pub(crate) fn check_pin(&self, pin: &Pin) -> Attempt<()> {
        let mut statement = self.db.prepare_cached(sql::PIN)?;
        let known = [pin.digest.to_bytes()];
        let known: Option<String> = statement.query_row(known, |row| row.get(0)).optional()?;
        match (known, &pin.text) {
            (None, None) => Err(Error::NotPinned { digest: pin.digest }.into()),
            (Some(known), Some(text)) if known != *text => {
                Err(Error::PinDiffers { digest: pin.digest }.into())
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn bind_pin(&self, run: i64, pin: &Pin) -> Attempt<()> {
        let digest = pin.digest.to_bytes();
        if let Some(text) = &pin.text {
            // What is there already has been compared with it.
            self.db.prepare_cached(sql::ADD_PIN)?.execute((digest, text))?;
        }
        self.db.prepare_cached(sql::BIND_PIN)?.execute((run, digest))?;
        Ok(())
    }

    /// Interrupts the runs whose claim has ended; answers how many.
    pub(crate) fn interrupt_lost(&mut self) -> Attempt<u64> {
        let mut interrupted = 0;
        for number in std::mem::take(&mut self.runs.lost) {
            let mut head = self.run_by_number(number)?;
            // The commit that ended the claim may have ended the run, or have taken it over.
            let Some(Held::Claim { item, token }) = head.life.held else { continue };
            let holder = self.find_head(item)?.and_then(|item| item.life.holder);
            if holder.is_none_or(|holder| holder.token != token) {
                self.make_run(&mut head, &Event::ClaimEnded)?;
                interrupted += 1;
            }
        }
        Ok(interrupted)
    }

    /// Does what time has made due to runs, a portion of it: interrupts and retires. Answers how
    /// many of each, and whether there may be more.
    pub(crate) fn make_runs_due(&mut self) -> Attempt<(u64, u64, bool)> {
        let portion = limits::MOVES_PER_TRANSACTION_MAX;
        let heads = {
            let mut statement = self.db.prepare_cached(sql::RUNS_DUE)?;
            let rows = statement.query_map((micros(self.now), portion as i64), row::run_head)?;
            rows.collect::<rusqlite::Result<Vec<_>>>()?
        };
        let more = heads.len() == portion;
        let (mut interrupted, mut retired) = (0, 0);
        for mut head in heads {
            match self.make_run(&mut head, &Event::Due)?.by {
                run::Move::Retire => retired += 1,
                _ => interrupted += 1,
            }
        }
        Ok((interrupted, retired, more))
    }

    pub(crate) fn next_run_due(&self) -> Result<Option<Timestamp>> {
        let mut statement = self.db.prepare_cached(sql::NEXT_RUN_DUE).translated()?;
        let micros: Option<i64> = statement.query_row([], |row| row.get(0)).translated()?;
        Ok(micros.map(model::time::of_microsecond))
    }

    /// Deletes a portion of what runs that are gone have left.
    pub(crate) fn clear_remains(&mut self) -> Attempt<()> {
        let mut left = limits::MOVES_PER_TRANSACTION_MAX;
        while left > 0 {
            let mut statement = self.db.prepare_cached(sql::NEXT_REMAINS)?;
            let next: Option<i64> = statement.query_row([], |row| row.get(0))?;
            drop(statement);
            let Some(run) = next else {
                self.runs.remains = false;
                break;
            };
            let records = self.clear_records(run, left)?;
            left -= records.min(left);
            let mut effects = self.db.prepare_cached(sql::DROP_EFFECTS)?;
            left -= effects.execute((run, left as i64))?;
            drop(effects);
            if left > 0 {
                self.release_pins(run)?;
                self.db.prepare_cached(sql::CLEAR_REMAINS)?.execute([run])?;
                left -= 1;
            }
        }
        Ok(())
    }

    /// Deletes up to so many records of the run, fewer if they are large; answers how many count.
    fn clear_records(&self, run: i64, limit: usize) -> Attempt<usize> {
        let mut statement = self.db.prepare_cached(sql::REMAINING_RECORDS)?;
        let rows = statement
            .query_map((run, limit as i64), |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
        let rows = rows.collect::<rusqlite::Result<Vec<(i64, i64)>>>()?;
        let (mut count, mut last, mut bytes) = (0, 0, 0);
        for (seq, size) in &rows {
            if bytes >= limits::COMMIT_BYTES_MAX as i64 {
                break;
            }
            (count, last, bytes) = (count + 1, *seq, bytes + size);
        }
        self.db.prepare_cached(sql::DROP_RECORDS)?.execute((run, last))?;
        // A portion that is full of bytes is full.
        Ok(if count < rows.len() { limit } else { count })
    }

    /// Texts to which no run is bound any more go.
    fn release_pins(&self, run: i64) -> Attempt<()> {
        let digests: Vec<Digest> = {
            let mut statement = self.db.prepare_cached(sql::PINS_OF_RUN)?;
            let rows = statement.query_map([run], |row| Ok(Digest::from_bytes(row.get(0)?)))?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        self.db.prepare_cached(sql::UNBIND_PINS)?.execute([run])?;
        for digest in digests {
            self.db.prepare_cached(sql::DROP_PIN)?.execute([digest.to_bytes()])?;
        }
        Ok(())
    }

    /// Leases of runs keep their length when the clock is set.
    pub(crate) fn shift_run_leases(&self, jump: i64) -> Result<()> {
        let mut statement = self.db.prepare_cached(sql::SHIFT_RUN_LEASES).translated()?;
        statement.execute([jump]).translated().map(drop)
    }

    pub(crate) fn cap_run_leases(&self) -> Result<()> {
        let mut statement = self.db.prepare_cached(sql::CAP_RUN_LEASES).translated()?;
        statement.execute([micros(self.now)]).translated().map(drop)
    }
}
