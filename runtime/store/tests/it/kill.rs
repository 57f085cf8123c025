//! Real processes, really killed, at random moments: what they were told is in their store, each
//! thing once.
//!
//! The test binary runs itself again as the child (`child`), which says each thing it tries and
//! each thing that was acknowledged; the parent keeps the books (`books`), kills, opens the store,
//! and compares.

mod books;
mod child;
mod full;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use model::{Entropy, ManualClock, SeededEntropy, Status, Store};
use store::{Options, Sqlite};
use tempfile::TempDir;

use crate::power::bench::Picture;
use crate::power::cuts::no_problems;
use crate::power::knobs::Watch;
use books::Books;
use child::{LEASE, QUEUE, real_clock};
use full::Limit;

/// What a child does until it is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    Work,
    /// As `Work`, in four threads.
    Threads,
    /// As `Work`, while another thread makes backups.
    Backup,
    /// Fills a disk that is nearly full already.
    Fill,
}

const JOBS: [Job; 4] = [Job::Work, Job::Threads, Job::Backup, Job::Fill];

/// Nothing but what the parents below start: alone it does nothing.
#[test]
fn child_works_until_killed() {
    if let Some((dir, job, seed)) = orders() {
        child::run(&dir, JOBS[job], seed);
    }
}

#[expect(clippy::disallowed_methods, reason = "a child is told what to do by its environment")]
fn orders() -> Option<(PathBuf, usize, u64)> {
    let number = |name| std::env::var(name).ok()?.parse::<u64>().ok();
    let dir = std::env::var_os("WHARF_KILL_DIR")?;
    Some((dir.into(), number("WHARF_KILL_JOB")? as usize, number("WHARF_KILL_SEED")?))
}

fn binary() -> PathBuf {
    std::env::current_exe().expect("a running test has a file")
}

/// Lets a command that ends in this binary do the job.
fn order<'c>(command: &'c mut Command, dir: &Path, job: Job, seed: u64) -> &'c mut Command {
    command
        .args(["--exact", "kill::child_works_until_killed", "--nocapture"])
        .env("WHARF_KILL_DIR", dir)
        .env("WHARF_KILL_JOB", (job as usize).to_string())
        .env("WHARF_KILL_SEED", seed.to_string())
}

/// A child that runs, and what it says.
struct Running {
    process: Child,
    lines: Receiver<String>,
}

/// When a child is killed.
#[derive(Clone, Copy, Debug)]
struct When {
    /// So many lines that begin like this have been heard,
    said: &'static str,
    times: u64,
    /// and then so much time has passed.
    later: Duration,
}

impl Running {
    fn start(dir: &Path, job: Job, seed: u64) -> Self {
        let mut command = Command::new(binary());
        let command = order(&mut command, dir, job, seed).stdout(Stdio::piped());
        let mut process = command.spawn().expect("a test binary runs itself");
        let out = process.stdout.take().expect("it was piped");
        let (heard, lines) = channel();
        std::thread::spawn(move || {
            let mut out = BufReader::new(out);
            let mut line = String::new();
            // A last line without its end was never said.
            while out.read_line(&mut line).is_ok_and(|read| read > 0) && line.ends_with('\n') {
                if let Some(said) = line.trim_end().strip_prefix('@') {
                    drop(heard.send(said.to_owned()));
                }
                line.clear();
            }
        });
        Self { process, lines }
    }

    /// Kills the child at its time; answers everything it said.
    fn kill(mut self, when: When) -> Vec<String> {
        let mut said = Vec::new();
        let mut left = when.times;
        while left > 0 {
            match self.lines.recv_timeout(Duration::from_mins(1)) {
                Ok(line) => {
                    left -= u64::from(line.starts_with(when.said));
                    said.push(line);
                }
                Err(error) => panic!("the child fell silent ({error}) after {:?}", said.last()),
            }
        }
        let watch = Watch::start();
        while let Some(wait) = when.later.checked_sub(watch.elapsed()) {
            match self.lines.recv_timeout(wait) {
                Ok(line) => said.push(line),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => panic!("ended: {:?}", said.last()),
            }
        }
        self.process.kill().expect("the child runs");
        let status = self.process.wait().expect("the child was started here");
        assert_eq!(status.code(), None, "a signal ended it");
        said.extend(self.lines.iter());
        said
    }
}

/// A data directory whose owners are killed, one after the other.
struct Site {
    dir: TempDir,
    books: Books,
    kills: usize,
    recovered: u64,
}

impl Site {
    fn new() -> Self {
        let dir = TempDir::new().expect("there is room for a directory");
        Self { dir, books: Books::default(), kills: 0, recovered: 0 }
    }

    fn kill_one(&mut self, job: Job, seed: u64, when: When) -> Vec<String> {
        let said = Running::start(&self.dir.path().join("data"), job, seed).kill(when);
        for line in &said {
            self.books.hear(line);
        }
        self.kills += 1;
        said
    }

    /// Opens what was left at the present time.
    fn open(&self) -> (Sqlite, Arc<ManualClock>) {
        open(&self.dir.path().join("data"))
    }

    /// Compares the store with the books, then lets the leases of the killed run out.
    fn account(&mut self) {
        let (store, clock) = self.open();
        let store: &dyn Store = &store;
        let picture = Picture::take(store).expect("it is read");
        self.books.balance(&picture).unwrap();
        no_problems(store).unwrap();
        clock.pass(LEASE * 2);
        while store
            .tick()
            .map(|ticked| (self.recovered += ticked.recovered, ticked.more))
            .unwrap()
            .1
        {}
        if !picture.stats.is_empty() {
            assert_eq!(store.stats(QUEUE).unwrap().count(Status::Processing), 0);
        }
    }
}

