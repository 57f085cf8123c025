//! Steps that are stopped while they hold items: the items end where they belong, with the right
//! counters, and what the step did is gone.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use engine::limits::STEP_LEASE;
use engine::{Failure, Kind};
use host::limits::{HOST_CALL_BYTES_MAX, RESULT_BYTES_MAX};
use host::{Limits, StepFrame};
use model::{Change, Id, Status, Value};

use crate::stage::{Place, Stage, everything};

const SECOND: Duration = Duration::from_secs(1);

/// Three items, of which a step takes two and settles one.
struct Scene {
    stage: Stage,
    items: [Id; 3],
}

impl Scene {
    fn new() -> Self {
        let stage = Stage::new();
        let items = ["A", "B", "C"].map(|reference| stage.queued(reference));
        Self { stage, items }
    }

    fn hold(&self, end: &str, frame: StepFrame) -> Result<Value, Failure> {
        let input = format!(r#"{{"queue": "orders", "items": 2, "end": "{end}"}}"#);
        self.stage.perform_with("hold", &input, &everything(), frame)
    }

    /// Nothing of the step is there, and the items are as told; then others work all of them.
    fn expect(&self, taken: (Status, [u32; 3])) {
        let Self { stage, items: [settled, held, untouched] } = self;
        assert_eq!(stage.items("orders").len(), 3, "what it added is gone");
        assert_eq!((stage.life(*settled), stage.life(*held)), (taken, taken));
        assert_eq!(stage.life(*untouched), (Status::Queued, [0, 0, 0]));
        self.work_all();
    }

    fn work_all(&self) {
        let process = || self.stage.perform("process", r#"{"queue": "orders", "end": "done"}"#);
        while !process().unwrap().is_null() {}
        for item in self.stage.items("orders") {
            assert_eq!(item.life.status, Status::Processed, "{item:?}");
        }
    }
}

fn code(failure: &Failure) -> (Kind, &str, bool) {
    (failure.kind, &failure.code, failure.broken_off)
}

#[test]
fn a_step_error_gives_items_back() {
    let scene = Scene::new();
    let failure = scene.hold("fail", StepFrame::default()).unwrap_err();
    assert_eq!(code(&failure), (Kind::Business, "probe/not-today", false));
    assert_eq!(failure.data.map(|data| data.to_string()).as_deref(), Some("[1]"));
    scene.expect((Status::Queued, [1, 0, 0]));
}

#[test]
fn a_trap_uses_up_a_retry() {
    let scene = Scene::new();
    let failure = scene.hold("panic", StepFrame::default()).unwrap_err();
    assert_eq!(code(&failure), (Kind::It, "plugin/trapped", true));
    assert!(failure.message.starts_with("panicked: the code is wrong"), "{failure}");
    assert!(failure.trace[0].contains("misdeeds.rs"), "{:?}", failure.trace);
    scene.expect((Status::Queued, [1, 1, 0]));
}

#[test]
fn an_exit_uses_up_a_retry() {
    let scene = Scene::new();
    let failure = scene.hold("exit", StepFrame::default()).unwrap_err();
    assert_eq!(code(&failure), (Kind::It, "plugin/exited", true));
    scene.expect((Status::Queued, [1, 1, 0]));
}

#[test]
fn a_hang_ends_in_time() {
    let scene = Scene::new();
    let limits = Limits { time: Duration::from_millis(200), ..Limits::default() };
    let frame = StepFrame { limits, ..StepFrame::default() };
    let failure = scene.hold("spin", frame).unwrap_err();
    assert_eq!(code(&failure), (Kind::It, "plugin/timed-out", true));
    assert_eq!(failure.message, "the call took longer than 200ms");
    scene.expect((Status::Queued, [1, 1, 0]));
}

#[test]
fn a_cancelled_step_lets_go() {
    let scene = Scene::new();
    let frame = StepFrame::default();
    let cancel = frame.cancel.clone();
    scene.stage.when_holding(move || cancel.cancel());
    let failure = scene.hold("spin", frame).unwrap_err();
    assert_eq!(code(&failure), (Kind::It, "plugin/cancelled", false));
    assert!(failure.trace[0].contains("misdeeds.rs"), "no call is in progress: {failure:?}");
    scene.expect((Status::Queued, [1, 0, 0]));
}

#[test]
fn what_was_committed_outlasts_a_trap() {
    let scene = Scene::new();
    let failure = scene.hold("commit-and-panic", StepFrame::default()).unwrap_err();
    assert_eq!(code(&failure), (Kind::It, "plugin/trapped", true));
    let [settled, held, _] = scene.items;
    assert_eq!(scene.stage.life(settled), (Status::Processed, [1, 0, 0]));
    assert_eq!(scene.stage.life(held), (Status::Queued, [1, 1, 0]));
    assert_eq!(scene.stage.items("orders").len(), 4, "what it added stays");
    scene.work_all();
}

#[test]
fn traps_without_end_are_exceptions() {
    let scene = Scene::new();
    for _ in 0..2 {
        scene.hold("panic", StepFrame::default()).unwrap_err();
    }
    for item in &scene.items[..2] {
        assert_eq!(scene.stage.life(*item), (Status::ItException, [2, 1, 0]));
        let result = scene.stage.item(*item).result.unwrap();
        assert!(result.contains("the code is wrong"), "{result}");
    }
    assert_eq!(scene.stage.life(scene.items[2]), (Status::Queued, [0, 0, 0]));
}

#[test]
fn a_lost_lease_keeps_nothing() {
    let scene = Scene::new();
    let stage = &scene.stage;
    let (store, item) = (Arc::clone(&stage.world.store), scene.items[0]);
    stage.when_holding(move || {
        store.make(Change::Hold { item, note: None }).unwrap();
        store.make(Change::Release { item, note: None }).unwrap();
    });
    let failure = stage.perform("settle_late", r#"{"queue": "orders"}"#).unwrap_err();
    assert_eq!(code(&failure), (Kind::It, "queue/lease-lost", false));
    assert_eq!(stage.life(item), (Status::Queued, [1, 0, 0]));
    assert_eq!(stage.item(item).result, None);
    scene.work_all();
}

#[test]
fn an_expired_lease_keeps_nothing() {
    let scene = Scene::new();
    let (world, clock) = (scene.stage.world.clone(), Arc::clone(&scene.stage.clock));
    scene.stage.when_holding(move || {
        clock.pass(STEP_LEASE + SECOND);
        while world.store.tick().unwrap().more {}
    });
    let failure = scene.stage.perform("settle_late", r#"{"queue": "orders"}"#).unwrap_err();
    assert_eq!(code(&failure), (Kind::It, "queue/lease-lost", false));
    assert_eq!(scene.stage.life(scene.items[0]), (Status::Queued, [1, 0, 1]));
    scene.work_all();
}

#[test]
fn items_on_hold_stay_there() {
    let scene = Scene::new();
    let (store, item) = (Arc::clone(&scene.stage.world.store), scene.items[0]);
    scene.stage.when_holding(move || {
        store.make(Change::Hold { item, note: None }).unwrap();
    });
    let failure = scene.stage.perform("settle_late", r#"{"queue": "orders"}"#).unwrap_err();
    assert_eq!(code(&failure), (Kind::It, "queue/item-on-hold", false));
    assert_eq!(scene.stage.status(item), Status::OnHold);
}

#[test]
fn no_claim_is_settled_twice() {
    let scene = Scene::new();
    let failure = scene.stage.perform("settle_twice", r#"{"queue": "orders"}"#).unwrap_err();
    assert_eq!(code(&failure), (Kind::It, "plugin/trapped", true));
    assert_eq!(scene.stage.life(scene.items[0]), (Status::Queued, [1, 1, 0]));
    scene.work_all();
}

#[test]
fn leaked_handles_are_bounded() {
    let scene = Scene::new();
    let leak = |handles| {
        let limits = Limits { handles, ..Limits::default() };
        let frame = StepFrame { limits, ..StepFrame::default() };
        scene.stage.perform_with("leak", r#"{"queue": "orders"}"#, &everything(), frame)
    };
    let failure = leak(2).unwrap_err();
    assert_eq!(code(&failure), (Kind::It, "limit/exceeded", true));
    assert!(failure.message.contains("`plugin-handles`"), "{failure}");
    assert_eq!(failure.trace[0], "wharf:host/work-queue.process (host call in progress)");
    // A step that succeeds gives back whatever it still holds.
    assert_eq!(leak(1_024).unwrap(), Value::from(3_i64));
    for item in scene.items {
        assert_eq!(scene.stage.status(item), Status::Queued);
    }
    scene.work_all();
}

#[test]
fn a_stop_names_the_host_call() {
    let stage = Stage::new();
    let limits = Limits { time: Duration::from_millis(200), ..Limits::default() };
    let frame = StepFrame { limits, ..StepFrame::default() };
    let input = r#"{"url": "https://api.example.com/never"}"#;
    let failure = stage.perform_with("ask", input, &everything(), frame).unwrap_err();
    assert_eq!(code(&failure), (Kind::It, "plugin/timed-out", true));
    assert_eq!(failure.trace[0], "wharf:host/http.send (host call in progress)");
    assert!(failure.trace.iter().any(|line| line.contains("src/deeds.rs:")), "{failure:?}");
}

#[test]
fn a_limit_names_the_host_call() {
    let stage = Stage::new();
    let write = |bytes: usize| {
        let content = "x".repeat(bytes);
        let input =
            format!(r#"{{"path": "ledger/large", "how": "replace", "content": "{content}"}}"#);
        stage.perform("write", &input)
    };
    let most = HOST_CALL_BYTES_MAX - "ledger/large".len();
    for bytes in [most - 1, most] {
        write(bytes).unwrap();
    }
    let failure = write(most + 1).unwrap_err();
    assert_eq!(code(&failure), (Kind::It, "limit/exceeded", true));
    assert!(failure.message.contains("`plugin-host-call`"), "{failure}");
    assert_eq!(failure.trace[0], "wharf:host/files.write (host call in progress)");
}

#[test]
fn results_of_bytes_are_counted_in_bytes() {
    let stage = Stage::new();
    let bytes = |count: usize| stage.perform("bytes", &format!(r#"{{"count": {count}}}"#));
    // That it succeeded is a part of the result.
    let most = RESULT_BYTES_MAX - 8;
    for count in [most - 1, most] {
        let encoded = bytes(count).unwrap().as_text().unwrap().len();
        assert_eq!(encoded, count.div_ceil(3) * 4);
    }
    for count in [most + 1, 2 * most] {
        let failure = bytes(count).unwrap_err();
        assert_eq!(code(&failure), (Kind::It, "limit/exceeded", true));
        assert!(failure.message.contains("`plugin-result`"), "{failure}");
    }
}

/// Tells a process that it is to hold items until it is killed.
const MARK: &str = "as-the-victim";

/// Not a test by itself: the process that is killed runs this and nothing else.
#[test]
fn acts_as_the_victim() {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let Some(at) = arguments.iter().position(|argument| argument == MARK) else { return };
    let stage = Stage::at(Place::Other(PathBuf::from(&arguments[at + 1])), 11);
    stage.when_holding(|| {
        let mut out = std::io::stdout().lock();
        out.write_all(b"\n@holding\n").and_then(|()| out.flush()).unwrap();
    });
    let input = r#"{"queue": "orders", "items": 2, "end": "spin"}"#;
    stage.perform("hold", input).unwrap_err();
}

#[test]
fn a_killed_process_loses_nothing() {
    let scene = Scene::new();
    let (items, place) = (scene.items, scene.stage.place);
    drop((scene.stage.world, scene.stage.lines));
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "stopped::acts_as_the_victim", "--nocapture", MARK])
        .arg(place.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(victim.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap() == "@holding"), "it came to an end of its own");
    victim.kill().unwrap();
    victim.wait().unwrap();

    let scene = Scene { stage: Stage::at(place, 21), items };
    for item in &items[..2] {
        assert_eq!(scene.stage.life(*item), (Status::Processing, [1, 0, 0]));
    }
    scene.stage.pass(STEP_LEASE.saturating_sub(SECOND));
    assert_eq!(scene.stage.status(items[0]), Status::Processing);
    scene.stage.pass(SECOND * 2);
    scene.expect((Status::Queued, [1, 0, 1]));
}
