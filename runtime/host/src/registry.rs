//! Installed components, kept in the data directory under their digests.

use std::fmt;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Read as _, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::limits::COMPONENT_BYTES_MAX;

/// Which component it is, by what it consists of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest([u8; blake3::OUT_LEN]);

/// The components of a data directory.
#[derive(Clone, Debug)]
pub struct Registry {
    dir: PathBuf,
}

/// Why a component cannot be kept or had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("the component {digest} is not in this data directory")]
    Missing { digest: Digest },
    #[error("`{file}` is not what was installed: it was changed", file = .file.display())]
    Changed { file: PathBuf },
    #[error("`{file}` is not a file", file = .file.display())]
    NotAFile { file: PathBuf },
    #[error("cannot {doing} `{file}`: {detail}", file = .file.display())]
    Io { doing: &'static str, file: PathBuf, kind: io::ErrorKind, detail: String },
}

impl Registry {
    /// The components in this folder, which is made when the first one comes.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// Keeps a component, for good once this returns.
    pub fn keep(&self, component: &[u8]) -> Result<Digest, Error> {
        let digest = Digest::of(component);
        let fault = |error: io::Error| Error::io("write", &self.file(digest), &error);
        match self.component(digest) {
            Ok(_) => return Ok(digest),
            Err(Error::Missing { .. } | Error::Changed { .. }) => {}
            Err(error) => return Err(error),
        }
        DirBuilder::new().recursive(true).mode(0o700).create(&self.dir).map_err(fault)?;
        // Two that write it at a time write the same.
        let new = self.dir.join(format!("{digest}.new"));
        let written = File::create(&new).and_then(|mut file| {
            file.write_all(component)?;
            file.sync_all()?;
            fs::rename(&new, self.file(digest))?;
            File::open(&self.dir)?.sync_all()
        });
        written.map_err(fault)?;
        Ok(digest)
    }

    /// The component of that digest, and nothing else.
    pub fn component(&self, digest: Digest) -> Result<Vec<u8>, Error> {
        let file = self.file(digest);
        let bytes = match read(&file) {
            Err(Error::Io { kind: io::ErrorKind::NotFound, .. }) => {
                return Err(Error::Missing { digest });
            }
            read => read?,
        };
        if Digest::of(&bytes) == digest { Ok(bytes) } else { Err(Error::Changed { file }) }
    }

    fn file(&self, digest: Digest) -> PathBuf {
        self.dir.join(format!("{digest}.wasm"))
    }
}

/// The content of a file that should be a component. Of one that is larger than any may be, only
/// enough is read to tell so.
pub fn read(file: &Path) -> Result<Vec<u8>, Error> {
    let fault = |error: io::Error| Error::io("read", file, &error);
    if !fs::metadata(file).map_err(fault)?.is_file() {
        return Err(Error::NotAFile { file: file.to_owned() });
    }
    let mut bytes = Vec::new();
    let opened = File::open(file).map_err(fault)?;
    opened.take(COMPONENT_BYTES_MAX as u64 + 1).read_to_end(&mut bytes).map_err(fault)?;
    Ok(bytes)
}

impl Error {
    fn io(doing: &'static str, file: &Path, error: &io::Error) -> Self {
        let detail = model::plain(error);
        Self::Io { doing, file: file.to_owned(), kind: error.kind(), detail }
    }

    /// The stable word that scripts match on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "plugin/not-kept",
            Self::Changed { .. } => "plugin/changed",
            Self::NotAFile { .. } => "file/not-a-file",
            Self::Io { kind: io::ErrorKind::NotFound, .. } => "file/not-found",
            Self::Io { .. } => "file/io",
        }
    }

    /// What to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::Missing { .. } => {
                "`wharf plugin install` brings it here; --data DIR chooses another data directory"
                    .into()
            }
            Self::Changed { file } => {
                format!("remove `{}`, then install the plugin anew", file.display())
            }
            Self::NotAFile { .. } => "give the `.wasm` file that `wharf build` makes".into(),
            Self::Io { .. } => "check the path, the rights on it, and the disk".into(),
        }
    }
}

impl Digest {
    pub fn of(component: &[u8]) -> Self {
        Self(*blake3::hash(component).as_bytes())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Digest({self})")
    }
}

/// A text that is no digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotADigest;

impl FromStr for Digest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let lower = text.bytes().all(|byte| !byte.is_ascii_uppercase());
        let hash = blake3::Hash::from_hex(text).ok().filter(|_| lower).ok_or(NotADigest)?;
        Ok(Self(*hash.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_come_back_as_kept() {
        let dir = tempfile::tempdir().expect("space");
        let registry = Registry::new(dir.path().join("data/plugins"));
        let digest = registry.keep(b"one").expect("it is kept");
        assert_eq!(registry.keep(b"one"), Ok(digest));
        assert_eq!(registry.component(digest).as_deref(), Ok(&b"one"[..]));
        assert_eq!(digest.to_string().parse(), Ok(digest));
        let other = Digest::of(b"two");
        assert_eq!(registry.component(other), Err(Error::Missing { digest: other }));
    }

    #[test]
    fn changed_components_are_refused() {
        let dir = tempfile::tempdir().expect("space");
        let registry = Registry::new(dir.path());
        let digest = registry.keep(b"one").expect("it is kept");
        fs::write(registry.file(digest), b"eno").expect("space");
        let refused = registry.component(digest).expect_err("it is another one");
        assert_eq!(refused.code(), "plugin/changed");
        // Whoever brings the right one again mends it.
        registry.keep(b"one").expect("it is kept");
        assert_eq!(registry.component(digest).as_deref(), Ok(&b"one"[..]));
    }

    #[test]
    fn digests_have_one_spelling() {
        let digest = Digest::of(b"").to_string();
        assert!(digest.parse::<Digest>().is_ok());
        for text in ["", "00", &digest[1..], &digest.to_uppercase(), &format!("{digest}0")] {
            assert_eq!(text.parse::<Digest>(), Err(NotADigest), "{text}");
        }
    }

    #[test]
    fn folders_are_no_components() {
        let dir = tempfile::tempdir().expect("space");
        assert_eq!(read(dir.path()).expect_err("a folder").code(), "file/not-a-file");
        assert_eq!(read(&dir.path().join("x")).expect_err("none").code(), "file/not-found");
    }
}
