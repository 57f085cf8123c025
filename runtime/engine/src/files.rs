//! Files in folders that were granted.
//!
//! A path begins with the name of a granted folder, uses `/` and never leaves the folder: names are
//! checked before anything is touched, and each step of the way is taken from an open folder, so
//! that a link that is put in the way leads nowhere. A path that means different files to different
//! systems is refused everywhere.

mod error;
mod folder;
mod path;
mod transfer;

use std::collections::BTreeMap;

use cap_std::ambient_authority;
use cap_std::fs::Dir;

pub use error::{Error, folder_line};
pub use path::FilePath;
use transfer::At;
pub use transfer::Opened;

use crate::datetime::Moment;
use crate::grant::{Access, Permit};
use crate::limits;

/// What is in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub folder: bool,
    pub size: u64,
    pub modified: Moment,
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Writing {
    /// The file must not exist yet.
    Create,
    /// Whole content at once: nobody sees half of it, and no crash leaves half of it behind.
    Replace,
    /// Behind what is there; a file that is not there begins with it.
    Append,
}

impl Writing {
    pub const ALL: [Self; 3] = [Self::Create, Self::Replace, Self::Append];

    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Replace => "replace",
            Self::Append => "append",
        }
    }
}

/// The folders of a project by the names that grants use, opened once.
#[derive(Debug, Default)]
pub struct Folders(BTreeMap<String, Dir>);

impl Folders {
    /// Adds a folder of this machine under a name.
    pub fn open(&mut self, name: &str, place: &std::path::Path) -> Result<(), Error> {
        path::check_part(name, name)?;
        let dir = Dir::open_ambient_dir(place, ambient_authority());
        let dir = dir.map_err(|error| Error::io(&place.to_string_lossy(), &error))?;
        self.0.insert(name.to_owned(), dir);
        Ok(())
    }
}

/// The files that one plugin may reach.
#[derive(Clone, Copy, Debug)]
pub struct Files<'f> {
    pub folders: &'f Folders,
    pub permit: &'f Permit,
}

impl Files<'_> {
    pub fn read(&self, path: &str) -> Result<Vec<u8>, Error> {
        let path = FilePath::parse(path)?;
        folder::read(self.folder(&path, Access::Read)?, &path)
    }

    /// Writes a file, and returns when it will outlast a loss of power.
    pub fn write(&self, path: &str, content: &[u8], how: Writing) -> Result<(), Error> {
        let path = FilePath::parse(path)?;
        let dir = self.folder(&path, Access::ReadWrite)?;
        limits::check("file", content.len())?;
        match how {
            Writing::Create => folder::create(dir, &path, content),
            Writing::Replace => folder::replace(dir, &path, content),
            Writing::Append => folder::append(dir, &path, content),
        }
    }

    /// Opens a file to be read bit by bit, however large it is.
    pub fn open(&self, path: &str) -> Result<Opened, Error> {
        let path = FilePath::parse(path)?;
        transfer::open_large(self.place(&path, Access::Read)?)
    }

    /// Copies a file of any size; what has the name already is kept, unless it is to be replaced.
    pub fn copy(&self, from: &str, to: &str, replace: bool) -> Result<(), Error> {
        let (from, to) = (FilePath::parse(from)?, FilePath::parse(to)?);
        let source = self.place(&from, Access::Read)?;
        transfer::copy(source, self.place(&to, Access::ReadWrite)?, replace)
    }

    /// Moves a file, also from folder to folder.
    pub fn rename(&self, from: &str, to: &str, replace: bool) -> Result<(), Error> {
        let (from, to) = (FilePath::parse(from)?, FilePath::parse(to)?);
        let source = self.place(&from, Access::ReadWrite)?;
        transfer::rename_file(source, self.place(&to, Access::ReadWrite)?, replace)
    }

    /// Is there nothing in the file, be it because there is none?
    pub fn is_empty(&self, path: &str) -> Result<bool, Error> {
        match self.open(path) {
            Ok(opened) => Ok(opened.size() == 0),
            Err(Error::NotFound { .. }) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Is there a file, or a folder, of this path?
    pub fn exists(&self, path: &str) -> Result<bool, Error> {
        let path = FilePath::parse(path)?;
        folder::exists(self.folder(&path, Access::Read)?, &path)
    }

    /// What is in a folder, by name: files and folders that a path can name. Links count as what
    /// they lead to; those that lead out are not there.
    pub fn list(&self, path: &str) -> Result<Vec<Entry>, Error> {
        let path = FilePath::parse(path)?;
        folder::list(self.folder(&path, Access::Read)?, &path)
    }

    /// Deletes a file; of a link, the link.
    pub fn delete(&self, path: &str) -> Result<(), Error> {
        let path = FilePath::parse(path)?;
        folder::delete(self.folder(&path, Access::ReadWrite)?, &path)
    }

    /// Makes a folder, and those that it is in. One that is there already stays as it is.
    pub fn create_folder(&self, path: &str) -> Result<(), Error> {
        let path = FilePath::parse(path)?;
        folder::create_folder(self.folder(&path, Access::ReadWrite)?, &path)
    }

    fn place<'a>(&'a self, path: &'a FilePath, access: Access) -> Result<At<'a>, Error> {
        Ok(At { dir: self.folder(path, access)?, path })
    }

    fn folder(&self, path: &FilePath, access: Access) -> Result<&Dir, Error> {
        self.permit.files(path.folder(), access)?;
        let dir = self.folders.0.get(path.folder());
        dir.ok_or_else(|| Error::NoFolder { folder: path.folder().to_owned() })
    }
}

#[cfg(test)]
mod tests;
