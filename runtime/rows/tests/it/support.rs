//! Reading a text and showing what came of it, one row a line.

use std::fmt::Write;
use std::io::{self, Read};

use rows::{Error, Options, Reader, Row};

/// Every row as `number lines @byte cells`, with its error instead of cells if it is bad.
pub(crate) fn show(input: impl AsRef<[u8]>, options: Options) -> String {
    match try_show(input.as_ref(), options) {
        Ok(text) => text,
        Err(error) => format!("{}: {error}\n", error.code()),
    }
}

fn try_show(input: impl Read, options: Options) -> Result<String, Error> {
    let mut reader = Reader::new(input, options)?;
    let mut text = String::new();
    while let Some(row) = reader.next_row()? {
        show_row(&mut text, &row);
    }
    Ok(text)
}

pub(crate) fn show_row(text: &mut String, row: &Row<'_>) {
    let line = match row {
        Ok(record) => {
            let cells: Vec<_> = record.cells().chain(record.extra()).collect();
            let (number, lines, byte) = (record.number(), record.lines(), record.byte());
            format!("{number} {lines} @{byte} {cells:?}")
        }
        Err(bad) => {
            format!("{} @{} {}: {bad}, in {:?}", bad.record, bad.byte, bad.code(), bad.raw)
        }
    };
    writeln!(text, "{line}").expect("a string takes all");
}

/// The cells of every row; none may be bad.
pub(crate) fn cells(input: impl Read, options: Options) -> Vec<Vec<String>> {
    let mut reader = Reader::new(input, options).unwrap();
    let mut rows = Vec::new();
    while let Some(row) = reader.next_row().unwrap() {
        rows.push(row.unwrap().cells().map(str::to_owned).collect());
    }
    rows
}

/// An input that gives so many bytes at a time, in turns.
#[derive(Debug)]
pub(crate) struct Trickle<'a> {
    rest: &'a [u8],
    sizes: Vec<usize>,
    turn: usize,
}

impl<'a> Trickle<'a> {
    pub(crate) fn new(rest: &'a [u8], sizes: Vec<usize>) -> Self {
        Self { rest, sizes, turn: 0 }
    }
}

impl Read for Trickle<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let size = self.sizes[self.turn % self.sizes.len()].min(into.len()).min(self.rest.len());
        self.turn += 1;
        let (now, later) = self.rest.split_at(size);
        into[..size].copy_from_slice(now);
        self.rest = later;
        Ok(size)
    }
}
