//! The rows that were rejected, in a file in the form of the input: to be corrected and imported.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::import::{Kept, REJECTED, Reject};
use crate::output::json::quoted;

/// The file, which is made when the first row is rejected.
pub(super) struct Rejects {
    path: PathBuf,
    file: Option<BufWriter<File>>,
    /// The input's own columns.
    columns: Vec<String>,
    /// What separates the cells of the input; JSON has none.
    delimiter: Option<u8>,
}

impl Rejects {
    /// Refuses a file that is there: it may be the input, or the corrections of yesterday.
    pub(super) fn check(path: &Path) -> Result<()> {
        let there = std::fs::symlink_metadata(path).is_ok();
        if there { Err(Error::file_exists(path)) } else { Ok(()) }
    }

    pub(super) fn new(path: &Path, columns: Vec<String>, delimiter: Option<u8>) -> Self {
        Self { path: path.to_owned(), file: None, columns, delimiter }
    }

    pub(super) fn write(&mut self, reject: &Reject) -> Result<()> {
        let written = match self.delimiter {
            Some(delimiter) => self.write_record(reject, delimiter),
            None => self.write_line(reject),
        };
        written.map_err(Error::file("write", &self.path))
    }

    fn write_record(&mut self, reject: &Reject, delimiter: u8) -> std::io::Result<()> {
        let mut cells = match &reject.kept {
            Some(Kept::Cells(cells)) => cells.clone(),
            Some(Kept::Object(text)) => vec![text.clone()],
            Some(Kept::Text(bytes)) => vec![String::from_utf8_lossy(bytes).into_owned()],
            None => Vec::new(),
        };
        cells.resize(self.columns.len(), String::new());
        cells.extend([reject.place.line.to_string(), reject.code.to_owned(), reject.advice()]);
        let style = rows::Style { delimiter, ..rows::Style::default() };
        let record = |cells: &mut dyn Iterator<Item = &str>| {
            let cells: Vec<_> = cells.map(|cell| rows::field(cell, &style)).collect();
            cells.join(&char::from(delimiter).to_string()) + style.line_end
        };
        if self.file.is_none() {
            let names = self.columns.iter().map(String::as_str);
            let header = record(&mut names.chain(REJECTED));
            self.file()?.write_all(header.as_bytes())?;
        }
        let line = record(&mut cells.iter().map(String::as_str));
        self.file()?.write_all(line.as_bytes())
    }

    /// What is no object has no place for a reason: it is written as it was.
    fn write_line(&mut self, reject: &Reject) -> std::io::Result<()> {
        let line = match &reject.kept {
            Some(Kept::Object(text)) => {
                let fields = text.strip_suffix('}').unwrap_or(text).trim_end();
                let comma = if fields == "{" { "" } else { "," };
                let values =
                    [reject.place.line.to_string(), quoted(reject.code), quoted(&reject.advice())];
                let told = REJECTED.iter().zip(values);
                let told: Vec<_> =
                    told.map(|(name, value)| format!("\"{name}\":{value}")).collect();
                format!("{fields}{comma}{}}}", told.join(",")).into_bytes()
            }
            Some(Kept::Text(bytes)) => bytes.trim_ascii().to_vec(),
            Some(Kept::Cells(_)) | None => Vec::new(),
        };
        let file = self.file()?;
        file.write_all(&line)?;
        file.write_all(b"\n")
    }

    fn file(&mut self) -> std::io::Result<&mut BufWriter<File>> {
        let file = match self.file.take() {
            Some(file) => file,
            None => BufWriter::new(File::create_new(&self.path)?),
        };
        Ok(self.file.insert(file))
    }

    /// The name of the file, if there were rejected rows.
    pub(super) fn finish(self) -> Result<Option<PathBuf>> {
        let Some(mut file) = self.file else { return Ok(None) };
        file.flush().map_err(Error::file("write", &self.path))?;
        Ok(Some(self.path))
    }
}
