//! The work that is measured: on the store as everybody uses it, and raw.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use model::limits::PAGE_ITEMS_MAX;
use model::{
    Change, Claim, Claimed, Clock, Commit, Ending, Entropy, Error, Id, ItemQuery, Mode, NewItem,
    Pending, QueueSettings, Reply, Request, Settlement, Store,
};
use store::baseline::Raw;

type Result<T> = std::result::Result<T, Error>;

const QUEUE: &str = "bench";
/// Items of one bulk commit, and of one transaction of the baseline.
const BATCH: usize = 1_000;
/// Items the worker claims at once, and the baseline works on in one transaction.
const GROUP: usize = 100;
/// Answers a pipelined caller leaves on their way.
const IN_FLIGHT: usize = 500;

/// Items of a page, and how often each of them is read.
const PAGE: usize = 50;
const PAGES: usize = 51;

/// What the items of the benchmark carry beside their number.
const INVOICE: &str = r#""InvoiceDate":"06/04/2023","AccountName":"Fabrikam","Amount":1253.78,
"ContactEmail":"invoicing@fabrikam.example","Status":"Paid","WorkQueueKey":"Vendor Invoices",
"ComponentState":0,"OverwriteTime":"1900-01-01T00:00:00""#;

/// A store and its raw counterpart with the same items in them.
pub(crate) struct Bench<'a> {
    pub(crate) store: store::Sqlite,
    raw: Raw,
    clock: &'a dyn Clock,
    entropy: &'a dyn Entropy,
    added: usize,
}

/// How long the same work took both ways.
pub(crate) struct Pair {
    pub(crate) ours: Duration,
    pub(crate) raw: Duration,
}

impl<'a> Bench<'a> {
    pub(crate) fn open(
        dir: &Path,
        clock: &'a Arc<dyn Clock>,
        entropy: &'a Arc<dyn Entropy>,
    ) -> Result<Self> {
        let create = |name: &str| {
            let made = dir.join(name);
            std::fs::create_dir_all(&made)
                .map(|()| made)
                .map_err(|error| Error::of_system(&format!("`{}`", dir.display()), &error))
        };
        let options = store::Options::new(create("ours")?, Arc::clone(clock), Arc::clone(entropy));
        let bench = Self {
            store: store::open(options)?,
            raw: Raw::open(&create("raw")?)?,
            clock: &**clock,
            entropy: &**entropy,
            added: 0,
        };
        let id = bench.new_id();
        let settings = Box::new(QueueSettings::new(QUEUE));
        bench.store().make(Change::CreateQueue { id, settings, schema: None })?;
        Ok(bench)
    }

    fn store(&self) -> &dyn Store {
        &self.store
    }

    fn new_id(&self) -> Id {
        Id::new(self.clock, self.entropy)
    }

    fn timed<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<(Duration, T)> {
        let start = self.clock.elapsed();
        let done = work()?;
        Ok((self.clock.elapsed().saturating_sub(start), done))
    }

    /// Items as a file of vendor invoices would make them, about 300 bytes each with a reference.
    fn items(&mut self, count: usize) -> Vec<NewItem> {
        let from = self.added;
        self.added += count;
        let item = |number: usize| {
            let value = format!("{{\"InvoiceId\":\"I-{number}\",{INVOICE}}}");
            let mut item = NewItem::new(self.new_id(), QUEUE, value);
            item.name = Some(format!("Invoice I-{number}"));
            item.reference = Some(format!("I-{number}"));
            item
        };
        (from..from + count).map(item).collect()
    }

    /// Adds `count` items both ways, in batches.
    pub(crate) fn add(&mut self, count: usize) -> Result<Pair> {
        let batches: Vec<Vec<NewItem>> = (0..count.div_ceil(BATCH))
            .map(|batch| self.items(BATCH.min(count - batch * BATCH)))
            .collect();
        let start = self.clock.elapsed();
        for batch in &batches {
            self.raw.add(batch, self.clock)?;
        }
        let raw = self.clock.elapsed().saturating_sub(start);
        let commits: Vec<Commit> = batches
            .into_iter()
            .map(|batch| Commit::of(batch.into_iter().map(add).collect(), Mode::Independent))
            .collect();
        let (ours, ()) = self.timed(|| {
            let commits = commits.into_iter().map(|commit| self.store().commit(commit));
            wait_all(commits, 3, expect_done)
        })?;
        Ok(Pair { ours, raw })
    }

