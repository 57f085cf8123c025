//! Power cuts and failing disks: what was acknowledged is there, and nothing is there by half.
//!
//! SQLite runs on a disk in memory (`vfs`, `disk`, `platter`). A deterministic workload
//! (`workload`) is recorded once (`recording`); a cut at any operation of the recording needs no
//! new run, since what a process does before a cut does not depend on it. Knobs:
//! `WHARF_POWER_CUTS=1000000` tries that many cuts; the line of a failure names the knob that
//! repeats it alone.

pub(crate) mod bench;
pub(crate) mod cuts;
pub(crate) mod disk;
mod faults;
pub(crate) mod knobs;
mod known;
pub(crate) mod platter;
mod recording;
mod runs;
pub(crate) mod vfs;
mod workload;

use std::time::Duration;

use model::{
    Change, Claim, Id, ManualClock, NewItem, QueueSettings, SeededEntropy, Status, Timestamp,
};

use bench::Bench;
use cuts::{Cuts, Found};
use disk::{Fault, Kind, Plugged};
use faults::Window;
use knobs::Watch;
use platter::Platter;
use recording::Recording;

const CUTS: usize = 20_000;
const FAULTS: usize = 5_000;
const TEARS: u64 = 3;
const THREADS: usize = 2;

/// Most workloads are short, so that many differ; some fill the log until SQLite empties it by
/// itself.
fn steps(seed: u64) -> usize {
    if seed.is_multiple_of(6) { 160 } else { 50 }
}

#[test]
fn acknowledged_work_survives_power_cuts() {
    if let Some(point) = knobs::numbers("WHARF_POWER_POINT") {
        let [seed, number, tear] = point[..] else { panic!("write SEED:OPERATION:TEAR") };
        let recording = Recording::make(seed, steps(seed), false);
        let cuts = Cuts { recording: &recording, tears: TEARS };
        println!("{:?}", cuts.run_one(number as usize, tear).unwrap());
        return;
    }
    let wanted = knobs::number("WHARF_POWER_CUTS").unwrap_or(CUTS);
    let watch = Watch::start();
    let (mut found, mut failures, mut seed) = (Found::default(), Vec::new(), 0);
    while found.points < wanted && failures.is_empty() {
        seed += 1;
        let recording = Recording::make(seed, steps(seed), false);
        let (more, failed) = all_cuts(&recording);
        found += more;
        failures.extend(failed);
    }
    println!(
        "power cuts: {} points in {seed} workloads, {:.0}/s; {} changes in flight were found \
         committed; {} times the power went again in the recovery",
        found.points,
        watch.rate(found.points),
        found.committed,
        found.again,
    );
    let first = failures.first().map_or("", String::as_str);
    assert!(failures.is_empty(), "{} points failed, the first is\n{first}", failures.len());
    assert!(found.committed > 0, "some cuts must come between durable and acknowledged");
}

fn all_cuts(recording: &Recording) -> (Found, Vec<String>) {
    let cuts = Cuts { recording, tears: TEARS };
    let (mut found, mut failures) = (Found::default(), Vec::new());
    std::thread::scope(|scope| {
        let run = |rest| cuts.run(THREADS, rest);
        let threads: Vec<_> = (0..THREADS).map(|rest| scope.spawn(move || run(rest))).collect();
        for thread in threads {
            let (more, failed) = thread.join().expect("a failure is an answer, not a panic");
            found += more;
            failures.extend(failed);
        }
    });
    (found, failures)
}

/// The test itself can fail: on a disk that lies about syncs, work is lost, and that is noticed.
#[test]
fn lying_disk_is_found_out() {
    let recording = Recording::make(1, 60, true);
    let (found, failures) = Cuts { recording: &recording, tears: 1 }.run(5, 0);
    println!("lying disk: {} cuts did harm, {} did not", failures.len(), found.points);
    assert!(failures.len() > found.points, "most cuts lose what was never written");
}

/// A recording stands for runs that were really cut: until then, those do the same to the disk.
#[test]
fn recordings_tell_what_cut_runs_do() {
    let recording = Recording::make(2, 40, false);
    for number in (1..=recording.operations.len()).step_by(29) {
        let done = recording.run_until_cut(number);
        let same = done.iter().zip(&recording.operations).all(|(one, two)| one.resembles(two));
        assert!(same && done.len() == number - 1, "cut in operation {number}");
    }
}

