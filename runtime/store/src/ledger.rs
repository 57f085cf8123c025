//! What the writer knows and does inside a transaction: times, numbers, counts, and the one way to
//! move an item.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::life::{self, Event, Moved, Place};
use model::time::{self, Reading};
use model::{Clock, Entropy, Error, Id, Move, Status, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use crate::connection;
use crate::error::{Attempt, Fault, Result, Translated};
use crate::queues::Queues;
use crate::row::{self, Head, micros, span_micros};
use crate::runs::Runs;
use crate::sql;

const STATUSES: usize = Status::ALL.len();

/// The writer's side of the database.
pub(crate) struct Ledger {
    pub(crate) db: Connection,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) queues: Queues,
    /// The queues changed in this transaction.
    pub(crate) queues_changed: bool,
    /// The time of this transaction.
    pub(crate) now: Timestamp,
    /// No item is due before this moment.
    pub(crate) next_due: Option<Timestamp>,
    /// Batches that are decided and still have staged items.
    pub(crate) decided: Vec<(Id, BatchState)>,
    pub(crate) runs: Runs,
    /// When finished items are looked at again, and how far each look has come.
    pub(crate) retire_at: Timestamp,
    pub(crate) retire_cursors: BTreeMap<(i64, Status), i64>,
    /// The clocks at the start of this transaction, and of the last one that became durable.
    reading: Reading,
    durable_reading: Reading,
    counts: BTreeMap<i64, [i64; STATUSES]>,
    /// By how much this transaction changes each count.
    delta: BTreeMap<(i64, Status), i64>,
    next_number: i64,
    next_seq: i64,
    stored_seq: i64,
    /// A transaction was lost and what was known before it could not be read again yet.
    stale: bool,
}

/// Where a batch is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BatchState {
    Open = 0,
    Committed = 1,
    Discarded = 2,
    /// Committed, and all its items have moved.
    Ready = 3,
    /// Discarded, and all its items are gone.
    Gone = 4,
}

impl BatchState {
    pub(crate) fn from_code(code: i64) -> Self {
        match code {
            0 => Self::Open,
            1 => Self::Committed,
            2 => Self::Discarded,
            3 => Self::Ready,
            _ => Self::Gone,
        }
    }

    /// Where a decided batch is once its items have followed.
    pub(crate) fn followed(self) -> Self {
        match self {
            Self::Committed => Self::Ready,
            Self::Discarded => Self::Gone,
            other => other,
        }
    }
}

/// What else goes into the history beside the move.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Saying<'a> {
    /// Stored as the item's result.
    pub(crate) result: Option<&'a str>,
    pub(crate) note: Option<&'a str>,
}

