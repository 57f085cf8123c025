//! Paths that mean the same file everywhere.

use std::fmt;

use super::error::Error;
use crate::limits;
use crate::shown::quoted;

/// Files of this name are ours, while they are written.
pub(super) const RESERVED: &str = ".wharf-";

/// A granted folder and the way from there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePath {
    folder: String,
    /// Relative to the folder; empty is the folder itself.
    inside: String,
}

impl FilePath {
    pub fn parse(text: &str) -> Result<Self, Error> {
        limits::check("file-path", text.len())?;
        limits::check("file-path-parts", text.split('/').count())?;
        if text.is_empty() {
            return Err(bad(text, "it is empty"));
        }
        if text.starts_with('/') {
            return Err(bad(text, "it begins with `/`"));
        }
        text.split('/').try_for_each(|part| check_part(text, part))?;
        let (folder, inside) = text.split_once('/').unwrap_or((text, ""));
        Ok(Self { folder: folder.to_owned(), inside: inside.to_owned() })
    }

    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// The way from the granted folder, for a folder that may be the granted one itself.
    pub(super) fn inside(&self) -> &str {
        if self.inside.is_empty() { "." } else { &self.inside }
    }

    /// The way from the granted folder to a file in it.
    pub(super) fn file(&self) -> Result<&str, Error> {
        if self.inside.is_empty() {
            return Err(Error::NotAFile { path: self.to_string() });
        }
        Ok(&self.inside)
    }
}

impl fmt::Display for FilePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.folder)?;
        if self.inside.is_empty() { Ok(()) } else { write!(out, "/{}", self.inside) }
    }
}

/// Names that Windows gives to devices, whatever stands behind a point.
const DEVICES: &[&str] = &["aux", "con", "conin$", "conout$", "nul", "prn"];
/// With a digit behind them.
const NUMBERED_DEVICES: &[&str] = &["com", "lpt"];

/// Refuses names that are no name, lead elsewhere, or mean something else on another system.
pub(super) fn check_part(path: &str, part: &str) -> Result<(), Error> {
    limits::check("file-name", part.len())?;
    let unusable = |it: char| it.is_control() || "\\:*?\"<>|".contains(it);
    let problem = if part.is_empty() {
        "a name in it is empty"
    } else if part == "." || part == ".." {
        "`.` and `..` lead elsewhere"
    } else if part.chars().any(unusable) {
        "a name in it has a character that names cannot have everywhere"
    } else if part.ends_with(['.', ' ']) {
        "a name in it ends in a point or a blank"
    } else if is_device(part) {
        "a name in it is that of a device on Windows"
    } else if part.to_lowercase().starts_with(RESERVED) {
        "names that begin with `.wharf-` are in use"
    } else {
        return Ok(());
    };
    Err(bad(path, problem))
}

fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let digit = |it: char| matches!(it, '0'..='9' | '¹' | '²' | '³');
    let unnumbered = stem.strip_suffix(digit);
    DEVICES.contains(&stem.as_str()) || unnumbered.is_some_and(|it| NUMBERED_DEVICES.contains(&it))
}

fn bad(path: &str, problem: &'static str) -> Error {
    Error::BadPath { path: quoted(path), problem }
}
