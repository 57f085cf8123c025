//! JSON Lines: a value a line. Blank lines count as lines and as nothing else.

use std::io::{BufRead, BufReader, Read};

use model::json;

use super::row::{Content, Place, Reject, Row};
use crate::error::{Error, Result};

/// A longer line is rejected, and never held in memory as a whole.
const LINE_BYTES_MAX: usize = 4 * 1024 * 1024;

pub(crate) struct JsonLines<R> {
    input: BufReader<R>,
    line: Vec<u8>,
    /// The line was read to learn the columns and is yet to be given.
    peeked: Option<Found>,
    place: Place,
    bytes: u64,
}

/// What was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Line,
    TooLong,
    End,
}

impl<R: Read> JsonLines<R> {
    pub(crate) fn new(input: R) -> Self {
        Self {
            input: BufReader::new(input),
            line: Vec::new(),
            peeked: None,
            place: Place { row: 0, line: 0, byte: 0 },
            bytes: 0,
        }
    }

    /// The fields of the first line, if it is an object.
    pub(crate) fn columns(&mut self) -> Result<Vec<String>> {
        let read = self.read()?;
        self.peeked = Some(read);
        let text = std::str::from_utf8(&self.line).unwrap_or_default();
        let value = json::parse(text).unwrap_or_default();
        Ok(value.as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default())
    }

    pub(crate) fn next_row(&mut self) -> Result<Option<std::result::Result<Row<'_>, Reject>>> {
        let read = match self.peeked.take() {
            Some(read) => read,
            None => self.read()?,
        };
        let place = self.place;
        Ok(match read {
            Found::End => None,
            Found::TooLong => {
                let reason = format!("the line is longer than {LINE_BYTES_MAX} bytes");
                Some(Err(Reject::new(place, "limit/exceeded", reason)))
            }
            Found::Line => Some(parse(&self.line, place)),
        })
    }

    /// Reads the next line that is not blank.
    fn read(&mut self) -> Result<Found> {
        loop {
            self.place.byte = self.bytes;
            self.place.line += 1;
            let read = self.read_line().map_err(Error::file("read", "the import"))?;
            if read == Found::End || !self.line.trim_ascii().is_empty() {
                self.place.row += u64::from(read != Found::End);
                return Ok(read);
            }
        }
    }

    fn read_line(&mut self) -> std::io::Result<Found> {
        self.line.clear();
        let mut limited = (&mut self.input).take(LINE_BYTES_MAX as u64 + 1);
        let read = limited.read_until(b'\n', &mut self.line)?;
        self.bytes += read as u64;
        if read == 0 {
            return Ok(Found::End);
        }
        if self.line.len() <= LINE_BYTES_MAX {
            return Ok(Found::Line);
        }
        self.skip_line()?;
        Ok(Found::TooLong)
    }

    /// Passes over the rest of a line that is too long.
    fn skip_line(&mut self) -> std::io::Result<()> {
        if self.line.ends_with(b"\n") {
            return Ok(());
        }
        loop {
            let buffer = self.input.fill_buf()?;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let skipped = end.map_or(buffer.len(), |end| end + 1);
            self.input.consume(skipped);
            self.bytes += skipped as u64;
            if end.is_some() || skipped == 0 {
                return Ok(());
            }
        }
    }
}

fn parse(line: &[u8], place: Place) -> std::result::Result<Row<'_>, Reject> {
    let text = std::str::from_utf8(line).map_err(|error| {
        let reason = format!("byte {} of the line is not UTF-8", error.valid_up_to());
        Reject::new(place, "file/not-utf8", reason)
    })?;
    let value = json::parse(text)
        .map_err(|error| Reject::new(place, "value/invalid-json", error.to_string()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
    Ok(Row { place, content: Content::Json(text, value) })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn rows_and_rejects_know_their_line() {
        let long = format!("\"{}\"\n", "x".repeat(LINE_BYTES_MAX));
        let mut file = b"\xEF\xBB\xBF{\"a\": 1.50}\n\n  \n{\"a\":}\n\"\xE9\"\n".to_vec();
        file.extend_from_slice(long.as_bytes());
        file.extend_from_slice(b"[2]");
        let mut lines = JsonLines::new(file.as_slice());
        assert_eq!(lines.columns().expect("memory"), ["a"]);
        let mut told = String::new();
        while let Some(row) = lines.next_row().expect("memory") {
            let line = match row {
                Ok(row) => {
                    format!("{} {}: {}", row.place.row, row.place.line, row.content.as_json())
                }
                Err(reject) => {
                    let Reject { place, code, reason } = reject;
                    format!("{} {}: {code}: {reason}", place.row, place.line)
                }
            };
            told.push_str(&line);
            told.push('\n');
        }
        expect![[r#"
            1 1: {"a": 1.50}
            2 4: value/invalid-json: expected a value, found `}` (line 1, column 6)
            3 5: file/not-utf8: byte 1 of the line is not UTF-8
            4 6: limit/exceeded: the line is longer than 4194304 bytes
            5 7: [2]
        "#]]
        .assert_eq(&told);
    }
}
