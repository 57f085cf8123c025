//! The rows of a stream, one by one.

use indexmap::IndexMap;
use model::Value;
use rows::{Lines, Reader, Record, RowError};

use super::error::Error;
use super::tee::Tee;
use super::{OnBadRow, Stream};
use crate::files::Opened;
use crate::shown::quoted;

/// A row of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    Good(GoodRow),
    Bad(BadRow),
}

/// A row that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct GoodRow {
    /// Counts the records below the header from 1, bad ones included.
    pub record: u64,
    /// The physical lines of the record.
    pub lines: Lines,
    /// An object with a field for each column.
    pub value: Value,
}

/// A row that was not, as it is kept beside the file.
#[derive(Clone, Debug, PartialEq)]
pub struct BadRow {
    pub record: u64,
    pub lines: Lines,
    /// Where the record begins in the file.
    pub byte: u64,
    pub column: Option<String>,
    pub code: &'static str,
    pub message: String,
    /// The row as it is written, cut to a bound.
    pub raw: String,
}

impl BadRow {
    /// The row as the journal keeps it.
    pub fn to_value(&self) -> Value {
        let optional =
            |text: Option<&String>| text.map_or(Value::Null, |text| text.as_str().into());
        let fields = [
            ("record", self.record.into()),
            ("first_line", self.lines.first.into()),
            ("last_line", self.lines.last.into()),
            ("byte", self.byte.into()),
            ("column", optional(self.column.as_ref())),
            ("code", self.code.into()),
            ("message", self.message.as_str().into()),
            ("raw", self.raw.as_str().into()),
        ];
        Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }
}

/// Reads rows in constant memory. After an error there are no others.
#[derive(Debug)]
pub struct Rows {
    stream: Stream,
    reader: Reader<Tee<Opened>>,
    /// Records up to this one were read before.
    after: u64,
    bad: u64,
    ended: bool,
}

impl Rows {
    pub(super) fn new(stream: Stream, opened: Opened, after: u64) -> Result<Self, Error> {
        let reader = Reader::new(Tee::new(opened), stream.format.options())?;
        Ok(Self { stream, reader, after, bad: 0, ended: false })
    }

    /// How many bad rows there were so far, those that were passed over included.
    pub fn bad(&self) -> u64 {
        self.bad
    }

    fn read(&mut self) -> Result<Option<Row>, Error> {
        loop {
            let row = match self.reader.next_row()? {
                None => return self.finish(),
                Some(Ok(record)) => match value(&self.stream, &record) {
                    Ok(value) => {
                        let (record, lines) = (record.number(), record.lines());
                        Row::Good(GoodRow { record, lines, value })
                    }
                    Err(bad) => Row::Bad(bad),
                },
                Some(Err(error)) => Row::Bad(BadRow::from(*error)),
            };
            if row.record() <= self.after {
                self.bad += u64::from(matches!(row, Row::Bad(_)));
                continue;
            }
            match row {
                Row::Good(_) => return Ok(Some(row)),
                Row::Bad(bad) => {
                    if let Some(rejected) = self.judge(bad)? {
                        return Ok(Some(Row::Bad(rejected)));
                    }
                }
            }
        }
    }

    /// What becomes of a bad row: given, passed over, or the end.
    fn judge(&mut self, bad: BadRow) -> Result<Option<BadRow>, Error> {
        self.bad += 1;
        let format = &self.stream.format;
        if format.on_bad_row == OnBadRow::Fail {
            return Err(Error::Row { code: bad.code, message: bad.message });
        }
        if self.bad > format.bad_rows_max {
            let (file, most) = (quoted(&self.stream.file), format.bad_rows_max);
            return Err(Error::TooManyBadRows { file, most, message: bad.message });
        }
        Ok((format.on_bad_row == OnBadRow::Reject).then_some(bad))
    }

    /// All of the file was read now, so it is known whether it was the right one.
    fn finish(&self) -> Result<Option<Row>, Error> {
        let same = self.reader.input().digest() == self.stream.digest;
        if same { Ok(None) } else { Err(self.stream.changed()) }
    }
}

impl Iterator for Rows {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let read = self.read().transpose();
        self.ended = !matches!(read, Some(Ok(_)));
        read
    }
}

impl Row {
    fn record(&self) -> u64 {
        match self {
            Self::Good(row) => row.record,
            Self::Bad(row) => row.record,
        }
    }
}

impl From<RowError> for BadRow {
    fn from(error: RowError) -> Self {
        Self {
            record: error.record,
            lines: error.lines,
            byte: error.byte,
            column: error.column_name.clone(),
            code: error.code(),
            message: error.to_string(),
            raw: error.raw,
        }
    }
}

fn value(stream: &Stream, record: &Record<'_>) -> Result<Value, BadRow> {
    let mut fields = IndexMap::with_capacity(stream.columns.len());
    for (at, cell) in record.cells().enumerate() {
        // Without a header, the first good row says how many columns there are.
        let number = || format!("column_{}", at + 1);
        let column = stream.columns.get(at);
        let value = match column {
            Some(column) => column.kind.value(cell).map_err(|misfit| {
                let message = format!(
                    "{}: column `{}`: `{}` is not {}",
                    record.lines(),
                    quoted(&column.name),
                    quoted(cell),
                    misfit.expected
                );
                BadRow {
                    record: record.number(),
                    lines: record.lines(),
                    byte: record.byte(),
                    column: Some(column.name.clone()),
                    code: "csv/bad-type",
                    message,
                    raw: cell.to_owned(),
                }
            })?,
            None => cell.into(),
        };
        fields.insert(column.map_or_else(number, |column| column.name.clone()), value);
    }
    Ok(Value::Object(fields))
}
