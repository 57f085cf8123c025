//! A sandbox with a small world of its own to test in.

use std::sync::{Arc, Barrier, Mutex};
use std::time::{Duration, Instant};

use engine::log::{Level, Log, LogSink};
use engine::{Failure, Kind};
use host::compile::compile;
use host::{Call, Done, Fault, Function, Limits, Line, Options, Plugin, Sandbox, Source, State};
use model::{Clock, SeededEntropy, Timestamp};
use wasmtime::StoreContextMut;
use wasmtime::component::{Linker, Resource, ResourceType, Val};

/// What the functions of the bed count.
#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) calls: u64,
    pub(crate) bytes: u64,
    /// Where `wait` waits, once for all to come and once for all to go.
    pub(crate) waits: Option<Arc<Barrier>>,
}

/// A thing of the host that guests hold.
struct Thing;

/// The clock of the machine.
#[derive(Debug)]
pub(crate) struct RealClock(Instant);

impl RealClock {
    #[expect(clippy::disallowed_methods, reason = "what is tested here is real time")]
    pub(crate) fn new() -> Self {
        Self(Instant::now())
    }
}

impl Clock for RealClock {
    fn now(&self) -> Timestamp {
        "2026-11-25T08:00:00Z".parse().unwrap()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

pub(crate) fn options() -> Options {
    Options {
        pooling: false,
        clock: Arc::new(RealClock::new()),
        entropy: Arc::new(SeededEntropy::new(7)),
    }
}

pub(crate) fn sandbox() -> Sandbox<World> {
    Sandbox::new(options(), link).unwrap()
}

/// Loads a component written as text.
pub(crate) fn load(sandbox: &Sandbox<World>, text: &str) -> Result<Plugin<World>, Fault> {
    sandbox.load(&compile(&wat::parse_str(text).unwrap())?)
}

/// What came of a call, with what it wrote and how long it took.
pub(crate) struct Ran {
    pub(crate) done: Done<World>,
    pub(crate) lines: Vec<(Source, String)>,
    pub(crate) took: Duration,
}

impl Ran {
    pub(crate) fn fault(&self) -> &Fault {
        self.done.result.as_ref().expect_err("the call was to fail")
    }
}

/// Calls `run`, which takes nothing.
pub(crate) fn run(plugin: &Plugin<World>, limits: Limits) -> Ran {
    run_with(plugin, "run", &[], Call { limits, ..Call::new(World::default()) })
}

pub(crate) fn run_with(
    plugin: &Plugin<World>,
    function: &str,
    arguments: &[Val],
    call: Call<'_, World>,
) -> Ran {
    let function = plugin.function(None, function).unwrap();
    run_function(plugin, &function, arguments, call)
}

pub(crate) fn run_function(
    plugin: &Plugin<World>,
    function: &Function,
    arguments: &[Val],
    mut call: Call<'_, World>,
) -> Ran {
    let clock = Arc::new(RealClock::new());
    let (kept, log) = (Arc::new(Kept::default()), Arc::new(Mutex::new(Log::new(clock.elapsed()))));
    let (into, at, through) = (Arc::clone(&kept), Arc::clone(&clock), Arc::clone(&log));
    call.sink = Box::new(move |line: Line<'_>| {
        let level = if line.source == Source::Stdout { Level::Info } else { Level::Warning };
        through.lock().unwrap().write(&*into, at.elapsed(), level, line.text, None);
    });
    let done = plugin.call(function, arguments, call);
    let took = clock.elapsed();
    std::mem::replace(&mut *log.lock().unwrap(), Log::new(took)).finish(&*kept);
    let lines = std::mem::take(&mut *kept.0.lock().unwrap());
    Ran { done, lines, took }
}

/// The log of a call, kept.
#[derive(Default)]
struct Kept(Mutex<Vec<(Source, String)>>);

impl LogSink for Kept {
    fn write(&self, line: &engine::log::Line) {
        let source = if line.level == Level::Info { Source::Stdout } else { Source::Stderr };
        self.0.lock().unwrap().push((source, line.message.clone()));
    }
}

type Store<'a> = StoreContextMut<'a, State<World>>;

/// What guests of the bed may import.
pub(crate) fn link(linker: &mut Linker<State<World>>) -> wasmtime::Result<()> {
    let mut root = linker.root();
    root.func_wrap("log", |mut store: Store<'_>, (text,): (String,)| {
        store.data_mut().step.calls += 1;
        store.data_mut().step.bytes += text.len() as u64;
        Ok(())
    })?;
    root.func_wrap("logs", |mut store: Store<'_>, (texts,): (Vec<String>,)| {
        store.data_mut().step.bytes += texts.iter().map(|text| text.len() as u64).sum::<u64>();
        Ok(())
    })?;
    root.func_wrap_async("sleep", |_: Store<'_>, (): ()| {
        Box::new(async {
            tokio::time::sleep(Duration::from_hours(1)).await;
            Ok(())
        })
    })?;
    root.func_wrap_async("yield", |mut store: Store<'_>, (): ()| {
        store.data_mut().step.calls += 1;
        Box::new(async {
            tokio::task::yield_now().await;
            Ok(())
        })
    })?;
    root.func_wrap("wait", |store: Store<'_>, (): ()| {
        for barrier in store.data().step.waits.iter().cycle().take(2) {
            barrier.wait();
        }
        Ok(())
    })?;
    root.func_wrap("panic", |_: Store<'_>, (): ()| -> wasmtime::Result<()> {
        panic!("the host fell over")
    })?;
    root.func_wrap("refuse", |_: Store<'_>, (): ()| -> wasmtime::Result<()> {
        Err(Failure::new(Kind::It, "test/refused", "not today").into())
    })?;
    root.resource("thing", ResourceType::host::<Thing>(), |mut store, thing| {
        store.data_mut().table().delete(Resource::<Thing>::new_own(thing))?;
        Ok(())
    })?;
    root.func_wrap("make", |mut store: Store<'_>, (): ()| {
        Ok((store.data_mut().table().push(Thing)?,))
    })?;
    Ok(())
}

/// A component whose function `run` has this body, with more items in its core module.
pub(crate) fn simple(body: &str, items: &str) -> String {
    format!(
        r#"(component
            (core module $m {items} (func (export "run") {body}))
            (core instance $i (instantiate $m))
            (func (export "run") (canon lift (core func $i "run"))))"#
    )
}

/// A component whose function `run` calls an imported function with this type of the host.
pub(crate) fn importing(name: &str, body: &str) -> String {
    format!(
        r#"(component
            (import "{name}" (func $f))
            (core func $f (canon lower (func $f)))
            (core module $m
                (import "host" "f" (func $f))
                (func (export "run") {body}))
            (core instance $i
                (instantiate $m (with "host" (instance (export "f" (func $f))))))
            (func (export "run") (canon lift (core func $i "run"))))"#
    )
}
