//! Reading: lists, items, histories, counts. Every read sees one durable state of the store.

mod runs;

use std::sync::{Condvar, Mutex};

use model::{Entry, Error, Id, ItemQuery, Move, Page, Reply, Request, Stats, Status, limits};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::admin;
use crate::conform;
use crate::error::{Result, Translated};
use crate::queues::{self, Queues};
use crate::row::{self, Whole};
use crate::sql;

/// A few connections that read while one other writes.
#[derive(Debug)]
pub(crate) struct Readers {
    idle: Mutex<Vec<Connection>>,
    returned: Condvar,
}

impl Readers {
    pub(crate) fn new(connections: Vec<Connection>) -> Self {
        Self { idle: Mutex::new(connections), returned: Condvar::new() }
    }

    /// Reads with a connection of the pool, waiting for one if need be.
    pub(crate) fn answer(&self, queues: &Queues, request: Request) -> Result<Reply> {
        let idle = self.idle.lock().expect("no holder of this lock can panic");
        let mut idle = self
            .returned
            .wait_while(idle, |idle| idle.is_empty())
            .expect("no holder of this lock can panic");
        let db = idle.pop().expect("waited until there is one");
        drop(idle);
        let reply = in_transaction(&db, queues, request);
        self.idle.lock().expect("no holder of this lock can panic").push(db);
        self.returned.notify_one();
        reply
    }
}

fn in_transaction(db: &Connection, queues: &Queues, request: Request) -> Result<Reply> {
    if matches!(request, Request::Backup(_)) {
        return answer(db, queues, request);
    }
    let transaction = db.unchecked_transaction().translated()?;
    let reply = answer(&transaction, queues, request);
    transaction.finish().translated()?;
    reply
}

/// Answers a request that changes nothing.
pub(crate) fn answer(db: &Connection, queues: &Queues, request: Request) -> Result<Reply> {
    match request {
        Request::Item(id) => {
            let whole = find(db, sql::ITEM_BY_ID, [id.to_bytes()])?;
            let whole = whole.ok_or_else(|| Error::ItemNotFound { item: id.to_string() })?;
            Ok(Reply::Item(Box::new(item(db, queues, whole)?)))
        }
        Request::ItemByReference { queue, reference } => {
            let number = queues.find(&queue)?.number;
            let whole = find(db, sql::ITEM_BY_REFERENCE, (number, &reference))?;
            let missing = || Error::ItemNotFound { item: format!("{queue}/{reference}") };
            Ok(Reply::Item(Box::new(item(db, queues, whole.ok_or_else(missing)?)?)))
        }
        Request::Items(query) => items(db, queues, &query).map(Reply::Items),
        Request::History { item, after, limit } => {
            history(db, item, after, limit).map(Reply::History)
        }
        Request::Queue(queue) => Ok(Reply::Queue(Box::new(queues.find(&queue)?.queue.clone()))),
        Request::Queues => {
            Ok(Reply::Queues(queues.all().map(|known| known.queue.clone()).collect()))
        }
        Request::Stats(queue) => {
            stats(db, queues, &queue).map(|stats| Reply::Stats(Box::new(stats)))
        }
        Request::Schema { queue, version } => {
            let known = queues.find(&queue)?;
            let version = version.or(known.queue.schema_version);
            let text = version.map(|version| queues::schema_text(db, known.number, version));
            Ok(Reply::Schema(text.transpose()?.flatten()))
        }
        Request::Conforms { queue, value } => {
            model::item::check_value(&value)?;
            conform::conforms(queues.find(&queue)?, &value).map(Reply::Conforms)
        }
        Request::Run(run) => runs::run(db, run).map(|run| Reply::Run(Box::new(run))),
        Request::Runs(query) => runs::list(db, &query).map(Reply::Runs),
        Request::Journal { run, after, limit } => {
            runs::journal(db, run, after, limit).map(Reply::Journal)
        }
        Request::Checkpoint(run) => {
            runs::checkpoint(db, run).map(|found| Reply::Checkpoint(found.map(Box::new)))
        }
        Request::Pinned(digest) => runs::pinned(db, digest).map(Reply::Pinned),
        Request::Check => admin::check(db, queues).map(Reply::Checked),
        Request::Backup(file) => admin::backup(db, &file).map(|()| Reply::BackedUp),
        Request::Commit(_)
        | Request::Claim(_)
        | Request::Renew(_)
        | Request::WaitReady { .. }
        | Request::Tick
        | Request::Sweep { .. } => unreachable!("`open` sends these to the writer"),
    }
}