    /// Claims and settles `count` items both ways.
    pub(crate) fn work(&mut self, count: usize) -> Result<Pair> {
        let start = self.clock.elapsed();
        let mut left = count;
        while left > 0 {
            left -= self.raw.work(GROUP.min(left), self.clock, self.entropy)?;
        }
        let raw = self.clock.elapsed().saturating_sub(start);
        let (ours, ()) = self.timed(|| self.work_ours(count))?;
        Ok(Pair { ours, raw })
    }

    /// One worker that asks for the next items while the last settlements become durable.
    fn work_ours(&self, count: usize) -> Result<()> {
        let mut settling = VecDeque::new();
        let mut left = count;
        while left > 0 {
            let claimed = self.store().claim(claim(GROUP.min(left)))?;
            left -= claimed.len();
            settling.extend(claimed.into_iter().map(|claimed| self.settle(&claimed)));
            while settling.len() > IN_FLIGHT {
                settling.pop_front().map_or(Ok(()), |pending| pending.wait().map(drop))?;
            }
        }
        settling.into_iter().try_for_each(|pending| pending.wait().and_then(expect_done))
    }

    fn settle(&self, claimed: &Claimed) -> Pending<Vec<model::Outcome>> {
        self.store().commit(Commit::one(Change::Settle(Settlement {
            item: claimed.item.id,
            token: claimed.token,
            ending: Ending::Processed,
            result: Some("done".into()),
            retry: true,
        })))
    }

    /// Time of `count` claims of one item each, which are settled afterwards.
    pub(crate) fn claims(&self, count: usize) -> Result<Duration> {
        let (took, claimed) = self.timed(|| {
            let asked = (0..count).map(|_| self.store().send(Request::Claim(claim(1))));
            let mut claimed = Vec::with_capacity(count);
            wait_all(asked, IN_FLIGHT, |reply| {
                if let Reply::Claimed(items) = reply {
                    claimed.extend(items);
                }
                Ok(())
            })?;
            Ok(claimed)
        })?;
        assert_eq!(claimed.len(), count, "the queue was filled before");
        wait_all(claimed.iter().map(|claimed| self.settle(claimed)), IN_FLIGHT, expect_done)?;
        Ok(took)
    }

    /// Time of `count` items added one by one, by one caller that does not wait for each.
    pub(crate) fn singles(&mut self, count: usize) -> Result<Duration> {
        let items = self.items(count);
        let (took, ()) = self.timed(|| {
            let commits = items.into_iter().map(|item| self.store().commit(Commit::one(add(item))));
            wait_all(commits, IN_FLIGHT, expect_done)
        })?;
        Ok(took)
    }

