//! Checks, backups, and bringing a backup back.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use model::{Checked, Error, Status, limits};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags, Row};

use crate::connection;
use crate::error::{Result, Translated, translate};
use crate::migrate;
use crate::open::{FILE, NEW_FILE, own};
use crate::queues::Queues;
use crate::row::{self, micros};
use crate::sql;

/// So many items with impossible times are told by their ids.
const STRAYS_MAX: usize = 100;
/// So many damaged texts are told.
const DAMAGED_MAX: usize = 100;

/// Looks for damage, for items with impossible times or texts, and for counts that do not say what
/// is there.
pub(crate) fn check(db: &Connection, queues: &Queues) -> Result<Checked> {
    let mut problems = integrity(db)?;
    let counted = unless_damaged(counts(db, sql::COUNTERS), &mut problems)?;
    let found = unless_damaged(counts(db, sql::RECOUNT), &mut problems)?;
    for key in counted.keys().chain(found.keys().filter(|key| !counted.contains_key(key))) {
        let (says, is) = (counted.get(key).unwrap_or(&0), found.get(key).unwrap_or(&0));
        if says != is {
            let queue = queues.key_of(key.0).unwrap_or("a queue that is gone");
            let status = Status::from_code(key.1).map_or("being of no known status", Status::name);
            problems
                .push(format!("`{queue}` counts {says} of its items as {status}, but has {is}"));
        }
    }
    let strays = unless_damaged(strays(db), &mut problems)?;
    problems.extend(strays);
    let of_runs = unless_damaged(problems_of_runs(db), &mut problems)?;
    problems.extend(of_runs);
    let texts = unless_damaged(texts(db), &mut problems)?;
    problems.extend(texts);
    let pages: i64 = db.pragma_query_value(None, "page_count", |row| row.get(0)).translated()?;
    let size: i64 = db.pragma_query_value(None, "page_size", |row| row.get(0)).translated()?;
    Ok(Checked {
        problems,
        format: migrate::format(db)?,
        queues: queues.len() as u64,
        items: found.values().sum::<i64>() as u64,
        runs: db.query_row(sql::COUNT_RUNS, [], |row| row.get::<_, i64>(0)).translated()? as u64,
        bytes: (pages * size) as u64,
    })
}

/// A part of the check. Damage that is in its way is a problem, and hides no other.
fn unless_damaged<T: Default>(part: Result<T>, problems: &mut Vec<String>) -> Result<T> {
    match part {
        Err(Error::StoreDamaged { detail }) => {
            problems.push(detail);
            Ok(T::default())
        }
        part => part,
    }
}

/// What SQLite finds wrong with a database, as far as it gets.
fn integrity(db: &Connection) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    let looked = look_at_structure(db, &mut problems);
    unless_damaged(looked, &mut problems)?;
    Ok(problems)
}

fn look_at_structure(db: &Connection, problems: &mut Vec<String>) -> Result<()> {
    let mut statement = db.prepare("PRAGMA integrity_check").translated()?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).translated()?;
    for row in rows {
        let lines = row.translated()?;
        problems.extend(lines.lines().filter(|line| *line != "ok").map(str::to_owned));
    }
    Ok(())
}

/// Looks at the store of a directory that cannot be opened because it is damaged.
pub fn examine(dir: &Path) -> Result<Vec<String>> {
    let _lock = own(dir)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(dir.join(FILE), flags).translated()?;
    integrity(&db)
}