fn open(dir: &Path) -> (Sqlite, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new(real_clock().now()));
    let dice = Arc::new(SeededEntropy::new(1));
    let mut options = Options::new(dir, clock.clone(), dice);
    options.background = false;
    (store::open(options).expect("a killed process leaves nothing that bars the way"), clock)
}

fn below(dice: &SeededEntropy, end: u64) -> u64 {
    (dice.next() % u128::from(end)) as u64
}

/// Some acknowledgements, then a moment.
fn soon(dice: &SeededEntropy, times: u64) -> When {
    let later = Duration::from_micros(below(dice, 3_000));
    When { said: "ok", times: 1 + below(dice, times), later }
}

fn kill_generations(job: Job, sites: u64, generations: u64) {
    let (watch, dice) = (Watch::start(), SeededEntropy::new(sites));
    let (mut kills, mut acknowledged, mut found, mut recovered) = (0, 0, 0, 0);
    for number in 0..sites {
        let mut site = Site::new();
        for generation in 0..generations {
            site.kill_one(job, number * generations + generation + 1, soon(&dice, 60));
            site.account();
        }
        kills += site.kills;
        acknowledged += site.books.acknowledged;
        found += site.books.found;
        recovered += site.recovered;
    }
    println!(
        "kills: {job:?}: {kills} in {sites} directories, {:.1}/s; {acknowledged} acknowledged, 0 \
         lost; {found} in flight found done; {recovered} leases recovered",
        watch.rate(kills),
    );
    assert!(recovered > 0, "some were killed with an item in hand");
}

#[test]
fn killed_workers_lose_nothing() {
    kill_generations(Job::Work, 14, 10);
}

#[test]
fn killed_threads_lose_nothing() {
    kill_generations(Job::Threads, 4, 8);
}

/// A new store is made, or was not begun: there is no state between that bars the way.
#[test]
fn killed_opening_leaves_no_ruin() {
    let (watch, dice) = (Watch::start(), SeededEntropy::new(3));
    let mut within = 0;
    for seed in 0..50 {
        let mut site = Site::new();
        let most = [1_000, 5_000, 25_000][seed as usize % 3];
        let later = Duration::from_micros(below(&dice, most));
        let said = site.kill_one(Job::Work, seed, When { said: "open", times: 1, later });
        within += usize::from(!said.iter().any(|line| line == "opened"));
        site.account();
    }
    println!("kills: opening: 50, {:.1}/s; {within} before it was open", watch.rate(50));
    assert!(within > 0, "some were killed while they opened");
}

/// What has the name of a backup is a whole one.
#[test]
fn killed_backup_leaves_no_half() {
    let (watch, dice) = (Watch::start(), SeededEntropy::new(4));
    let (mut site, mut halves, mut copies) = (Site::new(), 0, 0);
    site.kill_one(Job::Work, 1, When { said: "ok add", times: 80, later: Duration::ZERO });
    site.account();
    let whole = Picture::take(&site.open().0).unwrap().items.len() as u64;
    for seed in 0..20 {
        let later = Duration::from_micros(below(&dice, 60_000));
        let when = When { said: "opened", times: 1, later };
        site.kill_one(Job::Backup, seed, when);
        let data = site.dir.path().join("data");
        for entry in data.read_dir().unwrap() {
            let file = entry.unwrap().path();
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            if !name.starts_with("copy-") {
                continue;
            }
            if name.contains(".part") {
                halves += 1;
            } else {
                check_copy(&site.dir.path().join(format!("restored-{name}")), &file, whole);
                copies += 1;
            }
            std::fs::remove_file(&file).unwrap();
        }
        site.account();
    }
    println!(
        "kills: backup: {}, {:.1}/s; {copies} copies, all whole; {halves} unfinished files beside",
        site.kills,
        watch.rate(site.kills),
    );
    assert!(copies > 0 && halves > 0, "some copies were finished, some were not");
}

fn check_copy(dir: &Path, file: &Path, items: u64) {
    store::restore(dir, file).unwrap();
    let (store, _) = open(dir);
    let checked = (&store as &dyn Store).check().unwrap();
    assert_eq!(checked.problems, Vec::<String>::new());
    assert!(checked.items >= items, "{} of {items} items", checked.items);
}

/// Fills a disk under the limit; answers what the child said, or nothing where the machine does not
/// allow it.
fn fill(limit: Limit) -> Option<String> {
    let dir = TempDir::new().unwrap();
    if let Some(reason) = limit.refusal(dir.path()) {
        println!("full disk: {limit:?} skipped, this machine does not allow it: {reason}");
        return None;
    }
    let mut command = limit.command(dir.path());
    let output = order(command.arg(binary()), dir.path(), Job::Fill, 1).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let said: Vec<_> = text.lines().filter_map(|line| line.strip_prefix('@')).collect();
    println!("full disk: {limit:?}: {}", said.join(", "));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}{text}");
    Some(said.join(", "))
}

#[test]
fn full_disk_is_told_and_survived() {
    if let Some(said) = fill(Limit::Disk) {
        assert!(said.starts_with("told store/full after "), "{said}");
        assert!(said.ends_with("went on, whole"), "{said}");
    }
}

#[test]
fn file_at_limit_loses_nothing() {
    let said = fill(Limit::File).expect("every shell can limit files");
    assert!(said.starts_with("told store/") && said.ends_with("whole"), "{said}");
}
