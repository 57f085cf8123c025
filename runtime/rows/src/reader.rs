//! The reader: rows one by one from any input, in constant memory.

mod open;
mod records;

use std::io::Read;

use encoding_rs::Encoding;

use crate::columns::Columns;
use crate::dialect::{Layout, Space};
use crate::error::{Error, RowError};
use crate::frame::{Frame, Rules};
use crate::options::{Options, Warnings};
use crate::record::{Place, Record};
use crate::source::Source;
use crate::split::Split;

/// A row that was read, or why it was not.
pub type Row<'a> = Result<Record<'a>, Box<RowError>>;

/// Reads rows. A bad row is an answer like any other; only the input itself can end the reading.
#[derive(Debug)]
pub struct Reader<R> {
    source: Source<R>,
    options: Options,
    layout: Layout,
    fallback: Option<&'static Encoding>,
    /// Text beyond ASCII was read and was UTF-8, so that the fallback has no place any more.
    proven: bool,
    rules: Rules,
    frame: Frame,
    split: Split,
    columns: Columns,
    /// Known from the header or the first good record on.
    width: Option<usize>,
    /// The header is behind, so that records count and blank lines can matter.
    body: bool,
    /// The first record of a file without a header, read to know the columns.
    peeked: Option<Next>,
    /// The line that the text of the source begins in.
    line: u64,
    records: u64,
    warnings: Warnings,
}

/// What comes next in the input; the cells of a record are in `split`.
#[derive(Debug)]
enum Next {
    Record(Place),
    Bad(Box<RowError>),
    End,
}

impl<R: Read> Reader<R> {
    /// Reads the sample and the header, and so far nothing more.
    pub fn new(input: R, options: Options) -> Result<Self, Error> {
        open::open(input, options)
    }

    /// How the input is read, and who decided it.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// What is read from, as far as it was read.
    pub fn input(&self) -> &R {
        self.source.input()
    }

    /// The columns; without a header none before the first good row.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// What was odd so far.
    pub fn warnings(&self) -> Warnings {
        Warnings { nuls: self.source.nuls, ctrl_z: self.source.dropped_ctrl_z, ..self.warnings }
    }

    /// The next row, or none at the end of the input.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, Error> {
        let next = match self.peeked.take() {
            Some(next) => next,
            None => self.find()?,
        };
        self.name_columns();
        Ok(match next {
            Next::Record(place) => Some(Ok(self.record_at(place))),
            Next::Bad(error) => Some(Err(error)),
            Next::End => None,
        })
    }

    /// Numbers the columns of a file without a header once their count is known.
    fn name_columns(&mut self) {
        if self.columns.is_empty() && !self.layout.dialect.header {
            self.columns = Columns::numbered(self.width.unwrap_or(0));
        }
    }

    fn record_at(&self, place: Place) -> Record<'_> {
        Record {
            place,
            columns: &self.columns,
            text: self.split.text(),
            ends: self.split.ends(),
            trim: self.layout.dialect.space == Space::Around,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};

    use super::*;
    use crate::limits::Limits;

    /// Reads all rows, and says how many were bad and how large the window became.
    fn drain(input: impl Read) -> (u64, u64, usize) {
        let mut reader = Reader::new(input, Options::default()).unwrap();
        let (mut good, mut bad) = (0, 0);
        while let Some(row) = reader.next_row().unwrap() {
            if row.is_ok() { good += 1 } else { bad += 1 }
        }
        (good, bad, reader.source.window_bytes())
    }

    #[test]
    fn memory_does_not_grow_with_the_input() {
        let most = Limits::default().record_bytes_max + 256 * 1024;
        let endless = || io::repeat(b'x').take(64 * 1024 * 1024);
        let (good, bad, window) = drain(b"a,b\n1,2\n3,\"".chain(endless()).chain(&b"\n4,5\n"[..]));
        assert_eq!((good, bad), (2, 1));
        assert!(window < most, "a quoted cell: {window}");
        let (good, bad, window) = drain(b"a,b\n1,2\n".chain(endless()).chain(&b"\n4,5\n"[..]));
        assert_eq!((good, bad), (2, 1));
        assert!(window < most, "a cell: {window}");
        let lines = "6,7\n".repeat(1_000_000);
        let (good, bad, window) = drain(b"a,b\n3,\"open\n".chain(lines.as_bytes()));
        assert_eq!((good, bad), (1_000_000, 1));
        assert!(window < most, "an open quote: {window}");
    }
}
