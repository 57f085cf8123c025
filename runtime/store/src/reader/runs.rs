//! Reading runs and their journals.

use model::run::{Digest, End, Failure, FailureKind, Page, Query, Recorded, Run, State};
use model::{Error, Id, limits};
use rusqlite::{Connection, OptionalExtension, Row};

use super::numbers;
use crate::error::{Result, Translated};
use crate::row::{self, RunHead};
use crate::sql;

fn head(db: &Connection, run: Id) -> Result<RunHead> {
    let mut statement = db.prepare_cached(sql::RUN_BY_ID).translated()?;
    let found = statement.query_row([run.to_bytes()], row::run_head).optional().translated()?;
    found.ok_or(Error::RunNotFound { run })
}

pub(super) fn run(db: &Connection, run: Id) -> Result<Run> {
    whole(db, head(db, run)?)
}

fn whole(db: &Connection, head: RunHead) -> Result<Run> {
    let mut statement = db.prepare_cached(sql::RUN_TEXT).translated()?;
    let state = head.life.state;
    let texts = |row: &Row<'_>| Ok((row.get(0)?, end(state, row)?));
    let (inputs, end) = statement.query_row([head.number], texts).translated()?;
    let RunHead { id, flow, life, keep, started, pin, trigger, .. } = head;
    Ok(Run { id, flow, pin, trigger, inputs, life, keep, started, end })
}

fn end(state: State, row: &Row<'_>) -> rusqlite::Result<Option<End>> {
    Ok(match state {
        State::Running | State::Interrupted => None,
        State::Succeeded => Some(End::Succeeded { outputs: row.get(1)? }),
        State::Cancelled => Some(End::Cancelled),
        State::Failed => {
            let kind = usize::from(row.get::<_, u8>(2)?);
            let kind = FailureKind::ALL.get(kind).copied().unwrap_or(FailureKind::Generic);
            let (code, message, path) = (row.get(3)?, row.get(4)?, row.get(5)?);
            Some(End::Failed(Failure { kind, code, message, path }))
        }
    })
}

/// One page of a list, newest first.
pub(super) fn list(db: &Connection, query: &Query) -> Result<Page> {
    Error::limit("page-items", query.limit, limits::PAGE_ITEMS_MAX)?;
    let mut at = parse_cursor(query)?;
    let mut page = Page { runs: Vec::new(), next: None };
    let mut bytes = 0;
    let numbers = lanes(db, query, at)?;
    for number in numbers {
        if page.runs.len() == query.limit || bytes >= limits::PAGE_BYTES_MAX {
            page.next = Some(format!("r{at:x}"));
            break;
        }
        let mut statement = db.prepare_cached(sql::RUN_BY_NUMBER).translated()?;
        let run = whole(db, statement.query_row([number], row::run_head).translated()?)?;
        bytes += run.inputs.len() + run.end.as_ref().map_or(0, End::bytes);
        page.runs.push(run);
        at = number;
    }
    Ok(page)
}

/// The numbers of the list below `at`, one more than the page may show: the index has one sorted
/// lane for each state, and one for each flow and state.
fn lanes(db: &Connection, query: &Query, at: i64) -> Result<Vec<i64>> {
    let limit = query.limit as i64 + 1;
    if query.flow.is_none() && query.states.is_empty() {
        return numbers(db, sql::RUNS_BEFORE, (at, limit));
    }
    let wanted = |state: &State| query.states.is_empty() || query.states.contains(state);
    let mut merged = Vec::new();
    for state in State::ALL.into_iter().filter(wanted) {
        merged.extend(match &query.flow {
            None => numbers(db, sql::RUNS_BY_STATE_BEFORE, (state.code(), at, limit)),
            Some(flow) => numbers(db, sql::RUNS_BY_FLOW_BEFORE, (flow, state.code(), at, limit)),
        }?);
    }
    merged.sort_unstable_by(|one, other| other.cmp(one));
    merged.truncate(limit as usize);
    Ok(merged)
}

fn parse_cursor(query: &Query) -> Result<i64> {
    let Some(cursor) = &query.cursor else { return Ok(i64::MAX) };
    let number = cursor.strip_prefix('r').and_then(|text| i64::from_str_radix(text, 16).ok());
    let refused = || Error::BadCursor { cursor: cursor.chars().take(64).collect() };
    number.filter(|number| *number > 0).ok_or_else(refused)
}

/// Records behind `after`. A portion of large ones ends early, with at least one.
pub(super) fn journal(db: &Connection, run: Id, after: u64, limit: usize) -> Result<Vec<Recorded>> {
    let number = head(db, run)?.number;
    let limit = limit.min(limits::PAGE_SCAN_ROWS_MAX) as i64;
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let mut statement = db.prepare_cached(sql::JOURNAL).translated()?;
    let rows = statement.query_map((number, after, limit), row::recorded).translated()?;
    let (mut records, mut bytes) = (Vec::new(), 0);
    for recorded in rows {
        let recorded = recorded.translated()?;
        bytes += recorded.record.bytes();
        if bytes > limits::PAGE_BYTES_MAX && !records.is_empty() {
            break;
        }
        records.push(recorded);
    }
    Ok(records)
}

pub(super) fn checkpoint(db: &Connection, run: Id) -> Result<Option<Recorded>> {
    let number = head(db, run)?.number;
    let mut statement = db.prepare_cached(sql::CHECKPOINT).translated()?;
    statement.query_row([number], row::recorded).optional().translated()
}

pub(super) fn pinned(db: &Connection, digest: Digest) -> Result<String> {
    let mut statement = db.prepare_cached(sql::PIN).translated()?;
    let found = statement.query_row([digest.to_bytes()], |row| row.get(0)).optional();
    found.translated()?.ok_or(Error::NotPinned { digest })
}
