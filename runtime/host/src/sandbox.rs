//! The sandbox: engines with every door shut that is not needed, and what runs in them.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use model::{Clock, Entropy};
use wasmtime::Engine;
use wasmtime::component::{
    Component, ComponentExportIndex, InstancePre, Linker, types::ComponentItem,
};

use crate::cache::Fingerprint;
use crate::compile::{Artifact, Exports};
use crate::fault::Fault;
use crate::state::State;
use crate::trap::HostCalls;
use crate::wasi;

mod config;
mod runtimes;
mod stacks;
mod ticker;

pub(crate) use config::config;
use runtimes::Runtimes;
use ticker::Ticker;

/// How a sandbox is made.
pub struct Options {
    /// Keeps memory, tables and stacks of past calls for future ones. It is faster, and several
    /// defects in it have shown one call what another left behind: for trusted plugins only.
    pub pooling: bool,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
}

/// Where plugins are loaded and run. `T` is the step that the linked functions act upon.
pub struct Sandbox<T: 'static> {
    linkers: [Linker<State<T>>; 2],
    shared: Arc<Shared>,
}

/// What all calls share.
pub(crate) struct Shared {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) ticker: Ticker,
    pub(crate) runtimes: Runtimes,
}

/// A component that is linked and ready to be called, from any thread.
pub struct Plugin<T: 'static> {
    pub(crate) ready: InstancePre<State<T>>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) host_calls: HostCalls,
}

/// A function that a plugin exports.
#[derive(Clone)]
pub struct Function {
    pub(crate) name: String,
    pub(crate) index: ComponentExportIndex,
    pub(crate) parameters: usize,
    pub(crate) results: usize,
}

impl<T: Send + 'static> Sandbox<T> {
    /// Makes the engines and links WASI into them, and whatever `link` adds.
    pub fn new(
        options: Options,
        link: impl Fn(&mut Linker<State<T>>) -> wasmtime::Result<()>,
    ) -> Result<Self, Fault> {
        let refused = |error: wasmtime::Error| Fault::Sandbox { detail: format!("{error:#}") };
        let engine = |exports| Engine::new(&config(exports, options.pooling)).map_err(refused);
        let engines = [engine(Exports::Sync)?, engine(Exports::Async)?];
        let linker = |engine: &Engine| {
            let mut linker = Linker::new(engine);
            wasi::link(&mut linker).and_then(|()| link(&mut linker)).map_err(refused)?;
            Ok(linker)
        };
        let linkers = [linker(&engines[0])?, linker(&engines[1])?];
        let shared = Shared {
            clock: options.clock,
            entropy: options.entropy,
            ticker: Ticker::start(engines).map_err(|error| refused(error.into()))?,
            runtimes: Runtimes::default(),
        };
        Ok(Self { linkers, shared: Arc::new(shared) })
    }

    /// What code must have been compiled for, to be loaded here.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut hasher = EngineHasher(blake3::Hasher::new());
        for linker in &self.linkers {
            linker.engine().precompile_compatibility_hash().hash(&mut hasher);
        }
        Fingerprint(*hasher.0.finalize().as_bytes())
    }

    /// Links a compiled component.
    pub fn load(&self, artifact: &Artifact) -> Result<Plugin<T>, Fault> {
        let linker = &self.linkers[artifact.exports() as usize];
        let component = artifact.deserialize(linker.engine())?;
        let ready = linker.instantiate_pre(&component).map_err(|error| unlinked(&error))?;
        let host_calls = HostCalls::default();
        Ok(Plugin { ready, shared: Arc::clone(&self.shared), host_calls })
    }
}

/// Lets the engine describe itself in a hash that is the same in every process.
struct EngineHasher(blake3::Hasher);

impl Hasher for EngineHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let hash = self.0.finalize();
        u64::from_le_bytes(*hash.as_bytes().first_chunk().expect("a hash is longer"))
    }
}

/// The engine says which import it is about in its outer words, and what is wrong in the inner.
fn unlinked(error: &wasmtime::Error) -> Fault {
    let words = format!("{error}");
    let import = words.split('`').nth(1).unwrap_or("?").to_owned();
    let problem = error.chain().skip(1).map(ToString::to_string).collect::<Vec<_>>().join(": ");
    Fault::Import { import, problem: Some(if problem.is_empty() { words } else { problem }) }
}

impl<T: Send + 'static> Plugin<T> {
    /// Lets traps name the call into the host that was in progress, as the component does.
    #[must_use]
    pub fn naming_calls(self, component: &[u8]) -> Self {
        Self { host_calls: HostCalls::read(component), ..self }
    }

    /// The function of this name, exported by an interface or by the component itself.
    pub fn function(&self, interface: Option<&str>, name: &str) -> Result<Function, Fault> {
        let full = interface.map_or_else(|| name.to_owned(), |outer| format!("{outer}#{name}"));
        find(self.ready.component(), interface, name)
            .map(|(index, parameters, results)| {
                let name = full.clone();
                Function { name, index, parameters, results }
            })
            .ok_or(Fault::NoFunction { function: full })
    }
}

/// A function that is exported, and how many values it takes and gives.
fn find(
    component: &Component,
    interface: Option<&str>,
    name: &str,
) -> Option<(ComponentExportIndex, usize, usize)> {
    let outer = match interface {
        Some(interface) => Some(component.get_export(None, interface)?.1),
        None => None,
    };
    let (item, index) = component.get_export(outer.as_ref(), name)?;
    let ComponentItem::ComponentFunc(shape) = item else { return None };
    Some((index, shape.params().len(), shape.results().len()))
}

impl fmt::Debug for Options {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Options").field("pooling", &self.pooling).finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Sandbox<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Sandbox").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Plugin<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Plugin").finish_non_exhaustive()
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Function").field("name", &self.name).finish_non_exhaustive()
    }
}
