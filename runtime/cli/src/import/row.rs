//! One row of a file, whatever its form.

use std::borrow::Cow;

use model::Value;

use crate::output::json::Object;

/// A row and where it stands.
#[derive(Debug)]
pub(crate) struct Row<'r> {
    pub(crate) place: Place,
    pub(crate) content: Content<'r>,
}

/// Where a row stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Counted from 1, the header not included.
    pub(crate) row: u64,
    /// The first line of the row, counted from 1.
    pub(crate) line: u64,
    /// How many bytes of the file are before it.
    pub(crate) byte: u64,
}

/// What a row says.
#[derive(Debug)]
pub(crate) enum Content<'r> {
    Csv(rows::Record<'r>),
    /// The text of the line and the value it is.
    Json(&'r str, Value),
}

/// A row that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reject {
    pub(crate) place: Place,
    pub(crate) code: String,
    pub(crate) reason: String,
}

impl<'r> Row<'r> {
    pub(crate) fn csv(record: rows::Record<'r>) -> Self {
        let place = Place { row: record.number(), line: record.lines().first, byte: record.byte() };
        Self { place, content: Content::Csv(record) }
    }
}

impl Content<'_> {
    /// The text of a column; `None` where it is missing, empty or null.
    pub(crate) fn get(&self, column: &str) -> Option<Cow<'_, str>> {
        match self {
            Self::Csv(record) => {
                record.named(column).filter(|cell| !cell.is_empty()).map(Cow::Borrowed)
            }
            Self::Json(_, value) => match value.get(column)? {
                Value::Null => None,
                Value::Text(text) => {
                    Some(text.as_str()).filter(|text| !text.is_empty()).map(Cow::Borrowed)
                }
                other => Some(Cow::Owned(model::json::write(other))),
            },
        }
    }

    /// The whole row as JSON, all cells of a CSV row as text.
    pub(crate) fn as_json(&self) -> String {
        match self {
            Self::Json(text, _) => (*text).to_owned(),
            Self::Csv(record) => {
                let names = record.columns().names().iter();
                let cells = names.zip(record.cells());
                cells.fold(Object::new(), |object, (name, cell)| object.text(name, cell)).finish()
            }
        }
    }

    /// A column as JSON: the cell of a CSV row has to be JSON text itself.
    pub(crate) fn json_of(&self, column: &str) -> Option<String> {
        match self {
            Self::Csv(_) => self.get(column).map(Cow::into_owned),
            Self::Json(_, value) => value.get(column).map(model::json::write),
        }
    }
}

impl Reject {
    pub(crate) fn new(place: Place, code: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { place, code: code.into(), reason: reason.into() }
    }

    pub(crate) fn model(place: Place, error: &model::Error) -> Self {
        Self::new(place, error.code(), error.to_string())
    }

    pub(crate) fn csv(error: &rows::RowError) -> Self {
        let place = Place { row: error.record, line: error.lines.first, byte: error.byte };
        // The line is told apart; the reason need not begin with it.
        let reason = error.to_string();
        let lines = format!("{}: ", error.lines);
        let reason = reason.strip_prefix(&lines).unwrap_or(&reason);
        Self::new(place, error.code(), reason)
    }
}
