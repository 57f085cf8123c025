//! Looking for flows in folders.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// How deep folders are looked through.
const LEVELS: usize = 16;
/// How many flows are checked at once.
const FLOWS_MAX: usize = 10_000;

/// The flows that are meant: files as they are named, and what is in folders.
pub(super) fn flows(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        let about = fs::metadata(path).map_err(Error::file("read", path))?;
        let before = found.len();
        if about.is_dir() {
            found.extend(within(path)?);
        } else {
            found.push(path.clone());
        }
        if found.len() == before {
            let message = format!("there is no flow in `{}`", path.display());
            return Err(Error::usage(message, "flows are files that end in .yaml or .yml"));
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|path| seen.insert(path.clone()));
    Ok(found)
}

/// The flows in a folder and the folders in it, by name. What begins with a dot is passed over.
pub(super) fn within(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    look(folder, LEVELS, &mut found)?;
    Ok(found)
}

fn look(folder: &Path, levels: usize, found: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
    let mut entries = entries.map_err(Error::file("read", folder))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        let kind = entry.file_type().map_err(Error::file("read", &path))?;
        if hidden {
            continue;
        }
        if kind.is_dir() && levels > 0 {
            look(&path, levels - 1, found)?;
        } else if !kind.is_dir() && is_flow(&path) {
            found.push(path);
        }
        if found.len() > FLOWS_MAX {
            let message = format!("`{}` holds more than {FLOWS_MAX} flows", folder.display());
            return Err(Error::usage(message, "check them folder by folder"));
        }
    }
    Ok(())
}

fn is_flow(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "yaml" || it == "yml")
}

/// Reads a file, and one byte more than it may have at most, for others to tell of.
pub(crate) fn read_bounded(path: &Path, most: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(Error::file("read", path))?;
    let read = file.take(most as u64 + 1).read_to_end(&mut bytes);
    read.map_err(Error::file("read", path))?;
    Ok(bytes)
}
