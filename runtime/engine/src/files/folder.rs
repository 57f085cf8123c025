//! What is done inside an open folder.

use std::io::{self, Read, Write};
use std::path::Path;

use cap_std::fs::{Dir, File, OpenOptions, OpenOptionsExt};
use jiff::Timestamp;
use rustix::fs::OFlags;

use super::path::{FilePath, RESERVED, check_part};
use super::{Entry, Error};
use crate::datetime::Moment;
use crate::limits::{self, FILE_BYTES_MAX};

pub(super) fn read(dir: &Dir, path: &FilePath) -> Result<Vec<u8>, Error> {
    let fault = fault(path);
    let mut file = open(dir, path, OpenOptions::new().read(true))?;
    let size = file.metadata().map_err(fault)?.len();
    limits::check("file", size as usize)?;
    let mut content = Vec::with_capacity(size as usize);
    // It may grow while it is read.
    let most = FILE_BYTES_MAX as u64 + 1;
    (&mut file).take(most).read_to_end(&mut content).map_err(fault)?;
    limits::check("file", content.len())?;
    Ok(content)
}

pub(super) fn create(dir: &Dir, path: &FilePath, content: &[u8]) -> Result<(), Error> {
    let fault = fault(path);
    let (parent, name) = parent(dir, path.file()?).map_err(fault)?;
    let mut file =
        parent.open_with(name, OpenOptions::new().write(true).create_new(true)).map_err(fault)?;
    let written = fill(&mut file, content).and_then(|()| sync(&parent));
    written.or_else(|error| withdraw(&parent, name, error)).map_err(fault)
}

