//! Opening the database with the settings that durability and speed rest on.

use std::fs;
use std::path::Path;
use std::time::Duration;

use model::Error;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::{Result, Translated};

/// The first SQLite without the checkpoint race that could damage a database.
const SQLITE_MIN: i32 = 3_051_003;
const CACHE_KIB: i64 = 64 * 1024;
/// The largest piece that SQLite adds to a file at once.
const WRITE_BYTES_MAX: u64 = 64 * 1024;

/// How a connection is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Reads and writes while others read.
    Writer,
    /// Reads and writes, and nobody else may.
    Only,
    Reader,
}

/// Refuses an SQLite that could damage the database.
fn check_version(number: i32, name: &str) -> Result<()> {
    if number >= SQLITE_MIN {
        return Ok(());
    }
    Err(Error::StoreIo { detail: format!("SQLite {name} is too old") })
}

/// Opens the database of a store.
pub(crate) fn open(file: &Path, vfs: Option<&str>, role: Role) -> Result<Connection> {
    check_version(rusqlite::version_number(), rusqlite::version())?;
    let access = match role {
        Role::Reader => OpenFlags::SQLITE_OPEN_READ_ONLY,
        Role::Writer | Role::Only => {
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
        }
    };
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = match vfs {
        Some(vfs) => Connection::open_with_flags_and_vfs(file, flags, vfs),
        None => Connection::open_with_flags(file, flags),
    };
    let db = opened.translated()?;
    settings(&db, role).translated()?;
    if role != Role::Reader {
        set_journal_mode(&db, "wal")?;
    }
    Ok(db)
}

/// Changes how the database protects its writes. The change becomes durable only after SQLite has
/// answered with the new mode, so the statement is followed to its end; whoever stops at the answer
/// misses that it failed, and works on in the old mode, in which a power cut can take back what was
/// acknowledged.
pub(crate) fn set_journal_mode(db: &Connection, wanted: &str) -> Result<()> {
    let mut mode = String::new();
    let changed = db.pragma(None, "journal_mode", wanted, |row| {
        mode = row.get(0)?;
        Ok(())
    });
    changed.translated()?;
    if mode == wanted {
        return Ok(());
    }
    Err(Error::StoreIo { detail: format!("the database stays in journal mode `{mode}`") })
}

/// The error, or its cause if that is the limit that the system sets to the size of files: SQLite
/// has one error for whatever a write meets, but for a full disk.
pub(crate) fn named(db: &Connection, error: Error) -> Error {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Fsize).current;
    let (Error::StoreIo { .. }, Some(limit), Some(file)) = (&error, limit, db.path()) else {
        return error;
    };
    let log = format!("{file}-wal");
    let largest = [file, &log].into_iter().filter_map(|file| Some(fs::metadata(file).ok()?.len()));
    match largest.max() {
        Some(bytes) if bytes + WRITE_BYTES_MAX > limit => Error::FileLimit { limit },
        _ => error,
    }
}

fn settings(db: &Connection, role: Role) -> rusqlite::Result<()> {
    db.busy_timeout(Duration::from_secs(5))?;
    db.set_prepared_statement_cache_capacity(128);
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    db.pragma_update(None, "trusted_schema", false)?;
    db.pragma_update(None, "cell_size_check", true)?;
    db.pragma_update(None, "mmap_size", 0)?;
    db.pragma_update(None, "temp_store", "MEMORY")?;
    if role == Role::Reader {
        return db.pragma_update(None, "query_only", true);
    }
    if role == Role::Only {
        db.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    }
    db.pragma_update(None, "cache_size", -CACHE_KIB)?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "fullfsync", true)?;
    db.pragma_update(None, "checkpoint_fullfsync", true)?;
    db.pragma_update(None, "foreign_keys", true)?;
    db.pragma_update(None, "wal_autocheckpoint", 1_000)?;
    db.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d10_an_old_sqlite_is_refused() {
        for (number, name) in [(3_040_001, "3.40.1"), (3_051_002, "3.51.2")] {
            let refusal = check_version(number, name).unwrap_err();
            assert!(refusal.to_string().contains(name), "{refusal}");
        }
        for number in [3_051_003, 3_053_000, rusqlite::version_number()] {
            assert_eq!(check_version(number, "new"), Ok(()), "{number}");
        }
    }
}
