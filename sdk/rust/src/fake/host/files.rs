//! Files in memory, in the folders that a test has granted.

use std::collections::{BTreeMap, BTreeSet};

use super::problem;
use crate::fake::world::with;
use crate::files::{Entry, Error, Writing};
use crate::{DateTime, Problem};

#[derive(Debug)]
struct File {
    content: Vec<u8>,
    modified: DateTime,
}

#[derive(Debug, Default)]
pub(crate) struct Files {
    granted: BTreeSet<String>,
    made: BTreeMap<String, DateTime>,
    contents: BTreeMap<String, File>,
}

impl Files {
    pub(crate) fn grant(&mut self, folder: String) {
        self.granted.insert(folder);
    }

    pub(crate) fn put(&mut self, path: String, content: Vec<u8>, modified: DateTime) {
        self.contents.insert(path, File { content, modified });
    }

    pub(crate) fn contents(&self) -> BTreeMap<String, Vec<u8>> {
        self.contents.iter().map(|(path, file)| (path.clone(), file.content.clone())).collect()
    }

    fn is_folder(&self, path: &str) -> bool {
        let mut paths = self.contents.keys().chain(self.made.keys());
        let known = self.granted.contains(path) || self.made.contains_key(path);
        known || paths.any(|within| inside(within, path).is_some())
    }

    /// Refuses paths that lead out of the folders that are granted.
    fn check(&self, path: &str) -> Result<(), Error> {
        let parts: Vec<&str> = path.split('/').collect();
        if parts.iter().any(|part| matches!(*part, "" | "." | "..")) || path.contains('\\') {
            let hint = "a path looks like `inbox/2026/a.csv`: no `..`, no `\\`, no `/` at its ends";
            let message = format!("`{path}` is not a path");
            return Err(Error::Invalid(problem("file/bad-path", message, hint)));
        }
        if self.granted.contains(parts[0]) {
            return Ok(());
        }
        let message = format!("the folder `{}` is not granted", parts[0]);
        let hint = format!("grant it in the test: `wharf::fake::folder({:?})`", parts[0]);
        Err(Error::Denied(problem("grant/denied", message, hint)))
    }

    fn missing(path: &str) -> Problem {
        problem("file/not-found", format!("there is no `{path}`"), "list the folder to see what is")
    }

    fn entries(&self, folder: &str) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        let files =
            self.contents.iter().map(|(path, file)| (path, file.content.len(), &file.modified));
        let folders = self.made.iter().map(|(path, modified)| (path, 0, modified));
        for (path, size, modified) in files.chain(folders) {
            let Some(rest) = inside(path, folder) else { continue };
            let (name, size, folder) = match rest.split_once('/') {
                Some((name, _)) => (name, 0, true),
                None => (rest, size as u64, self.made.contains_key(path)),
            };
            let modified = modified.clone();
            if entries.iter().all(|known| known.name != name) {
                entries.push(Entry { name: name.to_owned(), folder, size, modified });
            }
        }
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        entries
    }
}

/// The rest of a path in a folder.
fn inside<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    path.strip_prefix(folder)?.strip_prefix('/')
}

pub(crate) fn read(path: &str) -> Result<Vec<u8>, Error> {
    with(|world| {
        world.files.check(path)?;
        let file = world.files.contents.get(path);
        file.map(|file| file.content.clone()).ok_or_else(|| Error::NotFound(Files::missing(path)))
    })
}

pub(crate) fn write(path: &str, content: &[u8], how: Writing) -> Result<(), Error> {
    with(|world| {
        let files = &mut world.files;
        files.check(path)?;
        if files.is_folder(path) {
            let message = format!("`{path}` is a folder");
            return Err(Error::Invalid(problem("file/not-a-file", message, "choose another name")));
        }
        let before = files.contents.get(path).map(|file| file.content.clone());
        let content = match (how, before) {
            (Writing::Create, Some(_)) => {
                let message = format!("`{path}` is there already");
                let hint = "`replace` overwrites it";
                return Err(Error::Exists(problem("file/exists", message, hint)));
            }
            (Writing::Append, Some(before)) => [&before, content].concat(),
            _ => content.to_vec(),
        };
        files.put(path.to_owned(), content, world.now.clone());
        Ok(())
    })
}

pub(crate) fn list(folder: &str) -> Result<Vec<Entry>, Error> {
    with(|world| {
        world.files.check(folder)?;
        if !world.files.is_folder(folder) {
            return Err(Error::NotFound(Files::missing(folder)));
        }
        Ok(world.files.entries(folder))
    })
}

pub(crate) fn delete(path: &str) -> Result<(), Error> {
    with(|world| {
        world.files.check(path)?;
        let gone = world.files.contents.remove(path);
        gone.map(drop).ok_or_else(|| Error::NotFound(Files::missing(path)))
    })
}

pub(crate) fn create_folder(path: &str) -> Result<(), Error> {
    with(|world| {
        let (now, files) = (world.now.clone(), &mut world.files);
        files.check(path)?;
        for (end, _) in path.match_indices('/').chain([(path.len(), "")]) {
            let folder = &path[..end];
            if files.contents.contains_key(folder) {
                let message = format!("`{folder}` is not a folder");
                let hint = "give the path of a folder";
                return Err(Error::Invalid(problem("file/not-a-folder", message, hint)));
            }
            if !files.is_folder(folder) {
                files.made.insert(folder.to_owned(), now.clone());
            }
        }
        Ok(())
    })
}
