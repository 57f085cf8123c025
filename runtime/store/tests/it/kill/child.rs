//! The process that is killed. It says what it is about to do and what was acknowledged, a line
//! each.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use model::{
    Change, Claim, Claimed, Clock, Commit, Ending, Entropy, Id, Mode, NewItem, Outcome,
    QueueSettings, Rules, SeededEntropy, Settlement, Store, Timestamp,
};
use store::Options;

use crate::kill::{Job, full};
use crate::power::knobs::Watch;

pub(crate) const QUEUE: &str = "orders";
/// Long enough to settle in, short enough to be waited for.
pub(crate) const LEASE: Duration = Duration::from_secs(5);
const STEPS: u64 = 20_000;
const THREADS: u64 = 4;

/// The clocks of this machine.
struct Real(Watch);

impl Clock for Real {
    #[expect(clippy::disallowed_methods, reason = "a killed worker's lease ends in real time")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

pub(crate) fn real_clock() -> Arc<dyn Clock> {
    Arc::new(Real(Watch::start()))
}

/// Lines are written as one, and at once.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("@{line}\n").as_bytes()).expect("the parent listens");
    out.flush().expect("the parent listens");
}

/// Works until killed, or until there is enough.
pub(crate) fn run(dir: &Path, job: Job, seed: u64) {
    if job == Job::Fill {
        return full::fill(dir);
    }
    say("open");
    let dice = Arc::new(SeededEntropy::new(seed));
    let options = Options::new(dir, real_clock(), dice.clone());
    let store = store::open(options).expect("nobody else has it");
    let store: &dyn Store = &store;
    say("opened");
    create_queue(store, &*dice);
    match job {
        Job::Fill => unreachable!("that was done"),
        Job::Work => Worker::new(store, seed).work(),
        Job::Threads => std::thread::scope(|scope| {
            for thread in 0..THREADS {
                let seed = seed * THREADS + thread;
                scope.spawn(move || Worker::new(store, seed).work());
            }
        }),
        Job::Backup => std::thread::scope(|scope| {
            scope.spawn(|| Worker::new(store, seed).work());
            back_up(store, dir, seed);
        }),
    }
}

pub(crate) fn create_queue(store: &dyn Store, dice: &dyn Entropy) {
    let mut settings = QueueSettings::new(QUEUE);
    settings.rules = Rules { retries: 1, crashes: 20, ..Rules::default() };
    let (id, settings) = (Id::new(&*real_clock(), dice), Box::new(settings));
    match store.make(Change::CreateQueue { id, settings, schema: None }) {
        Ok(_) => {}
        // An earlier child was here.
        Err(error) => assert_eq!(error.code(), "queue/exists"),
    }
}

fn back_up(store: &dyn Store, dir: &Path, seed: u64) {
    for number in 0..STEPS {
        let file = dir.join(format!("copy-{seed}-{number}"));
        store.backup(&file.display().to_string()).expect("a disk with room takes a copy");
        say("ok backup");
    }
}

struct Worker<'a> {
    store: &'a dyn Store,
    clock: Arc<dyn Clock>,
    dice: SeededEntropy,
    held: Vec<Claimed>,
    settled: Vec<Id>,
}

impl<'a> Worker<'a> {
    fn new(store: &'a dyn Store, seed: u64) -> Self {
        let dice = SeededEntropy::new(seed ^ 0xdead_beef);
        Self { store, clock: real_clock(), dice, held: Vec::new(), settled: Vec::new() }
    }

    fn below(&self, end: u64) -> u64 {
        (self.dice.next() % u128::from(end)) as u64
    }

    fn work(mut self) {
        for _ in 0..STEPS {
            match self.below(10) {
                0..3 => self.add(1),
                3 => {
                    let count = 2 + self.below(40);
                    self.add(count);
                }
                4..6 => self.claim(),
                6..9 => self.settle(),
                _ => self.requeue(),
            }
        }
    }

    fn add(&self, count: u64) {
        let news: Vec<NewItem> = (0..count).map(|_| self.new_item()).collect();
        let shown = news
            .iter()
            .map(|new| format!(" {}:{}", new.id, new.reference.as_deref().unwrap_or("-")));
        say(&format!("try add{}", shown.collect::<String>()));
        let first = news[0].id;
        let changes = news.into_iter().map(|new| Change::Add(Box::new(new))).collect();
        let outcomes = self.store.commit(Commit::of(changes, Mode::AllOrNothing)).wait();
        let outcomes = outcomes.expect("a disk with room takes items");
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Done(_))));
        say(&format!("ok add {first}"));
    }

    fn new_item(&self) -> NewItem {
        let id = Id::new(&*self.clock, &self.dice);
        let value = format!("\"{}\"", "v".repeat(self.below(2_000) as usize));
        let mut new = NewItem::new(id, QUEUE, value);
        new.reference = (self.below(2) == 0).then(|| format!("R-{id}"));
        new
    }

    fn claim(&mut self) {
        let (queue, worker) = (QUEUE.into(), "child".into());
        let claim = Claim { queue, count: 1 + self.below(5) as usize, lease: LEASE, worker };
        let claimed = self.store.claim(claim).expect("a claim is answered");
        for claimed in &claimed {
            say(&format!("ok claim {}", claimed.item.id));
        }
        self.held.extend(claimed);
    }

    fn settle(&mut self) {
        let Some(Claimed { item, token }) = self.held.pop() else { return };
        let endings = [Ending::Processed, Ending::BusinessException, Ending::GenericException];
        let ending = endings[self.below(3) as usize];
        let result = format!("r{}", self.below(1_000_000));
        let (id, status) = (item.id, ending.status());
        say(&format!("try settle {id} {status} {result}"));
        let result = Some(result);
        let settlement = Settlement { item: id, token, ending, result, retry: true };
        match self.store.make(Change::Settle(settlement)) {
            Ok(_) => {
                say(&format!("ok settle {id}"));
                self.settled.push(id);
            }
            // It took longer than its lease: another worker has it.
            Err(error) => assert_eq!(error.code(), "queue/lease-lost"),
        }
    }

    fn requeue(&mut self) {
        let Some(item) = self.settled.pop() else { return };
        say(&format!("try requeue {item}"));
        let (token, delay_until, expires, note) = (None, None, None, None);
        let clear_notes = false;
        let change = Change::Requeue { item, token, delay_until, expires, note, clear_notes };
        self.store.make(change).expect("nobody else touches a finished item");
        say(&format!("ok requeue {item}"));
    }
}
