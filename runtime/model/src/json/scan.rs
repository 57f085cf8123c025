//! The grammar of JSON over bytes. It validates and slices; what becomes of the pieces is up to the
//! closures it is given.

use std::borrow::Cow;

use super::DEPTH;
use super::error::{Error, Kind};

/// A fault at a byte offset; boxed so that the good path returns a word.
#[derive(Debug)]
pub(super) struct Fault(Box<(Kind, usize, &'static str)>);

impl Fault {
    pub(super) fn new(kind: Kind, offset: usize, expected: &'static str) -> Self {
        Self(Box::new((kind, offset, expected)))
    }

    pub(super) fn locate(self, text: &str) -> Error {
        let (kind, offset, expected) = *self.0;
        Error::at(text, offset, kind, expected)
    }
}

/// What the next value is. Words are consumed, everything else is yet to be read.
pub(super) enum Lead {
    Null,
    Bool(bool),
    Number,
    Text,
    List,
    Object,
}

/// A text as it stands between its quotes, known to be valid.
pub(super) struct Text<'t> {
    raw: &'t str,
    escaped: bool,
    /// The offset of the opening quote.
    pub(super) start: usize,
}

impl<'t> Text<'t> {
    pub(super) fn decoded(&self) -> Cow<'t, str> {
        if self.escaped { Cow::Owned(decode(self.raw)) } else { Cow::Borrowed(self.raw) }
    }
}

pub(super) struct Scanner<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    /// Reads one value with `read`, which must be all there is.
    pub(super) fn document<T>(
        text: &'t str,
        read: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut scanner = Self::new(text);
        if text.starts_with('\u{feff}') {
            scanner.at = '\u{feff}'.len_utf8();
        }
        scanner.space();
        if scanner.peek().is_none() {
            return Err(Fault::new(Kind::Empty, scanner.at, "a value"));
        }
        let value = read(&mut scanner)?;
        scanner.space();
        match scanner.peek() {
            None => Ok(value),
            Some(_) => Err(Fault::new(Kind::Trailing, scanner.at, "nothing after the value")),
        }
    }

    /// Looks at the next value, which starts here.
    #[inline]
    pub(super) fn lead(&mut self) -> Result<Lead, Fault> {
        match self.peek() {
            Some(b'"') => Ok(Lead::Text),
            Some(b'-' | b'0'..=b'9') => Ok(Lead::Number),
            Some(b'{') => Ok(Lead::Object),
            Some(b'[') => Ok(Lead::List),
            Some(b't') => self.word("true", "`true`").map(|()| Lead::Bool(true)),
            Some(b'f') => self.word("false", "`false`").map(|()| Lead::Bool(false)),
            Some(b'n') => self.word("null", "`null`").map(|()| Lead::Null),
            _ => Err(self.fault("a value")),
        }
    }

    pub(super) fn stands_at(&self, byte: u8) -> bool {
        self.peek() == Some(byte)
    }

    pub(super) fn list(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.descend()?;
        self.space();
        if !self.eat(b']') {
            loop {
                item(self)?;
                self.space();
                if self.eat(b']') {
                    break;
                }
                self.expect(b',', "`,` or `]`")?;
                self.space();
            }
        }
        self.depth -= 1;
        Ok(())
    }

    pub(super) fn object(
        &mut self,
        mut field: impl FnMut(&mut Self, Text<'t>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.descend()?;
        self.space();
        if !self.eat(b'}') {
            loop {
                let key = self.key()?;
                field(self, key)?;
                self.space();
                if self.eat(b'}') {
                    break;
                }
                self.expect(b',', "`,` or `}`")?;
                self.space();
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// Reads a key and its colon, up to where its value starts.
    fn key(&mut self) -> Result<Text<'t>, Fault> {
        if self.peek() != Some(b'"') {
            return Err(self.fault("a key in double quotes"));
        }
        let key = self.text()?;
        self.space();
        self.expect(b':', "`:` after the key")?;
        self.space();
        Ok(key)
    }

    pub(super) fn number(&mut self) -> Result<&'t str, Fault> {
        let start = self.at;
        self.eat(b'-');
        if self.eat(b'0') {
            if matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(Fault::new(Kind::Number, start, "a number without leading zeros"));
            }
        } else {
            self.digits("a digit")?;
        }
        if self.eat(b'.') {
            self.digits("a digit after the decimal point")?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _sign = self.eat(b'+') || self.eat(b'-');
            self.digits("a digit in the exponent")?;
        }
        Ok(&self.text[start..self.at])
    }

    /// Reads a text, whose opening quote is here.
    pub(super) fn text(&mut self) -> Result<Text<'t>, Fault> {
        let start = self.at;
        let mut escaped = false;
        self.at += 1;
        loop {
            self.at += plain(&self.text.as_bytes()[self.at..]);
            match self.peek() {
                Some(b'"') => {
                    let raw = &self.text[start + 1..self.at];
                    self.at += 1;
                    return Ok(Text { raw, escaped, start });
                }
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(_) => {
                    let expected = "an escape in place of a control character";
                    return Err(Fault::new(Kind::ControlCharacter, self.at, expected));
                }
                None => return Err(self.fault("a closing quote")),
            }
        }
    }

    fn escape(&mut self) -> Result<(), Fault> {
        let start = self.at;
        self.at += 1;
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
            Some(b'u') => {
                let unit = self.unit(start)?;
                if is_low(unit) || is_high(unit) && !self.low_follows() {
                    let expected = "both halves of a surrogate pair";
                    return Err(Fault::new(Kind::LoneSurrogate, start, expected));
                }
            }
            Some(_) => return Err(Fault::new(Kind::Escape, start, "a known escape such as `\\n`")),
            None => return Err(self.fault("the rest of an escape")),
        }
        Ok(())
    }

    /// Reads `uXXXX` of the escape that began at `start`.
    fn unit(&mut self, start: usize) -> Result<u16, Fault> {
        self.at += 1;
        let digits = self.text.as_bytes().get(self.at..self.at + 4).and_then(hex);
        let unit =
            digits.ok_or_else(|| Fault::new(Kind::Escape, start, "`\\u` and 4 hex digits"))?;
        self.at += 4;
        Ok(unit)
    }

    /// Takes the second half of a surrogate pair, if it is next.
    fn low_follows(&mut self) -> bool {
        let rest = &self.text.as_bytes()[self.at..];
        let low = rest.starts_with(b"\\u") && rest.get(2..6).and_then(hex).is_some_and(is_low);
        if low {
            self.at += 6;
        }
        low
    }

    fn digits(&mut self, expected: &'static str) -> Result<(), Fault> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        match self.peek() {
            _ if self.at > start => Ok(()),
            None => Err(self.fault(expected)),
            Some(_) => Err(Fault::new(Kind::Number, self.at, expected)),
        }
    }

    fn word(&mut self, word: &str, expected: &'static str) -> Result<(), Fault> {
        if !self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            return Err(Fault::new(Kind::Unexpected, self.at, expected));
        }
        self.at += word.len();
        Ok(())
    }

    fn descend(&mut self) -> Result<(), Fault> {
        if self.depth == DEPTH {
            return Err(Fault::new(Kind::TooDeep, self.at, "at most 128 levels"));
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    #[inline]
    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline]
    fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    #[inline]
    fn expect(&mut self, byte: u8, expected: &'static str) -> Result<(), Fault> {
        if self.eat(byte) { Ok(()) } else { Err(self.fault(expected)) }
    }

    #[cold]
    fn fault(&self, expected: &'static str) -> Fault {
        let ended = self.at >= self.text.len();
        let kind = if ended { Kind::UnexpectedEnd } else { Kind::Unexpected };
        Fault::new(kind, self.at, expected)
    }
}

