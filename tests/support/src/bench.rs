//! A store with a clock that the test turns, and short words for what tests do all the time.

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use model::{
    Change, Claim, Claimed, Clock, Commit, Done, Ending, Error, Expiry, Fence, Id, Item, ItemQuery,
    ManualClock, Mode, Move, NewItem, Outcome, QueueEdit, QueueSettings, Rules, SeededEntropy,
    Settlement, Status, Store, Timestamp, time,
};

/// When every bench begins.
pub const START: &str = "2026-01-31T08:00:00Z";

/// The queue every bench has.
const QUEUE: &str = "orders";

/// What a store is opened with. It must do nothing by itself that time makes due.
#[derive(Clone, Debug)]
pub struct Place {
    pub dir: PathBuf,
    pub clock: Arc<ManualClock>,
    pub entropy: Arc<SeededEntropy>,
}

/// Opens the store under test.
pub type Open = fn(&Place) -> Result<Box<dyn Store>, Error>;

/// A store to try things on, with a queue `orders`.
pub struct Bench {
    // Closed before its directory goes.
    store: Option<Box<dyn Store>>,
    open: Open,
    pub place: Place,
    ids: SeededEntropy,
    _dir: tempfile::TempDir,
}

impl std::fmt::Debug for Bench {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Bench").field("place", &self.place).finish_non_exhaustive()
    }
}

impl Deref for Bench {
    type Target = dyn Store;

    fn deref(&self) -> &Self::Target {
        &**self.store.as_ref().expect("a bench has a store while it is used")
    }
}

impl Bench {
    pub fn new(open: Open) -> Self {
        let bench = Self::empty(open);
        bench.make_queue(QUEUE, |_| ());
        bench
    }