impl Ledger {
    pub(crate) fn open(
        db: Connection,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self> {
        let reading = Reading::take(&*clock);
        let mut ledger = Self {
            db,
            entropy,
            queues: Queues::default(),
            queues_changed: false,
            now: reading.now,
            next_due: None,
            decided: Vec::new(),
            runs: Runs::default(),
            retire_at: Timestamp::MIN,
            retire_cursors: BTreeMap::new(),
            reading,
            durable_reading: reading,
            clock,
            counts: BTreeMap::new(),
            delta: BTreeMap::new(),
            next_number: 1,
            next_seq: 1,
            stored_seq: 1,
            stale: false,
        };
        ledger.reload()?;
        ledger.cap_leases()?;
        Ok(ledger)
    }

    /// Learns everything anew from the database: at the start, and when a transaction was lost.
    pub(crate) fn reload(&mut self) -> Result<()> {
        self.stale = true;
        self.queues = Queues::load(&self.db)?;
        self.queues_changed = true;
        self.delta.clear();
        self.counts = read_counts(&self.db)?;
        self.next_number = self.read_number(sql::LAST_NUMBER)? + 1;
        self.next_seq = self.read_number(sql::PLACE)? + 1;
        self.stored_seq = self.next_seq;
        self.next_due = self.read_next_due()?;
        self.decided = self.read_decided()?;
        self.runs = Runs::load(&self.db)?;
        self.stale = false;
        Ok(())
    }

    fn read_number(&self, query: &str) -> Result<i64> {
        self.db.query_row(query, [], |row| row.get(0)).translated()
    }

    pub(crate) fn read_next_due(&self) -> Result<Option<Timestamp>> {
        let mut statement = self.db.prepare_cached(sql::NEXT_DUE).translated()?;
        let micros: Option<i64> = statement.query_row([], |row| row.get(0)).translated()?;
        let item = micros.map(time::of_microsecond);
        Ok(item.into_iter().chain(self.next_run_due()?).min())
    }

    fn read_decided(&self) -> Result<Vec<(Id, BatchState)>> {
        let mut statement = self.db.prepare_cached(sql::DECIDED_BATCHES).translated()?;
        let rows = statement
            .query_map([], |row| Ok((row::id(row, 0)?, BatchState::from_code(row.get(1)?))))
            .translated()?;
        rows.collect::<rusqlite::Result<_>>().translated()
    }

    /// A lease granted when the clock was ahead must not outlive its length.
    fn cap_leases(&mut self) -> Result<()> {
        self.begin()?;
        for known in self.queues.all() {
            let mut statement = self.db.prepare_cached(sql::CAP_LEASES).translated()?;
            statement.execute((known.number, micros(self.now))).translated()?;
        }
        self.cap_run_leases()?;
        self.next_due = self.read_next_due()?;
        self.commit().map(drop)
    }

    /// Starts a transaction at the present time.
    pub(crate) fn begin(&mut self) -> Result<()> {
        if self.stale {
            self.roll_back()?;
        }
        let reading = Reading::take(&*self.clock);
        self.now = reading.now;
        self.db.prepare_cached("BEGIN IMMEDIATE").translated()?.execute([]).translated()?;
        // Of a transaction that was lost, its shift of the leases was lost, too.
        if let Some(jump) = reading.jump_since(&self.durable_reading) {
            self.shift_leases(jump)?;
        }
        self.reading = reading;
        self.runs.begin();
        Ok(())
    }

    /// The clock was set: whoever holds an item keeps it for as long as was promised.
    fn shift_leases(&mut self, jump: i64) -> Result<()> {
        for known in self.queues.all() {
            let mut statement = self.db.prepare_cached(sql::SHIFT_LEASES).translated()?;
            statement.execute((known.number, jump)).translated()?;
        }
        self.shift_run_leases(jump)?;
        self.next_due = self.read_next_due()?;
        // A moment on a clock that was set says nothing any more.
        self.retire_at = Timestamp::MIN;
        Ok(())
    }

    /// Makes the transaction durable. Answers in which queues items became ready or ceased to be,
    /// and how many are.
    pub(crate) fn commit(&mut self) -> Result<Vec<(i64, u64)>> {
        let ready = self.ready_changes();
        self.write_counts().translated()?;
        let mut statement = self.db.prepare_cached("COMMIT").translated()?;
        let committed = statement.execute([]).translated();
        drop(statement);
        committed.map_err(|error| match connection::named(&self.db, error) {
            // The bytes may have reached the disk although nobody could confirm it.
            Error::StoreIo { .. } => Error::UnknownOutcome,
            other => other,
        })?;
        self.delta.clear();
        self.durable_reading = self.reading;
        Ok(ready)
    }

    fn write_counts(&mut self) -> rusqlite::Result<()> {
        let mut statement = self.db.prepare_cached(sql::COUNT)?;
        for ((queue, status), change) in &self.delta {
            if *change == 0 {
                continue;
            }
            let count = &mut self.counts.entry(*queue).or_default()[usize::from(status.code())];
            *count += change;
            assert!(*count >= 0, "queue {queue} has {count} items that are {status}");
            statement.execute((queue, status.code(), *count))?;
        }
        if self.stored_seq != self.next_seq {
            self.db.prepare_cached(sql::SET_PLACE)?.execute([self.next_seq - 1])?;
            self.stored_seq = self.next_seq;
        }
        Ok(())
    }

    /// Gives the transaction up and learns the state before it anew.
    pub(crate) fn roll_back(&mut self) -> Result<()> {
        if !self.db.is_autocommit() {
            self.db.execute_batch("ROLLBACK").translated()?;
        }
        self.reload()
    }

    /// Starts a part of the transaction that can be taken back alone.
    pub(crate) fn save(&mut self) -> Attempt<Saved> {
        self.db.prepare_cached("SAVEPOINT change")?.execute([])?;
        let lost = self.runs.lost_so_far();
        Ok(Saved { delta: self.delta.clone(), decided: self.decided.clone(), lost })
    }

    pub(crate) fn keep(&mut self) -> Attempt<()> {
        self.db.prepare_cached("RELEASE change")?.execute([])?;
        Ok(())
    }

    pub(crate) fn take_back(&mut self, saved: Saved) -> Attempt<()> {
        self.db.prepare_cached("ROLLBACK TO change")?.execute([])?;
        self.db.prepare_cached("RELEASE change")?.execute([])?;
        self.delta = saved.delta;
        self.decided = saved.decided;
        self.runs.take_back(&self.db, saved.lost).map_err(Fault::Fatal)?;
        if self.queues_changed {
            self.queues = Queues::load(&self.db).map_err(Fault::Fatal)?;
            self.counts = read_counts(&self.db).map_err(Fault::Fatal)?;
        }
        Ok(())
    }

    /// What an error of a read means. A disk that fails even a read makes SQLite give the
    /// transaction up: whatever was written then would be written at once, change by change.
    pub(crate) fn judge(&self, error: Error) -> Fault {
        if self.db.is_autocommit() { Fault::Fatal(error) } else { Fault::Refused(error) }
    }

    /// How many items of the queue are in the status, this transaction included.
    pub(crate) fn count(&self, queue: i64, status: Status) -> u64 {
        let counts = self.counts.get(&queue);
        let before = counts.map_or(0, |counts| counts[usize::from(status.code())]);
        let count = before + self.delta.get(&(queue, status)).copied().unwrap_or(0);
        count as u64
    }

    pub(crate) fn count_all(&self, queue: i64) -> u64 {
        Status::ALL.into_iter().map(|status| self.count(queue, status)).sum()
    }

    /// Forgets the counts of a queue that is gone.
    pub(crate) fn forget_counts(&mut self, queue: i64) {
        self.counts.remove(&queue);
        self.delta.retain(|(counted, _), _| *counted != queue);
    }

    fn ready_changes(&self) -> Vec<(i64, u64)> {
        let queued = self.delta.keys().filter(|(_, status)| *status == Status::Queued);
        queued.map(|(queue, status)| (*queue, self.count(*queue, *status))).collect()
    }

    pub(crate) fn ready_counts(&self) -> Vec<(i64, u64)> {
        self.queues
            .all()
            .map(|known| (known.number, self.count(known.number, Status::Queued)))
            .collect()
    }

    pub(crate) fn counted(&mut self, queue: i64, status: Status, change: i64) {
        *self.delta.entry((queue, status)).or_default() += change;
    }

    pub(crate) fn take_number(&mut self) -> i64 {
        self.next_number += 1;
        self.next_number - 1
    }

    /// The place behind all others.
    pub(crate) fn take_place(&mut self) -> i64 {
        self.next_seq += 1;
        self.next_seq - 1
    }

    /// Remembers that something becomes due.
    pub(crate) fn note_due(&mut self, due: Option<Timestamp>) {
        self.next_due = match (self.next_due, due) {
            (Some(known), Some(due)) => Some(known.min(due)),
            (known, due) => known.or(due),
        };
    }

    /// Finds an item by its id.
    pub(crate) fn head(&self, item: Id) -> Attempt<Head> {
        let missing = || Error::ItemNotFound { item: item.to_string() };
        self.find_head(item)?.ok_or_else(|| missing().into())
    }

    pub(crate) fn find_head(&self, item: Id) -> Attempt<Option<Head>> {
        let mut statement = self.db.prepare_cached(sql::HEAD_BY_ID)?;
        Ok(statement.query_row([item.to_bytes()], row::head).optional()?)
    }

    /// Lets `model` decide what the event makes of the item, and persists that.
    pub(crate) fn make(
        &mut self,
        head: &mut Head,
        event: &Event,
        saying: Saying<'_>,
    ) -> Attempt<Moved> {
        let from = head.life.status;
        let holder = head.life.holder.as_ref().map(|holder| holder.worker.clone());
        let token = head.life.holder.as_ref().map(|holder| holder.token);
        let rules = self.queues.of(head.queue).rules();
        let moved = life::apply(&mut head.life, rules, event, self.now)
            .map_err(|refusal| life::explain(refusal, head.id, from, self.now))?;
        if let Some(to) = moved.to {
            let worker = holder.or(head.life.holder.as_ref().map(|holder| holder.worker.clone()));
            self.persist(head, moved.place, saying.result)?;
            let text = saying.result.or(saying.note);
            self.enter(head, Some(moved.by), worker.as_deref(), text)?;
            if to != from {
                self.counted(head.queue, to, 1);
            }
        } else {
            self.erase(head)?;
        }
        if moved.to != Some(from) {
            self.counted(head.queue, from, -1);
        }
        let still = moved.to.and(head.life.holder.as_ref()).map(|holder| holder.token);
        if token.is_some() && still != token {
            self.runs.claim_ended(head.id);
        }
        Ok(moved)
    }

    fn persist(&mut self, head: &mut Head, place: Place, result: Option<&str>) -> Attempt<()> {
        if head.life.status == Status::Queued && place == Place::Back {
            head.seq = self.take_place();
        }
        let life = &head.life;
        let due = life::due(life, self.queues.of(head.queue).rules());
        let holder = life.holder.as_ref();
        self.db.prepare_cached(sql::MOVE)?.execute(params![
            head.number,
            life.status.code(),
            head.seq,
            due.map(micros),
            life.expires.map(micros),
            life.delay_until.map(micros),
            holder.map(|holder| holder.token.to_bytes()),
            holder.map(|holder| &holder.worker),
            holder.map(|holder| micros(holder.since)),
            holder.map(|holder| span_micros(holder.lease)),
            holder.map(|holder| micros(holder.until)),
            life.attempt,
            life.retries,
            life.crashes,
            life.requeues,
            head.entries + 1,
            micros(self.now),
            life.completed.map(micros),
            result,
        ])?;
        head.modified = self.now;
        self.note_due(due);
        Ok(())
    }

    /// Writes the first entry of an item's history: that it was added.
    pub(crate) fn enter_first(
        &self,
        number: i64,
        status: Status,
        note: Option<&str>,
    ) -> Attempt<()> {
        let mut statement = self.db.prepare_cached(sql::ENTER_HISTORY)?;
        let (at, nobody) = (micros(self.now), None::<&str>);
        statement.execute(params![number, 0, at, None::<u8>, status.code(), 0, nobody, note])?;
        Ok(())
    }

    /// Writes an entry of the item's history.
    pub(crate) fn enter(
        &mut self,
        head: &mut Head,
        by: Option<Move>,
        worker: Option<&str>,
        text: Option<&str>,
    ) -> Attempt<()> {
        self.db.prepare_cached(sql::ENTER_HISTORY)?.execute(params![
            head.number,
            head.entries,
            micros(self.now),
            by.map(|by| by as u8),
            head.life.status.code(),
            head.life.attempt,
            worker,
            text,
        ])?;
        head.entries += 1;
        Ok(())
    }

    fn erase(&mut self, head: &Head) -> Attempt<()> {
        self.db.prepare_cached(sql::DELETE_HISTORY)?.execute([head.number])?;
        self.db.prepare_cached(sql::DELETE_ITEM)?.execute([head.number])?;
        Ok(())
    }

    /// Deletes a finished item that was kept long enough, or one whose queue goes.
    pub(crate) fn drop_item(&mut self, head: &Head) -> Attempt<()> {
        self.erase(head)?;
        self.counted(head.queue, head.life.status, -1);
        if head.life.holder.is_some() {
            self.runs.claim_ended(head.id);
        }
        Ok(())
    }

    /// How long until time alone changes something; `None` if nothing is due ever.
    pub(crate) fn until_due(&self) -> Option<std::time::Duration> {
        let now = time::now(&*self.clock);
        if !self.decided.is_empty() || self.runs.remains || self.retire_at <= now {
            return Some(std::time::Duration::ZERO);
        }
        let due = self.next_due?;
        Some(due.duration_since(now).try_into().unwrap_or_default())
    }
}

fn read_counts(db: &Connection) -> Result<BTreeMap<i64, [i64; STATUSES]>> {
    let mut statement = db.prepare_cached(sql::COUNTERS).translated()?;
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row::status(row, 1)?, row.get(2)?)))
        .translated()?;
    let mut counts: BTreeMap<_, [i64; STATUSES]> = BTreeMap::new();
    for row in rows {
        let (queue, status, items): (i64, Status, i64) = row.translated()?;
        counts.entry(queue).or_default()[usize::from(status.code())] = items;
    }
    Ok(counts)
}

/// What a part of a transaction started from.
#[derive(Debug)]
pub(crate) struct Saved {
    delta: BTreeMap<(i64, Status), i64>,
    decided: Vec<(Id, BatchState)>,
    lost: usize,
}
