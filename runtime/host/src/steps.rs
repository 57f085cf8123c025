//! Plugins as flows and commands see them: loaded by name, their steps performed.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use engine::log::Level;
use engine::step::Logger;
use engine::{Failure, Kind, Step, limits::STEP_RENEWAL};
use model::{Clock, Entropy, Value};

use crate::cache::{Cache, CacheOptions, Origin};
use crate::call::{Call, Cancel, Every};
use crate::capability;
use crate::compile::{Compiler, Progress};
use crate::error::Error;
use crate::fault::Fault;
use crate::limits::Limits;
use crate::output::{Line, Source};
use crate::sandbox::{Function, Options, Plugin, Sandbox};
use crate::signature::{Signature, StepSignature};
use crate::value::{self, Mismatch, Way};

/// How plugins are compiled and kept.
pub struct HostOptions {
    /// Where compiled code is kept; its parent must be there.
    pub cache: PathBuf,
    pub cache_bytes_max: u64,
    /// The program that compiles: this one, and the words that make it do so.
    pub compiler: (PathBuf, Vec<OsString>),
    /// See [`Options::pooling`].
    pub pooling: bool,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
}

/// Where plugins are loaded: the sandbox with the contract linked into it, and its cache.
#[derive(Debug)]
pub struct Host {
    sandbox: Sandbox<Step>,
    cache: Cache,
    compiler: Compiler,
}

/// A plugin that is ready: each call of a step is an instance of its own.
pub struct Steps {
    name: String,
    signature: Signature,
    plugin: Plugin<Step>,
    functions: HashMap<String, Function>,
    origin: Origin,
}

/// What a step may use besides what it was granted, and how it is stopped.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    pub limits: Limits,
    pub cancel: Cancel,
}

impl Host {
    pub fn open(options: HostOptions) -> Result<Self, Error> {
        let HostOptions { cache, cache_bytes_max, compiler, pooling, clock, entropy } = options;
        let (program, arguments) = compiler;
        let cache =
            CacheOptions { dir: cache, bytes_max: cache_bytes_max, entropy: Arc::clone(&entropy) };
        let compiler = Compiler::new(program, arguments, Arc::clone(&clock), Arc::clone(&entropy));
        let sandbox = Sandbox::new(Options { pooling, clock, entropy }, capability::link)?;
        Ok(Self { sandbox, cache: Cache::open(cache)?, compiler })
    }

    /// Loads a component under the name that flows know it by.
    ///
    /// Its bytes are read and judged before any of them reaches the compiler.
    pub fn load(
        &self,
        name: &str,
        component: &[u8],
        progress: Progress<'_>,
    ) -> Result<Steps, Error> {
        let signature = Signature::decode(component)?;
        let engines = self.sandbox.fingerprint();
        let found = self.cache.find(component, engines, &self.compiler, progress)?;
        let plugin = self.sandbox.load(&found.artifact)?.naming_calls(component);
        let functions = signature
            .steps
            .iter()
            .map(|step| {
                let function = plugin.function(step.interface.as_deref(), &step.function)?;
                Ok((step.name.clone(), function))
            })
            .collect::<Result<_, Fault>>()?;
        Ok(Steps { name: name.into(), signature, plugin, functions, origin: found.origin })
    }
}

impl Steps {
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    /// Whether the code was there already, or had to be compiled.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// Performs a step of this plugin on an object of its parameters.
    pub fn perform(
        &self,
        step: Step,
        of: &StepSignature,
        input: &Value,
        frame: Frame,
    ) -> (Step, Result<Value, Failure>) {
        let arguments = match value::arguments(of, input) {
            Ok(arguments) => arguments,
            Err(mismatch) => return (step, Err(misfit(&of.name, mismatch))),
        };
        let function = &self.functions[&of.name];
        let Frame { limits, cancel } = frame;
        let (mut keeper, logger) = (step.keeper(), step.logger());
        let mut lost = None;
        let mut keep = || {
            if let Err(error) = keeper.renew() {
                lost = Some(error);
                cancel.cancel();
            }
        };
        let every = Some(Every { period: STEP_RENEWAL, act: &mut keep });
        let sink = Box::new(move |line: Line<'_>| write(&logger, line));
        let call = Call { step, limits, cancel: cancel.clone(), every, sink };
        let done = self.plugin.call(function, &arguments, call);
        let result = match done.result {
            Ok(values) => value::output(of, values.into_iter().next())
                .unwrap_or_else(|mismatch| Err(misfit(&of.name, mismatch))),
            Err(fault) => Err(lost.map_or_else(|| Failure::from(fault), Failure::from)),
        };
        (done.step, result.map_err(|failure| self.named(failure)))
    }

    /// A code of the plugin's own is known to flows with its name before it.
    fn named(&self, mut failure: Failure) -> Failure {
        if !failure.code.contains('/') {
            failure.code = format!("{}/{}", self.name, failure.code).into();
        }
        failure
    }
}

/// What a component writes to its standard streams is worth a line each.
fn write(logger: &Logger, line: Line<'_>) {
    let level = match line.source {
        Source::Stdout => Level::Info,
        Source::Stderr => Level::Warning,
    };
    logger.write(level, line.text, None);
}

/// Values that do not fit are the case's fault on the way in, and the plugin's on the way out.
fn misfit(step: &str, mismatch: Mismatch) -> Failure {
    let kind = match mismatch.way() {
        Way::In => Kind::Business,
        Way::Out => Kind::Generic,
    };
    let error = Error::Value { step: step.to_owned(), mismatch };
    Failure::new(kind, error.code().to_owned(), error.to_string()).with_hint(error.hint())
}

impl fmt::Debug for HostOptions {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("HostOptions").field("cache", &self.cache).finish_non_exhaustive()
    }
}

impl fmt::Debug for Steps {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Steps").field("name", &self.name).finish_non_exhaustive()
    }
}
