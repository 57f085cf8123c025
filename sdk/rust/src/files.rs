//! Files in the folders that were granted to the plugin. A path begins with the name of a granted
//! folder, uses `/` and never leaves the folder.

use crate::problem::refusals;
use crate::{DateTime, host};

refusals! {
    /// Why a file could not be read or written.
    Error {
        NotFound => generic,
        Denied => generic,
        /// A file that was to be new is there already.
        Exists => generic,
        TooLarge => generic,
        /// The path is not acceptable.
        Invalid => generic,
        Other => it,
    }
}

/// What is in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    pub name: String,
    /// Is it a folder itself?
    pub folder: bool,
    /// In bytes.
    pub size: u64,
    pub modified: DateTime,
}

/// The whole content of a file.
pub fn read(path: &str) -> Result<Vec<u8>, Error> {
    host::files::read(path)
}

/// Writes a file that must not exist yet.
pub fn create(path: &str, content: impl AsRef<[u8]>) -> Result<(), Error> {
    host::files::write(path, content.as_ref(), Writing::Create)
}

/// Writes a whole file at once: nobody sees half of it.
pub fn replace(path: &str, content: impl AsRef<[u8]>) -> Result<(), Error> {
    host::files::write(path, content.as_ref(), Writing::Replace)
}

/// Writes behind what is in a file.
pub fn append(path: &str, content: impl AsRef<[u8]>) -> Result<(), Error> {
    host::files::write(path, content.as_ref(), Writing::Append)
}

/// What is in a folder, by name.
pub fn list(folder: &str) -> Result<Vec<Entry>, Error> {
    host::files::list(folder)
}

/// Deletes a file.
pub fn delete(path: &str) -> Result<(), Error> {
    host::files::delete(path)
}

/// Makes a folder, and those that it is in. One that is there already stays as it is.
pub fn create_folder(path: &str) -> Result<(), Error> {
    host::files::create_folder(path)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writing {
    Create,
    Replace,
    Append,
}
