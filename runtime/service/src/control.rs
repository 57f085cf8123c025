//! `control.json` in the data directory: where its owner is found, and the proof that one may speak
//! to it.

use std::fmt;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use model::Error;
use serde::{Deserialize, Serialize};

use crate::limits;
use crate::socket;

const FILE: &str = "control.json";
/// The file is complete before it has its name. Only the owner of the directory writes, so one name
/// will do.
const DRAFT: &str = "control.json.new";

/// How the owner of a data directory is reached.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Control {
    pub(crate) protocol: u32,
    pub(crate) version: String,
    pub(crate) pid: u32,
    pub(crate) address: PathBuf,
    pub(crate) token: String,
}

impl Control {
    /// What is written there; `None` where no owner says how to reach it.
    pub(crate) fn read(dir: &Path) -> io::Result<Option<Self>> {
        let file = match fs::File::open(dir.join(FILE)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut text = Vec::new();
        file.take(limits::CONTROL_BYTES_MAX).read_to_end(&mut text)?;
        Ok(Some(serde_json::from_slice(&text)?))
    }

    /// Puts the file in place, readable by its owner alone.
    pub(crate) fn write(&self, dir: &Path) -> Result<(), Error> {
        let draft = dir.join(DRAFT);
        let write = || {
            remove(&draft)?;
            let mut file = socket::create_private(&draft)?;
            file.write_all(&serde_json::to_vec_pretty(self)?)?;
            fs::rename(&draft, dir.join(FILE))
        };
        write().map_err(|error| {
            // Half a file of that name would only be in the way.
            remove(&draft).ok();
            failed("could not write", &dir.join(FILE), &error)
        })
    }

    /// Takes the file away, so that nobody comes any more.
    pub(crate) fn remove(dir: &Path) -> Result<(), Error> {
        let file = dir.join(FILE);
        remove(&file).map_err(|error| failed("could not remove", &file, &error))
    }
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// An error of the system, with what was tried on what.
pub(crate) fn failed(what: &str, path: &Path, error: &io::Error) -> Error {
    Error::of_system(&format!("{what} `{}`", path.display()), error)
}

impl fmt::Display for Control {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "process {} (wharf {})", self.pid, self.version)
    }
}
