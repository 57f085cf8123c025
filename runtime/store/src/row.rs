//! Rows of the database as the types of `model`, and back.

use std::time::Duration;

use model::item::{Holder, Life};
use model::run::{self, Digest, Held, Record, Recorded, State, Trigger};
use model::{Error, Id, Item, Priority, Status, Timestamp, Token, json, time};
use rusqlite::Row;
use rusqlite::types::{Type, ValueRef};

use crate::error::translate;

type Read<T> = rusqlite::Result<T>;

/// An item without its texts: what a decision needs. So an item whose texts are damaged can still
/// be moved and deleted.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) number: i64,
    pub(crate) id: Id,
    pub(crate) queue: i64,
    pub(crate) priority: Priority,
    pub(crate) seq: i64,
    pub(crate) life: Life,
    /// How many history entries there are.
    pub(crate) entries: u32,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    pub(crate) batch: Option<Id>,
    pub(crate) schema_version: Option<u32>,
}

/// A head and its texts.
#[derive(Clone, Debug)]
pub(crate) struct Whole {
    pub(crate) head: Head,
    pub(crate) name: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) result: Option<String>,
    pub(crate) value: String,
}

impl Whole {
    pub(crate) fn item(self, queue: String) -> Item {
        let Head { id, priority, life, created, modified, batch, schema_version, .. } = self.head;
        let Self { name, reference, result, value, .. } = self;
        Item {
            id,
            queue,
            name,
            reference,
            priority,
            value,
            life,
            result,
            schema_version,
            batch,
            created,
            modified,
        }
    }
}

/// The row does not hold what the format says: somebody else wrote it.
fn unreadable(column: usize, what: &str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Integer, what.into())
}

pub(crate) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

pub(crate) fn span_micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

pub(crate) fn to_span(micros: i64) -> Duration {
    Duration::from_micros(micros.max(0) as u64)
}

/// A time that `model` does not admit is read as the nearest one: an item that cannot be read
/// could not be mended or deleted either, and would be in the way of all others. A check of the
/// store reports it.
pub(crate) fn time(row: &Row<'_>, column: usize) -> Read<Timestamp> {
    row.get(column).map(time::of_microsecond)
}

fn optional_time(row: &Row<'_>, column: usize) -> Read<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(time::of_microsecond))
}

pub(crate) fn id(row: &Row<'_>, column: usize) -> Read<Id> {
    Ok(Id::from_bytes(row.get(column)?))
}

pub(crate) fn status(row: &Row<'_>, column: usize) -> Read<Status> {
    Status::from_code(row.get(column)?).ok_or_else(|| unreadable(column, "a status"))
}

/// What somebody else than the store has done to an item.
pub(crate) fn damaged(item: Id, problem: impl Into<String>) -> rusqlite::Error {
    let damaged = Error::ItemDamaged { item, problem: problem.into() };
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(damaged))
}

/// A text of an item; `what` names it where it is none.
pub(crate) fn text(row: &Row<'_>, column: usize, item: Id, what: &str) -> Read<Option<String>> {
    let bytes = match row.get_ref(column)? {
        ValueRef::Null => return Ok(None),
        ValueRef::Text(bytes) => bytes,
        _ => return Err(damaged(item, format!("{what} is no text"))),
    };
    let text = std::str::from_utf8(bytes);
    text.map(|text| Some(text.to_owned()))
        .map_err(|_| damaged(item, format!("{what} is not UTF-8")))
}

/// The value of an item, which was JSON when it was stored.
fn value(row: &Row<'_>, column: usize, item: Id) -> Read<String> {
    let value = text(row, column, item, "its value")?.unwrap_or_default();
    match json::check(&value) {
        Ok(()) => Ok(value),
        Err(error) => Err(damaged(item, format!("its value is not JSON: {}", error.problem()))),
    }
}

/// The name of a worker. It is not worth an item that nobody can move: a check reports it.
pub(crate) fn worker(row: &Row<'_>, column: usize) -> Read<Option<String>> {
    let bytes = row.get_ref(column)?.as_bytes_or_null().unwrap_or_default();
    Ok(bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned()))
}

/// Reads the columns that every `SELECT` of items begins with.
pub(crate) fn head(row: &Row<'_>) -> Read<Head> {
    let item = id(row, 1)?;
    columns(row).map_err(|error| damaged(item, error.to_string()))
}

fn columns(row: &Row<'_>) -> Read<Head> {
    let priority = row.get::<_, u32>(4)?;
    Ok(Head {
        number: row.get(0)?,
        id: id(row, 1)?,
        queue: row.get(2)?,
        priority: Priority::try_from(priority).map_err(|_| unreadable(4, "a priority"))?,
        seq: row.get(5)?,
        life: life(row)?,
        entries: row.get(17)?,
        created: time(row, 18)?,
        modified: time(row, 19)?,
        batch: row.get::<_, Option<[u8; 16]>>(21)?.map(Id::from_bytes),
        schema_version: row.get(22)?,
    })
}

