//! The two tiers of errors: what ends a file ([`Error`]) and what rejects a row ([`RowError`]).

use std::fmt;
use std::io;

use crate::lines::Lines;

/// What makes a file unreadable as a whole.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the input cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error("`{label}` is no known encoding")]
    UnknownEncoding { label: String },
    #[error("the input is not UTF-8 (line {line}, byte {byte}) and no encoding is declared")]
    NotUtf8 { line: u64, byte: u64 },
    #[error("the dialect is contradictory: {reason}")]
    Dialect { reason: String },
    #[error("the limit `{name}` must be at least 1")]
    ZeroLimit { name: &'static str },
    #[error("the header cannot be read: {0}")]
    Header(Box<RowError>),
    #[error("line {line}: column {column} of the header has no name")]
    EmptyHeader { line: u64, column: usize },
    #[error("line {line}: columns {first} and {second} of the header are both named `{name}`")]
    DuplicateHeader { line: u64, name: String, first: usize, second: usize },
}

impl Error {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "csv/io",
            Self::UnknownEncoding { .. } => "csv/unknown-encoding",
            Self::NotUtf8 { .. } => "csv/not-utf-8",
            Self::Dialect { .. } => "csv/contradictory-dialect",
            Self::ZeroLimit { .. } => "csv/zero-limit",
            Self::Header(_) => "csv/bad-header",
            Self::EmptyHeader { .. } => "csv/empty-header",
            Self::DuplicateHeader { .. } => "csv/duplicate-header",
        }
    }
}

/// Why one row was rejected. The reader goes on with the next one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct RowError {
    /// Counts the records below the header from 1, rejected ones included.
    pub record: u64,
    /// The physical lines that were rejected.
    pub lines: Lines,
    /// Where the record begins in the input, in bytes as stored.
    pub byte: u64,
    /// Counts from 1.
    pub column: Option<usize>,
    pub column_name: Option<String>,
    pub kind: RowErrorKind,
    /// The text as written, cut at `raw_bytes_max`; bytes that are no text read `\xE9`.
    pub raw: String,
    /// There was more of it.
    pub raw_is_cut: bool,
}

impl RowError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.lines)?;
        match (&self.column_name, self.column) {
            (Some(name), _) => write!(f, "column `{name}`: ")?,
            (None, Some(column)) => write!(f, "column {column}: ")?,
            (None, None) => {}
        }
        write!(f, "{}", self.kind)
    }
}

/// The closed set of reasons to reject a row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowErrorKind {
    #[error("the quote opened in line {line} is not closed")]
    UnclosedQuote { line: u64 },
    #[error("text follows a closing quote")]
    BytesAfterQuote,
    #[error("the row has {found} of {expected} columns")]
    TooFewColumns { expected: usize, found: usize },
    #[error("the row has {found} columns, not {expected}")]
    TooManyColumns { expected: usize, found: usize },
    #[error("the row has more than {max} columns")]
    ColumnsOverLimit { max: usize },
    #[error("the cell is longer than {max} bytes")]
    FieldTooLarge { max: usize },
    #[error("the row is longer than {max} bytes")]
    RecordTooLarge { max: usize },
    #[error("byte {byte} is no {encoding} text")]
    BadEncoding { encoding: &'static str, byte: u64 },
    #[error("`{text}` is no {expected}")]
    BadType { expected: &'static str, text: String },
}

impl RowErrorKind {
    /// The stable code of this kind.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnclosedQuote { .. } => "csv/unclosed-quote",
            Self::BytesAfterQuote => "csv/bytes-after-quote",
            Self::TooFewColumns { .. } => "csv/too-few-columns",
            Self::TooManyColumns { .. } => "csv/too-many-columns",
            Self::ColumnsOverLimit { .. } => "csv/columns-over-limit",
            Self::FieldTooLarge { .. } => "csv/field-too-large",
            Self::RecordTooLarge { .. } => "csv/record-too-large",
            Self::BadEncoding { .. } => "csv/bad-encoding",
            Self::BadType { .. } => "csv/bad-type",
        }
    }
}
