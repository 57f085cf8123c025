//! A world for actions: queues with items in every state, folders with files, a network.

use std::collections::BTreeMap;
use std::fs;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use indexmap::IndexMap;
use model::{
    Change, Claim, Ending, Id, Item, ItemQuery, ManualClock, NewItem, QueueSettings, QueueState,
    SeededEntropy, Settlement, Status, Store, Token, Value, json,
};

use crate::action::{Output, perform};
use crate::failure::Failure;
use crate::files::Folders;
use crate::grant::Permit;
use crate::http::{self, Bounds, Checked, HttpClient, Response};
use crate::log::{Line, LogSink};
use crate::secret::{self, Secret, Secrets};
use crate::step::{Order, Step, perform_step};
use crate::url::Host;
use crate::world::World;

pub(super) const SECRET: &str = "s3cr3t-0f-a-p0rtal";

pub(super) struct Ground {
    pub(super) world: World,
    pub(super) clock: Arc<ManualClock>,
    pub(super) lines: Arc<Lines>,
    pub(super) network: Arc<Network>,
    /// What the run works on.
    pub(super) held: Option<(Id, Token)>,
    names: Vec<(&'static str, String)>,
    ids: SeededEntropy,
    dir: tempfile::TempDir,
}

#[derive(Default)]
pub(super) struct Lines(Mutex<Vec<String>>);

impl Lines {
    pub(super) fn texts(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl LogSink for Lines {
    fn write(&self, line: &Line) {
        self.0.lock().unwrap().push(format!("{} {}", line.level.name(), line.text()));
    }
}

struct OneSecret;

impl Secrets for OneSecret {
    fn get(&self, name: &str) -> Result<Secret, secret::Error> {
        let known = (name == "portal-token").then(|| Secret::new(SECRET));
        known.ok_or_else(|| secret::Error::not_found(name))
    }
}

/// Answers by path, and keeps what was asked.
#[derive(Default)]
pub(super) struct Network {
    pub(super) answers: Mutex<BTreeMap<&'static str, Response>>,
    pub(super) asked: Mutex<Vec<Checked>>,
}

impl Network {
    pub(super) fn answer(&self, path: &'static str, status: u16, body: &[u8]) {
        self.answer_with(path, status, &[], body);
    }

    pub(super) fn answer_with(
        &self,
        path: &'static str,
        status: u16,
        headers: &[(&str, &str)],
        body: &[u8],
    ) {
        let headers = headers.iter().map(|(name, it)| ((*name).into(), (*it).into())).collect();
        let response = Response { status, headers, body: body.into() };
        self.answers.lock().unwrap().insert(path, response);
    }
}

impl HttpClient for Network {
    fn exchange(
        &self,
        request: &Checked,
        allow: &dyn Fn(IpAddr) -> bool,
        bounds: Bounds,
    ) -> Result<Response, http::Error> {
        self.asked.lock().unwrap().push(request.clone());
        let origin = request.url.origin();
        if !allow(address_of(&request.url.host)) {
            return Err(http::Error::AddressDenied { origin });
        }
        match request.url.target.split('?').next().unwrap_or_default() {
            "/slow" => Err(http::Error::Timeout { origin, time: bounds.time }),
            path => {
                let answer = self.answers.lock().unwrap().get(path).cloned();
                let detail = "there is no such path".into();
                answer.ok_or(http::Error::Unreachable { origin, detail })
            }
        }
    }
}

fn address_of(host: &Host) -> IpAddr {
    match host {
        Host::Address(address) => *address,
        Host::Name(name) if name == "erp.internal" => [10, 0, 0, 8].into(),
        Host::Name(_) if host.is_localhost() => [127, 0, 0, 1].into(),
        Host::Name(_) => [93, 184, 215, 14].into(),
    }
}

/// What JSON text says to be inputs.
pub(super) fn inputs(text: &str) -> IndexMap<String, Value> {
    match json::parse(text) {
        Ok(Value::Object(fields)) => fields,
        other => panic!("a test writes objects: {text}: {other:?}"),
    }
}

impl Ground {
    pub(super) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new("2026-01-31T08:00:00Z".parse().unwrap()));
        let entropy = Arc::new(SeededEntropy::new(1));
        let data = dir.path().join("data");
        fs::create_dir(&data).unwrap();
        let mut options = store::Options::new(&data, clock.clone(), entropy.clone());
        options.background = false;
        let store: Arc<dyn Store> = Arc::new(store::open(options).unwrap());
        let lines = Arc::new(Lines::default());
        let network = Arc::new(Network::default());
        network.answer("/", 200, b"fine");
        let world = World {
            store,
            clock: clock.clone(),
            entropy,
            folders: Arc::new(folders(dir.path())),
            http: network.clone(),
            secrets: Arc::new(OneSecret),
            log: lines.clone(),
        };
        let (held, names, ids) = (None, Vec::new(), SeededEntropy::new(2));
        let mut ground = Self { world, clock, lines, network, held, names, ids, dir };
        ground.fill();
        ground
    }

