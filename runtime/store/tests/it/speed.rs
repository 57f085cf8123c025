//! How journals are written beside a raw loop over the same tables. Run with `--nocapture` on a
//! quiet machine to see figures worth reading; the aim is 0.6 times the loop.

use std::time::Duration;

use model::run::Journal;
use model::{Change, Commit, Outcome};
use store::baseline::Raw;
use support::driver::record;
use support::{Bench, Driver, Stopwatch, knob};

use crate::conformance::open_with_readers;

/// Steps of the loop that become durable together.
const GROUP: usize = 1_000;

/// Writes that many records, each in a commit of its own, all of them on their way at once.
fn drive(bench: &Bench, driver: &mut Driver, count: usize) {
    let pending: Vec<_> = (0..count)
        .map(|_| {
            let journal = Journal { records: vec![record(bench, DATA)], steps: 1 };
            let commit = Commit::of_run(driver.fence(), vec![Change::Journal(journal)]);
            driver.records += 1;
            bench.commit(commit)
        })
        .collect();
    for outcomes in pending {
        assert!(matches!(outcomes.wait().unwrap()[..], [Outcome::Done(_)]));
    }
}

const DATA: &str =
    "{\"in\":{\"text\":\"Invoice 4711\"},\"out\":{\"ID\":4711,\"Amount\":\"12.10\"}}";

#[test]
fn journals_keep_pace_with_a_raw_loop() {
    let count = knob("WHARF_JOURNAL_RECORDS", 5_000) as usize;
    let bench = Bench::new(open_with_readers);
    let mut driver = Driver::start(&bench);
    let dir = tempfile::tempdir().unwrap();
    let mut raw = Raw::open(dir.path()).unwrap();
    let run = raw.start_run(bench.id()).unwrap();
    let records = vec![record(&bench, DATA); GROUP];
    let mut best: Option<f64> = None;
    for round in 0..5 {
        let watch = Stopwatch::new();
        drive(&bench, &mut driver, count);
        let ours = watch.elapsed();
        let watch = Stopwatch::new();
        for group in 0..count / GROUP {
            raw.record(run, round * count + group * GROUP, &records).unwrap();
        }
        let loops = watch.elapsed();
        let ratio = loops.as_secs_f64() / ours.as_secs_f64();
        let per_second = |took: Duration| count as f64 / took.as_secs_f64();
        println!(
            "{:.0} records/s, the loop {:.0}/s: {ratio:.2}x",
            per_second(ours),
            per_second(loops)
        );
        best = Some(best.map_or(ratio, |best| best.max(ratio)));
    }
    // Others may be at work on this machine; what is far off is slow on any.
    assert!(best.is_some_and(|best| best > 0.2), "{best:?}");
}