pub(super) fn replace(dir: &Dir, path: &FilePath, content: &[u8]) -> Result<(), Error> {
    let fault = fault(path);
    // A link stays, and what it leads to is replaced.
    let real = match dir.canonicalize(path.file()?) {
        Ok(real) => real,
        Err(error) if error.kind() == io::ErrorKind::NotFound => path.file()?.into(),
        Err(error) => return Err(fault(error)),
    };
    let (parent, name) = parent(dir, &real).map_err(fault)?;
    let earlier = match parent.symlink_metadata(name) {
        Ok(earlier) if earlier.is_file() => Some(earlier),
        Ok(earlier) if earlier.is_symlink() => None,
        Ok(_) => return Err(Error::NotAFile { path: path.to_string() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(fault(error)),
    };
    let (mut file, new) = create_beside(&parent).map_err(fault)?;
    let written = fill(&mut file, content)
        .and_then(|()| earlier.map_or(Ok(()), |it| file.set_permissions(it.permissions())))
        .and_then(|()| parent.rename(&new, &parent, name));
    let written = written.or_else(|error| withdraw(&parent, new.as_ref(), error));
    written.and_then(|()| sync(&parent)).map_err(fault)
}

pub(super) fn append(dir: &Dir, path: &FilePath, content: &[u8]) -> Result<(), Error> {
    let fault = fault(path);
    let mut file = open(dir, path, OpenOptions::new().append(true).create(true))?;
    let size = file.metadata().map_err(fault)?.len();
    limits::check("file", size as usize + content.len())?;
    let written = fill(&mut file, content).or_else(|error| {
        // Half a line at the end would be worse than none.
        file.set_len(size)?;
        Err(error)
    });
    let (parent, _) = parent(dir, path.file()?).map_err(fault)?;
    written.and_then(|()| sync(&parent)).map_err(fault)
}

pub(super) fn exists(dir: &Dir, path: &FilePath) -> Result<bool, Error> {
    match dir.metadata(path.inside()).map_err(fault(path)) {
        Ok(_) => Ok(true),
        Err(Error::NotFound { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

pub(super) fn list(dir: &Dir, path: &FilePath) -> Result<Vec<Entry>, Error> {
    let fault = fault(path);
    if !dir.metadata(path.inside()).map_err(fault)?.is_dir() {
        return Err(Error::NotAFolder { path: path.to_string() });
    }
    let folder = dir.open_dir(path.inside()).map_err(fault)?;
    let mut entries = Vec::new();
    for (index, found) in folder.entries().map_err(fault)?.enumerate() {
        limits::check("folder-entries", index + 1)?;
        let found = found.map_err(fault)?.file_name();
        let name = found.to_str().filter(|name| check_part(name, name).is_ok());
        entries.extend(name.and_then(|name| entry(dir, path, name)));
    }
    entries.sort_unstable_by(|one, two| one.name.cmp(&two.name));
    Ok(entries)
}

/// What a path to this name would reach, if it would reach something.
fn entry(dir: &Dir, folder: &FilePath, name: &str) -> Option<Entry> {
    let found = dir.metadata(format!("{}/{name}", folder.inside())).ok()?;
    if !found.is_dir() && !found.is_file() {
        return None;
    }
    let modified = Timestamp::try_from(found.modified().ok()?.into_std()).ok()?;
    let size = if found.is_file() { found.len() } else { 0 };
    let modified = Moment::from(modified);
    Some(Entry { name: name.to_owned(), folder: found.is_dir(), size, modified })
}

pub(super) fn delete(dir: &Dir, path: &FilePath) -> Result<(), Error> {
    let fault = fault(path);
    let (parent, name) = parent(dir, path.file()?).map_err(fault)?;
    let found = parent.symlink_metadata(name).map_err(fault)?;
    if !found.is_file() && !found.is_symlink() {
        return Err(Error::NotAFile { path: path.to_string() });
    }
    parent.remove_file(name).and_then(|()| sync(&parent)).map_err(fault)
}

pub(super) fn create_folder(dir: &Dir, path: &FilePath) -> Result<(), Error> {
    let fault = fault(path);
    let mut folder = dir.try_clone().map_err(fault)?;
    for part in path.parts() {
        match folder.create_dir(part) {
            Ok(()) => sync(&folder).map_err(fault)?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(fault(error)),
        }
        if !folder.metadata(part).map_err(fault)?.is_dir() {
            return Err(Error::NotAFolder { path: path.to_string() });
        }
        folder = folder.open_dir(part).map_err(fault)?;
    }
    Ok(())
}

/// Opens an ordinary file. A pipe or a device is neither waited for nor woken.
pub(super) fn open(dir: &Dir, path: &FilePath, options: &mut OpenOptions) -> Result<File, Error> {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let options = options.custom_flags(flags.bits() as i32);
    let file = dir.open_with(path.file()?, options).map_err(fault(path))?;
    if file.metadata().map_err(fault(path))?.is_file() {
        return Ok(file);
    }
    Err(Error::NotAFile { path: path.to_string() })
}

/// The folder that a name is in, opened, and the name.
pub(super) fn parent<'p>(
    dir: &Dir,
    inside: &'p (impl AsRef<Path> + ?Sized),
) -> io::Result<(Dir, &'p Path)> {
    let inside = inside.as_ref();
    let name = inside.file_name().map_or(inside, Path::new);
    let folder = inside.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.map_or_else(|| dir.try_clone(), |folder| dir.open_dir(folder))?;
    Ok((folder, name))
}

/// A new file whose name nobody else uses. What a crash left behind is passed over.
pub(super) fn create_beside(parent: &Dir) -> io::Result<(File, String)> {
    const TRIES: usize = 1_000;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    for count in 0..TRIES {
        let name = format!("{RESERVED}{count}.new");
        match parent.open_with(&name, &options) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            opened => return opened.map(|file| (file, name)),
        }
    }
    Err(io::Error::other(format!("{TRIES} files named {RESERVED}…new lie about; delete them")))
}

fn fill(file: &mut File, content: &[u8]) -> io::Result<()> {
    file.write_all(content)?;
    file.sync_all()
}

/// Makes names in the folder outlast a loss of power.
pub(super) fn sync(folder: &Dir) -> io::Result<()> {
    folder.open(".")?.sync_all()
}

/// Removes what was begun, and says why it was not ended.
pub(super) fn withdraw(parent: &Dir, name: &Path, error: io::Error) -> io::Result<()> {
    match parent.remove_file(name) {
        Ok(()) => Err(error),
        Err(second) => {
            Err(io::Error::other(format!("{error}; and `{}` is left: {second}", name.display())))
        }
    }
}

/// Says of which path an error tells.
pub(super) fn fault(path: &FilePath) -> impl Fn(io::Error) -> Error + Copy + '_ {
    move |error| Error::io(&path.to_string(), &error)
}