#[test]
fn failing_disks_are_told_and_survived() {
    if let Some(point) = knobs::numbers("WHARF_POWER_FAULT") {
        let [seed, from, kind, at, sticky] = point[..] else {
            panic!("write SEED:STEP:KIND:OPERATION:STICKY")
        };
        let recording = Recording::make(seed, steps(seed), false);
        let windows = Window::all(&recording);
        let kind = Kind::ALL[kind as usize];
        let fault = Fault { kind, at, sticky: sticky == 1 };
        println!("{:?}", windows[from as usize / faults::STEPS].point(fault).unwrap());
        return;
    }
    let wanted = knobs::number("WHARF_POWER_FAULTS").unwrap_or(FAULTS);
    let each = if wanted > FAULTS { 1 } else { 4 };
    let watch = Watch::start();
    let (mut found, mut failures, mut seed) = (faults::Found::default(), Vec::new(), 0);
    while found.points < wanted && failures.is_empty() {
        seed += 1;
        let recording = Recording::make(seed, steps(seed), false);
        let (more, failed) = all_faults(&recording, each);
        found += more;
        failures.extend(failed);
    }
    println!(
        "faults: {} points, {:.0}/s: {} absorbed; told full {}, io {}, unknown outcome {}; {} \
         changes of unknown outcome were there",
        found.points,
        watch.rate(found.points),
        found.absorbed,
        found.full,
        found.io,
        found.unknown,
        found.committed,
    );
    let first = failures.first().map_or("", String::as_str);
    assert!(failures.is_empty(), "{} windows failed, the first is\n{first}", failures.len());
    assert!(found.full > 0 && found.io > 0 && found.unknown > 0, "each of them can be told");
}

fn all_faults(recording: &Recording, each: u64) -> (faults::Found, Vec<String>) {
    let windows = Window::all(recording);
    let (mut found, mut failures) = (faults::Found::default(), Vec::new());
    std::thread::scope(|scope| {
        let run = |rest| {
            let share = windows.iter().skip(rest).step_by(THREADS);
            share.map(|window| window.run(each)).collect::<Vec<_>>()
        };
        let threads: Vec<_> = (0..THREADS).map(|rest| scope.spawn(move || run(rest))).collect();
        for result in threads.into_iter().flat_map(|thread| thread.join().expect("no panic")) {
            match result {
                Ok(more) => found += more,
                Err(line) => failures.push(line),
            }
        }
    });
    (found, failures)
}

/// Who holds an item keeps it when the clock is set, even if the first commit after that is lost.
#[test]
fn lost_commit_forgets_no_clock_jump() {
    let bench = held_item();
    bench.clock.set("2026-01-31T20:00:00Z".parse().unwrap());
    bench.disk.lock().expect_fault(Some(Fault { kind: Kind::Sync, at: 1, sticky: false }));
    let lost = bench.store().make(add(3)).unwrap_err();
    assert_eq!(lost.code(), "store/unknown-outcome");
    bench.store().make(add(3)).unwrap();
    bench.store().tick().unwrap();
    let stats = bench.store().stats("orders").unwrap();
    assert_eq!((stats.count(Status::Processing), stats.count(Status::Queued)), (1, 1));
}

fn add(seed: u64) -> Change {
    let id = Id::new(&ManualClock::new(Timestamp::UNIX_EPOCH), &SeededEntropy::new(seed));
    Change::Add(Box::new(NewItem::new(id, "orders", "1")))
}

/// A store with one item, which a worker holds for a minute.
fn held_item() -> Bench {
    let now = "2026-01-31T08:00:00Z".parse().unwrap();
    let mut bench = Bench::new(Plugged::new(Platter::default()), now);
    bench.dice.set(1);
    bench.open().unwrap();
    let id = Id::new(&*bench.clock, &*bench.dice);
    let settings = Box::new(QueueSettings::new("orders"));
    bench.store().make(Change::CreateQueue { id, settings, schema: None }).unwrap();
    bench.store().make(add(2)).unwrap();
    let (queue, worker) = ("orders".into(), "ann".into());
    let claim = Claim { queue, count: 1, lease: Duration::from_mins(1), worker };
    assert_eq!(bench.store().claim(claim).unwrap().len(), 1);
    bench
}
