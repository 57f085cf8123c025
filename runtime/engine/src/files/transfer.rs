//! Files of any size: read bit by bit, copied, moved.

use std::io::{self, Read, Write};

use cap_std::fs::{Dir, File, OpenOptions};
use rustix::fs::{RenameFlags, renameat_with};
use rustix::io::Errno;

use super::Error;
use super::folder::{create_beside, fault, open, parent, sync, withdraw};
use super::path::FilePath;
use crate::limits;

/// A file that is read bit by bit.
#[derive(Debug)]
pub struct Opened {
    file: File,
    size: u64,
}

impl Opened {
    /// How large it was when it was opened.
    pub fn size(&self) -> u64 {
        self.size
    }
}

impl Read for Opened {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.file.read(into)
    }
}

/// A place in an open folder.
#[derive(Clone, Copy)]
pub(super) struct At<'f> {
    pub(super) dir: &'f Dir,
    pub(super) path: &'f FilePath,
}

/// Opens a file for reading, however large it is.
pub(super) fn open_large(at: At<'_>) -> Result<Opened, Error> {
    let file = open(at.dir, at.path, OpenOptions::new().read(true))?;
    let size = file.metadata().map_err(fault(at.path))?.len();
    limits::check("large-file", size as usize)?;
    Ok(Opened { file, size })
}

/// Copies a file. Nobody sees half of the copy, and no crash leaves half of it under its name.
pub(super) fn copy(from: At<'_>, to: At<'_>, replace: bool) -> Result<(), Error> {
    let source = open_large(from)?;
    let fault = fault(to.path);
    let (parent, name) = parent(to.dir, to.path.file()?).map_err(fault)?;
    let (mut file, new) = create_beside(&parent).map_err(fault)?;
    // It may grow while it is read.
    let copied = io::copy(&mut source.take(limits::LARGE_FILE_BYTES_MAX), &mut file)
        .and_then(|_| file.flush())
        .and_then(|()| file.sync_all())
        .and_then(|()| rename(&parent, new.as_ref(), &parent, name, replace));
    let copied = copied.or_else(|error| withdraw(&parent, new.as_ref(), error));
    copied.and_then(|()| sync(&parent)).map_err(fault)
}

/// Moves a file; of a link, the link. Between two file systems it is copied.
pub(super) fn rename_file(from: At<'_>, to: At<'_>, replace: bool) -> Result<(), Error> {
    let (folder, name) = parent(from.dir, from.path.file()?).map_err(fault(from.path))?;
    let found = folder.symlink_metadata(name).map_err(fault(from.path))?;
    if !found.is_file() && !found.is_symlink() {
        return Err(Error::NotAFile { path: from.path.to_string() });
    }
    let (target, new_name) = parent(to.dir, to.path.file()?).map_err(fault(to.path))?;
    match rename(&folder, name, &target, new_name, replace) {
        Err(error) if error.raw_os_error() == Some(Errno::XDEV.raw_os_error()) => {
            copy(from, to, replace)?;
            folder.remove_file(name).map_err(fault(from.path))?;
        }
        renamed => renamed.map_err(fault(to.path))?,
    }
    sync(&target).map_err(fault(to.path))?;
    sync(&folder).map_err(fault(from.path))
}

fn rename(
    from: &Dir,
    name: &std::path::Path,
    to: &Dir,
    new_name: &std::path::Path,
    replace: bool,
) -> io::Result<()> {
    if replace {
        return from.rename(name, to, new_name);
    }
    // Asking first would leave a moment in which somebody else could take the name.
    Ok(renameat_with(from, name, to, new_name, RenameFlags::NOREPLACE)?)
}
