//! What the cells of a column are, and the cells of a row in those types.

use crate::error::{RowError, RowErrorKind};
use crate::record::Record;
use crate::shape::{self, Notation};

/// The type of a column. Types with marks and formats of their own join here once declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Text,
    Number,
    Bool,
    DateTime(Notation),
    /// No cell of the column holds anything.
    Empty,
}

/// One cell in the type of its column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// The cell as it is, spaces included.
    Text(&'a str),
    /// The exact decimal text, which is also a JSON number.
    Number(&'a str),
    Bool(bool),
    /// ISO 8601; a date alone stays one.
    DateTime(String),
    Empty,
}

/// The types of all columns of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Types {
    types: Vec<Type>,
}

impl Types {
    pub fn new(types: Vec<Type>) -> Self {
        Self { types }
    }

    /// The type of each column.
    pub fn types(&self) -> &[Type] {
        &self.types
    }

    /// The cells of a row, one for each column. A column without a type is text.
    pub fn cells<'a>(&self, record: &Record<'a>) -> Result<Vec<Cell<'a>>, Box<RowError>> {
        let typed = |(column, text)| {
            let kind = self.types.get(column).copied().unwrap_or(Type::Text);
            cell(text, kind).map_err(|expected| misfit(record, column, expected))
        };
        record.cells().enumerate().map(typed).collect()
    }
}

/// A cell in a type; if it does not fit, what was expected.
fn cell(text: &str, kind: Type) -> Result<Cell<'_>, &'static str> {
    let core = shape::core(text);
    if text.is_empty() || (core.is_empty() && kind != Type::Text) {
        return Ok(Cell::Empty);
    }
    match kind {
        Type::Text => Ok(Cell::Text(text)),
        Type::Number => shape::number(core).map(|()| Cell::Number(core)).map_err(|_| "number"),
        Type::Bool => shape::truth(core).map(Cell::Bool).ok_or("truth value"),
        Type::DateTime(notation) => {
            shape::moment(core, notation).map(Cell::DateTime).map_err(|_| "point in time")
        }
        Type::Empty => Err("empty cell"),
    }
}

fn misfit(record: &Record<'_>, column: usize, expected: &'static str) -> Box<RowError> {
    let text = record.get(column).unwrap_or_default().to_owned();
    Box::new(RowError {
        record: record.number(),
        lines: record.lines(),
        byte: record.byte(),
        column: Some(column + 1),
        column_name: record.columns().names().get(column).cloned(),
        raw: text.clone(),
        raw_is_cut: false,
        kind: RowErrorKind::BadType { expected, text },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_one_cell() {
        let noon = Cell::DateTime("2023-04-06T12:00:00".to_owned());
        for (text, kind, want) in [
            (" 967.45 ", Type::Number, Ok(Cell::Number("967.45"))),
            ("\u{a0}5\u{a0}", Type::Number, Ok(Cell::Number("5"))),
            (" 967.45 ", Type::Text, Ok(Cell::Text(" 967.45 "))),
            ("  ", Type::Number, Ok(Cell::Empty)),
            ("  ", Type::Text, Ok(Cell::Text("  "))),
            ("", Type::Text, Ok(Cell::Empty)),
            ("true", Type::Bool, Ok(Cell::Bool(true))),
            ("True", Type::Bool, Err("truth value")),
            ("04/06/2023 12:00", Type::DateTime(Notation::MonthFirst), Ok(noon)),
            ("abc", Type::Number, Err("number")),
            ("abc", Type::Empty, Err("empty cell")),
        ] {
            assert_eq!(cell(text, kind), want, "{text:?} as {kind:?}");
        }
    }
}
