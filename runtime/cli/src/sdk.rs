//! The SDK that this program carries, and its copies in projects.
//!
//! A copy lies in `.wharf/sdk/DIGEST/` of a project, and the plugins name it by a relative path, so
//! that cargo, editors and `cargo test` need nothing else. The digest is of what the copy holds: a
//! newer wharf puts its SDK beside the old one, and nothing changes under a plugin's feet. Copies
//! are not kept under version control; a build makes the one that is missing.

mod manifest;

use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::plugin::{Manifest, Plugin, SdkPath};

/// The files of the tree that make the SDK, by their path from its root.
static SOURCES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/sdk_files.rs"));
/// The folder of the SDK in the tree.
const HOME: &str = "sdk/";
/// As many digits tell copies apart, and keep paths short.
const DIGEST_CHARS: usize = 16;
/// Copies hold what nobody else may have written into; the data directory beside is as private.
const STORE_MODE: u32 = 0o700;

/// The SDK as plugins can use it: without a workspace around.
pub(crate) struct Sdk {
    pub(crate) digest: String,
    /// By path within the copy.
    files: Vec<(String, Vec<u8>)>,
}

/// How it stands with the SDK of a plugin.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// The manifest names no copy, but some other crate.
    Foreign,
    /// The copy is there, and is that of this program.
    Current,
    /// The copy is there, and is that of another wharf.
    Other,
    /// There is no copy of this digest; whether this program carries it.
    Missing { carried: bool },
    /// Somebody changed the copy.
    Changed,
}

/// The text of a file of the tree that is carried along.
pub(crate) fn source(path: &str) -> Option<&'static str> {
    let (_, bytes) = SOURCES.iter().find(|(name, _)| *name == path)?;
    std::str::from_utf8(bytes).ok()
}

impl Sdk {
    /// The one that this program carries.
    pub(crate) fn carried() -> Self {
        let workspace = source("Cargo.toml").unwrap_or_default();
        let inside =
            SOURCES.iter().filter_map(|(path, bytes)| Some((path.strip_prefix(HOME)?, bytes)));
        let files: Vec<(String, Vec<u8>)> = inside
            .map(|(path, bytes)| match (path.ends_with("Cargo.toml"), std::str::from_utf8(bytes)) {
                (true, Ok(text)) => {
                    (path.to_owned(), manifest::freed(text, workspace).into_bytes())
                }
                _ => (path.to_owned(), bytes.to_vec()),
            })
            .collect();
        let mut hasher = blake3::Hasher::new();
        for (path, content) in &files {
            hasher.update(blake3::hash(path.as_bytes()).as_bytes());
            hasher.update(blake3::hash(content).as_bytes());
        }
        let digest = hasher.finalize().to_hex()[..DIGEST_CHARS].to_owned();
        Self { digest, files }
    }

    /// Makes a copy below a folder, unless there is one. It is there whole or not at all.
    pub(crate) fn unpack(&self, store: &Path) -> Result<PathBuf> {
        let copy = store.join(&self.digest);
        if copy.exists() {
            return Ok(copy);
        }
        let made = fs::DirBuilder::new().recursive(true).mode(STORE_MODE).create(store);
        made.map_err(Error::file("create", store))?;
        let ignore = store.join(".gitignore");
        fs::write(&ignore, "*\n").map_err(Error::file("write", ignore))?;
        let room = tempfile::Builder::new().prefix(".part-").tempdir_in(store);
        let room = room.map_err(Error::file("create", store))?;
        let part = room.path().join(&self.digest);
        for (path, content) in &self.files {
            write(&part.join(path), content)?;
        }
        match fs::rename(&part, &copy) {
            // Somebody else was faster, with the same files.
            Err(_) if copy.exists() => Ok(copy),
            renamed => renamed.map(|()| copy.clone()).map_err(Error::file("write", copy)),
        }
    }

    /// Whether a copy holds all the files as they were unpacked.
    fn is_whole(&self, copy: &Path) -> bool {
        self.files
            .iter()
            .all(|(path, content)| fs::read(copy.join(path)).is_ok_and(|found| found == *content))
    }

