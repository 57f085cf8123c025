//! A directory that is its owner's alone, and files in it that nobody else can have written.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{
    AtFlags, CWD, FileType, Mode, OFlags, Stat, Timespec, Timestamps, UTIME_NOW, fstat, linkat,
    mkdir, openat, renameat, unlinkat, utimensat,
};
use rustix::io::Errno;
use rustix::process::geteuid;

use crate::fault::Fault;
use crate::limits::ARTIFACT_BYTES_MAX;

/// What goes with the code in one file, at most.
const SURPLUS_BYTES_MAX: u64 = 4 * 1024;

/// Why a file is not what was written there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Spoilt {
    #[error("it is not a plain file")]
    NotAFile,
    #[error("it belongs to another user")]
    Foreign,
    #[error("others may read or write it")]
    Open,
    #[error("it is too large")]
    TooLarge,
    #[error("it is cut off, or of another format")]
    Format,
    #[error("its seal is not ours: the content was changed, or made elsewhere")]
    Seal,
    #[error("it could not be read")]
    Unreadable,
}

#[derive(Debug)]
pub(super) struct Dir {
    path: PathBuf,
    handle: OwnedFd,
}

/// Whether others than the owner may do anything.
fn is_open(stat: &Stat) -> bool {
    Mode::from_raw_mode(stat.st_mode).intersects(Mode::RWXG | Mode::RWXO)
}

fn is_foreign(stat: &Stat) -> bool {
    stat.st_uid != geteuid().as_raw()
}

impl Dir {
    pub(super) fn open(path: &Path) -> Result<Self, Fault> {
        match mkdir(path, Mode::RWXU) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(fault(path, error)),
        }
        let unsafe_because = |problem: &str| Fault::UnsafeCache {
            dir: path.display().to_string(),
            problem: problem.to_owned(),
        };
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let handle = match openat(CWD, path, flags, Mode::empty()) {
            Ok(handle) => handle,
            Err(Errno::LOOP | Errno::NOTDIR) => {
                return Err(unsafe_because("it is not a directory, or a link to one"));
            }
            Err(error) => return Err(fault(path, error)),
        };
        let stat = fstat(&handle).map_err(|error| fault(path, error))?;
        if is_foreign(&stat) {
            return Err(unsafe_because("it belongs to another user"));
        }
        if is_open(&stat) {
            return Err(unsafe_because("others may read or write it"));
        }
        Ok(Self { path: path.to_owned(), handle })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The content of a file, if there is one and nobody else can have written it.
    pub(super) fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Spoilt> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = match openat(&self.handle, name, flags, Mode::empty()) {
            Ok(file) => file,
            Err(Errno::NOENT) => return Ok(None),
            Err(Errno::LOOP | Errno::NXIO) => return Err(Spoilt::NotAFile),
            Err(_) => return Err(Spoilt::Unreadable),
        };
        let stat = fstat(&file).map_err(|_| Spoilt::Unreadable)?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return Err(Spoilt::NotAFile);
        }
        if is_foreign(&stat) {
            return Err(Spoilt::Foreign);
        }
        if is_open(&stat) {
            return Err(Spoilt::Open);
        }
        let size = stat.st_size as u64;
        if size > ARTIFACT_BYTES_MAX + SURPLUS_BYTES_MAX {
            return Err(Spoilt::TooLarge);
        }
        let mut bytes = Vec::with_capacity(size as usize);
        let mut file = File::from(file).take(size);
        file.read_to_end(&mut bytes).map_err(|_| Spoilt::Unreadable)?;
        Ok(Some(bytes))
    }

    /// Writes a file under a name of its own and puts it in its place whole, so that nobody reads
    /// half of it, however many write at a time.
    pub(super) fn write(&self, name: &str, random: u128, bytes: &[u8]) -> Result<(), Fault> {
        let draft = self.draft(random, bytes)?;
        renameat(&self.handle, &draft, &self.handle, name)
            .map_err(|error| self.give_up(&draft, name, error))
    }

    /// As `write`, but leaves what is already there, and tells so with `false`.
    pub(super) fn write_new(&self, name: &str, random: u128, bytes: &[u8]) -> Result<bool, Fault> {
        let draft = self.draft(random, bytes)?;
        let linked = linkat(&self.handle, &draft, &self.handle, name, AtFlags::empty());
        match linked {
            Ok(()) | Err(Errno::EXIST) => {
                self.remove(&draft)?;
                Ok(linked.is_ok())
            }
            Err(error) => Err(self.give_up(&draft, name, error)),
        }
    }

    fn draft(&self, random: u128, bytes: &[u8]) -> Result<String, Fault> {
        let draft = format!("{random:032x}.draft");
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        let file = openat(&self.handle, &draft, flags, Mode::RUSR | Mode::WUSR);
        let mut file = File::from(file.map_err(|error| fault(&self.path.join(&draft), error))?);
        match file.write_all(bytes) {
            Ok(()) => Ok(draft),
            Err(error) => Err(self.give_up(&draft, &draft, error)),
        }
    }

    /// The error of a write, after clearing away what was written.
    fn give_up(&self, draft: &str, name: &str, error: impl Into<io::Error>) -> Fault {
        match self.remove(draft) {
            Ok(()) => fault(&self.path.join(name), error),
            Err(fault) => fault,
        }
    }

    /// Removes a file, if another process has not.
    pub(super) fn remove(&self, name: &str) -> Result<(), Fault> {
        match unlinkat(&self.handle, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(fault(&self.path.join(name), error)),
        }
    }

    /// Marks a file as used now, for the order in which they are evicted. A file that was evicted
    /// meanwhile is no loss.
    pub(super) fn touch(&self, name: &str) {
        let now = Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
        let times = Timestamps { last_access: now, last_modification: now };
        let _ = utimensat(&self.handle, name, &times, AtFlags::SYMLINK_NOFOLLOW);
    }
}

pub(super) fn fault(path: &Path, error: impl Into<io::Error>) -> Fault {
    Fault::CacheIo { path: path.display().to_string(), detail: error.into().to_string() }
}
