//! The project file `wharf.toml`: the folders of a project, its plugins, and what these may do.
//!
//! ```toml
//! [folders]
//! ledger = "data/ledger"
//!
//! [plugins.finance]
//! source = "plugins/finance"
//! digest = "5b8c…"
//! imports = ["files", "work-queue"]
//!
//! [plugins.finance.grants]
//! queues = { vendor-invoices = ["add", "process"] }
//! files = { ledger = "read-write" }
//! ```
//!
//! Whoever runs an installation may set a ceiling above all projects, a table of grants in the data
//! directory. A step may do what both allow.

mod edit;
mod error;
mod read;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use engine::grant::Grants;

use crate::limits::PROJECT_BYTES_MAX;
use crate::need::Need;
use crate::registry::Digest;
use crate::signature::Signature;
pub use edit::Draft;
pub use error::{Error, Problem};

/// The file that makes a folder a project.
pub const FILE: &str = "wharf.toml";
/// The folder of a project in which its plugins lie.
pub const PLUGINS: &str = "plugins";
/// The data directory of a project where nothing else is said.
pub const DATA: &str = ".wharf";
/// The file in the data directory with what any project may grant at most.
pub const CEILING: &str = "ceiling.toml";

/// A project as its file tells it. Without a file it has no folders and grants nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    pub root: PathBuf,
    /// Where the folders are, by the names that grants use.
    pub folders: BTreeMap<String, PathBuf>,
    pub plugins: BTreeMap<String, Entry>,
}

/// What the project says of a plugin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Where it was installed from, as it was written then.
    pub source: Option<String>,
    /// Which component was installed.
    pub digest: Option<Digest>,
    /// The interfaces it asked for when its grants were given.
    pub imports: Option<BTreeSet<String>>,
    pub grants: Grants,
}

/// The folder of the project that `from` lies in: the nearest one with a project file, else the one
/// whose `plugins` hold the crate that `from` is in. A folder without a project is its own.
pub fn root_of(from: &Path) -> &Path {
    let by_file = from.ancestors().find(|above| above.join(FILE).is_file());
    let by_place = || from.ancestors().find_map(home_of_plugin);
    by_file.or_else(by_place).unwrap_or(from)
}

/// The project of a crate that lies in its `plugins`.
fn home_of_plugin(folder: &Path) -> Option<&Path> {
    let plugins = folder.parent().filter(|parent| parent.ends_with(PLUGINS))?;
    folder.join("Cargo.toml").is_file().then(|| plugins.parent())?
}

impl Project {
    /// Reads the project in this folder.
    pub fn open(root: &Path) -> Result<Self, Error> {
        let (folders, plugins) = match text(&root.join(FILE))? {
            Some(text) => read::project(Path::new(FILE), &text)?,
            None => Default::default(),
        };
        let place = |(name, path): (String, PathBuf)| (name, root.join(path));
        let folders = folders.into_iter().map(place).collect();
        Ok(Self { root: root.to_owned(), folders, plugins })
    }

    /// Changes the file, and keeps what it holds besides. Two who change it at a time do so one
    /// after the other. Returns the project as it is then.
    pub fn edit(root: &Path, change: impl FnOnce(&mut Draft)) -> Result<Self, Error> {
        edit::edit(root, change)?;
        Self::open(root)
    }

    /// What it says of a plugin; nothing where it does not know it.
    pub fn plugin(&self, name: &str) -> Entry {
        self.plugins.get(name).cloned().unwrap_or_default()
    }
}

impl Entry {
    /// The interfaces that a component asks for and did not when the grants were given. As long as
    /// there are any, the grants count for nothing: whoever gave them knew another plugin.
    pub fn news(&self, component: &Signature) -> BTreeSet<String> {
        let asked = Need::interfaces(component);
        match &self.imports {
            Some(known) => asked.difference(known).cloned().collect(),
            None => BTreeSet::new(),
        }
    }

    /// The grants that count for this component.
    pub fn grants_for(&self, component: &Signature) -> Grants {
        if self.news(component).is_empty() { self.grants.clone() } else { Grants::default() }
    }
}

/// What projects of this data directory may grant at most; `None` where nobody set a bound.
pub fn ceiling(data: &Path) -> Result<Option<Grants>, Error> {
    let file = data.join(CEILING);
    match text(&file)? {
        Some(text) => read::ceiling(&file, &text).map(Some),
        None => Ok(None),
    }
}

/// The text of a file, if there is one.
fn text(file: &Path) -> Result<Option<String>, Error> {
    let mut bytes = Vec::new();
    let opened = File::open(file);
    let read =
        opened.and_then(|file| file.take(PROJECT_BYTES_MAX as u64 + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) if bytes.len() > PROJECT_BYTES_MAX => {
            Err(Error::TooLarge { file: file.to_owned(), most: PROJECT_BYTES_MAX })
        }
        Ok(_) => String::from_utf8(bytes).map(Some).map_err(|error| {
            let offset = error.utf8_error().valid_up_to();
            Error::NotUtf8 { file: file.to_owned(), offset }
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read", file, &error)),
    }
}

/// Whether flows can name a plugin so: lowercase letters, digits and `-`, a letter first.
pub fn is_plugin_name(name: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    name.len() <= crate::limits::PLUGIN_NAME_BYTES_MAX
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(known)
}

#[cfg(test)]
mod tests;