/// Texts that are not what was stored, as a disk that failed or somebody else leaves them.
fn texts(db: &Connection) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for (statement, check) in
        [(sql::TEXTS, row::check_texts as fn(&Row<'_>) -> _), (sql::HISTORY_TEXTS, entry_texts)]
    {
        let mut statement = db.prepare_cached(statement).translated()?;
        let rows = statement.query_map([], check).translated()?;
        for damaged in rows {
            problems.extend(damaged.translated()?.iter().map(ToString::to_string));
            if problems.len() >= DAMAGED_MAX {
                return Ok(problems);
            }
        }
    }
    Ok(problems)
}

fn entry_texts(row: &Row<'_>) -> rusqlite::Result<Vec<Error>> {
    let (item, number) = (row::id(row, 0)?, row.get::<_, u32>(1)? + 1);
    let of = |what| format!("the {what} of entry {number} of its history");
    let texts = [(2, "worker"), (3, "text")];
    let texts = texts.map(|(column, what)| row::text(row, column, item, &of(what)).err());
    Ok(texts.into_iter().flatten().map(|error| translate(&error)).collect())
}

/// Items with a time that `model` does not admit, which are read as if it were the nearest one.
fn strays(db: &Connection) -> Result<Vec<String>> {
    let bounds = (micros(limits::MOMENT_MIN), micros(limits::MOMENT_MAX), STRAYS_MAX as i64);
    let told =
        |row: &Row<'_>| Ok(format!("item {} has a time beyond the limits", row::id(row, 0)?));
    lines(db, sql::STRAYS, bounds, told)
}

/// Journals that do not hold what their runs count, and what belongs to no run.
fn problems_of_runs(db: &Connection) -> Result<Vec<String>> {
    let miscounted = |row: &Row<'_>| {
        let (run, says, kept) = (row::id(row, 0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?);
        let last = row.get::<_, i64>(3)?;
        Ok(format!("run {run} counts {says} records, but has {kept}, the last numbered {last}"))
    };
    let lost = |row: &Row<'_>| {
        Ok(format!("run {} has lost {}", row::id(row, 0)?, row.get::<_, String>(1)?))
    };
    let orphaned = |row: &Row<'_>| {
        let (what, count) = (row.get::<_, String>(0)?, row.get::<_, i64>(1)?);
        Ok((count > 0).then(|| format!("{count} {what} belong to no run")))
    };
    let mut problems = lines(db, sql::RUN_MISCOUNTS, [STRAYS_MAX as i64], miscounted)?;
    problems.extend(lines(db, sql::RUN_LOSSES, [STRAYS_MAX as i64], lost)?);
    problems.extend(lines(db, sql::RUN_ORPHANS, [], orphaned)?.into_iter().flatten());
    Ok(problems)
}

fn lines<T>(
    db: &Connection,
    statement: &str,
    bounds: impl rusqlite::Params,
    told: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let mut statement = db.prepare_cached(statement).translated()?;
    let rows = statement.query_map(bounds, told).translated()?;
    rows.collect::<rusqlite::Result<_>>().translated()
}

fn counts(db: &Connection, statement: &str) -> Result<BTreeMap<(i64, i64), i64>> {
    let mut statement = db.prepare_cached(statement).translated()?;
    let rows = statement
        .query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))
        .translated()?;
    rows.collect::<rusqlite::Result<_>>().translated()
}

/// Copies the store into a new file, while others go on writing.
pub(crate) fn backup(db: &Connection, file: &str) -> Result<()> {
    let (target, part) = (Path::new(file), format!("{file}.part"));
    if target.exists() {
        let detail = format!("`{file}` is already there");
        return Err(Error::StoreIo { detail });
    }
    // What a process that was killed has left there may be half a copy.
    discard(Path::new(&part))?;
    let copied = copy(db, Path::new(&part)).and_then(|()| {
        fs::rename(&part, target)
            .map_err(|error| Error::of_system(&format!("`{file}`"), &error))?;
        sync_directory(target)
    });
    if copied.is_err() {
        // Half a copy is of no use; what went wrong with the copy matters more than its removal.
        drop(discard(Path::new(&part)));
    }
    copied
}

/// All pages in one step: one state of the store, whatever is written meanwhile.
fn copy(db: &Connection, to: &Path) -> Result<()> {
    let mut copy = Connection::open(to).translated()?;
    copy.pragma_update(None, "synchronous", "FULL").translated()?;
    let backup = Backup::new(db, &mut copy).translated()?;
    let copied = backup.step(-1).translated()?;
    if copied != StepResult::Done {
        return Err(Error::StoreIo { detail: format!("{} is in use", to.display()) });
    }
    drop(backup);
    connection::set_journal_mode(&copy, "delete")?;
    copy.close().map_err(|(_, error)| error).translated()
}