    pub(crate) fn state(&self, plugin: &Plugin) -> Result<State> {
        let Some(path) = Manifest::read(&plugin.manifest)?.sdk() else { return Ok(State::Foreign) };
        let copy = plugin.folder.join(&path.store).join(&path.digest);
        let ours = path.digest == self.digest;
        Ok(match (copy.is_dir(), ours) {
            (false, carried) => State::Missing { carried },
            (true, false) => State::Other,
            (true, true) if self.is_whole(&copy) => State::Current,
            (true, true) => State::Changed,
        })
    }

    /// Makes the copy that a plugin needs anew, and its manifest name it; the copy of another wharf
    /// stays where it is. Returns where the copy is.
    pub(crate) fn give(&self, plugin: &Plugin) -> Result<Option<PathBuf>> {
        let mut manifest = Manifest::read(&plugin.manifest)?;
        let Some(path) = manifest.sdk() else { return Ok(None) };
        let store = plugin.folder.join(&path.store);
        let copy = store.join(&self.digest);
        if copy.is_dir() && !self.is_whole(&copy) {
            fs::remove_dir_all(&copy).map_err(Error::file("replace", copy))?;
        }
        let copy = self.unpack(&store)?;
        if path.digest != self.digest {
            manifest.use_sdk(&SdkPath { digest: self.digest.clone(), ..path })?;
        }
        Ok(Some(copy))
    }
}

/// Writes a file, and the folders it lies in.
pub(crate) fn write(file: &Path, content: &[u8]) -> Result<()> {
    let folder = file.parent().unwrap_or(file);
    let written: io::Result<()> =
        fs::create_dir_all(folder).and_then(|()| fs::write(file, content));
    written.map_err(Error::file("write", file))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plugin(folder: &Path, sdk: &str) -> Plugin {
        let text = format!(
            "[package]\nname = \"a\"\n[lib]\ncrate-type = [\"cdylib\"]\n[dependencies]\n\
             wharf = {{ path = \".wharf/sdk/{sdk}/rust\" }}\n"
        );
        fs::write(folder.join("Cargo.toml"), text).expect("space");
        Plugin::open(folder).expect("a plugin")
    }

    #[test]
    fn carried_sdk_needs_no_workspace() {
        let sdk = Sdk::carried();
        assert_eq!(sdk.digest, Sdk::carried().digest);
        assert_eq!(sdk.digest.len(), DIGEST_CHARS);
        let text = |name: &str| {
            let found = sdk.files.iter().find(|(path, _)| path == name);
            String::from_utf8(found.expect(name).1.clone()).expect("text")
        };
        for name in ["rust/Cargo.toml", "rust-macros/Cargo.toml"] {
            assert!(!text(name).contains("workspace"), "{name}: {}", text(name));
        }
        assert!(text("rust/Cargo.toml").contains("path = \"../rust-macros\""));
        assert!(text("wit/host-1.0.0/world.wit").contains("world imports"));
        assert!(sdk.files.iter().all(|(path, _)| !path.contains("/tests/")));
    }

    #[test]
    fn copy_is_missed_changed_and_mended() {
        let folder = tempfile::tempdir().expect("space");
        let sdk = Sdk::carried();
        let plugin = plugin(folder.path(), &sdk.digest);
        let state = || sdk.state(&plugin).expect("a manifest");
        assert_eq!(state(), State::Missing { carried: true });
        let copy = sdk.give(&plugin).expect("space").expect("it names a copy");
        assert_eq!(state(), State::Current);
        fs::remove_file(copy.join("rust/src/lib.rs")).expect("it is there");
        assert_eq!(state(), State::Changed);
        sdk.give(&plugin).expect("space");
        assert_eq!(state(), State::Current);
        let left = fs::read_dir(copy.parent().expect("a store")).expect("it is there");
        assert_eq!(left.count(), 2, "the copy and .gitignore");
    }

    #[test]
    fn plugin_of_another_wharf_is_led_on() {
        let folder = tempfile::tempdir().expect("space");
        let sdk = Sdk::carried();
        let plugin = plugin(folder.path(), "0123");
        let state = || sdk.state(&plugin).expect("a manifest");
        assert_eq!(state(), State::Missing { carried: false });
        fs::create_dir_all(folder.path().join(".wharf/sdk/0123")).expect("space");
        assert_eq!(state(), State::Other);
        sdk.give(&plugin).expect("space");
        assert_eq!(state(), State::Current);
        assert!(folder.path().join(".wharf/sdk/0123").is_dir(), "others may still need it");
    }
}
