//! A project with its store, where flows are run, and where a run may lose its driver.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use engine::action;
use engine::driver::{ActionHost, CannotResume, Control, Driver, Frame, NewRun, Watch};
use engine::files::Folders;
use engine::grant::{Grants, Permit};
use engine::machine::{Flows, Input, Outcome, Record};
use engine::{Failure, Kind, Step};
use flow::expr::Type;
use flow::signature::{Catalog, Contract, Effect, Output, Param};
use flow::{Signature, Source};
use indexmap::IndexMap;
use model::run::{Digest, Pin, Trigger};
use model::{
    Clock, Error, Id, Item, ItemQuery, Pending, Reply, Request, Store, Timestamp, Value, json,
};

use crate::ground::Ground;

/// A clock that runs fast, so that nobody waits in earnest.
pub(super) struct Hurried {
    start: Timestamp,
    looks: AtomicU64,
}

const PER_LOOK: Duration = Duration::from_millis(50);

impl Clock for Hurried {
    fn now(&self) -> Timestamp {
        model::time::after(self.start, self.elapsed())
    }

    fn elapsed(&self) -> Duration {
        PER_LOOK * u32::try_from(self.looks.fetch_add(1, Ordering::SeqCst)).unwrap()
    }
}

/// A store that is gone after so many commits: before the next one is made, or just behind it.
pub(super) struct Dying {
    store: Arc<dyn Store>,
    left: AtomicU64,
    made: bool,
}

impl Store for Dying {
    fn send(&self, request: Request) -> Pending<Reply> {
        let writes = matches!(request, Request::Commit(_) | Request::Claim(_));
        let left = self.left.load(Ordering::SeqCst);
        if writes && left > 0 {
            self.left.fetch_sub(1, Ordering::SeqCst);
        }
        match (left, writes) {
            (1, true) if self.made => {
                let _lost = self.store.send(request).wait();
                Pending::ready(Err(Error::UnknownOutcome))
            }
            (0, _) | (1, true) => Pending::ready(Err(Error::StoreClosed)),
            _ => self.store.send(request),
        }
    }
}

pub(super) struct Stage {
    pub(super) ground: Ground,
    clock: Arc<Hurried>,
    dir: tempfile::TempDir,
    flows: Flows,
}

impl Stage {
    /// A project with these flows, parted by `---`; the first one is run.
    pub(super) fn new(text: &str) -> Self {
        let (ground, dir) = (Ground::new(), tempfile::tempdir().unwrap());
        fs::create_dir(dir.path().join("data")).unwrap();
        let start = "2026-01-31T08:00:00Z".parse().unwrap();
        let clock = Arc::new(Hurried { start, looks: AtomicU64::new(0) });
        Self { ground, clock, dir, flows: read(text) }
    }

    pub(super) fn file(&self, name: &str, text: &str) {
        fs::write(self.dir.path().join("data").join(name), text).unwrap();
    }

    pub(super) fn written(&self, name: &str) -> String {
        fs::read_to_string(self.dir.path().join("data").join(name)).unwrap_or_default()
    }

    pub(super) fn run_id(&self) -> Id {
        self.ground.id()
    }

    fn driver<'d>(
        &'d self,
        store: Arc<dyn Store>,
        control: &'d Quiet,
        watch: &'d mut Trace,
    ) -> Driver<'d> {
        let mut folders = Folders::default();
        folders.open("data", &self.dir.path().join("data")).unwrap();
        let world = engine::World {
            store,
            folders: Arc::new(folders),
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            ..self.ground.world.clone()
        };
        Driver {
            world,
            host: &Plugins,
            flows: &self.flows,
            permit: Permit::of_flow(None),
            control,
            watch,
            vault: Arc::new(Shelf),
            name: "test".into(),
        }
    }

    fn new_run(id: Id, inputs: &str) -> NewRun {
        let inputs = json::parse(inputs).unwrap().as_object().unwrap().clone();
        let pin = Pin { digest: Digest::from_bytes([7; 32]), text: Some("the flow".into()) };
        let input = Input { inputs, ..Input::default() };
        NewRun { id, pin, trigger: Trigger::Manual, input }
    }

    pub(super) fn start(&self, inputs: &str) -> (Outcome, String) {
        let mut trace = Trace::default();
        let id = self.run_id();
        let store = Arc::clone(&self.ground.world.store);
        let driver = self.driver(store, &Quiet, &mut trace);
        let outcome = driver.start(Self::new_run(id, inputs)).unwrap();
        (outcome, trace.0.join("\n") + "\n")
    }

    /// Starts a run whose store is gone after so many writes.
    pub(super) fn start_and_lose(
        &self,
        id: Id,
        inputs: &str,
        writes: u64,
        made: bool,
    ) -> Result<Outcome, Error> {
        let store = Arc::clone(&self.ground.world.store);
        let dying = Arc::new(Dying { store, left: AtomicU64::new(writes), made });
        let mut trace = Trace::default();
        self.driver(dying, &Quiet, &mut trace).start(Self::new_run(id, inputs))
    }

    pub(super) fn resume(&self, id: Id) -> Result<Outcome, CannotResume> {
        let mut trace = Trace::default();
        let store = Arc::clone(&self.ground.world.store);
        self.driver(store, &Quiet, &mut trace).resume(id)
    }

    /// What is in a queue: reference or value, and status.
    pub(super) fn queue(&self, queue: &str) -> Vec<String> {
        let told = |item: Item| {
            let result = item.result.map_or(String::new(), |result| format!(": {result}"));
            let name = item.reference.unwrap_or(item.value);
            format!("{name} {}{result}", item.life.status.name())
        };
        let query = ItemQuery { queue: Some(queue.into()), limit: 500, ..ItemQuery::default() };
        self.ground.store().items(query).unwrap().items.into_iter().map(told).collect()
    }
}

