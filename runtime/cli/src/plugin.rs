//! Plugins as folders: crates whose library is built as a component.

mod manifest;
mod name;
mod project;
mod workspace;

use std::path::{Path, PathBuf};

use host::project::PLUGINS;
pub(crate) use manifest::{Manifest, SdkPath};
pub(crate) use name::check as check_name;
pub(crate) use project::{Place, SdkSource, way};
pub(crate) use workspace::Around;

use crate::error::{Error as CliError, Result};
use crate::toolchain::Error;

/// A crate that can be built as a plugin.
#[derive(Debug)]
pub(crate) struct Plugin {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) manifest: PathBuf,
}

impl Plugin {
    /// The plugin in a folder. Errors name its manifest the way the folder was named.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let manifest = folder.join("Cargo.toml");
        if !manifest.is_file() {
            return Err(Error::NoPlugin { folder: folder.to_owned() }.into());
        }
        let named = manifest.strip_prefix(".").unwrap_or(&manifest);
        let name = Manifest::read(named)?.plugin_name()?;
        let folder = folder.canonicalize().map_err(CliError::file("open", folder))?;
        Ok(Self { name, manifest: folder.join("Cargo.toml"), folder })
    }
}

/// The plugins that are meant: those in the folders, else the one here, else all in `plugins/`.
pub(crate) fn find(folders: &[PathBuf]) -> Result<Vec<Plugin>> {
    if !folders.is_empty() {
        return folders.iter().map(|folder| Plugin::open(folder)).collect();
    }
    let here = Plugin::open(Path::new("."));
    match here {
        Ok(plugin) => Ok(vec![plugin]),
        Err(problem) => {
            let inside = inside(Path::new(PLUGINS))?;
            let plugins: Vec<Plugin> =
                inside.iter().map(|folder| Plugin::open(folder)).collect::<Result<_>>()?;
            match (plugins.is_empty(), problem) {
                (false, _) => Ok(plugins),
                (true, CliError::Toolchain(Error::NoPlugin { .. })) => Err(Error::NoPlugins.into()),
                (true, problem) => Err(problem),
            }
        }
    }
}

/// The folders with a manifest in a folder, by name.
fn inside(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(folder).map_err(CliError::file("read", folder))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(CliError::file("read", folder))?.path();
        if path.join("Cargo.toml").is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
