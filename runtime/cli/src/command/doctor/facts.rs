//! What the doctor looks at. Nothing is judged here, and nothing changed.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::error::{Error, Result};
use crate::plugin::{self, Plugin};
use crate::sdk::{Sdk, State};
use crate::toolchain::flags::{self, Trap};
use crate::toolchain::process::{self, Talk};
use crate::toolchain::{self, Tools, target};

/// What is there.
#[derive(Debug)]
pub(super) struct Facts {
    /// The first line that each program says about its version; none if it is not there.
    pub(super) cargo: Option<String>,
    pub(super) rustc: Option<String>,
    pub(super) rustup: Option<String>,
    pub(super) linker: Option<String>,
    /// Whether rustc can compile for WebAssembly.
    pub(super) target: bool,
    pub(super) traps: Vec<Trap>,
    /// What is free on the disk of this folder, if the system tells.
    pub(super) free_bytes: Option<u64>,
    pub(super) data: Data,
    /// The plugins here, or why they cannot be read.
    pub(super) plugins: std::result::Result<Vec<(String, State)>, String>,
}

/// How it stands with the data directory.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Data {
    /// Its first use will make it.
    Absent,
    Free,
    /// A process has it open, and serves it to others.
    Served,
    /// Nothing can be written into it.
    Unusable(String),
}

impl Facts {
    pub(super) fn gather(here: &Path, data: &Path, tools: &Tools<'_>) -> Result<Self> {
        let version = |program| version(program, here, tools);
        let rustc = version("rustc")?;
        Ok(Self {
            cargo: version("cargo")?,
            target: rustc.is_some() && target::is_there(here, tools)?,
            rustc,
            rustup: version("rustup")?,
            linker: version("cc")?,
            traps: flags::traps(tools.compiler),
            free_bytes: free_bytes(here),
            data: look_at_data(data),
            plugins: plugins().map_err(|error| error.to_string()),
        })
    }
}

/// What a program says when it is asked for its version.
fn version(program: &'static str, here: &Path, tools: &Tools<'_>) -> Result<Option<String>> {
    match process::run(program, &["--version"], here, Talk::Dropped, tools.interrupted) {
        Ok(ran) if ran.success => Ok(Some(ran.said.lines().next().unwrap_or_default().to_owned())),
        Ok(_) | Err(Error::Toolchain(toolchain::Error::ProgramMissing { .. })) => Ok(None),
        Err(other) => Err(other),
    }
}

fn free_bytes(here: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(here).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

fn look_at_data(dir: &Path) -> Data {
    if !dir.exists() {
        return Data::Absent;
    }
    if let Err(error) = tempfile::tempfile_in(dir) {
        return Data::Unusable(error.to_string());
    }
    // The lock is tried and let go at once: whoever opens the store meanwhile waits for it.
    let Ok(lock) = File::open(dir.join("lock")) else { return Data::Free };
    match lock.try_lock() {
        Ok(()) => Data::Free,
        Err(TryLockError::WouldBlock) => Data::Served,
        Err(TryLockError::Error(error)) => Data::Unusable(error.to_string()),
    }
}

/// The plugins here with their SDKs; none is no trouble.
fn plugins() -> Result<Vec<(String, State)>> {
    let sdk = Sdk::carried();
    let found = match plugin::find(&[]) {
        Err(Error::Toolchain(toolchain::Error::NoPlugins)) => return Ok(Vec::new()),
        found => found?,
    };
    let state = |plugin: Plugin| Ok((plugin.name.clone(), sdk.state(&plugin)?));
    found.into_iter().map(state).collect()
}
