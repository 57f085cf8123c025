//! How a file of rows is read: what was declared, and what was found out.

use indexmap::IndexMap;
use rows::{Declared, Layout, Limits, Long, Names, Options, Quote, Quotes, Short, Space};
use serde::{Deserialize, Serialize};

use super::column::{Column, Kind};
use super::error::Error;
use crate::shown::quoted;

/// What is `None` is found out when the file is looked at first, and then stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch that a flow sets alone")]
pub struct Format {
    pub delimiter: Option<u8>,
    pub quote: Option<Option<u8>>,
    pub escape: Option<u8>,
    pub comment: Option<u8>,
    /// White space around cells is no part of them.
    pub trim: bool,
    pub header: bool,
    pub skip_lines: Option<u64>,
    pub encoding: Option<String>,
    /// The encoding of a file that is not UTF-8 and declares nothing.
    pub fallback: Option<String>,
    /// Columns without a name, or with the name of another, get names of their own.
    pub dedupe: bool,
    /// Missing cells are empty.
    pub pad: bool,
    /// Cells beyond the last column are dropped.
    pub truncate: bool,
    /// Text behind a closing quote belongs to the cell.
    pub lenient: bool,
    /// The columns that are declared; others are text.
    pub columns: IndexMap<String, Kind>,
    pub on_bad_row: OnBadRow,
    /// How many bad rows there may be before the file as a whole is bad.
    pub bad_rows_max: u64,
}

/// What becomes of a row that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OnBadRow {
    /// It ends the reading.
    Fail,
    /// It is passed over, and counted.
    Skip,
    /// It is given as what it is, to be kept beside the file.
    Reject,
}

impl OnBadRow {
    pub const ALL: [Self; 3] = [Self::Fail, Self::Skip, Self::Reject];

    pub fn name(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Skip => "skip",
            Self::Reject => "reject",
        }
    }
}

impl Default for Format {
    /// Nothing is known but that there is a header.
    fn default() -> Self {
        Self {
            delimiter: None,
            quote: None,
            escape: None,
            comment: None,
            trim: true,
            header: true,
            skip_lines: None,
            encoding: None,
            fallback: None,
            dedupe: false,
            pad: false,
            truncate: false,
            lenient: false,
            columns: IndexMap::new(),
            on_bad_row: OnBadRow::Reject,
            bad_rows_max: 1_000,
        }
    }
}

impl Format {
    pub(super) fn options(&self) -> Options {
        let quote = self.quote.map(|quote| quote.map_or(Quote::Never, Quote::Byte));
        Options {
            dialect: Declared {
                delimiter: self.delimiter,
                quote,
                space: Some(if self.trim { Space::Around } else { Space::Keep }),
                skip_lines: self.skip_lines,
                escape: self.escape,
                double_quote: true,
                comment: self.comment,
                header: self.header,
                sniff: self.delimiter.is_none() || quote.is_none() || self.skip_lines.is_none(),
            },
            encoding: self.encoding.clone(),
            fallback: self.fallback.clone(),
            names: if self.dedupe { Names::Dedupe } else { Names::Strict },
            short: if self.pad { Short::Pad } else { Short::Reject },
            long: if self.truncate { Long::Truncate } else { Long::Reject },
            quotes: if self.lenient { Quotes::Lenient } else { Quotes::Strict },
            limits: Limits::default(),
            ..Options::default()
        }
    }

    /// The format with all that was found out, so that the file is read the same way again.
    pub(super) fn pinned(self, layout: &Layout) -> Self {
        let quote = match layout.dialect.quote {
            Quote::Never => None,
            Quote::Byte(byte) => Some(byte),
        };
        Self {
            delimiter: Some(layout.dialect.delimiter),
            quote: Some(quote),
            skip_lines: Some(layout.dialect.skip_lines),
            encoding: Some(layout.encoding.to_owned()),
            ..self
        }
    }

    /// The columns of a file with these names. Without a header, those that are declared have the
    /// names that they are declared with, in that order.
    pub(super) fn columns_of(&self, names: Vec<String>) -> Result<Vec<Column>, Error> {
        if !self.header {
            let declared = self
                .columns
                .iter()
                .map(|(name, kind)| Column { name: name.clone(), kind: kind.clone() });
            let others = names.into_iter().skip(self.columns.len());
            return Ok(declared.chain(others.map(Column::text)).collect());
        }
        if let Some(missing) = self.columns.keys().find(|name| !names.contains(name)) {
            let has = names.iter().map(|name| quoted(name)).collect();
            return Err(Error::MissingColumn { column: quoted(missing), has });
        }
        let column = |name: String| match self.columns.get(&name) {
            Some(kind) => Column { name, kind: kind.clone() },
            None => Column::text(name),
        };
        Ok(names.into_iter().map(column).collect())
    }
}
