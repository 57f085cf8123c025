//! Many at once: nobody gets what another has, nobody waits in vain, everybody is answered.

use std::collections::{BTreeSet, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::time::Duration;

use model::{
    Change, Commit, Done, Ending, Id, ItemQuery, ManualClock, Mode, NewItem, Outcome,
    QueueSettings, Renewal, Request, SeededEntropy, Settlement, Status, Store,
};
use store::{Options, Sqlite};
use support::{START, Stopwatch, secs};

const THREADS: usize = 16;

/// A store that does by itself what time makes due, on a clock that stands still.
struct Shop {
    // Closed before its directory goes.
    store: Arc<Sqlite>,
    clock: Arc<ManualClock>,
    entropy: Arc<SeededEntropy>,
    dir: tempfile::TempDir,
}

impl Shop {
    fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new(START.parse().unwrap()));
        let entropy = Arc::new(SeededEntropy::new(5));
        let options = Options::new(dir.path(), clock.clone(), entropy.clone());
        let shop = Self { store: Arc::new(store::open(options).unwrap()), clock, entropy, dir };
        shop.make_queue("orders");
        shop
    }

    fn store(&self) -> &dyn Store {
        &*self.store
    }

    fn id(&self) -> Id {
        Id::new(&*self.clock, &*self.entropy)
    }

    fn make_queue(&self, key: &str) {
        let settings = Box::new(QueueSettings::new(key));
        let create = Change::CreateQueue { id: self.id(), settings, schema: None };
        self.store().make(create).unwrap();
    }

    fn new_item(&self) -> Change {
        Change::Add(Box::new(NewItem::new(self.id(), "orders", "1")))
    }

    fn add(&self) -> Done {
        self.store().make(self.new_item()).unwrap()
    }

    fn add_many(&self, count: usize) {
        for from in (0..count).step_by(2_000) {
            let adds = (from..count.min(from + 2_000)).map(|_| self.new_item()).collect();
            self.store().commit(Commit::of(adds, Mode::AllOrNothing)).wait().unwrap();
        }
    }

    fn claim(&self, count: usize) -> Vec<model::Claimed> {
        let (queue, lease, worker) = ("orders".into(), secs(600), "w".into());
        self.store().claim(model::Claim { queue, count, lease, worker }).unwrap()
    }

    fn count(&self, status: Status) -> u64 {
        self.store().stats("orders").unwrap().count(status)
    }

    fn assert_sound(&self) {
        assert_eq!(self.store().check().unwrap().problems, [""; 0]);
    }
}

fn settled(claimed: &model::Claimed) -> Change {
    Change::Settle(Settlement {
        item: claimed.item.id,
        token: claimed.token,
        ending: Ending::Processed,
        result: None,
        retry: false,
    })
}

#[test]
fn concurrent_claimers_never_share_an_item() {
    const ITEMS: usize = 20_000;
    let shop = Shop::open();
    shop.add_many(ITEMS);
    let taken = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (shop, taken) = (&shop, &taken);
            scope.spawn(move || {
                let mut mine = Vec::new();
                loop {
                    let claimed = shop.claim(1 + thread % 7);
                    if claimed.is_empty() {
                        break;
                    }
                    let settlements = claimed.iter().map(settled);
                    let commit = Commit::of(settlements.collect(), Mode::Independent);
                    let outcomes = shop.store().commit(commit).wait().unwrap();
                    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Done(_))));
                    mine.extend(claimed.iter().map(|claimed| claimed.item.id));
                }
                taken.lock().unwrap().extend(mine);
            });
        }
    });
    let taken = taken.into_inner().unwrap();
    assert_eq!(taken.len(), ITEMS, "each item was handed out");
    assert_eq!(taken.into_iter().collect::<BTreeSet<_>>().len(), ITEMS, "and none twice");
    assert_eq!((shop.count(Status::Processed), shop.count(Status::Queued)), (ITEMS as u64, 0));
    shop.assert_sound();
}