fn life(row: &Row<'_>) -> Read<Life> {
    Ok(Life {
        status: status(row, 3)?,
        expires: optional_time(row, 6)?,
        delay_until: optional_time(row, 7)?,
        holder: holder(row)?,
        attempt: row.get(13)?,
        retries: row.get(14)?,
        crashes: row.get(15)?,
        requeues: row.get(16)?,
        completed: optional_time(row, 20)?,
    })
}

fn holder(row: &Row<'_>) -> Read<Option<Holder>> {
    let Some(token) = row.get::<_, Option<[u8; 16]>>(8)? else { return Ok(None) };
    Ok(Some(Holder {
        token: Token::from_bytes(token),
        worker: worker(row, 9)?.unwrap_or_default(),
        since: time(row, 10)?,
        lease: to_span(row.get(11)?),
        until: time(row, 12)?,
    }))
}

/// A run without its texts.
#[derive(Clone, Debug)]
pub(crate) struct RunHead {
    pub(crate) number: i64,
    pub(crate) id: Id,
    pub(crate) flow: String,
    pub(crate) life: run::Life,
    pub(crate) keep: Duration,
    pub(crate) started: Timestamp,
    pub(crate) pin: Digest,
    pub(crate) trigger: Trigger,
}

/// Reads the columns that every `SELECT` of runs consists of.
pub(crate) fn run_head(row: &Row<'_>) -> Read<RunHead> {
    Ok(RunHead {
        number: row.get(0)?,
        id: id(row, 1)?,
        flow: row.get(2)?,
        life: run::Life {
            state: State::from_code(row.get(3)?).ok_or_else(|| unreadable(3, "a state"))?,
            held: held(row)?,
            cancel: row.get(10)?,
            takes: row.get(11)?,
            records: row.get::<_, i64>(12)? as u64,
            bytes: row.get::<_, i64>(13)? as u64,
            steps: row.get::<_, i64>(14)? as u64,
            ended: optional_time(row, 17)?,
        },
        keep: to_span(row.get(15)?),
        started: time(row, 16)?,
        pin: Digest::from_bytes(row.get(18)?),
        trigger: trigger(row)?,
    })
}

fn held(row: &Row<'_>) -> Read<Option<Held>> {
    let Some(token) = row.get::<_, Option<[u8; 16]>>(4)? else { return Ok(None) };
    let token = Token::from_bytes(token);
    if let Some(item) = row.get::<_, Option<[u8; 16]>>(5)? {
        return Ok(Some(Held::Claim { item: Id::from_bytes(item), token }));
    }
    Ok(Some(Held::Lease(Holder {
        token,
        worker: row.get(6)?,
        since: time(row, 7)?,
        lease: to_span(row.get(8)?),
        until: time(row, 9)?,
    })))
}

fn trigger(row: &Row<'_>) -> Read<Trigger> {
    match (row.get::<_, i64>(19)?, row.get::<_, Option<[u8; 16]>>(20)?.map(Id::from_bytes)) {
        (1, Some(item)) => Ok(Trigger::Item(item)),
        (2, Some(file)) => Ok(Trigger::File(file)),
        (0, None) => Ok(Trigger::Manual),
        _ => Err(unreadable(19, "what starts a run")),
    }
}

/// What starts a run, as its two columns.
pub(crate) fn trigger_code(trigger: Trigger) -> (i64, Option<Id>) {
    match trigger {
        Trigger::Manual => (0, None),
        Trigger::Item(item) => (1, Some(item)),
        Trigger::File(file) => (2, Some(file)),
    }
}

/// Reads a record of a journal.
pub(crate) fn recorded(row: &Row<'_>) -> Read<Recorded> {
    let record = Record {
        at: time(row, 1)?,
        checkpoint: row.get(2)?,
        kind: row.get(3)?,
        path: row.get(4)?,
        data: row.get(5)?,
    };
    Ok(Recorded { seq: row.get::<_, i64>(0)? as u64, record })
}

/// Reads a head and the texts behind it.
pub(crate) fn whole(row: &Row<'_>) -> Read<Whole> {
    let head = head(row)?;
    let item = head.id;
    Ok(Whole {
        head,
        name: text(row, 23, item, "its name")?,
        reference: text(row, 24, item, "its reference")?,
        result: text(row, 25, item, "its result")?,
        value: value(row, 26, item)?,
    })
}

/// Reads an id, the texts of an item behind it, and says which of them are damaged.
pub(crate) fn check_texts(row: &Row<'_>) -> Read<Vec<Error>> {
    let item = id(row, 0)?;
    let texts = [(1, "its name"), (2, "its reference"), (3, "its worker"), (4, "its result")];
    let texts = texts.map(|(column, what)| text(row, column, item, what).map(drop));
    let all = texts.into_iter().chain([value(row, 5, item).map(drop)]);
    Ok(all.filter_map(Result::err).map(|error| translate(&error)).collect())
}