    /// A bench without a queue.
    pub fn empty(open: Open) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let place = Place {
            dir: dir.path().to_owned(),
            clock: Arc::new(ManualClock::new(START.parse().unwrap())),
            entropy: Arc::new(SeededEntropy::new(1)),
        };
        let store = Some(open(&place).unwrap());
        Self { store, open, place, ids: SeededEntropy::new(2), _dir: dir }
    }

    /// Runs a case of the suite on a new bench. Whatever it did, the store must be sound after it.
    pub fn run(open: Open, case: fn(&mut Self)) {
        let mut bench = Self::new(open);
        case(&mut bench);
        bench.assert_sound();
    }

    pub fn assert_sound(&self) {
        assert_eq!(self.check().unwrap().problems, [""; 0]);
    }

    /// Closes the store, lets `meanwhile` do something, and opens it again.
    pub fn reopen_after(&mut self, meanwhile: impl FnOnce(&Place)) {
        self.store = None;
        meanwhile(&self.place);
        self.store = Some((self.open)(&self.place).unwrap());
    }

    pub fn reopen(&mut self) {
        self.reopen_after(|_| ());
    }

    pub fn id(&self) -> Id {
        Id::new(&*self.place.clock, &self.ids)
    }

    pub fn now(&self) -> Timestamp {
        self.place.clock.now()
    }

    /// The moment that many seconds from now.
    pub fn in_secs(&self, seconds: u64) -> Timestamp {
        time::after(self.now(), secs(seconds))
    }

    /// Lets time pass; nothing happens in the store.
    pub fn pass(&self, seconds: u64) {
        self.place.clock.pass(secs(seconds));
    }

    /// Lets time pass and the store do what that made due.
    pub fn pass_and_tick(&self, seconds: u64) {
        self.pass(seconds);
        while self.tick().unwrap().more {}
    }

    pub fn make_queue(&self, key: &str, set: impl FnOnce(&mut Rules)) {
        let mut settings = QueueSettings::new(key);
        set(&mut settings.rules);
        let settings = Box::new(settings);
        self.make(Change::CreateQueue { id: self.id(), settings, schema: None }).unwrap();
    }

    /// Changes the rules of `orders`.
    pub fn set_rules(&self, set: impl FnOnce(&mut Rules)) {
        let mut rules = self.queue(QUEUE).unwrap().settings.rules;
        set(&mut rules);
        let edit = Box::new(QueueEdit { rules: Some(rules), ..QueueEdit::default() });
        self.make(Change::EditQueue { queue: QUEUE.into(), edit }).unwrap();
    }

    pub fn new_item(&self, value: &str) -> NewItem {
        NewItem::new(self.id(), QUEUE, value)
    }

    /// Adds an item to `orders`, as `shape` wants it.
    pub fn add_as(&self, shape: impl FnOnce(&mut NewItem)) -> Id {
        let mut new = self.new_item("1");
        shape(&mut new);
        self.add_new(new).unwrap().id
    }

    pub fn add_new(&self, new: NewItem) -> Result<Done, Error> {
        self.make(Change::Add(Box::new(new)))
    }

    pub fn add(&self) -> Id {
        self.add_as(|_| ())
    }

    /// Adds that many items to `orders`, valued 0, 1, 2, …
    pub fn add_many(&self, count: usize) -> Vec<Id> {
        let new = |value: usize| self.new_item(&value.to_string());
        let items: Vec<_> = (0..count).map(new).collect();
        let ids = items.iter().map(|item| item.id).collect();
        for part in items.chunks(1_000) {
            let adds = part.iter().map(|item| Change::Add(Box::new(item.clone()))).collect();
            self.commit(Commit::of(adds, Mode::AllOrNothing)).wait().unwrap();
        }
        ids
    }

    /// A claim on `orders` for a minute.
    pub fn claim_of(&self, count: usize) -> Claim {
        Claim { queue: QUEUE.into(), count, lease: secs(60), worker: "ada".into() }
    }

    pub fn take(&self, count: usize) -> Vec<Claimed> {
        self.claim(self.claim_of(count)).unwrap()
    }

    /// Claims the one item there must be.
    pub fn take_one(&self) -> Claimed {
        self.take(1).pop().expect("an item is ready")
    }

    /// Claims all there is and gives each item's id, in order.
    pub fn take_ids(&self) -> Vec<Id> {
        self.take(1_000).into_iter().map(|claimed| claimed.item.id).collect()
    }

    pub fn settle(&self, claimed: &Claimed, ending: Ending) -> Result<Done, Error> {
        self.make(settlement(claimed, ending))
    }

    /// Claims the next item and settles it.
    pub fn finish_one(&self, ending: Ending) -> Id {
        let claimed = self.take_one();
        self.settle(&claimed, ending).unwrap();
        claimed.item.id
    }

    /// The code of the refusal that the change must get.
    pub fn refused(&self, change: Change) -> &'static str {
        self.make(change).expect_err("the change is refused").code()
    }

    pub fn status(&self, item: Id) -> Status {
        self.item(item).unwrap().life.status
    }

    /// What happened to the item, and where that led.
    pub fn trail(&self, item: Id) -> Vec<(Option<Move>, Status)> {
        let entries = self.history(item, 0, 1_000).unwrap();
        let numbers: Vec<u32> = entries.iter().map(|entry| entry.number).collect();
        let expected: Vec<u32> = (1..=entries.len() as u32).collect();
        assert_eq!(numbers, expected, "entries are numbered without a gap");
        entries.into_iter().map(|entry| (entry.by, entry.status)).collect()
    }

    /// The texts of the item's history, in order.
    pub fn texts(&self, item: Id) -> Vec<String> {
        let entries = self.history(item, 0, 1_000).unwrap();
        entries.into_iter().filter_map(|entry| entry.text).collect()
    }

    /// Walks a list to its end and gives the items, in order.
    pub fn walk(&self, query: &ItemQuery) -> Vec<Item> {
        let mut query = query.clone();
        let mut items = Vec::new();
        loop {
            let page = self.items(query.clone()).unwrap();
            items.extend(page.items);
            query.cursor = page.next;
            if query.cursor.is_none() {
                return items;
            }
        }
    }

    pub fn count(&self, status: Status) -> u64 {
        self.stats(QUEUE).unwrap().count(status)
    }

    pub fn outcomes(&self, mode: Mode, changes: Vec<Change>) -> Vec<Outcome> {
        self.commit(Commit::of(changes, mode)).wait().unwrap()
    }

    /// Brings an item of `orders` into the status, by the moves that lead there.
    pub fn item_in(&self, status: Status) -> Id {
        let id = match status {
            Status::Staged => {
                let batch = self.open_batch();
                self.add_as(|new| new.batch = Some(batch))
            }
            Status::Scheduled => self.add_as(|new| new.delay_until = Some(self.in_secs(3_600))),
            Status::Queued => self.add(),
            Status::OnHold => self.add_as(|new| new.hold = true),
            Status::Expired => {
                let id = self.add_as(|new| new.expires = Expiry::At(self.in_secs(1)));
                self.pass_and_tick(2);
                id
            }
            held => self.held_until(held),
        };
        assert_eq!(self.status(id), status);
        id
    }

    /// Adds an item, lets a worker take it, and then what leads to the status.
    fn held_until(&self, status: Status) -> Id {
        let id = self.add();
        let claimed = self.take_one();
        assert_eq!(claimed.item.id, id, "no other item is ready");
        let ending = Ending::ALL.into_iter().find(|ending| ending.status() == status);
        match (ending, status) {
            (Some(ending), _) => drop(self.settle(&claimed, ending).unwrap()),
            (None, Status::ProcessingTimeout) => {
                self.set_rules(|rules| rules.processing_limit = Some(secs(30)));
                self.pass_and_tick(31);
                self.set_rules(|rules| rules.processing_limit = None);
            }
            (None, Status::DeadLetter) => {
                self.set_rules(|rules| rules.crashes = 0);
                self.pass_and_tick(61);
                self.set_rules(|rules| rules.crashes = 3);
            }
            _ => {}
        }
        id
    }

    pub fn open_batch(&self) -> Id {
        let batch = self.id();
        self.make(Change::OpenBatch { batch, queue: QUEUE.into() }).unwrap();
        batch
    }
}

/// A settlement under the claim, without a result, that asks for retries.
pub fn settlement(claimed: &Claimed, ending: Ending) -> Change {
    let (item, token) = (claimed.item.id, claimed.token);
    Change::Settle(Settlement { item, token, ending, result: None, retry: true })
}

pub fn fence(claimed: &Claimed) -> Fence {
    Fence { item: claimed.item.id, token: claimed.token }
}

pub fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
