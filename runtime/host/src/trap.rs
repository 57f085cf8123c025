//! What ended a call, in words: the limit that was met, the message of a panic, and where in the
//! plugin's source it happened.

use std::fmt;

use engine::Failure;
use wasmtime::component::ResourceTableError;
use wasmtime::{PoolConcurrencyLimitError, Trap, WasmBacktrace};
use wasmtime_wasi::I32Exit;

use crate::fault::Fault;
use crate::limits::{Bound, Limits, POOLED_CALLS_MAX, WASM_STACK_BYTES};

mod frame;
mod host_call;
mod panic;

pub use frame::{Frame, Place, Trace};
pub(crate) use host_call::HostCalls;

/// Turns what the engine says into what happened. `stderr` is the end of what the plugin wrote.
pub(crate) fn explain(
    function: &str,
    error: wasmtime::Error,
    limits: &Limits,
    calls: &HostCalls,
    stderr: &str,
) -> Fault {
    let backtrace = error.downcast_ref::<WasmBacktrace>();
    let trace = backtrace.map(|backtrace| Trace::new(backtrace, calls)).unwrap_or_default();
    let error = match error.downcast::<Fault>() {
        Ok(fault) => return fault.with_trace(trace),
        Err(error) => error,
    };
    let error = match error.downcast::<Failure>() {
        Ok(failure) => return Fault::Refused { failure: Box::new(failure), trace },
        Err(error) => error,
    };
    if let Some(I32Exit(code)) = error.downcast_ref() {
        return Fault::Exited { code: *code, trace };
    }
    let words = error.root_cause().to_string();
    if let Some((bound, allowed, wanted)) = exceeded(&error, &words, limits, &trace) {
        return Fault::OverLimit { bound, allowed: allowed as u64, wanted, trace };
    }
    if words.starts_with("type mismatch: ") {
        return Fault::Arguments { function: function.to_owned(), problem: words };
    }
    let message = panic::message(stderr).unwrap_or_else(|| words.replace("wasm trap: ", ""));
    Fault::Trapped { message, trace }
}

/// The bound behind an error of the engine. Some are only told in words, which tests hold us to.
fn exceeded(
    error: &wasmtime::Error,
    words: &str,
    limits: &Limits,
    trace: &Trace,
) -> Option<(Bound, usize, Option<u64>)> {
    if error.downcast_ref::<Trap>() == Some(&Trap::StackOverflow) {
        return Some((Bound::Stack, WASM_STACK_BYTES, None));
    }
    if matches!(error.downcast_ref(), Some(ResourceTableError::Full)) {
        return Some((Bound::Handles, limits.handles, None));
    }
    if error.is::<PoolConcurrencyLimitError>() {
        return Some((Bound::PooledCalls, POOLED_CALLS_MAX, None));
    }
    // Where no code of the plugin is at work any more, it was its result that was too large.
    let handed = if trace.frames.is_empty() { Bound::Result } else { Bound::HostCall };
    let wanted = || words.rsplit(' ').next()?.parse().ok();
    [
        ("fuel allocated for hostcalls has been exhausted", handed, None),
        ("store handle limit exceeded", Bound::Handles, None),
        ("instance count too high", Bound::Instances, wanted()),
        ("memory count too high", Bound::Memories, wanted()),
        ("table count too high", Bound::Tables, wanted()),
    ]
    .into_iter()
    .find(|(told, ..)| words.contains(told))
    .map(|(_, bound, wanted)| (bound, allowed(bound, limits), wanted))
}

fn allowed(bound: Bound, limits: &Limits) -> usize {
    match bound {
        Bound::HostCall => limits.host_call_bytes,
        Bound::Result => limits.result_bytes,
        Bound::Handles => limits.handles,
        Bound::Instances => limits.instances,
        Bound::Memories => limits.memories,
        _ => limits.tables,
    }
}

/// The words of a panic of ours.
pub(crate) fn panicked(payload: &(dyn std::any::Any + Send)) -> Fault {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    Fault::HostPanicked { message: text.unwrap_or("no message").to_owned() }
}

impl Fault {
    /// Tells where, if it was not told yet.
    fn with_trace(mut self, found: Trace) -> Self {
        match &mut self {
            Self::OverLimit { trace, .. }
            | Self::TimedOut { trace, .. }
            | Self::Cancelled { trace }
            | Self::Trapped { trace, .. }
            | Self::Exited { trace, .. }
            | Self::Refused { trace, .. } => *trace = found,
            _ => {}
        }
        self
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines().try_for_each(|line| writeln!(out, "{line}"))
    }
}
