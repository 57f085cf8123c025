//! Tables in files, read row by row in constant memory.
//!
//! A [`Stream`] says which file is meant and how it is read. It holds no file open: each loop
//! [opens](Stream::open) it anew, and the digest tells whether it is still the same file.

mod column;
mod error;
mod format;
mod rows_of;
mod tee;

pub use column::{Column, Kind};
pub use error::Error;
pub use format::{Format, OnBadRow};
pub use rows_of::{BadRow, GoodRow, Row, Rows};

use std::io;

use serde::{Deserialize, Serialize};

use crate::files::Files;
use crate::limits;
use tee::Tee;

/// Which rows are meant: plain data, to be opened as often as it is needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stream {
    /// The path of the file.
    pub file: String,
    pub bytes: u64,
    /// BLAKE3 of the whole file, in hexadecimal digits.
    pub digest: String,
    /// How it is read: everything that was found out is told.
    pub format: Format,
    /// The columns of the file, in its order.
    pub columns: Vec<Column>,
}

impl Stream {
    /// Looks at a file: its beginning for the format and the columns, all of it for the digest.
    pub fn of(files: Files<'_>, path: &str, wanted: Format) -> Result<Self, Error> {
        let opened = files.open(path)?;
        let bytes = opened.size();
        let mut tee = Tee::new(opened);
        let reader = rows::Reader::new(&mut tee, wanted.options())?;
        let names = reader.columns().names().to_vec();
        let format = wanted.pinned(reader.layout());
        drop(reader);
        limits::check("csv-columns", names.len())?;
        let columns = format.columns_of(names)?;
        io::copy(&mut tee, &mut io::sink()).map_err(rows::Error::Io)?;
        Ok(Self { file: path.to_owned(), bytes, digest: tee.digest(), format, columns })
    }

    /// The rows behind so many records. If there are some to pass over, all of the file is
    /// compared before the first row is given.
    pub fn open(&self, files: Files<'_>, after: u64) -> Result<Rows, Error> {
        if after > 0 {
            self.verify(files)?;
        }
        let opened = files.open(&self.file)?;
        if opened.size() != self.bytes {
            return Err(self.changed());
        }
        Rows::new(self.clone(), opened, after)
    }

    /// Compares the file with what it was.
    fn verify(&self, files: Files<'_>) -> Result<(), Error> {
        let mut tee = Tee::new(files.open(&self.file)?);
        io::copy(&mut tee, &mut io::sink()).map_err(rows::Error::Io)?;
        if tee.digest() == self.digest { Ok(()) } else { Err(self.changed()) }
    }

    fn changed(&self) -> Error {
        Error::Changed { file: crate::shown::quoted(&self.file) }
    }
}

#[cfg(test)]
mod tests;
