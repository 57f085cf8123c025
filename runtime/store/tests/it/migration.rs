//! Files of today, of tomorrow, of somebody else, and half of one.

use std::path::Path;

use model::{Ending, Error, ItemQuery, Status, Store};
use rusqlite::Connection;
use support::driver::{by_claim, lease, pin, succeeded};
use support::{Bench, Driver, Place};

use crate::conformance::{open_alone, open_with_readers};

/// The first format, as it was when it was published. It never changes.
const FORMAT_1: &str = include_str!("../../migrations/0001_queues.sql");
/// The step to the second one.
const FORMAT_2: &str = include_str!("../../migrations/0002_runs.sql");
const APPLICATION: i32 = 0x7768_6172;

fn file(place: &Place) -> std::path::PathBuf {
    place.dir.join("wharf.db")
}

fn raw(path: &Path) -> Connection {
    Connection::open(path).unwrap()
}

/// What opening says when the database is what `make` made.
fn opening(make: impl FnOnce(&Path)) -> Result<(), Error> {
    let mut bench = Bench::new(open_with_readers);
    let mut result = Ok(());
    bench.reopen_after(|place| {
        let kept = place.dir.join("kept");
        std::fs::rename(file(place), &kept).unwrap();
        make(&file(place));
        for open in [open_with_readers, open_alone] {
            result = result.clone().and(open(place).map(drop));
        }
        for ending in ["", "-wal", "-shm"] {
            drop(std::fs::remove_file(format!("{}{ending}", file(place).display())));
        }
        std::fs::rename(kept, file(place)).unwrap();
    });
    bench.assert_sound();
    result
}

/// An empty database of the first format.
fn make_format_1(path: &Path) -> Connection {
    let db = raw(path);
    db.execute_batch(FORMAT_1).unwrap();
    db.pragma_update(None, "user_version", 1).unwrap();
    db.pragma_update(None, "application_id", APPLICATION).unwrap();
    db
}

#[test]
fn a_database_of_the_first_format_opens() {
    assert_eq!(opening(|path| drop(make_format_1(path))), Ok(()));
}

/// Every item with its history, and the counts.
fn everything(bench: &Bench) -> impl PartialEq + std::fmt::Debug + use<> {
    let items = bench.walk(&ItemQuery { limit: 100, ..ItemQuery::default() });
    let trails: Vec<_> = items.iter().map(|item| bench.trail(item.id)).collect();
    (items, trails, bench.stats("orders").unwrap())
}

#[test]
fn a_store_of_the_first_format_goes_on() {
    let mut bench = Bench::new(open_with_readers);
    for status in Status::ALL {
        bench.item_in(status);
        // What is ready would be claimed for the next one.
        if status == Status::Queued {
            bench.take_one();
        }
    }
    bench.make_queue("letters", |rules| rules.keep = Some(support::secs(7)));
    bench.add_many(20);
    let held = bench.take_one();
    let before = everything(&bench);
    bench.reopen_after(|place| {
        let (new, old) = (file(place), place.dir.join("old.db"));
        let db = make_format_1(&old);
        db.execute("ATTACH ?1 AS new", [new.display().to_string()]).unwrap();
        for table in ["queue", "queue_schema", "counter", "batch", "item", "history"] {
            db.execute_batch(&format!("INSERT INTO {table} SELECT * FROM new.{table}")).unwrap();
        }
        db.execute_batch("UPDATE place SET last = (SELECT last FROM new.place)").unwrap();
        db.execute_batch("DETACH new").unwrap();
        db.close().unwrap();
        std::fs::rename(old, new).unwrap();
    });
    assert_eq!(everything(&bench), before);
    let mut driver = Driver::start_as(&bench, by_claim(&held), |_| ()).unwrap();
    driver.write(&bench, &["1"]).unwrap();
    bench.settle(&held, Ending::Processed).unwrap();
    bench.assert_sound();
    assert_eq!(bench.check().unwrap().format, 2);
}