fn find(db: &Connection, statement: &str, key: impl rusqlite::Params) -> Result<Option<Whole>> {
    let mut statement = db.prepare_cached(statement).translated()?;
    statement.query_row(key, row::whole).optional().translated()
}

/// The queue may have been made, with the item, after `queues` was published.
fn item(db: &Connection, queues: &Queues, whole: Whole) -> Result<model::Item> {
    let key = match queues.key_of(whole.head.queue) {
        Some(key) => key.to_owned(),
        None => queues::key(db, whole.head.queue)?,
    };
    Ok(whole.item(key))
}

fn history(db: &Connection, id: Id, after: u32, limit: usize) -> Result<Vec<Entry>> {
    let mut statement = db.prepare_cached(sql::HEAD_BY_ID).translated()?;
    let head = statement.query_row([id.to_bytes()], row::head).optional().translated()?;
    let head = head.ok_or_else(|| Error::ItemNotFound { item: id.to_string() })?;
    let mut statement = db.prepare_cached(sql::HISTORY).translated()?;
    let limit = limit.min(limits::PAGE_SCAN_ROWS_MAX) as i64;
    // Entries are stored from 0 and shown from 1.
    let stored = i64::from(after) - 1;
    let entry = |row: &Row<'_>| entry(row, head.id);
    let rows = statement.query_map((head.number, stored, limit), entry).translated()?;
    rows.collect::<rusqlite::Result<_>>().translated()
}

fn entry(row: &Row<'_>, item: Id) -> rusqlite::Result<Entry> {
    let by = row.get::<_, Option<u8>>(2)?;
    let number = row.get::<_, u32>(0)? + 1;
    Ok(Entry {
        number,
        at: row::time(row, 1)?,
        by: by.and_then(|code| Move::ALL.get(usize::from(code)).copied()),
        status: row::status(row, 3)?,
        attempt: row.get(4)?,
        worker: row::worker(row, 5)?,
        text: row::text(row, 6, item, &format!("the text of entry {number} of its history"))?,
    })
}

fn stats(db: &Connection, queues: &Queues, queue: &str) -> Result<Stats> {
    let known = queues.find(queue)?;
    let mut counts = [0; Status::ALL.len()];
    let mut statement = db.prepare_cached(sql::COUNTERS_OF_QUEUE).translated()?;
    let rows = statement
        .query_map([known.number], |row| Ok((row::status(row, 0)?, row.get::<_, i64>(1)? as u64)))
        .translated()?;
    for row in rows {
        let (status, items) = row.translated()?;
        counts[usize::from(status.code())] = items;
    }
    let mut statement = db.prepare_cached(sql::OLDEST_QUEUED).translated()?;
    let oldest = statement.query_row([known.number], |row| row::time(row, 0)).optional();
    Ok(Stats { queue: known.queue.clone(), counts, oldest_queued: oldest.translated()? })
}

/// Where a list goes on: the direction and the last number seen.
fn parse_cursor(query: &ItemQuery) -> Result<i64> {
    let Some(text) = &query.cursor else {
        return Ok(if query.newest_first { i64::MAX } else { 0 });
    };
    let refused = || Error::BadCursor { cursor: text.chars().take(64).collect() };
    let (direction, number) = text.split_at_checked(1).ok_or_else(refused)?;
    if direction != direction_of(query) {
        return Err(refused());
    }
    i64::from_str_radix(number, 16).map_err(|_| refused())
}

fn direction_of(query: &ItemQuery) -> &'static str {
    if query.newest_first { "n" } else { "o" }
}

