//! How a file is written: delimiter, quotes, spaces, preamble; declared, found or assumed.

use crate::error::Error;

/// Whether and with which byte cells are quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    Never,
    Byte(u8),
}

impl Quote {
    pub(crate) fn byte(self) -> Option<u8> {
        if let Self::Byte(byte) = self { Some(byte) } else { None }
    }
}

/// What spaces around a cell mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// Spaces are part of the cell.
    Keep,
    /// Spaces before a cell are layout, also before its quote: `a, "x, y"`.
    Before,
    /// White space at both ends of every cell is cut, inside its quotes too.
    Around,
}

/// A dialect in full. Any of LF, CRLF and CR ends a record, also mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    pub delimiter: u8,
    pub quote: Quote,
    /// Inside quotes, the byte after this one stands for itself.
    pub escape: Option<u8>,
    /// Inside quotes, two quotes stand for one.
    pub double_quote: bool,
    /// A line that begins with this byte is no record.
    pub comment: Option<u8>,
    pub space: Space,
    /// The first record names the columns.
    pub header: bool,
    /// Lines to drop before the first record.
    pub skip_lines: u64,
}

impl Default for Dialect {
    /// RFC 4180 with a header.
    fn default() -> Self {
        Self {
            delimiter: b',',
            quote: Quote::Byte(b'"'),
            escape: None,
            double_quote: true,
            comment: None,
            space: Space::Keep,
            header: true,
            skip_lines: 0,
        }
    }
}

impl Dialect {
    /// Refuses bytes that cannot be told apart or cannot occur in decoded text.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let mut roles = vec![("delimiter", self.delimiter)];
        roles.extend(self.quote.byte().map(|byte| ("quote", byte)));
        roles.extend(self.escape.map(|byte| ("escape", byte)));
        roles.extend(self.comment.map(|byte| ("comment", byte)));
        for (index, (role, byte)) in roles.iter().enumerate() {
            if !byte.is_ascii() || matches!(byte, b'\r' | b'\n' | 0) {
                let reason = format!("the {role} must be an ASCII character within a line");
                return Err(Error::Dialect { reason });
            }
            if let Some((other, _)) = roles[..index].iter().find(|(_, taken)| taken == byte) {
                let reason = format!("{other} and {role} are both `{}`", byte.escape_ascii());
                return Err(Error::Dialect { reason });
            }
        }
        if self.space != Space::Keep && self.delimiter == b' ' {
            let reason = "a space cannot delimit cells and be cut from them".to_owned();
            return Err(Error::Dialect { reason });
        }
        Ok(())
    }
}

/// What the caller knows about the dialect. What is `None` is found out, once, from the sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declared {
    pub delimiter: Option<u8>,
    pub quote: Option<Quote>,
    pub space: Option<Space>,
    pub skip_lines: Option<u64>,
    pub escape: Option<u8>,
    pub double_quote: bool,
    pub comment: Option<u8>,
    pub header: bool,
    /// Whether to look at the sample; if not, what is `None` is as in RFC 4180.
    pub sniff: bool,
}

impl Default for Declared {
    /// Nothing is known but that there is a header.
    fn default() -> Self {
        Self {
            delimiter: None,
            quote: None,
            space: None,
            skip_lines: None,
            escape: None,
            double_quote: true,
            comment: None,
            header: true,
            sniff: true,
        }
    }
}

impl From<Dialect> for Declared {
    /// Everything is known; a dialect found earlier reads the same file the same way again.
    fn from(dialect: Dialect) -> Self {
        Self {
            delimiter: Some(dialect.delimiter),
            quote: Some(dialect.quote),
            space: Some(dialect.space),
            skip_lines: Some(dialect.skip_lines),
            escape: dialect.escape,
            double_quote: dialect.double_quote,
            comment: dialect.comment,
            header: dialect.header,
            sniff: false,
        }
    }
}

/// Who decided the delimiter; in this order of authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Declared,
    /// The `sep=` line that spreadsheets write.
    SepLine,
    Sniffed,
    /// Nothing told: the comma of RFC 4180.
    Assumed,
}

/// How the file is read, and how sure that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    pub dialect: Dialect,
    pub delimiter_by: Origin,
    /// In percent; 100 unless sniffed, 0 if assumed.
    pub confidence: u8,
    /// The WHATWG name of the encoding.
    pub encoding: &'static str,
    pub encoding_by: crate::encoding::EncodingOrigin,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_contradictory_dialects() {
        let base = Dialect::default();
        for (dialect, want) in [
            (Dialect { delimiter: b'"', ..base }, "delimiter and quote are both `\\\"`"),
            (Dialect { delimiter: b'\n', ..base }, "the delimiter must be an ASCII character"),
            (Dialect { quote: Quote::Byte(0xE9), ..base }, "the quote must be an ASCII character"),
            (Dialect { comment: Some(b','), ..base }, "delimiter and comment are both `,`"),
            (Dialect { delimiter: b' ', space: Space::Around, ..base }, "a space cannot"),
        ] {
            let error = dialect.check().unwrap_err().to_string();
            assert!(error.contains(want), "{error}");
        }
        assert!(base.check().is_ok());
    }
}