#[test]
fn a_newer_format_is_refused_untouched() {
    let mut bench = Bench::new(open_with_readers);
    let item = bench.add();
    bench.reopen_after(|place| {
        raw(&file(place)).pragma_update(None, "user_version", 99).unwrap();
        let refusal = open_with_readers(place).err().unwrap();
        assert_eq!(refusal.code(), "store/newer");
        assert!(matches!(refusal, Error::StoreNewer { found: 99, .. }));
        raw(&file(place)).pragma_update(None, "user_version", 2).unwrap();
    });
    assert_eq!(bench.take_ids(), [item]);
}

#[test]
fn databases_of_others_are_refused() {
    let with = |statements: &'static str| {
        opening(move |path| raw(path).execute_batch(statements).unwrap()).unwrap_err()
    };
    let foreign = [
        with("CREATE TABLE a (b)"),
        with("CREATE TABLE a (b); PRAGMA user_version = 1"),
        with("PRAGMA application_id = 5; CREATE TABLE a (b)"),
        with("PRAGMA application_id = 5; PRAGMA user_version = 1"),
        with("PRAGMA user_version = -1"),
        opening(|path| std::fs::write(path, "not a database at all ".repeat(500)).unwrap())
            .unwrap_err(),
    ];
    assert_eq!(foreign.map(|refusal| refusal.code()), ["store/damaged"; 6]);
}

#[test]
fn a_migration_that_was_killed_is_completed() {
    let to_2 = FORMAT_2.split_inclusive(";\n").count();
    let steps = [0, 1, 5, 12].map(|statements| (1, statements));
    for (format, statements) in steps.into_iter().chain((0..=to_2).map(|count| (2, count))) {
        let opened = opening(|path| {
            // A process that dies within the step leaves its pages in the log, without a commit.
            let living = path.with_file_name("living.db");
            let (db, step, end) = match format {
                1 => (raw(&living), FORMAT_1, ";\n\n"),
                _ => (make_format_1(&living), FORMAT_2, ";\n"),
            };
            db.pragma_update(None, "journal_mode", "WAL").unwrap();
            db.pragma_update(None, "cache_size", 1).unwrap();
            db.execute_batch("BEGIN IMMEDIATE").unwrap();
            for statement in step.split_inclusive(end).take(statements) {
                db.execute_batch(statement).unwrap();
            }
            for ending in ["", "-wal"] {
                let from = format!("{}{ending}", living.display());
                std::fs::copy(from, format!("{}{ending}", path.display())).unwrap();
            }
            drop(db);
            std::fs::remove_file(living).unwrap();
        });
        assert_eq!(opened, Ok(()), "to {format}, killed after {statements} statements");
    }
}

#[test]
fn a_directory_has_one_owner() {
    let mut bench = Bench::new(open_with_readers);
    for open in [open_with_readers, open_alone] {
        let refusal = open(&bench.place).err().unwrap();
        assert_eq!(refusal.code(), "store/locked");
        assert!(refusal.hint().contains(&std::process::id().to_string()));
    }
    bench.add();
    bench.reopen();
    assert_eq!(bench.count(Status::Queued), 1);
}

#[cfg(unix)]
#[test]
fn a_new_directory_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let mut bench = Bench::new(open_with_readers);
    bench.reopen_after(|place| {
        let deep = Place { dir: place.dir.join("a/b"), ..place.clone() };
        drop(open_with_readers(&deep).unwrap());
        let mode = std::fs::metadata(&deep.dir).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    });
}

#[test]
fn a_backup_brings_everything_back() {
    let mut bench = Bench::new(open_with_readers);
    bench.add_many(50);
    bench.finish_one(Ending::Processed);
    let held = bench.take_one();
    let mut driver = Driver::start(&bench);
    driver.write(&bench, &["1", "2"]).unwrap();
    let run = driver.look(&bench);
    let before = everything(&bench);
    let copy = bench.place.dir.join("copy.db");
    bench.backup(&copy.display().to_string()).unwrap();
    while bench.sweep("orders", 1_000).unwrap() > 0 {}
    driver.end(&bench, succeeded()).unwrap();
    assert_eq!(store::restore(&bench.place.dir, &copy).unwrap_err().code(), "store/locked");
    bench.reopen_after(|place| {
        store::restore(&place.dir, &copy).unwrap();
    });
    assert_eq!(everything(&bench), before);
    assert_eq!((driver.look(&bench), driver.data(&bench)), (run, vec!["1".into(), "2".into()]));
    bench.settle(&held, Ending::Processed).unwrap();
    bench.assert_sound();
    let kept = bench.place.dir.join("wharf.db.before-restore");
    let left: i64 =
        raw(&kept).query_row("SELECT count(*) FROM item", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0, "what was there before is kept");
}

