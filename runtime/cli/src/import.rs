//! Rows out of a file, be it CSV or JSON: what `item import` and `queue import` share.

mod elements;
mod jsonl;
mod nesting;
mod raw;
mod row;
mod source;

use std::io::Read;
use std::path::Path;

use clap::ValueEnum;

use crate::error::Result;
use crate::output::Output;
use jsonl::JsonLines;
pub(crate) use row::{Content, Kept, Place, REJECTED, Reject, Row, own};
pub(crate) use source::Source;

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// Delimited text with a header.
    Csv,
    /// A JSON value a line.
    Jsonl,
    /// One JSON array, its elements the rows; what does not begin as one is read as JSON Lines.
    Json,
}

impl Form {
    /// The form of a source: the one that is asked for, else what its name ends with, else what it
    /// begins with, which is said.
    pub(crate) fn of(asked: Option<Self>, source: &Source, output: &mut Output) -> Result<Self> {
        let begun = source.first_byte()?.map_or(Self::Csv, Self::begun_with);
        let Some(form) = asked.or_else(|| Self::named(&source.path)) else {
            let (source, form) = (source.shown(), begun.name());
            output.say(&format!("{source} is read as {form}; --format says otherwise"));
            return Ok(begun);
        };
        if form == Self::Csv && begun != Self::Csv {
            let (source, begun) = (source.shown(), begun.name());
            output.warn(&format!(
                "{source} is read as csv, but begins as JSON does; --format {begun} reads that"
            ));
        }
        Ok(form)
    }

    /// The form that the name of the file tells.
    fn named(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_ascii_lowercase();
        match extension.to_str()? {
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "json" => Some(Self::Json),
            "csv" | "tsv" => Some(Self::Csv),
            _ => None,
        }
    }

    /// The form of what begins with this byte.
    fn begun_with(first: u8) -> Self {
        match first {
            b'{' => Self::Jsonl,
            b'[' => Self::Json,
            _ => Self::Csv,
        }
    }

    /// As it is written on the command line.
    fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Json => "json",
        }
    }
}

/// Reads rows of either form, one at a time.
pub(crate) enum Reader<R> {
    Csv(Box<rows::Reader<R>>),
    Jsonl(JsonLines<R>),
}

impl<R: Read> Reader<R> {
    pub(crate) fn new(form: Form, input: R, options: rows::Options) -> Result<Self> {
        Ok(match form {
            Form::Csv => Self::Csv(Box::new(rows::Reader::new(input, options)?)),
            Form::Jsonl => Self::Jsonl(JsonLines::new(input)),
            Form::Json => Self::Jsonl(JsonLines::array(input)),
        })
    }

    /// The columns: those of the header, or the fields of the first line that is an object.
    /// Without those that tell of a rejection.
    pub(crate) fn columns(&mut self) -> Result<Vec<String>> {
        match self {
            Self::Csv(reader) => Ok(own(reader.columns().names()).to_vec()),
            Self::Jsonl(lines) => lines.columns(),
        }
    }

    /// Whether every row has the same columns.
    pub(crate) fn has_header(&self) -> bool {
        matches!(self, Self::Csv(_))
    }

    /// What separates the cells; JSON has none.
    pub(crate) fn delimiter(&self) -> Option<u8> {
        match self {
            Self::Csv(reader) => Some(reader.layout().dialect.delimiter),
            Self::Jsonl(_) => None,
        }
    }

    /// The next row, or why it cannot be used; `None` at the end.
    pub(crate) fn next_row(&mut self) -> Result<Option<std::result::Result<Row<'_>, Reject>>> {
        match self {
            Self::Csv(reader) => Ok(reader.next_row()?.map(|row| match row {
                Ok(record) => Row::csv(record),
                Err(error) => Err(Reject::csv(&error)),
            })),
            Self::Jsonl(lines) => lines.next_row(),
        }
    }
}
