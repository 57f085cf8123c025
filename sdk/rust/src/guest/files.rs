//! `wharf:host/files`

use super::bindings::wharf::host::files as wire;
use super::refused;
use crate::DateTime;
use crate::files::{Entry, Error, Writing};

refused!(wire::FileError => Error { NotFound Denied Exists TooLarge Invalid Other });

pub(crate) fn read(path: &str) -> Result<Vec<u8>, Error> {
    Ok(wire::read(path)?)
}

pub(crate) fn write(path: &str, content: &[u8], how: Writing) -> Result<(), Error> {
    let how = match how {
        Writing::Create => wire::Writing::Create,
        Writing::Replace => wire::Writing::Replace,
        Writing::Append => wire::Writing::Append,
    };
    Ok(wire::write(path, content, how)?)
}

pub(crate) fn list(folder: &str) -> Result<Vec<Entry>, Error> {
    let entries = wire::list(folder)?.into_iter().map(|entry| {
        let wire::Entry { name, folder, size, modified } = entry;
        Entry { name, folder, size, modified: DateTime::of_host(&modified) }
    });
    Ok(entries.collect())
}

pub(crate) fn delete(path: &str) -> Result<(), Error> {
    Ok(wire::delete(path)?)
}

pub(crate) fn create_folder(path: &str) -> Result<(), Error> {
    Ok(wire::create_folder(path)?)
}
