//! The files of a plugin under watch, and whether their content changed.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::toolchain::Error;

/// So many files can be looked at often; sources are far fewer.
const FILES_MAX: usize = 10_000;
/// A larger file counts as changed when its size or its times do: reading it would take too long.
const READ_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Folders in which builds write.
const OUTPUT: &str = "target";

/// What all files hold, as one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Content(blake3::Hash);

/// The files below a folder, and others that a build has named.
///
/// A look reads only files whose entry in the file system changed, the time of that change
/// included, which nobody can set; so looking often is cheap, and no edit is missed.
#[derive(Debug)]
pub(super) struct Watched {
    folder: PathBuf,
    others: Vec<PathBuf>,
    known: BTreeMap<PathBuf, (Entry, blake3::Hash)>,
}

/// The entry of a file in the file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    inode: u64,
    bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Entry {
    fn of(data: &Metadata) -> Self {
        Self {
            inode: data.ino(),
            bytes: data.len(),
            modified: (data.mtime(), data.mtime_nsec()),
            changed: (data.ctime(), data.ctime_nsec()),
        }
    }
}

impl Watched {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), others: Vec::new(), known: BTreeMap::new() }
    }

    /// Watches these inputs of a build too, where they lie elsewhere.
    pub(super) fn also(&mut self, inputs: &[PathBuf]) {
        let elsewhere = inputs.iter().filter(|input| !input.starts_with(&self.folder));
        self.others = elsewhere.cloned().collect();
    }

    /// What the files hold now.
    pub(super) fn look(&mut self) -> Result<Content> {
        let mut files = Vec::new();
        collect(&self.folder, &mut files);
        if files.len() > FILES_MAX {
            return Err(Error::TooManyFiles { folder: self.folder.clone(), most: FILES_MAX }.into());
        }
        files.extend(self.others.iter().cloned());
        let mut now = BTreeMap::new();
        for file in files {
            if let Some(seen) = self.see(&file) {
                now.insert(file, seen);
            }
        }
        self.known = now;
        let mut hasher = blake3::Hasher::new();
        for (file, (_, digest)) in &self.known {
            hasher.update(file.as_os_str().as_encoded_bytes());
            hasher.update(digest.as_bytes());
        }
        Ok(Content(hasher.finalize()))
    }

    /// The entry and the digest of a file; none if it is gone.
    fn see(&self, file: &Path) -> Option<(Entry, blake3::Hash)> {
        let data = fs::metadata(file).ok().filter(Metadata::is_file)?;
        let entry = Entry::of(&data);
        match self.known.get(file) {
            Some((known, digest)) if *known == entry => Some((entry, *digest)),
            _ if entry.bytes > READ_BYTES_MAX => {
                Some((entry, blake3::hash(format!("{entry:?}").as_bytes())))
            }
            _ => Some((entry, blake3::hash(&fs::read(file).ok()?))),
        }
    }
}

/// The files below a folder, or more of them than can be watched. Hidden ones, and what builds
/// write, are none of the author's.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name();
        if files.len() > FILES_MAX || name.as_encoded_bytes().starts_with(b".") || name == OUTPUT {
            continue;
        }
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => collect(&entry.path(), files),
            Ok(_) => files.push(entry.path()),
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_content_counts_as_change() {
        let folder = tempfile::tempdir().expect("space");
        let write = |name: &str, text: &str| {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().expect("inside")).expect("space");
            fs::write(file, text).expect("space");
        };
        write("src/lib.rs", "one");
        let mut watched = Watched::new(folder.path());
        let one = watched.look().expect("few files");
        write("src/lib.rs", "one");
        write("target/debug/a.wasm", "built");
        write(".git/index", "hidden");
        assert_eq!(watched.look().expect("few files"), one);
        write("src/lib.rs", "two");
        let two = watched.look().expect("few files");
        assert_ne!(two, one);
        write("src/more.rs", "");
        assert_ne!(watched.look().expect("few files"), two);
        fs::remove_file(folder.path().join("src/more.rs")).expect("it is there");
        assert_eq!(watched.look().expect("few files"), two);
        write("src/lib.rs", "one");
        assert_eq!(watched.look().expect("few files"), one);
    }

    #[test]
    fn old_times_hide_no_change() {
        let folder = tempfile::tempdir().expect("space");
        let file = folder.path().join("lib.rs");
        fs::write(&file, "one").expect("space");
        let times = fs::metadata(&file).expect("it is there").modified().expect("a time");
        let mut watched = Watched::new(folder.path());
        let one = watched.look().expect("few files");
        fs::write(&file, "two").expect("space");
        let opened = fs::File::options().write(true).open(&file).expect("it is there");
        opened.set_modified(times).expect("a time");
        assert_ne!(watched.look().expect("few files"), one);
    }

    #[test]
    fn inputs_elsewhere_are_watched_too() {
        let here = tempfile::tempdir().expect("space");
        let there = tempfile::tempdir().expect("space");
        let other = there.path().join("shared.rs");
        fs::write(&other, "one").expect("space");
        let mut watched = Watched::new(here.path());
        let before = watched.look().expect("few files");
        watched.also(std::slice::from_ref(&other));
        let with = watched.look().expect("few files");
        assert_ne!(with, before);
        fs::write(&other, "two").expect("space");
        assert_ne!(watched.look().expect("few files"), with);
    }

    #[test]
    fn watching_too_many_files_is_refused() {
        let folder = tempfile::tempdir().expect("space");
        let write = |number: usize| fs::write(folder.path().join(number.to_string()), "");
        (0..FILES_MAX).try_for_each(write).expect("space");
        let mut watched = Watched::new(folder.path());
        assert!(watched.look().is_ok());
        write(FILES_MAX).expect("space");
        let refused = watched.look().expect_err("one too many");
        assert_eq!(refused.code(), "build/too-many-files");
    }
}
