//! The bounds that a compiling process sets itself, and how it shows when it met one.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use rustix::process::{Resource, Rlimit, Signal, getrlimit, setrlimit};

use crate::limits::{ARTIFACT_BYTES_MAX, Bound};

/// Between the signal that ends the process and the one that it could not catch.
const CPU_GRACE_SECONDS: u64 = 1;

/// What the process that compiles may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) memory_bytes: u64,
    pub(super) cpu_seconds: u64,
}

impl Bounds {
    /// Bounds this process, for good.
    pub(super) fn apply(self) -> io::Result<()> {
        let cpu_end = self.cpu_seconds + CPU_GRACE_SECONDS;
        lower(Resource::As, self.memory_bytes, self.memory_bytes)?;
        lower(Resource::Cpu, self.cpu_seconds, cpu_end)?;
        lower(Resource::Fsize, ARTIFACT_BYTES_MAX, ARTIFACT_BYTES_MAX)?;
        // A core file would hold the whole memory, on a disk that nobody bounds.
        lower(Resource::Core, 0, 0)
    }
}

/// Sets a limit of the system, unless a lower one holds already.
fn lower(resource: Resource, soft: u64, hard: u64) -> io::Result<()> {
    let held = getrlimit(resource);
    let least = |held: Option<u64>, wanted: u64| Some(held.map_or(wanted, |held| held.min(wanted)));
    let limit = Rlimit { current: least(held.current, soft), maximum: least(held.maximum, hard) };
    Ok(setrlimit(resource, limit)?)
}

/// The bound that ended a process, if one did. `words` is what it said on stderr.
pub(super) fn met(status: ExitStatus, words: &str) -> Option<Bound> {
    let by = |signal: Signal| status.signal() == Some(signal.as_raw());
    if by(Signal::XCPU) {
        Some(Bound::CompileCpu)
    } else if by(Signal::XFSZ) {
        Some(Bound::Artifact)
    } else if words.contains("memory allocation of") || words.contains("Cannot allocate memory") {
        Some(Bound::CompileMemory)
    } else {
        None
    }
}
