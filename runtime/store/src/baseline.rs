//! Raw baselines for `wharf bench`: a loop over SQLite that does the same to the same tables, with
//! the same settings and durability, and nothing of wharf around it: no checks, no decisions, no
//! other callers.

use std::path::Path;

use model::run::Record;
use model::{Clock, Entropy, Id, NewItem, Status, Token, time};
use rusqlite::{Connection, params};

use crate::connection::{self, Role};
use crate::error::{Result, Translated};
use crate::migrate;
use crate::open::FILE;
use crate::row::micros;
use crate::sql;

/// The queue number the baseline works on.
const QUEUE: i64 = 1;

/// A database of the same format, used raw.
#[derive(Debug)]
pub struct Raw {
    db: Connection,
    last: i64,
}

impl Raw {
    /// Makes a new database in `dir`.
    pub fn open(dir: &Path) -> Result<Self> {
        let mut db = connection::open(&dir.join(FILE), None, Role::Writer)?;
        migrate::migrate(&mut db)?;
        Ok(Self { db, last: 0 })
    }

    /// Adds the items in one transaction.
    pub fn add(&mut self, items: &[NewItem], clock: &dyn Clock) -> Result<()> {
        let now = micros(time::now(clock));
        self.begin()?;
        for item in items {
            self.last += 1;
            let nothing = None::<i64>;
            let mut add = self.db.prepare_cached(sql::ADD).translated()?;
            add.execute(params![
                self.last,
                item.id.to_bytes(),
                QUEUE,
                Status::Queued.code(),
                item.priority.number(),
                self.last,
                nothing,
                nothing,
                nothing,
                now,
                nothing,
                nothing,
                item.name,
                item.reference,
                item.value,
            ])
            .translated()?;
            self.enter(self.last, 0, now, None, Status::Queued)?;
        }
        self.count(Status::Queued, items.len() as i64)?;
        self.commit()
    }

    /// Claims and settles up to `count` items in one transaction; answers how many.
    pub fn work(
        &mut self,
        count: usize,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<usize> {
        let now = micros(time::now(clock));
        self.begin()?;
        let mut done = 0;
        while done < count {
            let token = Token::new(entropy).to_bytes();
            let Some((number, id, _value)) = self.claim(token, now)? else { break };
            self.enter(number, 1, now, Some(4), Status::Processing)?;
            let mut settle = self.db.prepare_cached(sql::BASELINE_SETTLE).translated()?;
            settle.execute((id, token, now, "done")).translated()?;
            self.enter(number, 2, now, Some(6), Status::Processed)?;
            done += 1;
        }
        self.count(Status::Queued, -(done as i64))?;
        self.count(Status::Processed, done as i64)?;
        self.commit()?;
        Ok(done)
    }

    /// Makes a run whose journal the baseline writes, and answers its number.
    pub fn start_run(&mut self, id: Id) -> Result<i64> {
        self.last += 1;
        let (nothing, zero) = (None::<i64>, 0);
        let mut start = self.db.prepare_cached(sql::START_RUN).translated()?;
        start
            .execute(params![
                self.last,
                id.to_bytes(),
                "flow",
                zero,
                nothing,
                nothing,
                nothing,
                nothing,
                nothing,
                nothing,
                zero,
                zero,
                zero,
                zero,
                zero,
                zero,
                zero,
                nothing,
                [0_u8; 32],
                zero,
                nothing,
                nothing,
            ])
            .translated()?;
        Ok(self.last)
    }

    /// Writes the records behind the first `after` ones of a run in one transaction, each as a step
    /// of its own.
    pub fn record(&mut self, run: i64, after: usize, records: &[Record]) -> Result<()> {
        self.begin()?;
        for (seq, record) in (after as i64 + 1..).zip(records) {
            let mut write = self.db.prepare_cached(sql::RECORD).translated()?;
            let Record { kind, path, data, .. } = record;
            let (at, checkpoint) = (micros(record.at), record.checkpoint);
            write.execute(params![run, seq, at, checkpoint, kind, path, data]).translated()?;
            let mut count = self.db.prepare_cached(sql::RECORD_RUN).translated()?;
            count.execute((run, seq, 100 * seq, seq)).translated()?;
        }
        self.commit()
    }

    fn claim(&self, token: [u8; 16], now: i64) -> Result<Option<(i64, [u8; 16], String)>> {
        let mut claim = self.db.prepare_cached(sql::BASELINE_CLAIM).translated()?;
        let mut rows = claim.query((QUEUE, token, now)).translated()?;
        let Some(row) = rows.next().translated()? else { return Ok(None) };
        let read = || Ok((row.get(0)?, row.get(1)?, row.get(4)?));
        let claimed = read().translated()?;
        // An UPDATE with RETURNING is complete when its rows have been read to the end.
        while rows.next().translated()?.is_some() {}
        Ok(Some(claimed))
    }

    fn begin(&self) -> Result<()> {
        self.db.prepare_cached("BEGIN IMMEDIATE").translated()?.execute([]).translated().map(drop)
    }

    fn commit(&self) -> Result<()> {
        self.db.prepare_cached("COMMIT").translated()?.execute([]).translated().map(drop)
    }

    fn enter(
        &self,
        number: i64,
        entry: i64,
        now: i64,
        by: Option<i64>,
        status: Status,
    ) -> Result<()> {
        let mut enter = self.db.prepare_cached(sql::ENTER_HISTORY).translated()?;
        let text = (status == Status::Processed).then_some("done");
        enter
            .execute(params![number, entry, now, by, status.code(), 1, None::<&str>, text])
            .translated()
            .map(drop)
    }

    fn count(&self, status: Status, change: i64) -> Result<()> {
        let mut count = self.db.prepare_cached(sql::BASELINE_COUNT).translated()?;
        count.execute((QUEUE, status.code(), change)).translated().map(drop)
    }
}
