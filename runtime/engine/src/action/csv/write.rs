//! `csv.write`: rows into a file.

use flow::signature::Effect;
use indexmap::IndexMap;
use model::{Value, json};
use rows::{Style, Writer};

use super::mark::Character;
use crate::action::given::Misfit;
use crate::action::input::{Inputs, read};
use crate::action::output::{given, of};
use crate::action::{Action, Output};
use crate::failure::Failure;
use crate::files::Writing;
use crate::step::Step;

pub(in crate::action) const ACTION: Action = Action {
    name: "csv.write",
    docs: "Writes rows into a file, as UTF-8 with CRLF behind each row.\n\nA row is an object with \
           a field for each column, or a list of cells. Texts, numbers and bools are written as \
           they are, null as nothing, lists and objects as JSON. `append` writes the header only \
           into a file that is new or empty.",
    example: "\
uses: csv.write
with:
  file: reports/late.csv
  how: append
  columns: [ID, Amount]
  rows:
    - { ID: I-1001, Amount: 12.50 }",
    effect: Effect::Outside,
    errors: &[
        "file/not-found",
        "file/no-folder",
        "file/bad-path",
        "file/exists",
        "file/not-a-file",
        "limit/exceeded",
    ],
    inputs: Write::params,
    output: of::<Written>,
    perform: |step, inputs| write(step, read(inputs)?),
};

inputs! {
    struct Write {
        /// The path of the file.
        file: String,
        /// The rows.
        rows: Vec<Value>,
        /// The columns, in their order; those of the first row where not given.
        columns: Option<Vec<String>>,
        /// Write a row with the names of the columns.
        header: bool = true,
        /// `create` refuses a file that is there, `replace` replaces it as a whole, `append` writes
        /// behind what is there.
        how: Writing = "replace",
        /// The character between cells, or `tab`.
        delimiter: Character = ",",
        /// Put `'` before cells that a spreadsheet would run as a formula.
        guard_formulas: bool = false,
    }
}

outputs! {
    struct Written { rows: u64, }
}

fn write(step: &Step, inputs: Write) -> Result<Output, Failure> {
    let Write { file, rows, columns, header, how, delimiter, guard_formulas } = inputs;
    let Character(delimiter) = delimiter;
    let columns = columns.or_else(|| names(rows.first()?));
    let begins = how != Writing::Append || step.files().is_empty(&file)?;
    let mut writer =
        Writer::new(Vec::new(), Style { delimiter, guard_formulas, ..Style::default() });
    let written = "memory takes what is written";
    if let Some(columns) = columns.as_ref().filter(|_| header && begins) {
        writer.row(columns).expect(written);
    }
    for (index, row) in rows.iter().enumerate() {
        let cells = cells(row, columns.as_deref());
        let cells = cells.map_err(|misfit| misfit.at(index).within("rows"))?;
        writer.row(cells).expect(written);
    }
    let content = writer.finish().expect(written);
    step.files().write(&file, &content, how)?;
    Ok(given(Written { rows: rows.len() as u64 }))
}

fn names(row: &Value) -> Option<Vec<String>> {
    Some(row.as_object()?.keys().cloned().collect())
}

fn cells(row: &Value, columns: Option<&[String]>) -> Result<Vec<String>, Misfit> {
    match (row, columns) {
        (Value::Object(fields), Some(columns)) => {
            refuse_others(fields, columns)?;
            Ok(columns.iter().map(|name| fields.get(name).map_or_else(String::new, cell)).collect())
        }
        (Value::List(cells), columns) => {
            let wanted = columns.map_or(cells.len(), <[String]>::len);
            if cells.len() == wanted {
                return Ok(cells.iter().map(cell).collect());
            }
            let problem = format!("has {} cells for {wanted} columns", cells.len());
            Err(Misfit::new(problem, "give a cell for each, null where there is nothing"))
        }
        (Value::Object(_), None) => {
            Err(Misfit::new("is an object, and the first row is a list", "give `columns`"))
        }
        (other, _) => Err(Misfit::type_of(other, "an object or a list of cells")),
    }
}

/// What is in no column would be lost.
fn refuse_others(fields: &IndexMap<String, Value>, columns: &[String]) -> Result<(), Misfit> {
    let other = fields.keys().find(|name| !columns.contains(name));
    other.map_or(Ok(()), |name| {
        let hint = format!("the columns are {}; give `columns` to have others", columns.join(", "));
        Err(Misfit::new("is in none of the columns", hint).within(name))
    })
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Text(text) => text.clone(),
        other => json::write(other),
    }
}