#[test]
fn an_added_item_wakes_a_waiting_claimer() {
    let shop = Shop::open();
    let mut latencies = Vec::new();
    for _ in 0..20 {
        let (added, begun) = (Mutex::new(None), Barrier::new(2));
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| {
                begun.wait();
                assert!(shop.store().wait_ready("orders", secs(30)).unwrap());
                let added: &Mutex<Option<Stopwatch>> = &added;
                // The adder has its answer at about the same time; its start is known by then.
                let started = added.lock().unwrap().expect("the add was begun before");
                started.elapsed()
            });
            begun.wait();
            *added.lock().unwrap() = Some(Stopwatch::new());
            shop.add();
            latencies.push(waiting.join().unwrap());
        });
        assert_eq!(shop.claim(5).len(), 1);
    }
    latencies.sort_unstable();
    let median = latencies[latencies.len() / 2];
    assert!(median < Duration::from_millis(50), "waking takes {median:?}");
}

#[test]
fn many_waiters_and_one_item_give_one_winner() {
    let shop = Shop::open();
    let (won, begun) = (AtomicUsize::new(0), Barrier::new(THREADS + 1));
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                begun.wait();
                while shop.store().wait_ready("orders", Duration::from_millis(500)).unwrap() {
                    won.fetch_add(shop.claim(1).len(), Ordering::Relaxed);
                }
            });
        }
        begun.wait();
        shop.add();
    });
    assert_eq!(won.into_inner(), 1);
}

#[test]
fn waiters_of_other_queues_sleep_on() {
    let shop = Shop::open();
    shop.make_queue("others");
    std::thread::scope(|scope| {
        let other =
            scope.spawn(|| shop.store().wait_ready("others", Duration::from_millis(300)).unwrap());
        shop.add();
        assert!(!other.join().unwrap());
    });
}

#[test]
fn sixteen_writers_share_their_transactions() {
    const EACH: usize = 250;
    let shop = Shop::open();
    let alone = Stopwatch::new();
    for _ in 0..EACH {
        shop.add();
    }
    let alone = alone.elapsed();
    let together = Stopwatch::new();
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..EACH {
                    shop.add();
                }
            });
        }
    });
    let together = together.elapsed();
    assert_eq!(shop.count(Status::Queued), ((THREADS + 1) * EACH) as u64);
    // One by one, the sixteen would take sixteen times as long.
    assert!(together < alone * 16, "alone {alone:?}, sixteen at once {together:?}");
    shop.assert_sound();
}

#[test]
fn a_group_answers_each_with_its_own_outcome() {
    let shop = Shop::open();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let shop = &shop;
            scope.spawn(move || {
                for round in 0..50 {
                    let mut new = NewItem::new(shop.id(), "orders", "1");
                    new.reference = Some(format!("{round}"));
                    new.name = Some(format!("{thread}"));
                    let id = new.id;
                    match shop.store().make(Change::Add(Box::new(new))) {
                        Ok(done) => assert_eq!(done.id, id),
                        Err(error) => assert_eq!(error.code(), "queue/duplicate-reference"),
                    }
                    let found = shop.store().item_by_reference("orders", &format!("{round}"));
                    assert!(found.is_ok(), "somebody has added it by now");
                }
            });
        }
    });
    assert_eq!(shop.count(Status::Queued), 50, "each reference once");
}

#[test]
fn reading_sees_whole_commits_only() {
    let shop = Shop::open();
    let done = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen = 0;
            while done.load(Ordering::Relaxed) == 0 {
                let count = shop.count(Status::Queued);
                assert_eq!(count % 10, 0, "ten items come together");
                assert!(count >= seen);
                seen = count;
            }
        });
        for _ in 0..100 {
            shop.add_many(10);
        }
        done.store(1, Ordering::Relaxed);
        reader.join().unwrap();
    });
}

#[test]
fn lists_go_on_while_queues_come_and_go() {
    let shop = Shop::open();
    let done = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let lister = scope.spawn(|| {
            let mut lists = 0;
            while done.load(Ordering::Relaxed) == 0 {
                let query = ItemQuery { limit: 500, ..ItemQuery::default() };
                shop.store().items(query).unwrap();
                lists += 1;
            }
            lists
        });
        for round in 0..200 {
            let (key, id) = (format!("q{round}"), shop.id());
            let settings = Box::new(QueueSettings::new(key.as_str()));
            let add = Change::Add(Box::new(NewItem::new(id, key.as_str(), "1")));
            let create = Change::CreateQueue { id: shop.id(), settings, schema: None };
            let drop_queue = Change::DropQueue { queue: key };
            for changes in [vec![create, add], vec![Change::Delete { item: id }, drop_queue]] {
                shop.store().commit(Commit::of(changes, Mode::AllOrNothing)).wait().unwrap();
            }
        }
        done.store(1, Ordering::Relaxed);
        assert!(lister.join().unwrap() > 0);
    });
}

