//! What a call costs in the sandbox and on the bare engine, and what comes before the first one:
//! `cargo run --release -p host --example calls [COMPONENT…]`.

use std::ffi::OsString;
use std::hint::black_box;
use std::io::{self, Write};
use std::process::exit;
use std::sync::Arc;
use std::time::{Duration, Instant};

use host::baseline::{Bare, CLASSIFY, INTERFACE, Invoice};
use host::compile::{Compiler, child_main, compile};
use host::limits::CACHE_BYTES_MAX;
use host::{Cache, CacheOptions, Call, Options, Sandbox};
use model::{Clock, SeededEntropy, Timestamp};

const ROUNDS: u32 = 5_000;
/// Makes this program act as the compiler.
const AS_COMPILER: &str = "as-compiler";

struct Machine(Instant);

impl Clock for Machine {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

#[expect(clippy::disallowed_methods, reason = "it measures")]
fn now() -> Instant {
    Instant::now()
}

fn each(mut work: impl FnMut()) -> f64 {
    for _ in 0..ROUNDS / 10 {
        work();
    }
    let start = now();
    for _ in 0..ROUNDS {
        work();
    }
    start.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS)
}

fn sandboxed(component: &[u8], pooling: bool, invoice: &Invoice) -> f64 {
    let clock = Arc::new(Machine(now()));
    let options = Options { pooling, clock, entropy: Arc::new(SeededEntropy::new(1)) };
    let sandbox = Sandbox::new(options, |_| Ok(())).expect("an engine");
    let artifact = compile(component).expect("it compiles");
    let plugin = sandbox.load(&artifact).expect("it links");
    let classify = plugin.function(Some(INTERFACE), "classify").expect("it is exported");
    let invoice = [invoice.to_val()];
    each(|| {
        let done = plugin.call(&classify, black_box(&invoice), Call::new(()));
        black_box(done.result.expect("it returns"));
    })
}

/// Milliseconds of one piece of work, the median of several.
fn once(mut work: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..9)
        .map(|_| {
            let start = now();
            work();
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn sandbox() -> Sandbox<()> {
    let clock = Arc::new(Machine(now()));
    let options = Options { pooling: false, clock, entropy: Arc::new(SeededEntropy::new(1)) };
    Sandbox::new(options, |_| Ok(())).expect("an engine")
}

fn first_calls(out: &mut impl Write, name: &str, component: &[u8]) -> io::Result<()> {
    let place = tempfile::tempdir()?;
    let (clock, entropy) = (Arc::new(Machine(now())), Arc::new(SeededEntropy::new(2)));
    let arguments = vec![AS_COMPILER.into()];
    let compiler =
        Compiler::new(std::env::current_exe()?, arguments, clock, Arc::clone(&entropy) as _);
    let open = || {
        let dir = place.path().join("cache");
        let options = CacheOptions { dir, bytes_max: CACHE_BYTES_MAX, entropy: entropy.clone() };
        Cache::open(options).expect("a cache")
    };
    let here = once(|| drop(compile(component).expect("it compiles")));
    let scratch = place.path();
    let child = once(|| {
        drop(compiler.compile(component, scratch, &mut |_| {}).expect("it compiles"));
    });
    let find = |sandbox: &Sandbox<()>| {
        open().find(component, sandbox.fingerprint(), &compiler, &mut |_| {}).expect("found")
    };
    find(&sandbox());
    let made = sandbox();
    let invoice = [Invoice::with_lines(10).to_val()];
    let load = once(|| {
        let plugin = made.load(&find(&made).artifact).expect("it links");
        if let Ok(classify) = plugin.function(Some(INTERFACE), "classify") {
            black_box(plugin.call(&classify, &invoice, Call::new(())).result.expect("it returns"));
        }
    });
    let all = once(|| {
        let sandbox = sandbox();
        drop(sandbox.load(&find(&sandbox).artifact).expect("it links"));
    });
    writeln!(
        out,
        "{name} ({} KiB): compiled here {here:.1} ms, in a child {child:.1} ms; from the cache \
         {load:.2} ms, with new engines {all:.2} ms",
        component.len() / 1024
    )
}

fn main() -> io::Result<()> {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    if arguments.first().is_some_and(|argument| argument == AS_COMPILER) {
        exit(child_main(&arguments[1..]).into());
    }
    let mut out = io::stdout().lock();
    calls(&mut out, CLASSIFY)?;
    first_calls(&mut out, "invoice", CLASSIFY)?;
    for path in arguments {
        first_calls(&mut out, &path.to_string_lossy(), &std::fs::read(&path)?)?;
    }
    Ok(())
}

fn calls(out: &mut impl Write, component: &[u8]) -> io::Result<()> {
    let invoice = Invoice::with_lines(10);
    for pooling in [false, true] {
        let bare = Bare::new(component, pooling).expect("an engine");
        let bare = each(|| {
            black_box(bare.classify(black_box(&invoice)).expect("it returns"));
        });
        let ours = sandboxed(component, pooling, &invoice);
        let kind = if pooling { "pooling" } else { "on demand" };
        writeln!(out, "{kind:9}  bare {bare:6.1} µs  sandbox {ours:6.1} µs  {:.2}x", ours / bare)?;
    }
    Ok(())
}