    /// Time of `count` items added by `callers`, each of which waits for every one.
    pub(crate) fn waiting_callers(&mut self, count: usize, callers: usize) -> Result<Duration> {
        let shares: Vec<_> = (0..callers).map(|_| self.items(count / callers)).collect();
        let store = self.store();
        let (took, ()) = self.timed(|| {
            std::thread::scope(|scope| {
                let share = |items: Vec<NewItem>| {
                    scope.spawn(move || {
                        items.into_iter().try_for_each(|item| store.make(add(item)).map(drop))
                    })
                };
                let callers: Vec<_> = shares.into_iter().map(share).collect();
                let joined = |caller: std::thread::ScopedJoinHandle<'_, Result<()>>| {
                    caller.join().expect("a caller does not panic")
                };
                callers.into_iter().try_for_each(joined)
            })
        })?;
        Ok(took)
    }

    /// Times from asking to add an item until a worker that waited for it has claimed it.
    pub(crate) fn wake_ups(&mut self, count: usize) -> Result<Vec<Duration>> {
        self.drain()?;
        let items = self.items(count);
        let (store, clock) = (self.store(), self.clock);
        let claimed_at = || -> Result<Duration> {
            while store.claim(claim(1))?.is_empty() {
                store.wait_ready(QUEUE, Duration::from_secs(10))?;
            }
            Ok(clock.elapsed())
        };
        let mut times = Vec::with_capacity(count);
        for item in items {
            times.push(std::thread::scope(|scope| {
                let worker = scope.spawn(claimed_at);
                // The worker shall be waiting, not on its way to.
                std::thread::sleep(Duration::from_millis(3));
                let asked = clock.elapsed();
                store.make(add(item))?;
                let claimed = worker.join().expect("the worker does not panic")?;
                Ok::<_, Error>(claimed.saturating_sub(asked))
            })?);
        }
        times.sort_unstable();
        Ok(times)
    }

    fn drain(&mut self) -> Result<()> {
        while !self.store().claim(claim(1_000))?.is_empty() {}
        Ok(())
    }

    /// Times of one page of 50: the first one, then at a cursor in the middle of the list, at one
    /// near its end, and from the end on backwards. They are taken in turn: a slow moment hits all.
    pub(crate) fn pages(&self) -> Result<[Duration; 4]> {
        let total = self.store().stats(QUEUE)?.total() as usize;
        let (middle, late) = (self.cursor_at(total / 2)?, self.cursor_at(total - 2 * PAGE)?);
        let page = |newest_first, cursor| {
            let queue = Some(QUEUE.to_owned());
            ItemQuery { queue, newest_first, cursor, limit: PAGE, ..ItemQuery::default() }
        };
        let queries = [page(false, None), page(false, middle), page(false, late), page(true, None)];
        let mut times = [const { Vec::new() }; 4];
        for _ in 0..PAGES {
            for (query, times) in queries.iter().zip(&mut times) {
                let (took, page) = self.timed(|| self.store().items(query.clone()))?;
                assert_eq!(page.items.len(), PAGE, "the list is longer than that");
                times.push(took);
            }
        }
        Ok(times.map(|mut times: Vec<Duration>| {
            times.sort_unstable();
            times[times.len() / 2]
        }))
    }

    /// The cursor behind so many items, found as everybody finds it: page by page.
    fn cursor_at(&self, items: usize) -> Result<Option<String>> {
        let mut query = ItemQuery { queue: Some(QUEUE.to_owned()), ..ItemQuery::default() };
        let mut left = items;
        while left > 0 {
            query.limit = left.min(PAGE_ITEMS_MAX);
            let page = self.store().items(query.clone())?;
            left -= page.items.len();
            query.cursor = page.next;
        }
        Ok(query.cursor)
    }
}

fn add(item: NewItem) -> Change {
    Change::Add(Box::new(item))
}

fn claim(count: usize) -> Claim {
    Claim { queue: QUEUE.into(), count, lease: Duration::from_mins(10), worker: "bench".into() }
}

/// A benchmark of refused work would be worth nothing.
fn expect_done(outcomes: Vec<model::Outcome>) -> Result<()> {
    outcomes.into_iter().try_for_each(|outcome| match outcome {
        model::Outcome::Refused(error) => Err(error),
        _ => Ok(()),
    })
}

/// Waits for answers in their order, with at most `in_flight` on their way.
fn wait_all<T: Send + 'static>(
    asked: impl Iterator<Item = Pending<T>>,
    in_flight: usize,
    mut each: impl FnMut(T) -> Result<()>,
) -> Result<()> {
    let mut waiting = VecDeque::new();
    for pending in asked {
        waiting.push_back(pending);
        if waiting.len() > in_flight {
            waiting.pop_front().map_or(Ok(()), |pending| pending.wait().and_then(&mut each))?;
        }
    }
    waiting.into_iter().try_for_each(|pending| pending.wait().and_then(&mut each))
}
