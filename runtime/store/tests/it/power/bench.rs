//! A store on a disk in memory, with a clock and dice that are set for each step, and all that can
//! be seen of it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use model::{
    Entropy, Entry, Error, Id, Item, ItemQuery, ManualClock, Reply, Request, SeededEntropy, Stats,
    Store, Timestamp,
};
use store::{Options, Sqlite};

use crate::power::disk::Plugged;
use crate::power::runs;
use crate::power::vfs;

/// Dice that can be set, so that a step throws the same wherever a run begins.
#[derive(Default)]
pub(crate) struct Dice(Mutex<Option<SeededEntropy>>);

impl Dice {
    pub(crate) fn set(&self, seed: u64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(SeededEntropy::new(seed));
    }
}

impl Entropy for Dice {
    fn next(&self) -> u128 {
        let dice = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        dice.as_ref().expect("the dice are set before they are thrown").next()
    }
}

/// A disk, and the store on it while it is open.
pub(crate) struct Bench {
    // Closed before the disk is unplugged.
    store: Option<Sqlite>,
    pub(crate) disk: Plugged,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) dice: Arc<Dice>,
}

impl Bench {
    pub(crate) fn new(disk: Plugged, now: Timestamp) -> Self {
        let clock = Arc::new(ManualClock::new(now));
        Self { store: None, disk, clock, dice: Arc::new(Dice::default()) }
    }

    /// Opens the store, closing it first where it is open.
    pub(crate) fn open(&mut self) -> Result<(), Error> {
        self.store = None;
        let mut options = Options::new(&self.disk.folder, self.clock.clone(), self.dice.clone());
        options.vfs = Some(vfs::register());
        options.readers = 0;
        options.background = false;
        self.store = Some(store::open(options)?);
        Ok(())
    }

    pub(crate) fn store(&self) -> &dyn Store {
        self.store.as_ref().expect("it was opened")
    }

    pub(crate) fn ask(&self, request: Request) -> Result<Reply, Error> {
        self.store().send(request).wait()
    }

    /// Lets time pass until `now`.
    pub(crate) fn pass_until(&self, now: Timestamp) {
        let span = now.duration_since(model::Clock::now(&*self.clock));
        self.clock.pass(span.try_into().unwrap_or(Duration::ZERO));
    }

    pub(crate) fn is_open(&self) -> bool {
        self.store.is_some()
    }

    pub(crate) fn close(&mut self) {
        self.store = None;
    }

    /// Turns the power off, then ends the process, so to speak: nothing it does on its way out
    /// reaches the disk.
    pub(crate) fn cut(&mut self) {
        self.disk.lock().off = true;
        self.store = None;
    }
}

/// Everything that can be seen of a store.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Picture {
    pub(crate) stats: Vec<Stats>,
    pub(crate) items: Vec<Item>,
    /// For each item.
    pub(crate) histories: Vec<Vec<Entry>>,
    pub(crate) runs: Vec<runs::Seen>,
}

impl Picture {
    pub(crate) fn take(store: &dyn Store) -> Result<Self, Error> {
        let queues = store.queues()?;
        let ask = |queue: &model::Queue| Request::Stats(queue.settings.key.clone());
        let stats: Vec<_> = queues.iter().map(|queue| store.send(ask(queue))).collect();
        let mut picture = Self::default();
        for pending in stats {
            let Reply::Stats(stats) = pending.wait()? else { unreachable!("asked for that") };
            picture.stats.push(*stats);
        }
        let mut query = ItemQuery { limit: 500, ..ItemQuery::default() };
        loop {
            let page = store.items(query.clone())?;
            picture.items.extend(page.items);
            query.cursor = page.next;
            if query.cursor.is_none() {
                break;
            }
        }
        let ask = |item: Id| Request::History { item, after: 0, limit: 1_000 };
        let histories: Vec<_> = picture.items.iter().map(|item| store.send(ask(item.id))).collect();
        for pending in histories {
            let Reply::History(entries) = pending.wait()? else { unreachable!("asked for that") };
            picture.histories.push(entries);
        }
        picture.runs = runs::look(store)?;
        Ok(picture)
    }

    pub(crate) fn find(&self, id: Id) -> Option<(&Item, &[Entry])> {
        let place = self.items.iter().position(|item| item.id == id)?;
        Some((&self.items[place], &self.histories[place]))
    }

    /// Where two pictures differ, for people.
    pub(crate) fn difference(&self, other: &Self) -> String {
        if let Some((one, two)) = first_difference(&self.stats, &other.stats) {
            return format!("stats {one} against {two}");
        }
        if let Some((one, two)) = first_difference(&self.items, &other.items) {
            return format!("item {one} against {two}");
        }
        if let Some((one, two)) = first_difference(&self.runs, &other.runs) {
            return format!("run {one} against {two}");
        }
        let found = first_difference(&self.histories, &other.histories);
        found.map_or("nothing".into(), |(one, two)| format!("history {one} against {two}"))
    }
}

fn first_difference<T: std::fmt::Debug + PartialEq>(
    one: &[T],
    two: &[T],
) -> Option<(String, String)> {
    let shown = |list: &[T], at: usize| {
        let text = list.get(at).map_or("nothing".into(), |found| format!("{found:?}"));
        text.chars().take(1_000).collect()
    };
    let at = (0..one.len().max(two.len())).find(|at| one.get(*at) != two.get(*at))?;
    Some((shown(one, at), shown(two, at)))
}