#[test]
fn what_is_no_backup_is_not_restored() {
    let mut bench = Bench::new(open_with_readers);
    let item = bench.add();
    bench.reopen_after(|place| {
        let path = place.dir.join("file");
        let restored = || store::restore(&place.dir, &path).unwrap_err().code();
        assert_eq!(restored(), "store/bad-backup", "there is no such file");
        std::fs::write(&path, "no database ".repeat(1_000)).unwrap();
        assert_eq!(restored(), "store/bad-backup");
        std::fs::write(&path, "").unwrap();
        assert_eq!(restored(), "store/bad-backup");
        std::fs::remove_file(&path).unwrap();
        raw(&path).execute_batch("CREATE TABLE a (b); PRAGMA user_version = 1").unwrap();
        assert_eq!(restored(), "store/bad-backup");
        let statements = "PRAGMA application_id = 2003329394; PRAGMA user_version = 77";
        raw(&path).execute_batch(statements).unwrap();
        assert_eq!(restored(), "store/newer");
    });
    assert_eq!(bench.take_ids(), [item]);
}

#[test]
fn a_check_finds_wrong_counts() {
    let mut bench = Bench::new(open_with_readers);
    bench.add_many(3);
    bench.reopen_after(|place| {
        raw(&file(place)).execute_batch("UPDATE counter SET items = items + 1").unwrap();
    });
    let problems = bench.check().unwrap().problems;
    assert_eq!(problems, ["`orders` counts 4 of its items as queued, but has 3"]);
    assert_eq!(bench.take(10).len(), 3);
    let refusal = bench.claim(bench.claim_of(1)).unwrap_err();
    assert_eq!(refusal.code(), "store/damaged", "a claim does not search forever");
    let store: &dyn Store = &*bench;
    assert_eq!(store.queues().unwrap().len(), 1);
}

#[test]
fn a_check_finds_journals_and_pins_astray() {
    let harms = [
        ("DELETE FROM journal WHERE seq = 2", "counts 3 records, but has 2, the last numbered 3"),
        ("DELETE FROM journal WHERE seq = 3", "counts 3 records, but has 2, the last numbered 2"),
        ("UPDATE run SET records = 4", "counts 4 records, but has 3, the last numbered 3"),
        ("DELETE FROM run_text", "has lost its text"),
        ("DELETE FROM pin", "has lost the flow it is bound to"),
        ("DELETE FROM run_pin", "has lost the flow it is bound to"),
        ("DELETE FROM run_pin", "1 pinned texts belong to no run"),
        ("DELETE FROM run", "3 journal records belong to no run"),
        ("DELETE FROM run", "1 effects belong to no run"),
        ("DELETE FROM run", "1 pins belong to no run"),
        ("DELETE FROM run", "1 texts belong to no run"),
        ("UPDATE effect SET run = 77", "1 effects belong to no run"),
    ];
    for (harm, told) in harms {
        let mut bench = Bench::new(open_with_readers);
        let mut driver = Driver::start_as(&bench, lease(&bench), |new| new.pin = pin(3)).unwrap();
        driver.write(&bench, &["1", "2", "3"]).unwrap();
        driver.add(&bench, b"key").unwrap();
        bench.assert_sound();
        bench.reopen_after(|place| raw(&file(place)).execute_batch(harm).unwrap());
        let problems = bench.check().unwrap().problems;
        assert!(problems.iter().any(|problem| problem.contains(told)), "{harm}: {problems:?}");
    }
}
