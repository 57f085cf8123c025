//! What the caller decides: dialect, encoding, limits, and what becomes of rows that do not fit.

use crate::columns::Names;
use crate::dialect::{Declared, Layout};
use crate::limits::Limits;

/// How to read. The default finds out what it can and accepts nothing doubtful.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub dialect: Declared,
    /// The label of the encoding, such as `utf-8` or `windows-1252`.
    pub encoding: Option<String>,
    /// The encoding of an input that is not UTF-8 and declares nothing.
    pub fallback: Option<String>,
    pub names: Names,
    pub short: Short,
    pub long: Long,
    pub quotes: Quotes,
    pub blank: Blank,
    pub limits: Limits,
}

impl Options {
    /// The same options with all that was found out declared, to read the same input the same way
    /// again: in a second pass, or where an earlier reading stopped.
    #[must_use]
    pub fn pinned(&self, layout: &Layout) -> Self {
        Self {
            dialect: layout.dialect.into(),
            encoding: Some(layout.encoding.to_owned()),
            ..self.clone()
        }
    }
}

/// What becomes of a row with fewer cells than columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Short {
    #[default]
    Reject,
    /// The missing cells are empty.
    Pad,
}

/// What becomes of a row with more cells than columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Long {
    #[default]
    Reject,
    Truncate,
    /// [`crate::Record::extra`] has the cells beyond the last column.
    Keep,
}

/// What becomes of text between a closing quote and the next delimiter, as in `"x"y`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quotes {
    /// The row is rejected; if the quote closed on a later line, it counts as never closed.
    #[default]
    Strict,
    /// The text belongs to the cell: `xy`.
    Lenient,
}

/// What a line without any text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Blank {
    /// An empty row in a file of one column, nothing in any other.
    #[default]
    Auto,
    Skip,
    /// A row of one empty cell.
    Keep,
}

/// What was odd about the input and yet read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Warnings {
    /// Quotes inside cells that do not begin with one; they were kept.
    pub stray_quotes: u64,
    /// Rows with text after a closing quote; it was kept.
    pub after_quote: u64,
    /// Characters of value zero: is this a text file?
    pub nuls: u64,
    /// Lines without text that were skipped.
    pub blank_lines: u64,
    /// The Ctrl-Z at the end of the input was dropped.
    pub ctrl_z: bool,
    /// The first line that was read in the fallback encoding.
    pub fallback_line: Option<u64>,
}
