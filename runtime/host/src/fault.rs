//! What goes wrong when a component is loaded or run, and what to do about it.

use std::time::Duration;

use engine::Failure;
use model::time::format_span;

use crate::limits::Bound;
use crate::trap::Trace;

/// Why a component could not be loaded, or a call did not come to its own end.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    #[error("this is not a component: {problem}")]
    NotAComponent { problem: String },
    #[error("the component is not valid: {problem}")]
    Invalid { problem: String },
    #[error("the component imports `{import}`, which is not offered: {problem}")]
    Import { import: String, problem: String },
    #[error("the component exports no function `{function}`")]
    NoFunction { function: String },
    #[error("the values do not fit `{function}`: {problem}")]
    Arguments { function: String, problem: String },

    #[error("{}", over_limit(*bound, *allowed, *wanted))]
    OverLimit { bound: Bound, allowed: u64, wanted: Option<u64>, trace: Trace },
    #[error("the call took longer than {}", format_span(*allowed))]
    TimedOut { allowed: Duration, trace: Trace },
    #[error("the call was cancelled")]
    Cancelled { trace: Trace },
    #[error("{message}")]
    Trapped { message: String, trace: Trace },
    #[error("the code ended itself with exit code {code}")]
    Exited { code: i32, trace: Trace },
    #[error("{failure}")]
    Refused { failure: Box<Failure>, trace: Trace },
    #[error("wharf itself failed in a function that it offers: {message}")]
    HostPanicked { message: String },

    #[error("the compiler failed: {detail}")]
    Compiler { detail: String },
    #[error("the cache `{dir}` is not safe to use: {problem}")]
    UnsafeCache { dir: String, problem: String },
    #[error("the cache could not read or write `{path}`: {detail}")]
    CacheIo { path: String, detail: String },
    #[error("the sandbox could not be made: {detail}")]
    Sandbox { detail: String },
}

fn over_limit(bound: Bound, allowed: u64, wanted: Option<u64>) -> String {
    let unit = bound.unit();
    match wanted {
        Some(wanted) => {
            format!("`{bound}` would be {wanted} {unit}, over the limit of {allowed} {unit}")
        }
        None => format!("`{bound}` went over the limit of {allowed} {unit}"),
    }
}

impl Fault {
    /// Something is over a bound, outside of any call.
    pub(crate) fn over(bound: Bound, allowed: u64, wanted: Option<u64>) -> Self {
        Self::OverLimit { bound, allowed, wanted, trace: Trace::default() }
    }

    /// The stable word that scripts match on.
    pub fn code(&self) -> &str {
        match self {
            Self::NotAComponent { .. } => "plugin/not-a-component",
            Self::Invalid { .. } => "plugin/invalid",
            Self::Import { .. } => "plugin/unknown-import",
            Self::NoFunction { .. } => "plugin/no-function",
            Self::Arguments { .. } => "plugin/wrong-arguments",
            Self::OverLimit { .. } => "limit/exceeded",
            Self::TimedOut { .. } => "plugin/timed-out",
            Self::Cancelled { .. } => "plugin/cancelled",
            Self::Trapped { .. } => "plugin/trapped",
            Self::Exited { .. } => "plugin/exited",
            Self::Refused { failure, .. } => &failure.code,
            Self::HostPanicked { .. } => "host/panicked",
            Self::Compiler { .. } => "plugin/compiler-failed",
            Self::UnsafeCache { .. } => "cache/unsafe-place",
            Self::CacheIo { .. } => "cache/io",
            Self::Sandbox { .. } => "host/no-sandbox",
        }
    }

    /// What to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::NotAComponent { .. } => {
                "build it for the target wasm32-wasip2, or with `wharf build`".into()
            }
            Self::Invalid { .. } => "build it again; if that does not help, the tool that made \
                it uses features of WebAssembly that wharf does not run"
                .into(),
            Self::Import { .. } => {
                "plugins may import wasi:io, cli, clocks, random, filesystem and wharf:host; \
                 files and the network are reached through wharf:host"
                    .into()
            }
            Self::NoFunction { .. } => "`wharf plugin inspect` lists what it exports".into(),
            Self::Arguments { .. } => "`wharf plugin inspect` shows the parameters".into(),
            Self::OverLimit { bound, .. } => {
                format!("let the step do less at a time, or raise the limit `{bound}`")
            }
            Self::TimedOut { .. } => {
                "give the step more time with `timeout`, or let it do less at a time".into()
            }
            Self::Cancelled { .. } => "start it again when it may go on".into(),
            Self::Trapped { .. } | Self::Exited { .. } => {
                "this is a defect of the plugin; the trace shows where".into()
            }
            Self::Refused { failure, .. } => failure.hint.clone().unwrap_or_else(|| {
                format!("let a handler of the flow deal with `{}`", failure.code)
            }),
            Self::HostPanicked { .. } => "this is a defect of wharf: please report it".into(),
            Self::Compiler { .. } => "this is a defect of wharf: please report it, best with \
                the component"
                .into(),
            Self::UnsafeCache { dir, .. } => format!(
                "code is run from there, so it must be yours alone: `chmod 700 {dir}`, or move it \
                 away; it is made anew"
            ),
            Self::CacheIo { path, .. } => {
                format!("free space or repair access; `{path}` may be deleted at any time")
            }
            Self::Sandbox { .. } => {
                "see that enough memory and address space may be used (`ulimit -v`)".into()
            }
        }
    }

    /// Where in the plugin it happened, innermost frame first; empty where that is unknown.
    pub fn trace(&self) -> &Trace {
        static NONE: Trace = Trace::EMPTY;
        match self {
            Self::OverLimit { trace, .. }
            | Self::TimedOut { trace, .. }
            | Self::Cancelled { trace }
            | Self::Trapped { trace, .. }
            | Self::Exited { trace, .. }
            | Self::Refused { trace, .. } => trace,
            _ => &NONE,
        }
    }
}