    /// The queue `orders` has an item that waits and one that failed; `spare` is empty, `paused`
    /// and `stopped` are what they say, `strict` has a schema.
    fn fill(&mut self) {
        for key in ["orders", "spare", "paused", "stopped"] {
            self.make_queue(key, None);
        }
        self.make_queue("strict", Some(r#"{"type": "object", "required": ["id"]}"#));
        for (key, state) in [("paused", QueueState::Paused), ("stopped", QueueState::Stopped)] {
            self.make(Change::SetQueueState { queue: key.into(), state });
        }
        let failed = self.add("orders", "failed");
        let (held, token) = self.claim("orders").expect("one item waits");
        self.make(Change::Settle(Settlement {
            item: held,
            token,
            ending: Ending::BusinessException,
            result: None,
            retry: false,
        }));
        let queued = self.add("orders", "queued");
        self.name("$FAILED", failed);
        self.name("$QUEUED", queued);
    }

    /// Lets texts of tests say it.
    #[expect(clippy::needless_pass_by_value, reason = "most of what is named is copied anyway")]
    pub(super) fn name(&mut self, name: &'static str, what: impl ToString) {
        self.names.push((name, what.to_string()));
    }

    pub(super) fn id(&self) -> Id {
        Id::new(&*self.clock, &self.ids)
    }

    pub(super) fn store(&self) -> &dyn Store {
        &*self.world.store
    }

    pub(super) fn make(&self, change: Change) {
        self.store().make(change).unwrap();
    }

    pub(super) fn make_queue(&self, key: &str, schema: Option<&str>) {
        let settings = Box::new(QueueSettings::new(key));
        let schema = schema.map(Into::into);
        self.make(Change::CreateQueue { id: self.id(), settings, schema });
    }

    pub(super) fn add(&self, queue: &str, reference: &str) -> Id {
        let reference = Some(reference.into());
        let new = NewItem { reference, ..NewItem::new(self.id(), queue, r#"{"Amount":12.50}"#) };
        let id = new.id;
        self.make(Change::Add(Box::new(new)));
        id
    }

    pub(super) fn claim(&self, queue: &str) -> Option<(Id, Token)> {
        let lease = Duration::from_secs(30);
        let claim = Claim { queue: queue.into(), count: 1, lease, worker: "test".into() };
        let claimed = self.store().claim(claim).unwrap().pop()?;
        Some((claimed.item.id, claimed.token))
    }

    /// Lets the run work on the item of `orders` that waits.
    pub(super) fn hold(&mut self) -> Id {
        let held = self.claim("orders").expect("one item waits");
        self.held = Some(held);
        self.name("$HELD", held.0);
        self.name("$TOKEN", held.1);
        held.0
    }

    pub(super) fn item(&self, item: Id) -> Item {
        self.store().item(item).unwrap()
    }

    pub(super) fn status(&self, item: Id) -> Status {
        self.item(item).life.status
    }

    pub(super) fn items(&self, queue: &str) -> Vec<Item> {
        let query = ItemQuery { queue: Some(queue.into()), limit: 100, ..ItemQuery::default() };
        self.store().items(query).unwrap().items
    }

    /// A file of the folders.
    pub(super) fn at(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub(super) fn text_of(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap()
    }

    /// Performs an action as a step of its own.
    pub(super) fn perform(&self, action: &str, given: &str) -> Result<Output, Failure> {
        self.step(|step| perform(step, action, inputs(&self.told(given))))
    }

    /// The text with what names in it stand for.
    pub(super) fn told(&self, text: &str) -> String {
        let told = |text: String, (name, what): &(&str, String)| text.replace(name, what);
        self.names.iter().fold(text.to_owned(), told)
    }

    pub(super) fn step<T>(
        &self,
        action: impl FnOnce(&mut Step) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let order = Order { name: "flow/step".into(), permit: Permit::of_flow(None) };
        perform_step(&self.world, order, |mut step| {
            if let Some((item, token)) = self.held {
                step.work_on(item, token);
            }
            let ended = action(&mut step);
            (step, ended)
        })
    }

    /// What an action gives that gives a value.
    pub(super) fn value(&self, action: &str, given: &str) -> Value {
        match self.perform(action, given) {
            Ok(Output::Value(value)) => value,
            other => panic!("{action} {given}: {other:?}"),
        }
    }

    pub(super) fn failure(&self, action: &str, given: &str) -> Failure {
        match self.perform(action, given) {
            Err(failure) => failure,
            other => panic!("{action} {given}: {other:?}"),
        }
    }

    /// What a failure says, on two lines.
    pub(super) fn said(&self, action: &str, given: &str) -> String {
        let failure = self.failure(action, given);
        let (kind, code) = (failure.kind.name(), failure.code);
        let hint = failure.hint.unwrap_or_default();
        format!("{kind} {code}: {}\n  hint: {hint}\n", failure.message)
    }
}

/// `ledger` with a few files, and `archive`.
fn folders(place: &std::path::Path) -> Folders {
    let mut folders = Folders::default();
    for name in ["ledger", "archive"] {
        fs::create_dir(place.join(name)).unwrap();
        folders.open(name, &place.join(name)).unwrap();
    }
    let write = |name: &str, content: &[u8]| fs::write(place.join("ledger").join(name), content);
    fs::create_dir(place.join("ledger/2026")).unwrap();
    for (name, content) in [
        ("a.txt", b"content".as_slice()),
        ("taken.txt", b"taken"),
        ("latin.txt", b"Ren\xe9"),
        ("rows.csv", b"ID,Amount\nI-1,12.50\nI-2,99\n"),
        ("latin.csv", b"ID,Name\n1,Ren\xe9\n"),
        ("unnamed.csv", b"ID,,Amount\n1,2,3\n"),
        ("twice.csv", b"ID,ID\n1,2\n"),
        ("open.csv", b"ID,\"Amount\n1,2\n"),
    ] {
        write(name, content).unwrap();
    }
    folders
}
