//! A plugin that does one thing at a time, on a real store: what steps do through the contract.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::time::Duration;

use engine::files::Folders;
use engine::grant::{Grants, Permit, Table};
use engine::http::{self, Bounds, Checked, HttpClient, Response};
use engine::log::{Line, LogSink};
use engine::secret::{self, Secret, Secrets};
use engine::{Failure, Order, World, perform_step};
use host::limits::CACHE_BYTES_MAX;
use host::{Host, HostOptions, StepFrame, Steps};
use model::{
    Change, Id, Item, ItemQuery, ManualClock, NewItem, QueueSettings, Rules, SeededEntropy, Status,
    Store, Value, json,
};
use tempfile::TempDir;

use crate::bed::RealClock;
use crate::compiling::MARK;

pub(crate) const SECRET: &str = "s3cr3t-0f-a-p0rtal";

/// The plugin `probe`, built once and loaded once.
pub(crate) fn probe() -> &'static Steps {
    static LOADED: OnceLock<Steps> = OnceLock::new();
    LOADED.get_or_init(|| load("probe", &component("probe")))
}

pub(crate) fn load(name: &str, component: &[u8]) -> Steps {
    static HOST: OnceLock<Host> = OnceLock::new();
    let host = HOST.get_or_init(|| Host::open(options()).unwrap());
    host.load(name, component, &mut |_| {}).unwrap()
}

fn options() -> HostOptions {
    let program = std::env::current_exe().unwrap();
    let arguments = ["--exact", "compiling::acts_as_the_compiler", MARK].map(OsString::from);
    HostOptions {
        cache: Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled"),
        cache_bytes_max: CACHE_BYTES_MAX,
        compiler: (program, arguments.to_vec()),
        pooling: false,
        clock: Arc::new(RealClock::new()),
        entropy: Arc::new(SeededEntropy::new(std::process::id().into())),
    }
}

/// A plugin of this workspace, built.
pub(crate) fn component(package: &str) -> Vec<u8> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let arguments = ["build", "--release", "--locked", "-p", package, "--target", "wasm32-wasip2"];
    let mut cargo = Command::new(env!("CARGO"));
    assert!(cargo.args(arguments).current_dir(&root).status().unwrap().success());
    // This binary lies in `target/release/deps`.
    let target = std::env::current_exe().unwrap();
    let target = target.ancestors().nth(3).unwrap();
    std::fs::read(target.join(format!("wasm32-wasip2/release/{package}.wasm"))).unwrap()
}

/// What happens when a step has logged that it holds something.
pub(crate) type Then = Box<dyn FnMut() + Send>;

/// The log of all steps.
#[derive(Default)]
pub(crate) struct Lines {
    texts: Mutex<Vec<String>>,
    then: Mutex<Option<Then>>,
}

impl LogSink for Lines {
    fn write(&self, line: &Line) {
        self.texts.lock().unwrap().push(format!("{} {}", line.level.name(), line.text()));
        if line.message == "holding"
            && let Some(then) = self.then.lock().unwrap().as_mut()
        {
            then();
        }
    }
}

struct OneSecret;

impl Secrets for OneSecret {
    fn get(&self, name: &str) -> Result<Secret, secret::Error> {
        let known = (name == "portal-token").then(|| Secret::new(SECRET));
        known.ok_or_else(|| secret::Error::not_found(name))
    }
}

/// Says what it was asked; at `/never` it does not answer before the tests end.
struct Echo;

impl HttpClient for Echo {
    fn exchange(
        &self,
        request: &Checked,
        allow: &dyn Fn(IpAddr) -> bool,
        _bounds: Bounds,
    ) -> Result<Response, http::Error> {
        assert!(allow("93.184.215.14".parse().unwrap()) && !allow("10.0.0.1".parse().unwrap()));
        if request.url.to_string().ends_with("/never") {
            let (_nobody_sends, never) = mpsc::channel::<()>();
            let _in_vain = never.recv_timeout(Duration::from_mins(5));
        }
        let body = String::from_utf8_lossy(request.body.as_deref().unwrap_or_default());
        let body = format!("{} {} {body}", request.method.name(), request.url.origin());
        Ok(Response { status: 201, headers: Vec::new(), body: body.into_bytes() })
    }
}

/// A world with a store, the queues `orders` and `problems`, and the folder `ledger`.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) lines: Arc<Lines>,
    pub(crate) place: Place,
    ids: SeededEntropy,
}

/// Where a store is; dropped last.
pub(crate) enum Place {
    Own(TempDir),
    Other(PathBuf),
}

impl Place {
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Own(dir) => dir.path(),
            Self::Other(path) => path,
        }
    }
}

