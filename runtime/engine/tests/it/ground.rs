//! A world to try steps in: a real store, and clocks that the test turns.

use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use engine::grant::{Grants, Permit, Table};
use engine::http::{self, Bounds, Checked, HttpClient, Response};
use engine::log::{Line, LogSink};
use engine::secret::{self, Secret, Secrets};
use engine::{Order, Work, World};
use model::{
    Change, Id, Item, ItemQuery, ManualClock, NewItem, QueueSettings, Rules, SeededEntropy, Status,
    Store,
};

pub(crate) struct Ground {
    pub(crate) world: World,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) lines: Arc<Lines>,
    ids: SeededEntropy,
    _dir: tempfile::TempDir,
}

/// A log that is kept.
#[derive(Default)]
pub(crate) struct Lines(Mutex<Vec<String>>);

impl Lines {
    pub(crate) fn texts(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl LogSink for Lines {
    fn write(&self, line: &Line) {
        self.0.lock().unwrap().push(format!("{} {}", line.level.name(), line.text()));
    }
}

/// The only secret there is.
struct OneSecret;

impl Secrets for OneSecret {
    fn get(&self, name: &str) -> Result<Secret, secret::Error> {
        let known = (name == "portal-token").then(|| Secret::new("s3cr3t-0f-a-p0rtal"));
        known.ok_or_else(|| secret::Error::not_found(name))
    }
}

struct NoNetwork;

impl HttpClient for NoNetwork {
    fn exchange(
        &self,
        request: &Checked,
        _allow: &dyn Fn(IpAddr) -> bool,
        _bounds: Bounds,
    ) -> Result<Response, http::Error> {
        let (origin, detail) = (request.url.origin(), "there is no network here".into());
        Err(http::Error::Unreachable { origin, detail })
    }
}

/// An order to perform `finance/enter`, which may use each queue as it says.
pub(crate) fn order_of(queues: &[(&str, &[&str])], secrets: &[&str]) -> Order {
    let verbs = |verbs: &[&str]| verbs.iter().map(ToString::to_string).collect();
    let table = Table {
        queues: queues.iter().map(|(queue, may)| ((*queue).into(), verbs(may))).collect(),
        secrets: secrets.iter().map(ToString::to_string).collect(),
        ..Table::default()
    };
    let project = Grants::parse(&table).unwrap();
    let permit = Permit { plugin: "finance".into(), project, ceiling: None };
    Order { name: "finance/enter".into(), permit }
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
        let lines = Arc::new(Lines::default());
        let world = World {
            store,
            clock: clock.clone(),
            entropy,
            folders: Arc::default(),
            http: Arc::new(NoNetwork),
            secrets: Arc::new(OneSecret),
            log: lines.clone(),
        };
        let ground = Self { world, clock, lines, ids: SeededEntropy::new(2), _dir: dir };
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
