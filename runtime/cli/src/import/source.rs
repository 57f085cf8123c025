//! The file that is imported: readable more than once, and known by its content.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// A source that is blank for longer says nothing about its form.
const START_BYTES: u64 = 4096;

/// An open file. What can be read only once, such as stdin, is first copied to a temporary file.
#[derive(Debug)]
pub(crate) struct Source {
    pub(super) path: PathBuf,
    file: File,
    pub(crate) bytes: u64,
}

impl Source {
    /// Opens a file, or stdin for `-`.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let fault = |doing| Error::file(doing, path);
        if path.as_os_str() == "-" {
            return Self::spool(path, &mut io::stdin().lock());
        }
        let mut file = File::open(path).map_err(fault("open"))?;
        let metadata = file.metadata().map_err(fault("read"))?;
        if metadata.is_dir() {
            return Err(fault("read")(io::ErrorKind::IsADirectory.into()));
        }
        if !metadata.is_file() {
            return Self::spool(path, &mut file);
        }
        Ok(Self { path: path.to_owned(), file, bytes: metadata.len() })
    }

    fn spool(path: &Path, from: &mut impl Read) -> Result<Self> {
        let copied = tempfile::tempfile().and_then(|mut file| {
            let bytes = io::copy(from, &mut file)?;
            Ok((file, bytes))
        });
        let (file, bytes) = copied.map_err(Error::file("copy", path))?;
        Ok(Self { path: path.to_owned(), file, bytes })
    }

    /// The first 16 hex digits of the content's BLAKE3 hash: the same for the same bytes.
    pub(crate) fn digest(&self) -> Result<String> {
        (&self.file).rewind().map_err(Error::file("read", &self.path))?;
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(&self.file).map_err(Error::file("read", &self.path))?;
        Ok(hasher.finalize().to_hex()[..16].to_owned())
    }

    /// The first byte that is neither white space nor of a byte order mark.
    pub(super) fn first_byte(&self) -> Result<Option<u8>> {
        let mut start = Vec::new();
        let read = self.reader()?.take(START_BYTES).read_to_end(&mut start);
        read.map_err(Error::file("read", &self.path))?;
        let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&start);
        Ok(text.trim_ascii_start().first().copied())
    }

    /// How an error or a line about it names the source.
    pub(crate) fn shown(&self) -> String {
        if self.path.as_os_str() == "-" {
            return "stdin".into();
        }
        format!("`{}`", self.path.display())
    }

    /// The content from its beginning.
    pub(crate) fn reader(&self) -> Result<&File> {
        (&self.file).rewind().map_err(Error::file("read", &self.path))?;
        Ok(&self.file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_tells_contents_apart() {
        let from = |text: &str| {
            let source = Source::spool(Path::new("-"), &mut text.as_bytes()).expect("space");
            (source.digest().expect("readable"), source.bytes)
        };
        assert_eq!(from(""), ("af1349b9f5f9a1a6".to_owned(), 0));
        assert_eq!(from("a"), from("a"));
        assert_ne!(from("a").0, from("b").0);
    }

    #[test]
    fn first_byte_passes_over_blanks() {
        let blank = " ".repeat(START_BYTES as usize);
        for (text, expected) in [
            ("", None),
            ("\u{feff} \r\n\t[1]", Some(b'[')),
            ("{", Some(b'{')),
            (&format!("{}{{", &blank[1..]), Some(b'{')),
            (&format!("{blank}{{"), None),
        ] {
            let source = Source::spool(Path::new("-"), &mut text.as_bytes()).expect("space");
            assert_eq!(source.first_byte().expect("readable"), expected, "{}", text.len());
        }
    }

    #[test]
    fn content_is_read_from_its_beginning() {
        let source = Source::spool(Path::new("-"), &mut b"abc".as_slice()).expect("space");
        for _ in 0..2 {
            let mut text = String::new();
            source.reader().expect("readable").read_to_string(&mut text).expect("text");
            assert_eq!(text, "abc");
        }
    }
}