/// Removes a database that was begun and never finished.
pub(crate) fn discard(begun: &Path) -> Result<()> {
    for suffix in ["", "-journal", "-wal", "-shm"] {
        let file = beside(begun, suffix);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::of_system(&format!("`{}`", file.display()), &error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Makes the name of a file durable.
pub(crate) fn sync_directory(file: &Path) -> Result<()> {
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    let synced = fs::File::open(parent).and_then(|dir| dir.sync_all());
    synced.map_err(|error| Error::of_system(&format!("`{}`", parent.display()), &error))
}

/// Puts a backup in the place of the store of `dir`, which nobody may use meanwhile. What was there
/// before is kept beside it, under the first name of `wharf.db.before-restore`,
/// `wharf.db.before-restore-2` and so on that is free; the name is told.
pub fn restore(dir: &Path, file: &Path) -> Result<Option<PathBuf>> {
    let _lock = own(dir)?;
    refuse_live(dir, file)?;
    let source = open_backup(file)?;
    let (live, new) = (dir.join(FILE), dir.join(NEW_FILE));
    discard(&new)?;
    copy(&source, &new)?;
    let kept = keep_before(dir)?;
    fs::rename(&new, &live).map_err(|error| Error::of_system("`wharf.db`", &error))?;
    sync_directory(&live)?;
    Ok(kept)
}

fn refused(file: &Path, problem: impl Into<String>) -> Error {
    Error::BadBackup { file: file.display().to_string(), problem: problem.into() }
}

/// The store is no backup of itself: to put it in its own place would only move it aside.
fn refuse_live(dir: &Path, file: &Path) -> Result<()> {
    match (fs::canonicalize(dir.join(FILE)), fs::canonicalize(file)) {
        (Ok(live), Ok(file)) if live == file => Err(refused(&file, "it is the store itself")),
        _ => Ok(()),
    }
}

/// Opens a backup for reading, if it is one and whole.
fn open_backup(file: &Path) -> Result<Connection> {
    match fs::metadata(file) {
        Err(error) => return Err(refused(file, error.to_string())),
        Ok(found) if !found.is_file() => return Err(refused(file, "it is not a file")),
        Ok(found) if found.len() == 0 => return Err(refused(file, "it is empty")),
        Ok(_) => {}
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(file, flags);
    let source = opened.map_err(|error| refused(file, error.to_string()))?;
    match migrate::format(&source) {
        Ok(0) => return Err(refused(file, "it holds nothing of wharf")),
        Ok(found) if found > migrate::FORMAT => {
            return Err(Error::StoreNewer { found, known: migrate::FORMAT });
        }
        Ok(_) => {}
        Err(error) => return Err(unusable(file, error)),
    }
    match integrity(&source).map_err(|error| unusable(file, error))?.into_iter().next() {
        Some(problem) => Err(refused(file, problem)),
        None => Ok(source),
    }
}

/// Damage that is met while a backup is read is damage of the backup, not of the store.
fn unusable(file: &Path, error: Error) -> Error {
    match error {
        Error::StoreDamaged { detail } => refused(file, detail),
        other => other,
    }
}

/// Moves the present database aside, its log first written into it.
fn keep_before(dir: &Path) -> Result<Option<PathBuf>> {
    let live = dir.join(FILE);
    if !live.exists() {
        return Ok(None);
    }
    // A database that cannot be opened any more is kept as it is.
    if let Ok(db) = Connection::open(&live) {
        drop(db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())));
        drop(db.close());
    }
    let kept = free_name(dir);
    // The log goes first: without its database it is nobody's, and never another database's.
    for suffix in ["-wal", "-shm", ""] {
        let from = beside(&live, suffix);
        if from.exists() {
            let moved = fs::rename(&from, beside(&kept, suffix));
            moved.map_err(|error| Error::of_system(&format!("`{}`", from.display()), &error))?;
        }
    }
    Ok(Some(kept))
}

/// The first name for a store that is kept under which nothing is yet, nor a log of it.
fn free_name(dir: &Path) -> PathBuf {
    let mut names = (1_u64..).map(|number| match number {
        1 => dir.join(format!("{FILE}.before-restore")),
        number => dir.join(format!("{FILE}.before-restore-{number}")),
    });
    let taken = |name: &Path| {
        let there = |suffix| fs::symlink_metadata(beside(name, suffix)).is_ok();
        ["", "-wal", "-shm"].into_iter().any(there)
    };
    names.find(|name| !taken(name)).expect("the numbers do not end")
}

/// The file that stands beside a database and belongs to it.
fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
