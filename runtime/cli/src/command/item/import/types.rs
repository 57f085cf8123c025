//! The value of a row: its cells as text, or in the types that their whole columns have.

use std::fs::File;

use rows::{Cell, Inference, Type};

use crate::error::Result;
use crate::import::{Content, Form, Reader, Reject, Row, own};
use crate::output::Output;
use crate::output::json::Object;

/// How the cells of a CSV file are read. JSON has types of its own.
#[derive(Debug)]
pub(super) enum Typing {
    Text,
    Columns(rows::Types),
}

impl Typing {
    /// Reads the file once to learn what its columns hold, and says so.
    pub(super) fn infer(
        form: Form,
        file: &File,
        options: rows::Options,
        output: &mut Output,
    ) -> Result<Self> {
        let Reader::Csv(mut reader) = Reader::new(form, file, options)? else {
            return Ok(Self::Text);
        };
        let mut inference = Inference::new(reader.columns().len());
        while let Some(row) = reader.next_row()? {
            // What is rejected says nothing about its columns; it is told when it is imported.
            if let Ok(record) = row {
                inference.feed(&record);
            }
        }
        let verdicts = inference.verdicts();
        let told: Vec<String> = own(reader.columns().names())
            .iter()
            .zip(&verdicts)
            .filter_map(|(name, verdict)| Some(format!("{name} {}", word(verdict.kind)?)))
            .collect();
        let told = if told.is_empty() { "all text".into() } else { told.join(", ") };
        output.say(&format!("types: {told}"));
        Ok(Self::Columns(inference.types()))
    }

    /// The whole row as JSON.
    pub(super) fn row(&self, row: &Row<'_>) -> std::result::Result<String, Reject> {
        let (Self::Columns(types), Content::Csv(record)) = (self, &row.content) else {
            return Ok(row.content.as_json());
        };
        let cells = types.cells(record).map_err(|error| Reject::csv(&error))?;
        let names = own(record.columns().names()).iter();
        let mut object = Object::new();
        for ((name, cell), kind) in names.zip(cells).zip(types.types()) {
            object = match (cell, kind) {
                // A column that is empty throughout has no type, so that it has no value.
                (_, Type::Empty) => object,
                (Cell::Empty, Type::Text) => object.text(name, ""),
                (Cell::Empty, _) => object.raw(name, "null"),
                (Cell::Text(text), _) => object.text(name, text),
                (Cell::Number(number), _) => object.raw(name, number),
                (Cell::Bool(flag), _) => object.flag(name, flag),
                (Cell::DateTime(at), _) => object.text(name, at),
            };
        }
        Ok(object.finish())
    }
}

/// What to say about a column; nothing about text.
fn word(kind: Type) -> Option<&'static str> {
    match kind {
        Type::Text => None,
        Type::Number => Some("number"),
        Type::Bool => Some("true or false"),
        Type::DateTime(_) => Some("time"),
        Type::Empty => Some("empty (left out)"),
    }
}