/// A vault that only a test would trust.
#[derive(Debug)]
struct Shelf;

impl engine::vault::Vault for Shelf {
    fn seal(&self, text: &str) -> Result<String, String> {
        Ok(text.chars().rev().collect())
    }

    fn open(&self, sealed: &str) -> Option<String> {
        Some(sealed.chars().rev().collect())
    }
}

/// Nobody wants anything of the run.
#[derive(Debug)]
struct Quiet;

impl Control for Quiet {
    fn cancelled(&self) -> bool {
        false
    }
}

#[derive(Debug, Default)]
struct Trace(Vec<String>);

impl Watch for Trace {
    fn see(&mut self, _at: Timestamp, record: &Record) {
        let line = match record {
            Record::Began { .. } => return,
            Record::Skipped { path } => format!("{path} skipped"),
            Record::Succeeded { path } => format!("{path} ok"),
            Record::Failed { path, failure } => format!("{path} failed: {}", failure.code),
            Record::Retrying { path, .. } => format!("{path} rests"),
            Record::Handled { path, failure, .. } => format!("{path} handled {}", failure.code),
        };
        self.0.push(line);
    }
}

/// A plugin `finance` with a step or two.
#[derive(Debug)]
struct Plugins;

impl ActionHost for Plugins {
    fn permit(&self, plugin: &str) -> Permit {
        Permit { plugin: plugin.into(), project: Grants::default(), ceiling: None }
    }

    fn perform(
        &self,
        step: Step,
        action: &str,
        inputs: &Value,
        frame: Frame,
    ) -> (Step, Result<Value, Failure>) {
        let result = match action {
            "finance/classify" => {
                let amount = inputs.get("amount").and_then(Value::as_number).unwrap();
                let limit = model::Number::from(5000_u64);
                let approved = amount.compare(&limit).is_lt();
                Ok(if approved { "approved" } else { "needs_review" }.into())
            }
            "finance/hang" => {
                let (sender, receiver) = mpsc::channel();
                frame.cancel.on_raise(move || sender.send(()).unwrap());
                receiver.recv().unwrap();
                Err(Failure::new(Kind::It, "plugin/cancelled", "it was told to end").broken_off())
            }
            other => panic!("there is no step {other}"),
        };
        (step, result)
    }
}

/// Reads and checks flows.
fn read(text: &str) -> Flows {
    let mut flows: Vec<flow::Flow> = text
        .split("\n---\n")
        .map(|text| {
            let (flow, problems) = flow::read(Source::new("flow.yaml", text));
            assert!(problems.is_empty(), "{problems:?}");
            flow.unwrap()
        })
        .collect();
    for checked in flow::check_all(&mut flows, &Actions::new()) {
        let wrong = checked.diagnostics.iter().filter(|it| it.severity == flow::Severity::Error);
        let wrong: Vec<String> = wrong.map(|it| format!("{}: {}", it.code, it.message)).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
    let mut flows = flows.into_iter();
    let main = flows.next().unwrap();
    let called: HashMap<_, _> = flows.map(|flow| (flow.name.value.clone(), flow)).collect();
    Flows { main, called }
}

struct Actions(Vec<Signature>);

impl Actions {
    fn new() -> Self {
        let mut all = action::signatures().to_vec();
        let amount =
            Param { takes: Type::Number, required: true, default: None, docs: String::new() };
        for (name, inputs) in [("classify", vec![("amount", amount)]), ("hang", vec![])] {
            all.push(Signature {
                name: format!("finance/{name}"),
                docs: String::new(),
                inputs: inputs
                    .into_iter()
                    .map(|(name, it)| (name.to_owned(), it))
                    .collect::<IndexMap<_, _>>(),
                output: Output::Of(Type::Text),
                effect: Effect::Store,
                errors: Vec::new(),
            });
        }
        Self(all)
    }
}

impl Catalog for Actions {
    fn action(&self, name: &str) -> Option<&Signature> {
        self.0.iter().find(|known| known.name == name)
    }

    fn actions(&self) -> Vec<&str> {
        self.0.iter().map(|known| known.name.as_str()).collect()
    }

    fn flow(&self, _name: &str) -> Option<&Contract> {
        None
    }

    fn flows(&self) -> Vec<&str> {
        Vec::new()
    }

    fn file(&self, path: &str) -> Result<String, String> {
        Err(format!("there is no {path}"))
    }
}

impl fmt::Debug for Stage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Stage")
    }
}
