//! Rows as delimited text, quoted where a reader could take them for something else.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::shape;

/// How rows are written. The default is RFC 4180.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub delimiter: u8,
    pub line_end: &'static str,
    /// Keeps spreadsheets from running a cell as a formula by a `'` before it. The cell then is
    /// not what it was, so that this is off by default.
    pub guard_formulas: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { delimiter: b',', line_end: "\r\n", guard_formulas: false }
    }
}

/// Writes rows to any output.
#[derive(Debug)]
pub struct Writer<W> {
    output: W,
    style: Style,
}

impl<W: Write> Writer<W> {
    pub fn new(output: W, style: Style) -> Self {
        Self { output, style }
    }

    /// Writes one row. A row without cells is nothing, so that nothing is written.
    pub fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> io::Result<()> {
        let (mut count, mut blank) = (0_u64, true);
        for cell in cells {
            if count > 0 {
                self.output.write_all(&[self.style.delimiter])?;
            }
            let text = field(cell.as_ref(), &self.style);
            blank &= text.is_empty();
            self.output.write_all(text.as_bytes())?;
            count += 1;
        }
        if count == 1 && blank {
            // A line without text would be no row.
            self.output.write_all(b"\"\"")?;
        }
        if count > 0 { self.output.write_all(self.style.line_end.as_bytes()) } else { Ok(()) }
    }

    /// Flushes and gives back the output.
    pub fn finish(mut self) -> io::Result<W> {
        self.output.flush()?;
        Ok(self.output)
    }
}

/// One cell as written: itself, or in quotes if it has to be.
pub fn field<'a>(text: &'a str, style: &Style) -> Cow<'a, str> {
    let guarded = style.guard_formulas && is_formula(text);
    if !guarded && !needs_quotes(text, style.delimiter) {
        return Cow::Borrowed(text);
    }
    let guard = if guarded { "'" } else { "" };
    Cow::Owned(format!("\"{guard}{}\"", text.replace('"', "\"\"")))
}

/// A negative number is none, though a spreadsheet looks at its sign.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r']) && shape::number(text).is_err()
}

/// Whether a reader would see another cell, a comment, a byte order mark or a `sep=` line.
fn needs_quotes(text: &str, delimiter: u8) -> bool {
    let special = |byte: u8| byte == delimiter || matches!(byte, b'"' | b'\r' | b'\n' | 0x1A);
    text.bytes().any(special)
        || text.starts_with(['#', ' ', '\'', '\u{FEFF}'])
        || text.ends_with(' ')
        || text.starts_with("sep=")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_only_where_needed() {
        let style = Style::default();
        for (text, want) in [
            ("plain", "plain"),
            ("a;b", "a;b"),
            ("a,b", "\"a,b\""),
            ("5\" pipe", "\"5\"\" pipe\""),
            ("a\nb", "\"a\nb\""),
            (" a", "\" a\""),
            ("=1+1", "=1+1"),
            ("", ""),
        ] {
            assert_eq!(field(text, &style), want);
        }
    }

    #[test]
    fn guards_spreadsheets_on_demand() {
        let style = Style { guard_formulas: true, ..Style::default() };
        for (text, want) in [
            ("=1+1", "\"'=1+1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("+cmd|' /C calc'!A0", "\"'+cmd|' /C calc'!A0\""),
            ("-2+3", "\"'-2+3\""),
            ("-12.50", "-12.50"),
            ("a=b", "a=b"),
        ] {
            assert_eq!(field(text, &style), want);
        }
    }

    #[test]
    fn one_empty_cell_is_a_row() {
        let mut writer = Writer::new(Vec::new(), Style::default());
        writer.row([""]).unwrap();
        writer.row(["", ""]).unwrap();
        writer.row(Vec::<&str>::new()).unwrap();
        assert_eq!(writer.finish().unwrap(), b"\"\"\r\n,\r\n");
    }
}
