//! What goes wrong when a component is loaded or run, and what to do about it.

use std::time::Duration;

use engine::limits::Exceeded;
use engine::{Failure, Kind};
use model::time::format_span;

use crate::found::Found;
use crate::limits::Bound;
use crate::trap::Trace;

/// Why a component could not be loaded, or a call did not come to its own end.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    #[error("this is not a WebAssembly component: it is {found}")]
    NotAComponent { found: Found },
    #[error("the component is not valid: {problem}")]
    Invalid { problem: String },
    #[error("the plugin asks for `{import}`, which nobody offers{}", why(problem.as_deref()))]
    Import { import: String, problem: Option<String> },
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

fn why(problem: Option<&str>) -> String {
    problem.map_or_else(String::new, |problem| format!(": {problem}"))
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
            Self::OverLimit { .. } => Exceeded::CODE,
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
            Self::NotAComponent { found } => found.hint().into(),
            Self::Invalid { .. } => "build the plugin anew, or fetch the file again; if that does \
                not help, the tool that made it uses features of WebAssembly that wharf does not run"
                .into(),
            Self::Import { .. } => {
                "a plugin can use the interfaces of `wharf:host` and WASI 0.2 without files and \
                 sockets; they are reached through `wharf::files` and `wharf::http`, so build it \
                 without what needs this"
                    .into()
            }
            Self::NoFunction { .. } => "`wharf plugin inspect` lists what it exports".into(),
            Self::Arguments { .. } => "`wharf plugin inspect` shows the parameters".into(),
            Self::OverLimit { bound, .. } => bound.advice().into(),
            Self::TimedOut { .. } => {
                "give the step more time with `timeout`, or let it do less at a time".into()
            }
            Self::Cancelled { .. } => "start it again when it may go on".into(),
            Self::Trapped { .. } => "this is a defect of the plugin; the trace shows where".into(),
            Self::Exited { .. } => "let the step return an error instead of ending itself; of an \
                exit code WASI tells only whether it is 0"
                .into(),
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

/// What became of a step is told in the same way, whether it was built in or not. To break off is
/// not the case's fault, so trying again may help.
impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        let trace = fault.trace().lines().collect();
        if let Fault::Refused { failure, .. } = fault {
            return Self { trace, ..*failure };
        }
        let failure = Self::new(Kind::It, fault.code().to_owned(), fault.to_string());
        let failure = failure.with_hint(fault.hint());
        // Whoever cancels a step says nothing about what it holds: that goes back as it was.
        let cancelled = matches!(fault, Fault::Cancelled { .. });
        let failure = if cancelled { failure } else { failure.broken_off() };
        Self { trace, ..failure }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trap::{Frame, Place};

    #[test]
    fn limits_are_told_with_name_and_unit() {
        let over = |bound, wanted| Fault::over(bound, 16, wanted).to_string();
        let told = "`plugin-memory` would be 17 bytes, over the limit of 16 bytes";
        assert_eq!(over(Bound::Memory, Some(17)), told);
        let told = "`plugin-compile-cpu` went over the limit of 16 seconds";
        assert_eq!(over(Bound::CompileCpu, None), told);
        let mut names: Vec<_> = Bound::ALL.iter().map(|bound| bound.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Bound::ALL.len());
    }

    #[test]
    fn faults_become_failures_of_the_step() {
        let place = Place { file: "src/lib.rs".into(), line: 14, column: Some(5) };
        let frame = Frame { function: "finance::classify".into(), place: Some(place) };
        let host_call = Some("wharf:host/http.send".to_owned());
        let trace = || Trace { host_call: host_call.clone(), frames: vec![frame.clone()] };
        let told = [
            "wharf:host/http.send (host call in progress)",
            "src/lib.rs:14:5 in finance::classify",
        ];

        let trapped = Fault::Trapped { message: "no such rule".into(), trace: trace() };
        let failure = Failure::from(trapped.clone());
        assert_eq!((failure.kind, &*failure.code), (Kind::It, "plugin/trapped"));
        assert_eq!((failure.hint, failure.broken_off), (Some(trapped.hint()), true));
        assert_eq!(failure.trace, told);

        let refusal = Failure::new(Kind::Business, "queue/not-found", "there is no queue");
        let refused = Fault::Refused { failure: Box::new(refusal.clone()), trace: trace() };
        let failure = Failure::from(refused);
        assert_eq!(failure.trace, told);
        assert_eq!(Failure { trace: Vec::new(), ..failure }, refusal);
    }
}
