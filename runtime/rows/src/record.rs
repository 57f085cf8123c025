//! One good row: its place in the input and its cells.

use crate::columns::Columns;
use crate::lines::Lines;

/// A row whose cells are borrowed from the reader until the next one is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    pub(crate) place: Place,
    pub(crate) columns: &'a Columns,
    pub(crate) text: &'a str,
    pub(crate) ends: &'a [usize],
    pub(crate) trim: bool,
}

/// Where a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) record: u64,
    pub(crate) lines: Lines,
    pub(crate) byte: u64,
}

impl<'a> Record<'a> {
    /// Counts the records below the header from 1, rejected ones included.
    pub fn number(&self) -> u64 {
        self.place.record
    }

    /// The physical lines of the record.
    pub fn lines(&self) -> Lines {
        self.place.lines
    }

    /// Where the record begins in the input, in bytes as stored.
    pub fn byte(&self) -> u64 {
        self.place.byte
    }

    /// The columns of the file, one for each cell.
    pub fn columns(&self) -> &'a Columns {
        self.columns
    }

    /// The cell of a column; empty if the row is short and padded.
    pub fn get(&self, column: usize) -> Option<&'a str> {
        (column < self.columns.len()).then(|| self.written(column).unwrap_or_default())
    }

    /// The cell of a column by its name.
    pub fn named(&self, name: &str) -> Option<&'a str> {
        self.get(self.columns.index_of(name)?)
    }

    /// The cells, one for each column.
    pub fn cells(&self) -> impl Iterator<Item = &'a str> {
        let record = *self;
        (0..self.columns.len()).map(move |column| record.written(column).unwrap_or_default())
    }

    /// The cells beyond the last column, if rows may be long.
    pub fn extra(&self) -> impl Iterator<Item = &'a str> {
        let record = *self;
        (self.columns.len()..self.ends.len()).filter_map(move |column| record.written(column))
    }

    pub(crate) fn written(&self, column: usize) -> Option<&'a str> {
        let end = *self.ends.get(column)?;
        let start = if column == 0 { 0 } else { self.ends[column - 1] };
        let cell = &self.text[start..end];
        Some(if self.trim { cell.trim() } else { cell })
    }
}
