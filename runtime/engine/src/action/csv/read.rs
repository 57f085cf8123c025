//! `csv.read`: the rows of a file, as a stream.

use flow::signature::{Effect, Output as Gives};
use indexmap::IndexMap;

use super::column::rows_of;
use super::mark::{Character, Quoting};
use crate::action::input::{Inputs, read, words};
use crate::action::{Action, Output};
use crate::csv::{Format, Kind, OnBadRow, Stream};
use crate::failure::Failure;
use crate::limits;
use crate::step::Step;

pub(in crate::action) const ACTION: Action = Action {
    name: "csv.read",
    docs: "Gives the rows of a file as a stream, which `for-each` reads one by one.\n\nA row is an \
           object with a field for each column. Cells are texts as they stand there, unless the \
           column is declared under `columns`. The file may be of any size; it must not change \
           before the last row was read. Delimiter, quotes and encoding that are not declared are \
           found out from its beginning.",
    example: "\
id: rows
uses: csv.read
with:
  file: ${{ trigger.file }}
  columns:
    Amount: { type: number, decimal: \",\", group: \".\" }
    InvoiceDate: { type: datetime, pattern: dd/MM/yyyy, zone: Europe/Berlin }
    Paid: bool?",
    effect: Effect::Outside,
    errors: &[
        "file/not-found",
        "file/no-folder",
        "file/bad-path",
        "file/not-a-file",
        "csv/not-utf-8",
        "csv/unknown-encoding",
        "csv/contradictory-dialect",
        "csv/bad-header",
        "csv/empty-header",
        "csv/duplicate-header",
        "csv/missing-column",
        "limit/exceeded",
    ],
    inputs: Read::params,
    output: || Gives::From(rows_of),
    perform: |step, inputs| look_at(step, read(inputs)?),
};

inputs! {
    struct Read {
        /// The path of the file.
        file: String,
        /// The first row names the columns. Without it they are `column_1`, `column_2`, or as they
        /// are declared.
        header: bool = true,
        /// What the cells of a column are: `text`, `number`, `bool` or `datetime`, with `?` where
        /// they may be empty; or an object with `type` and `decimal`, `group`, `pattern`, `zone`.
        columns: Option<IndexMap<String, Kind>>,
        /// The character between cells, or `tab`.
        delimiter: Option<Character>,
        /// The character around cells, or `none`.
        quote: Option<Quoting>,
        /// Inside of quotes, the character that lets the next one stand for itself.
        escape: Option<Character>,
        /// Lines that begin with this character are none.
        comment: Option<Character>,
        /// White space around cells is no part of them.
        trim: bool = true,
        /// Lines to leave out before the first row.
        skip_lines: Option<u64>,
        /// Such as `utf-8` or `windows-1252`.
        encoding: Option<String>,
        /// The encoding of a file that is not UTF-8 and does not say what it is.
        fallback: Option<String>,
        /// Columns without a name, or with that of another, get names of their own.
        dedupe: bool = false,
        /// Cells that a row lacks are empty.
        pad: bool = false,
        /// Cells that a row has too many are dropped.
        truncate: bool = false,
        /// Text behind a closing quote belongs to the cell.
        lenient: bool = false,
        /// What becomes of a row that cannot be read: `fail` ends the reading, `skip` passes it
        /// over, `reject` keeps it beside the file.
        bad_rows: OnBadRow = "reject",
        /// How many there may be before the file as a whole is bad.
        bad_rows_max: u64 = 1_000_u64,
    }
}

words!(OnBadRow);

fn look_at(step: &Step, inputs: Read) -> Result<Output, Failure> {
    limits::check("csv-bad-rows", usize::try_from(inputs.bad_rows_max).unwrap_or(usize::MAX))?;
    let wanted = Format {
        delimiter: inputs.delimiter.map(|Character(byte)| byte),
        quote: inputs.quote.map(|Quoting(quote)| quote),
        escape: inputs.escape.map(|Character(byte)| byte),
        comment: inputs.comment.map(|Character(byte)| byte),
        trim: inputs.trim,
        header: inputs.header,
        skip_lines: inputs.skip_lines,
        encoding: inputs.encoding,
        fallback: inputs.fallback,
        dedupe: inputs.dedupe,
        pad: inputs.pad,
        truncate: inputs.truncate,
        lenient: inputs.lenient,
        columns: inputs.columns.unwrap_or_default(),
        on_bad_row: inputs.bad_rows,
        bad_rows_max: inputs.bad_rows_max,
    };
    Ok(Output::Stream(Stream::of(step.files(), &inputs.file, wanted)?))
}