fn items(db: &Connection, queues: &Queues, query: &ItemQuery) -> Result<Page> {
    Error::limit("page-items", query.limit, limits::PAGE_ITEMS_MAX)?;
    let mut at = parse_cursor(query)?;
    let lanes = Lanes::of(queues, query)?;
    let mut page = Page { items: Vec::new(), next: None, damaged: Vec::new() };
    let (mut bytes, mut scanned) = (0, 0);
    loop {
        let portion = query.limit.clamp(1, 100);
        let numbers = lanes.numbers(db, at, portion)?;
        let end = numbers.len() < portion;
        for number in numbers {
            let full = page.items.len() + page.damaged.len() == query.limit
                || bytes >= limits::PAGE_BYTES_MAX
                || scanned == limits::PAGE_SCAN_ROWS_MAX;
            if full {
                page.next = Some(format!("{}{at:x}", direction_of(query)));
                return Ok(page);
            }
            (at, scanned) = (number, scanned + 1);
            let whole = match find(db, sql::ITEM_BY_NUMBER, [number]) {
                Err(error @ Error::ItemDamaged { .. }) => {
                    page.damaged.push(error);
                    continue;
                }
                found => found?,
            };
            let Some(whole) = whole.filter(|whole| matches(whole, query)) else { continue };
            bytes += whole.value.len();
            page.items.push(item(db, queues, whole)?);
        }
        if end {
            return Ok(page);
        }
    }
}

fn matches(whole: &Whole, query: &ItemQuery) -> bool {
    let head = &whole.head;
    (query.statuses.is_empty() || query.statuses.contains(&head.life.status))
        && query.created_before.is_none_or(|at| head.created < at)
        && query.created_after.is_none_or(|at| head.created >= at)
        && (query.reference.is_none() || query.reference == whole.reference)
}

/// Where the numbers of a list come from: the index has one sorted lane for each queue and status.
enum Lanes {
    /// Every item, in the order of the table.
    All {
        newest_first: bool,
    },
    Some {
        queue: i64,
        statuses: Vec<Status>,
        newest_first: bool,
    },
    One {
        queue: i64,
        reference: String,
    },
}

impl Lanes {
    fn of(queues: &Queues, query: &ItemQuery) -> Result<Self> {
        let newest_first = query.newest_first;
        let Some(queue) = &query.queue else { return Ok(Self::All { newest_first }) };
        let queue = queues.find(queue)?.number;
        if let Some(reference) = query.reference.clone() {
            return Ok(Self::One { queue, reference });
        }
        let mut statuses = query.statuses.clone();
        if statuses.is_empty() {
            statuses = Status::ALL.to_vec();
        }
        statuses.sort_unstable();
        statuses.dedup();
        Ok(Self::Some { queue, statuses, newest_first })
    }

    /// The next numbers beyond `at`, in order.
    fn numbers(&self, db: &Connection, at: i64, limit: usize) -> Result<Vec<i64>> {
        let limit = limit as i64;
        match self {
            Self::All { newest_first } => {
                let all = if *newest_first { sql::LIST_ALL_BEFORE } else { sql::LIST_ALL_AFTER };
                numbers(db, all, (at, limit))
            }
            Self::One { queue, reference } => {
                let whole = find(db, sql::ITEM_BY_REFERENCE, (queue, reference))?;
                let fresh = at == 0 || at == i64::MAX;
                Ok(whole.filter(|_| fresh).map(|whole| whole.head.number).into_iter().collect())
            }
            Self::Some { queue, statuses, newest_first } => {
                let lane = if *newest_first { sql::LIST_BEFORE } else { sql::LIST_AFTER };
                let mut merged = Vec::new();
                for status in statuses {
                    merged.extend(numbers(db, lane, (queue, status.code(), at, limit))?);
                }
                merged.sort_unstable();
                if *newest_first {
                    merged.reverse();
                }
                merged.truncate(limit as usize);
                Ok(merged)
            }
        }
    }
}

fn numbers(db: &Connection, statement: &str, key: impl rusqlite::Params) -> Result<Vec<i64>> {
    let mut statement = db.prepare_cached(statement).translated()?;
    let rows = statement.query_map(key, |row| row.get(0)).translated()?;
    rows.collect::<rusqlite::Result<_>>().translated()
}
