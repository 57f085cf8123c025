//! From a component to machine code.
//!
//! A compiler reads what strangers wrote and may take minutes and gigabytes over it. So it runs in
//! a process of its own, which is this program started anew: it bounds itself before it reads a
//! byte, and whatever happens to it happens to it alone.

use wasmtime::Engine;
use wasmtime::component::Component;

use crate::fault::Fault;
use crate::found;
use crate::limits::{Bound, COMPONENT_BYTES_MAX};
use crate::sandbox::config;

mod bounds;
mod child;
mod job;
mod parent;

pub use child::child_main;
pub use parent::{Compiler, Progress};

/// What functions a component exports, and thereby which engine runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exports {
    Sync = 0,
    Async = 1,
}

impl Exports {
    pub(crate) fn from_byte(byte: u8) -> Option<Self> {
        [Self::Sync, Self::Async].into_iter().find(|exports| *exports as u8 == byte)
    }
}

/// Machine code that this very program has made. There is no way to make one from foreign bytes:
/// to run them would be to trust them.
#[derive(Debug)]
pub struct Artifact {
    exports: Exports,
    bytes: Vec<u8>,
}

/// Compiles in this process, for as long and with as much memory as it takes: only for a process
/// that was started for this and may be killed.
pub fn compile(component: &[u8]) -> Result<Artifact, Fault> {
    check(component)?;
    // An engine for sync exports refuses what is async before it compiles anything.
    let sync = compile_for(Exports::Sync, component);
    sync.or_else(|_| compile_for(Exports::Async, component))
}

fn compile_for(exports: Exports, component: &[u8]) -> Result<Artifact, Fault> {
    let engine = Engine::new(&config(exports, false))
        .map_err(|error| Fault::Sandbox { detail: format!("{error:#}") })?;
    let bytes = engine
        .precompile_component(component)
        .map_err(|error| Fault::Invalid { problem: format!("{error:#}") })?;
    Ok(Artifact { exports, bytes })
}

/// What can be said about a component without reading it.
pub(crate) fn check(component: &[u8]) -> Result<(), Fault> {
    let size = component.len();
    if size > COMPONENT_BYTES_MAX {
        return Err(Fault::over(Bound::Component, COMPONENT_BYTES_MAX as u64, Some(size as u64)));
    }
    found::check(component)
}

impl Artifact {
    /// The caller vouches for the bytes: see `deserialize`.
    pub(crate) fn vouched(exports: Exports, bytes: Vec<u8>) -> Self {
        Self { exports, bytes }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn exports(&self) -> Exports {
        self.exports
    }

    #[expect(unsafe_code, reason = "the engine cannot know who made the code; we do")]
    pub(crate) fn deserialize(&self, engine: &Engine) -> Result<Component, Fault> {
        // SAFETY: the bytes are what the engine of this program serialized: an `Artifact` is made
        // by `compile` above, by the child process that calls it, or by the cache after it has
        // proved that one of them made these very bytes.
        let component = unsafe { Component::deserialize(engine, &self.bytes) };
        component.map_err(|error| Fault::Invalid { problem: format!("{error:#}") })
    }
}
