//! A world to try steps in: a real store, and clocks that the test turns.

use std::sync::Arc;
use std::time::Duration;

use engine::{Work, World};
use model::{
    Change, Id, Item, ItemQuery, ManualClock, NewItem, QueueSettings, Rules, SeededEntropy, Status,
    Store,
};

pub(crate) struct Ground {
    pub(crate) world: World,
    pub(crate) clock: Arc<ManualClock>,
    ids: SeededEntropy,
    _dir: tempfile::TempDir,
}

impl Ground {
    /// A world with the queues `orders`, which retries three times, and `problems`.
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new("2026-01-31T08:00:00Z".parse().unwrap()));
        let entropy = Arc::new(SeededEntropy::new(1));
        let mut options = store::Options::new(dir.path(), clock.clone(), entropy.clone());
        options.background = false;
        let store: Arc<dyn Store> = Arc::new(store::open(options).unwrap());
        let world = World { store, clock: clock.clone(), entropy };
        let ground = Self { world, clock, ids: SeededEntropy::new(2), _dir: dir };
        ground.make_queue("orders", None);
        ground.make_queue("problems", None);
        ground
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.world.store
    }

    pub(crate) fn make_queue(&self, key: &str, schema: Option<&str>) {
        let mut settings = QueueSettings::new(key);
        settings.rules = Rules { retries: 3, ..Rules::default() };
        let (settings, schema) = (Box::new(settings), schema.map(Into::into));
        self.store().make(Change::CreateQueue { id: self.id(), settings, schema }).unwrap();
    }

    pub(crate) fn id(&self) -> Id {
        Id::new(&*self.clock, &self.ids)
    }

    pub(crate) fn work(&self) -> Work {
        Work::new(self.world.clone(), "finance/enter")
    }

    pub(crate) fn new_item(&self, queue: &str, reference: Option<&str>) -> NewItem {
        let reference = reference.map(Into::into);
        NewItem { reference, ..NewItem::new(self.id(), queue, "1") }
    }

    /// Puts an item into `orders`, durably.
    pub(crate) fn queued(&self, reference: &str) -> Id {
        let new = self.new_item("orders", Some(reference));
        self.store().make(Change::Add(Box::new(new))).unwrap().id
    }

    pub(crate) fn item(&self, item: Id) -> Item {
        self.store().item(item).unwrap()
    }

    pub(crate) fn status(&self, item: Id) -> Status {
        self.item(item).life.status
    }

    pub(crate) fn items(&self, queue: &str) -> Vec<Item> {
        let query = ItemQuery { queue: Some(queue.into()), limit: 100, ..ItemQuery::default() };
        self.store().items(query).unwrap().items
    }

    pub(crate) fn pass(&self, seconds: u64) {
        self.clock.pass(Duration::from_secs(seconds));
        while self.store().tick().unwrap().more {}
    }
}