/// How many bytes from the start stand for themselves in a text.
#[inline]
fn plain(bytes: &[u8]) -> usize {
    bytes.iter().position(|&b| b == b'"' || b == b'\\' || b < b' ').unwrap_or(bytes.len())
}

fn hex(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0, |unit: u16, &digit| {
        let digit = char::from(digit).to_digit(16)?;
        Some(unit << 4 | digit as u16)
    })
}

fn is_high(unit: u16) -> bool {
    (0xD800..0xDC00).contains(&unit)
}

fn is_low(unit: u16) -> bool {
    (0xDC00..0xE000).contains(&unit)
}

/// Resolves the escapes of a text that was validated.
fn decode(raw: &str) -> String {
    let mut decoded = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        decoded.push_str(&rest[..at]);
        let letter = rest.as_bytes()[at + 1];
        rest = &rest[at + 2..];
        match letter {
            b'u' => {
                let (character, length) = decode_unit(rest);
                decoded.push(character);
                rest = &rest[length..];
            }
            b'b' => decoded.push('\u{8}'),
            b'f' => decoded.push('\u{c}'),
            b'n' => decoded.push('\n'),
            b'r' => decoded.push('\r'),
            b't' => decoded.push('\t'),
            itself => decoded.push(char::from(itself)),
        }
    }
    decoded.push_str(rest);
    decoded
}

/// The character of `XXXX` or `XXXX\uXXXX`, and how many bytes that took.
fn decode_unit(rest: &str) -> (char, usize) {
    let at = |range| rest.as_bytes().get(range).and_then(hex).expect("the scanner saw hex digits");
    let high = at(0..4);
    let (units, length) = if is_high(high) { ([high, at(6..10)], 10) } else { ([high, 0], 4) };
    let character = char::decode_utf16(units).next().and_then(Result::ok);
    (character.expect("the scanner saw whole pairs"), length)
}
