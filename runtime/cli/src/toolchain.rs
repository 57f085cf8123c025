//! The tool chain behind plugins: cargo and rustc make a component of a crate.
//!
//! `build` is the one way to it, for `wharf build` and for whoever else needs a plugin that is up
//! to date. It reports a component only if this very build says so: after a compile error there
//! may well be a file from before, and nobody hears of it.

mod artifact;
mod cargo;
mod error;
pub(crate) mod flags;
pub(crate) mod process;
pub(crate) mod target;

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use model::Clock;

use crate::error::Result;
use crate::plugin::Plugin;
pub(crate) use error::Error;

/// What plugins are compiled for.
pub(crate) const TARGET: &str = "wasm32-wasip2";

/// What a build needs from outside.
pub(crate) struct Tools<'a> {
    pub(crate) clock: &'a dyn Clock,
    /// Raised by Ctrl-C, which ends whatever runs.
    pub(crate) interrupted: &'a AtomicBool,
    /// What the environment tells cargo, by name of the variable.
    pub(crate) compiler: &'a [(&'static str, String)],
    /// Whether cargo says nothing but warnings and errors, and in colour.
    pub(crate) quiet: bool,
    pub(crate) color: bool,
}

/// How well a plugin is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Compiled fast: to try it.
    Dev,
    /// Compiled well: small and fast, to use it.
    Release,
}

impl Profile {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }
}

/// A component that is up to date.
#[derive(Debug)]
pub(crate) struct Built {
    /// The name of the plugin.
    pub(crate) plugin: String,
    pub(crate) folder: PathBuf,
    /// The component.
    pub(crate) file: PathBuf,
    pub(crate) bytes: u64,
    pub(crate) profile: Profile,
    /// Nothing had to be compiled.
    pub(crate) fresh: bool,
    pub(crate) took: Duration,
    /// The files it was made of.
    pub(crate) inputs: Vec<PathBuf>,
}

/// Looks at what every build needs, and adds the target where that is all that is missing.
pub(crate) fn prepare(plugins: &[Plugin], tools: &Tools<'_>) -> Result<()> {
    let traps = flags::traps(tools.compiler);
    if !traps.is_empty() {
        return Err(Error::Flags { traps }.into());
    }
    for plugin in plugins {
        target::ensure(&plugin.folder, tools)?;
    }
    Ok(())
}

/// Compiles a plugin.
pub(crate) fn build(plugin: &Plugin, profile: Profile, tools: &Tools<'_>) -> Result<Built> {
    let start = tools.clock.elapsed();
    let mut made = cargo::build(plugin, profile, tools)?;
    if made.fresh && artifact::is_stale(plugin, &made.file)? {
        cargo::forget(plugin, &made.packages, tools)?;
        made = cargo::build(plugin, profile, tools)?;
    }
    let bytes = artifact::check(plugin, &made.file)?;
    let inputs = artifact::remember(plugin, &made.file)?;
    Ok(Built {
        plugin: plugin.name.clone(),
        folder: plugin.folder.clone(),
        file: made.file,
        bytes,
        profile,
        fresh: made.fresh,
        took: tools.clock.elapsed().saturating_sub(start),
        inputs,
    })
}
