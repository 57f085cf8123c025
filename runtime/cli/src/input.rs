//! Texts that come as an argument, from a file (`@FILE`) or from stdin (`-`, as `@-`).

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use crate::error::{Error, Result};

/// More than any text may be; a larger file is refused before it fills the memory.
const TEXT_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// The text that the argument stands for.
pub(crate) fn text(argument: &str) -> Result<String> {
    if matches!(argument, "-" | "@-") {
        return read("stdin", Path::new("stdin"), io::stdin().lock());
    }
    match argument.strip_prefix('@') {
        Some(file) => file_text(Path::new(file)),
        None => Ok(argument.to_owned()),
    }
}

/// The text of the file; `-` is stdin.
pub(crate) fn file_or_stdin(path: &Path) -> Result<String> {
    if path.as_os_str() == "-" { text("-") } else { file_text(path) }
}

pub(crate) fn file_text(path: &Path) -> Result<String> {
    let file = fs::File::open(path).map_err(Error::file("open", path))?;
    read(&format!("`{}`", path.display()), path, file)
}

fn read(what: &str, path: &Path, from: impl Read) -> Result<String> {
    let mut bytes = Vec::new();
    let read = from.take(TEXT_BYTES_MAX + 1).read_to_end(&mut bytes);
    read.map_err(Error::file("read", path))?;
    model::Error::limit(what, bytes.len(), TEXT_BYTES_MAX as usize)?;
    String::from_utf8(bytes).map_err(|error| Error::NotUtf8 {
        what: what.to_owned(),
        offset: error.utf8_error().valid_up_to(),
    })
}
