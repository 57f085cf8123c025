//! The file that a build left: whether it is a component, and whether it is one of these sources.
//!
//! Cargo compares times, and they lie: a file that is put back with its old time looks as if it had
//! been compiled. So the content of all inputs is kept as a digest beside the component, and a
//! build that cargo calls fresh is believed only if the inputs are those of that digest.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::error::{Error as CliError, Result};
use crate::plugin::Plugin;
use crate::toolchain::Error;

/// How every WebAssembly file begins, then how a component goes on and how a plain module does.
const MAGIC: &[u8] = b"\0asm";
const COMPONENT: &[u8] = &[0x0d, 0, 1, 0];
const MODULE: &[u8] = &[1, 0, 0, 0];

/// The size of the component; anything else is refused.
pub(super) fn check(plugin: &Plugin, file: &Path) -> Result<u64> {
    let opened = fs::File::open(file).map_err(CliError::file("open", file))?;
    let bytes = opened.metadata().map_err(CliError::file("read", file))?.len();
    let mut begin = Vec::new();
    let length = (MAGIC.len() + COMPONENT.len()) as u64;
    opened.take(length).read_to_end(&mut begin).map_err(CliError::file("read", file))?;
    match judge(&begin) {
        None => Ok(bytes),
        Some(what) => Err(Error::NoComponent { plugin: plugin.name.clone(), what }.into()),
    }
}

/// Why a file that begins so is no component.
fn judge(begin: &[u8]) -> Option<&'static str> {
    match begin.strip_prefix(MAGIC) {
        Some(COMPONENT) => None,
        Some(MODULE) => Some("a plain module came out"),
        _ => Some("what came out is no WebAssembly"),
    }
}

/// Whether the inputs are others than those that the component was last made of.
pub(super) fn is_stale(plugin: &Plugin, file: &Path) -> Result<bool> {
    let Ok(kept) = fs::read_to_string(record(plugin, file)) else { return Ok(false) };
    Ok(kept != digest(&inputs(file)?))
}

/// Keeps what the component was made of; these are its inputs.
pub(super) fn remember(plugin: &Plugin, file: &Path) -> Result<Vec<PathBuf>> {
    let inputs = inputs(file)?;
    let record = record(plugin, file);
    fs::write(&record, digest(&inputs)).map_err(CliError::file("write", record))?;
    Ok(inputs)
}

/// Where the digest is kept. Several folders may share a target directory, and names in it.
fn record(plugin: &Plugin, file: &Path) -> PathBuf {
    let folder = blake3::hash(plugin.folder.as_os_str().as_encoded_bytes()).to_hex();
    file.with_extension(format!("{}.inputs", &folder[..16]))
}

/// The files that cargo says the component depends on.
fn inputs(file: &Path) -> Result<Vec<PathBuf>> {
    let list = file.with_extension("d");
    let text = fs::read_to_string(&list).map_err(CliError::file("read", list))?;
    Ok(prerequisites(&text))
}

/// What stands after the colon of a rule for make, where a blank within a path is `\ `.
fn prerequisites(rule: &str) -> Vec<PathBuf> {
    let Some((_, list)) = rule.split_once(": ") else { return Vec::new() };
    let marked = list.replace("\\ ", "\0");
    marked.split_whitespace().map(|path| path.replace('\0', " ").into()).collect()
}

/// A digest of what stands in the files; one that is gone counts as such.
fn digest(files: &[PathBuf]) -> String {
    let mut hasher = blake3::Hasher::new();
    for file in files {
        hasher.update(file.as_os_str().as_encoded_bytes());
        let content = fs::read(file).ok().map(|content| blake3::hash(&content));
        hasher.update(content.as_ref().map_or(&[], |content| content.as_bytes()));
    }
    hasher.finalize().to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_components_pass_the_check() {
        let module = Some("a plain module came out");
        let neither = Some("what came out is no WebAssembly");
        for (begin, expected) in [
            (&b"\0asm\x0d\0\x01\0"[..], None),
            (b"\0asm\x01\0\0\0", module),
            (b"\0asm\x0d\0\x01", neither),
            (b"\0asm\x0d\0\0\0", neither),
            (b"\x7fELF\x02\x01\x01\0", neither),
            (b"", neither),
        ] {
            assert_eq!(judge(begin), expected, "{begin:?}");
        }
    }

    #[test]
    fn prerequisites_may_have_blanks() {
        let rule = "/t/a.wasm: /p/src/lib.rs /my\\ plugins/b.rs\n";
        let expected = ["/p/src/lib.rs", "/my plugins/b.rs"].map(PathBuf::from);
        assert_eq!(prerequisites(rule), expected);
        assert_eq!(prerequisites(""), Vec::<PathBuf>::new());
    }

    #[test]
    fn digest_follows_content_alone() {
        let folder = tempfile::tempdir().expect("space");
        let file = folder.path().join("lib.rs");
        let write = |text: &str| fs::write(&file, text).expect("space");
        let now = || digest(std::slice::from_ref(&file));
        let missing = now();
        write("one");
        let one = now();
        write("two");
        let two = now();
        write("one");
        assert_eq!(now(), one);
        assert!(missing != one && one != two);
    }
}