#[test]
fn a_decided_batch_moves_at_once_by_itself() {
    let shop = Shop::open();
    let batch = shop.id();
    shop.store().make(Change::OpenBatch { batch, queue: "orders".into() }).unwrap();
    let add = |_| {
        let mut new = NewItem::new(shop.id(), "orders", "1");
        new.batch = Some(batch);
        Change::Add(Box::new(new))
    };
    let adds = (0..2_500).map(add).collect();
    shop.store().commit(Commit::of(adds, Mode::AllOrNothing)).wait().unwrap();
    shop.store().make(Change::CommitBatch { batch }).unwrap();
    assert!(shop.store().wait_ready("orders", secs(5)).unwrap());
    let watch = Stopwatch::new();
    while shop.count(Status::Queued) < 2_500 {
        assert!(watch.elapsed() < secs(5), "all of it moves soon");
        std::thread::yield_now();
    }
}

#[test]
fn lost_leases_return_however_busy_the_store_is() {
    let shop = Shop::open();
    shop.make_queue("busy");
    let lost = shop.add().id;
    assert_eq!(shop.claim(1).len(), 1);
    shop.clock.pass(secs(601));
    let done = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // The next requests are there before the writer has answered the last ones.
            let mut on_their_way = VecDeque::new();
            while done.load(Ordering::Relaxed) == 0 {
                let new = NewItem::new(shop.id(), "busy", "1");
                on_their_way
                    .push_back(shop.store().commit(Commit::one(Change::Add(Box::new(new)))));
                if on_their_way.len() > 3_000 {
                    on_their_way.pop_front().unwrap().wait().unwrap();
                }
            }
        });
        let found = shop.store().wait_ready("orders", secs(10));
        done.store(1, Ordering::Relaxed);
        assert_eq!(found, Ok(true));
    });
    assert_eq!(shop.store().item(lost).unwrap().life.crashes, 1);
}

#[test]
fn everybody_is_answered_when_the_store_closes() {
    for _ in 0..20 {
        let shop = Shop::open();
        shop.add_many(10);
        let requests = |number: usize| match number % 5 {
            0 => Request::Commit(Commit::one(shop.new_item())),
            1 => Request::Stats("orders".into()),
            2 => Request::Renew(vec![Renewal {
                item: shop.id(),
                token: model::Token::new(&*shop.entropy),
                lease: None,
            }]),
            3 => Request::WaitReady { queue: "orders".into(), wait: secs(60) },
            _ => Request::Tick,
        };
        let pending: Vec<_> = (0..300).map(|number| shop.store.send(requests(number))).collect();
        let Shop { store, dir, clock, entropy } = shop;
        drop(store);
        for answer in pending {
            answer.wait().unwrap();
        }
        let opened = store::open(Options::new(dir.path(), clock, entropy)).unwrap();
        let store: &dyn Store = &opened;
        let queued = store.stats("orders").unwrap().count(Status::Queued);
        assert_eq!(queued, 10 + 60, "what was answered is there");
    }
}

#[test]
fn waiters_are_let_go_when_the_store_closes() {
    let shop = Shop::open();
    let request = Request::WaitReady { queue: "orders".into(), wait: secs(60) };
    let pending: Vec<_> = (0..8).map(|_| shop.store.send(request.clone())).collect();
    let watch = Stopwatch::new();
    let Shop { store, dir: _dir, .. } = shop;
    std::thread::scope(|scope| {
        for pending in pending {
            scope.spawn(move || {
                let waited = pending.wait();
                assert_eq!(waited, Ok(model::Reply::WaitedReady(false)));
            });
        }
        drop(store);
    });
    assert!(watch.elapsed() < secs(20), "nobody waits for the end of the wait");
}
