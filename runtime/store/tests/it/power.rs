//! Power cuts and failing disks: what was acknowledged is there, and nothing is there by half.
//!
//! SQLite runs on a disk in memory (`vfs`, `disk`, `platter`). A deterministic workload (`workload`) is recorded once
//! (`recording`); a cut at any operation of the recording needs no new run, since what a process does before a cut
//! does not depend on it. Knobs: `WHARF_POWER_CUTS=1000000` tries that many cuts; the line of a failure names the
//! knob that repeats it alone.

mod bench;
mod cuts;
mod disk;
mod knobs;
mod known;
mod platter;
mod recording;
mod vfs;
mod workload;

use cuts::{Cuts, Found};
use knobs::Watch;
use recording::Recording;

const CUTS: usize = 20_000;
const TEARS: u64 = 3;
const THREADS: usize = 2;

/// Most workloads are short, so that many differ; some fill the log until SQLite empties it by itself.
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