impl Stage {
    pub(crate) fn new() -> Self {
        let stage = Self::at(Place::Own(TempDir::new().unwrap()), 1);
        for queue in ["orders", "problems"] {
            stage.make_queue(queue);
        }
        stage
    }

    pub(crate) fn make_queue(&self, key: &str) {
        let mut settings = QueueSettings::new(key);
        settings.rules = Rules { retries: 1, ..Rules::default() };
        let create = Change::CreateQueue { id: self.id(), settings: settings.into(), schema: None };
        self.store().make(create).unwrap();
    }

    /// On the store that is at a place.
    pub(crate) fn at(place: Place, seed: u64) -> Self {
        let clock = Arc::new(ManualClock::new("2026-01-31T08:00:00Z".parse().unwrap()));
        let entropy = Arc::new(SeededEntropy::new(seed));
        let mut options = store::Options::new(place.path(), clock.clone(), entropy.clone());
        options.background = false;
        let store: Arc<dyn Store> = Arc::new(store::open(options).unwrap());
        let ledger = place.path().join("ledger");
        std::fs::create_dir_all(&ledger).unwrap();
        let mut folders = Folders::default();
        folders.open("ledger", &ledger).unwrap();
        let lines = Arc::new(Lines::default());
        let world = World {
            store,
            clock: clock.clone(),
            entropy,
            folders: Arc::new(folders),
            http: Arc::new(Echo),
            secrets: Arc::new(OneSecret),
            log: lines.clone(),
        };
        Self { world, clock, lines, place, ids: SeededEntropy::new(seed + 1) }
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.world.store
    }

    pub(crate) fn id(&self) -> Id {
        Id::new(&*self.clock, &self.ids)
    }

    /// Puts an item into `orders`.
    pub(crate) fn queued(&self, reference: &str) -> Id {
        let reference = Some(reference.into());
        let new = NewItem { reference, ..NewItem::new(self.id(), "orders", "1") };
        self.store().make(Change::Add(Box::new(new))).unwrap().id
    }

    pub(crate) fn item(&self, item: Id) -> Item {
        self.store().item(item).unwrap()
    }

    pub(crate) fn status(&self, item: Id) -> Status {
        self.item(item).life.status
    }

    /// How it stands with an item: its status, and how often it was handed out, tried again after
    /// an IT exception, and lost.
    pub(crate) fn life(&self, item: Id) -> (Status, [u32; 3]) {
        let life = self.item(item).life;
        (life.status, [life.attempt, life.retries, life.crashes])
    }

    pub(crate) fn items(&self, queue: &str) -> Vec<Item> {
        let query = ItemQuery { queue: Some(queue.into()), limit: 100, ..ItemQuery::default() };
        self.store().items(query).unwrap().items
    }

    pub(crate) fn pass(&self, time: Duration) {
        self.clock.pass(time);
        while self.store().tick().unwrap().more {}
    }

    pub(crate) fn log(&self) -> Vec<String> {
        self.lines.texts.lock().unwrap().clone()
    }

    /// Does this as soon as a step has logged that it is holding.
    pub(crate) fn when_holding(&self, then: impl FnMut() + Send + 'static) {
        *self.lines.then.lock().unwrap() = Some(Box::new(then));
    }

    /// Performs a step of `probe` with these grants.
    pub(crate) fn perform_with(
        &self,
        step: &str,
        input: &str,
        table: &Table,
        frame: StepFrame,
    ) -> Result<Value, Failure> {
        self.perform_of(probe(), step, input, table, frame)
    }

    /// Performs a step of a plugin with these grants.
    pub(crate) fn perform_of(
        &self,
        plugin: &Steps,
        step: &str,
        input: &str,
        table: &Table,
        frame: StepFrame,
    ) -> Result<Value, Failure> {
        let of = plugin.signature().step(step).unwrap();
        let project = Grants::parse(table).unwrap();
        let permit = Permit { plugin: plugin.name().into(), project, ceiling: None };
        let order = Order { name: format!("{}/{step}", plugin.name()), permit };
        let input = json::parse(input).unwrap();
        perform_step(&self.world, order, |own| plugin.perform(own, of, &input, frame))
    }

    /// Performs a step of `probe` that may do everything.
    pub(crate) fn perform(&self, step: &str, input: &str) -> Result<Value, Failure> {
        self.perform_with(step, input, &everything(), StepFrame::default())
    }
}

pub(crate) fn everything() -> Table {
    let verbs = ["add", "process", "read", "update", "requeue", "note"].map(String::from);
    Table {
        queues: [("*".to_owned(), verbs.to_vec())].into(),
        files: [("ledger".to_owned(), "read-write".to_owned())].into(),
        http: vec!["https://api.example.com".into()],
        secrets: vec!["portal-token".into()],
    }
}
