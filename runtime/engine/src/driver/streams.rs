//! Rows for loops: each loop has its file open while it goes over it.

use std::collections::HashMap;

use model::Value;

use crate::csv::{Row, Rows, Stream};
use crate::failure::{Failure, Kind};
use crate::files::Files;
use crate::limits::{ROWS_AHEAD_MAX, ROWS_BYTES_AHEAD_MAX};
use crate::machine::Output;

fn described(of: &Value) -> Result<Stream, Failure> {
    Stream::from_value(of).ok_or_else(|| {
        let message = "the value does not describe rows";
        let hint = "rows come from a step such as `csv.read`";
        Failure::new(Kind::Generic, "expr/type", message).with_hint(hint)
    })
}

/// About how many bytes a row takes.
fn weight(row: &Value) -> usize {
    let cells = row.as_object().into_iter().flat_map(indexmap::IndexMap::values);
    cells.map(|cell| cell.as_text().map_or(16, str::len)).sum()
}

/// Files that loops have open, by the slot of the loop.
#[derive(Debug, Default)]
pub(super) struct Streams(HashMap<u64, Open>);

#[derive(Debug)]
struct Open {
    stream: Value,
    /// The record that was read last.
    after: u64,
    rows: Rows,
}

/// Rows that were read, and bad ones that were kept out.
pub(super) struct Read {
    pub(super) output: Output,
    pub(super) rejected: Vec<Value>,
}

impl Streams {
    /// Reads the next rows behind a record.
    pub(super) fn read(
        &mut self,
        slot: u64,
        of: &Value,
        after: u64,
        files: Files<'_>,
    ) -> Result<Read, Failure> {
        let mut open = match self.0.remove(&slot) {
            Some(open) if open.stream == *of && open.after == after => open,
            _ => {
                let stream = described(of)?;
                let rows = stream.open(files, after).map_err(Failure::from)?;
                Open { stream: of.clone(), after, rows }
            }
        };
        let (mut rows, mut rejected, mut bytes, mut last) = (Vec::new(), Vec::new(), 0, true);
        for row in open.rows.by_ref() {
            match row.map_err(Failure::from)? {
                Row::Good(good) => {
                    bytes += weight(&good.value);
                    open.after = good.record;
                    rows.push((good.record, good.value));
                }
                Row::Bad(bad) => {
                    open.after = bad.record;
                    rejected.push(bad.to_value());
                }
            }
            if rows.len() >= ROWS_AHEAD_MAX || bytes >= ROWS_BYTES_AHEAD_MAX {
                last = false;
                break;
            }
        }
        if !last {
            self.0.insert(slot, open);
        }
        Ok(Read { output: Output::Rows { rows, last }, rejected })
    }
}

/// Rows that were read before, read again.
pub(super) fn again(
    of: &Value,
    after: u64,
    count: u64,
    files: Files<'_>,
) -> Result<Vec<(u64, Value)>, Failure> {
    let stream = described(of)?;
    let rows = stream.open(files, after).map_err(Failure::from)?;
    let good = rows.filter_map(|row| match row {
        Ok(Row::Good(good)) => Some(Ok((good.record, good.value))),
        Ok(Row::Bad(_)) => None,
        Err(error) => Some(Err(Failure::from(error))),
    });
    good.take(count as usize).collect()
}
