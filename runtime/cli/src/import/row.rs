//! One row of a file, whatever its form.

use std::borrow::Cow;

use model::{Value, json};

use super::raw;
use crate::error::row_hint;
use crate::output::Output;
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
    Json(Cow<'r, str>, Value),
}

/// The columns that tell why a row was rejected. Where all three stand, they are not of the row.
pub(crate) const REJECTED: [&str; 3] = ["rejected_line", "rejected_code", "rejected_reason"];

/// The columns without the last three, if those tell of a rejection.
pub(crate) fn own(columns: &[String]) -> &[String] {
    let (own, last) = columns.split_at(columns.len().saturating_sub(REJECTED.len()));
    if last.iter().map(String::as_str).eq(REJECTED) { own } else { columns }
}

/// Whether the row could not be taken apart before, and nobody has done so since.
fn is_uncorrected(record: &rows::Record<'_>) -> bool {
    let names = record.columns().names();
    let columns = own(names).len();
    let as_text = |code: &str| {
        code == "import/not-corrected" || code.starts_with("csv/") && code != "csv/bad-type"
    };
    columns < names.len()
        && columns > 1
        && record.get(columns + 1).is_some_and(as_text)
        && record.cells().take(columns).skip(1).all(str::is_empty)
}

/// A row as it was, to be written again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    Cells(Vec<String>),
    /// JSON text of one line, an object.
    Object(String),
    /// What could not be read as a row, or is JSON and no object.
    Text(Vec<u8>),
}

/// A row that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reject {
    pub(crate) place: Place,
    pub(crate) code: &'static str,
    pub(crate) reason: String,
    /// What to do about it.
    pub(crate) hint: String,
    /// The row itself, as far as it was kept.
    pub(crate) kept: Option<Kept>,
}

impl<'r> Row<'r> {
    /// A record is a row, unless it is one that was rejected as text and stands as it was.
    pub(crate) fn csv(record: rows::Record<'r>) -> Result<Self, Reject> {
        let place = Place { row: record.number(), line: record.lines().first, byte: record.byte() };
        if is_uncorrected(&record) {
            let reason = "the rejected text still stands whole in the first column";
            let text = record.get(0).unwrap_or_default().into();
            let hint = "write its cells into the columns, and take the last three away";
            let reject = Reject::new(place, "import/not-corrected", reason, hint);
            return Err(reject.keeping(Some(Kept::Text(text))));
        }
        Ok(Self { place, content: Content::Csv(record) })
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
                other => Some(Cow::Owned(json::write(other))),
            },
        }
    }

    /// The whole row as JSON, all cells of a CSV row as text.
    pub(crate) fn as_json(&self) -> String {
        match self {
            Self::Json(text, _) => text.clone().into_owned(),
            Self::Csv(record) => {
                let names = own(record.columns().names()).iter();
                let cells = names.zip(record.cells());
                cells.fold(Object::new(), |object, (name, cell)| object.text(name, cell)).finish()
            }
        }
    }

    /// The row as it was.
    pub(crate) fn keep(&self) -> Kept {
        match self {
            Self::Csv(record) => {
                let own = own(record.columns().names()).len();
                Kept::Cells(record.cells().take(own).map(str::to_owned).collect())
            }
            Self::Json(text, value) => {
                let several = text.contains(['\n', '\r']);
                let line = if several { json::write(value) } else { text.clone().into_owned() };
                // A field of that name would be there twice.
                let told = |fields: &str| value.get(fields).is_some();
                match value {
                    Value::Object(_) if !REJECTED.into_iter().any(told) => Kept::Object(line),
                    _ => Kept::Text(line.into_bytes()),
                }
            }
        }
    }

    /// A column as JSON, with the text it has there: the cell of a CSV row has to be JSON itself.
    pub(crate) fn json_of(&self, column: &str) -> Option<String> {
        match self {
            Self::Csv(_) => self.get(column).map(Cow::into_owned),
            Self::Json(text, value) => {
                value.get(column)?;
                let mut fields = raw::fields(text).into_iter();
                fields.find(|field| field.name == column).map(|field| field.value.to_owned())
            }
        }
    }
}

impl Reject {
    pub(crate) fn new(
        place: Place,
        code: &'static str,
        reason: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self { place, code, reason: reason.into(), hint: hint.into(), kept: None }
    }

    pub(crate) fn keeping(self, kept: Option<Kept>) -> Self {
        Self { kept: kept.or(self.kept), ..self }
    }

    pub(crate) fn model(place: Place, error: &model::Error) -> Self {
        Self::new(place, error.code(), error.to_string(), error.hint())
    }

    pub(crate) fn csv(error: &rows::RowError) -> Self {
        let place = Place { row: error.record, line: error.lines.first, byte: error.byte };
        // The line is told apart; the reason need not begin with it.
        let reason = error.to_string();
        let lines = format!("{}: ", error.lines);
        let mut reason = reason.strip_prefix(&lines).unwrap_or(&reason).to_owned();
        if error.raw_is_cut {
            reason.push_str(
                "; only its beginning is kept, so that it has to be taken from the input",
            );
        }
        let raw = Kept::Text(error.raw.clone().into_bytes());
        Self::new(place, error.code(), reason, row_hint(&error.kind)).keeping(Some(raw))
    }

    /// The rejected rows with their hints, each of those once.
    pub(crate) fn tell_all(rejects: &[Self], output: &mut Output) {
        let mut hints: Vec<(&str, &str)> = Vec::new();
        for Self { place, code, reason, hint, .. } in rejects {
            output.warn(&format!("line {} (row {}): {code}: {reason}", place.line, place.row));
            if !hints.contains(&(code, hint)) {
                hints.push((code, hint));
            }
        }
        for (code, hint) in hints {
            output.warn(&format!("hint: {code}: {hint}"));
        }
    }

    /// The reason and what to do about it.
    pub(crate) fn advice(&self) -> String {
        format!("{}; {}", self.reason, self.hint)
    }

    pub(crate) fn object(&self) -> String {
        Object::new()
            .number("row", self.place.row)
            .number("line", self.place.line)
            .text("code", self.code)
            .text("reason", &self.reason)
            .text("hint", &self.hint)
            .finish()
    }
}
