//! JSON Lines: a value a line; or the elements of one array. Blank lines count as lines and as
//! nothing else.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};

use model::{Value, json};

use super::elements::Elements;
use super::raw;
use super::row::{Content, Kept, Place, REJECTED, Reject, Row, own};
use crate::error::{Error, Result};

/// A longer line is rejected, and never held in memory as a whole.
pub(super) const LINE_BYTES_MAX: usize = 4 * 1024 * 1024;

pub(crate) struct JsonLines<R> {
    input: BufReader<R>,
    line: Vec<u8>,
    /// The line was read to learn the columns and is yet to be given.
    peeked: Option<Found>,
    place: Place,
    bytes: u64,
    /// The input may be one array: its first byte is yet to tell.
    may_be_array: bool,
    array: Option<Elements>,
}

/// What was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Line,
    /// The array is none.
    Broken(&'static str),
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
            may_be_array: false,
            array: None,
        }
    }

    /// Reads an array where the input begins as one.
    pub(crate) fn array(input: R) -> Self {
        Self { may_be_array: true, ..Self::new(input) }
    }

    /// The fields of the first line, if it is an object.
    pub(crate) fn columns(&mut self) -> Result<Vec<String>> {
        let read = self.read()?;
        self.peeked = Some(read);
        let text = std::str::from_utf8(&self.line).unwrap_or_default();
        let value = json::parse(text).unwrap_or_default();
        let fields = value.as_object().into_iter().flat_map(|fields| fields.keys());
        let fields: Vec<String> = fields.cloned().collect();
        Ok(own(&fields).to_vec())
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
                Some(Err(unreadable(&self.line, place, "limit/exceeded", reason)))
            }
            Found::Broken(problem) => {
                let hint = "an array begins with [ and ends with ], and nothing follows it";
                let reject = Reject::new(place, "value/invalid-json", problem, hint);
                Some(Err(reject.keeping(Some(Kept::Text(self.line.clone())))))
            }
            Found::Line => Some(parse(&self.line, place, self.array.is_some())),
        })
    }

    /// Reads the next line that is not blank.
    fn read(&mut self) -> Result<Found> {
        if std::mem::take(&mut self.may_be_array) {
            self.open_array().map_err(Error::file("read", "the import"))?;
        }
        loop {
            self.place.byte = self.bytes;
            if let Some(array) = &mut self.array {
                let read = array.read(&mut self.input, &mut self.line);
                let (found, bytes, line) = read.map_err(Error::file("read", "the import"))?;
                self.place.line = line;
                self.place.row += u64::from(found != Found::End);
                self.bytes += bytes;
                return Ok(found);
            }
            self.place.line += 1;
            let read = self.read_line().map_err(Error::file("read", "the import"))?;
            if read == Found::End || !self.line.trim_ascii().is_empty() {
                self.place.row += u64::from(read != Found::End);
                return Ok(read);
            }
        }
    }

    /// Reads the opening bracket, if that is what comes first.
    fn open_array(&mut self) -> std::io::Result<()> {
        let mut lines = 0;
        loop {
            let Some(&byte) = self.input.fill_buf()?.first() else { return Ok(()) };
            match byte {
                b'[' => self.array = Some(Elements::new(lines)),
                // A byte order mark.
                0xEF if self.bytes == 0 && self.input.buffer().starts_with(b"\xEF\xBB\xBF") => {
                    self.input.consume(2);
                    self.bytes += 2;
                }
                b' ' | b'\t' | b'\r' | b'\n' => lines += u64::from(byte == b'\n'),
                _ => {
                    self.place.line = lines;
                    return Ok(());
                }
            }
            self.input.consume(1);
            self.bytes += 1;
            if self.array.is_some() {
                return Ok(());
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

fn parse(line: &[u8], place: Place, is_element: bool) -> std::result::Result<Row<'_>, Reject> {
    let text = std::str::from_utf8(line).map_err(|error| {
        let reason = format!("byte {} of the line is not UTF-8", error.valid_up_to());
        unreadable(line, place, "file/not-utf8", reason)
    })?;
    let value = json::parse(text.trim_end()).map_err(|error| {
        let hint = if is_element {
            "each element of the array is one piece of JSON; correct it at that place"
        } else {
            "each line is one piece of JSON; correct it at that place"
        };
        // The line is told already; within an element of several lines, it is the line there.
        let inside = if text.trim_end().contains('\n') {
            format!("{} (line {}, column {} of it)", error.problem(), error.line, error.column)
        } else {
            format!("{} (column {})", error.problem(), error.column)
        };
        let reject = Reject::new(place, "value/invalid-json", inside, hint);
        reject.keeping(Some(Kept::Text(line.to_vec())))
    })?;
    let text = Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text).trim());
    let (text, value) = without_rejection(text, value);
    Ok(Row { place, content: Content::Json(text, value) })
}

/// Takes away what tells of a rejection.
fn without_rejection(text: Cow<'_, str>, mut value: Value) -> (Cow<'_, str>, Value) {
    if let Value::Object(fields) = &mut value
        && REJECTED.iter().all(|name| fields.contains_key(*name))
    {
        fields.retain(|name, _| !REJECTED.contains(&name.as_str()));
        let mut own = raw::fields(&text);
        own.retain(|field| !REJECTED.contains(&field.name.as_str()));
        return (Cow::Owned(raw::object(&own)), value);
    }
    (text, value)
}

fn unreadable(line: &[u8], place: Place, code: &'static str, reason: impl Into<String>) -> Reject {
    let hint = match code {
        "file/not-utf8" => "make the text UTF-8, as iconv does, and import it again",
        _ => "a line that long is no item; is each one on a line of its own?",
    };
    Reject::new(place, code, reason, hint).keeping(Some(Kept::Text(line.to_vec())))
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
                    let Reject { place, code, reason, .. } = reject;
                    format!("{} {}: {code}: {reason}", place.row, place.line)
                }
            };
            told.push_str(&line);
            told.push('\n');
        }
        expect![[r#"
            1 1: {"a": 1.50}
            2 4: value/invalid-json: expected a value, found `}` (column 6)
            3 5: file/not-utf8: byte 1 of the line is not UTF-8
            4 6: limit/exceeded: the line is longer than 4194304 bytes
            5 7: [2]
        "#]]
        .assert_eq(&told);
    }

    #[test]
    fn elements_of_an_array_are_rows() {
        for (text, expected) in [
            ("[]", "end"),
            (" [ 1 ,\n {\"a\": [1, \"]\\\",\"]}\n]\n", "1@1 {\"a\": [1, \"]\\\",\"]}@2 end"),
            ("\u{feff}[[1],\n\n2]", "[1]@1 2@3 end"),
            ("[1,]", "1@1 value/invalid-json end"),
            ("[1", "value/invalid-json end"),
            ("[1]\n[2]", "1@1 value/invalid-json end"),
            ("\n{}\n[2]", "{}@2 [2]@3 end"),
        ] {
            let mut lines = JsonLines::array(text.as_bytes());
            let mut told = String::new();
            while let Some(row) = lines.next_row().expect("memory") {
                let line = match row {
                    Ok(row) => format!("{}@{} ", row.content.as_json(), row.place.line),
                    Err(reject) => format!("{} ", reject.code),
                };
                told.push_str(&line);
            }
            assert_eq!(told + "end", expected, "{text}");
        }
    }
}
