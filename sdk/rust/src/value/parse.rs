//! Strict JSON: what the host accepts, and nothing else.

use std::collections::HashSet;

use super::{Misfit, Node};

/// How deep lists and objects may nest.
const JSON_LEVELS_MAX: usize = 128;
const SNIPPET_CHARS_MAX: usize = 20;

/// Reads the one value that `text` is.
pub(crate) fn parse(text: &str) -> Result<Node, Misfit> {
    let mut parser = Parser { text, at: 0, levels: 0 };
    parser.eat("\u{feff}");
    parser.space();
    let node = parser.value()?;
    parser.space();
    if parser.rest().is_empty() {
        Ok(node)
    } else {
        Err(parser.expected("nothing after the value"))
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    levels: usize,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.rest().starts_with(word);
        self.at += if found { word.len() } else { 0 };
        found
    }

    fn space(&mut self) {
        let space = |c: &u8| matches!(c, b' ' | b'\t' | b'\n' | b'\r');
        self.at += self.rest().bytes().take_while(space).count();
    }

    fn value(&mut self) -> Result<Node, Misfit> {
        match self.peek() {
            Some(b'"') => self.text().map(Node::Text),
            Some(b'-' | b'0'..=b'9') => self.number().map(Node::Number),
            Some(b'[') => self.nested(Self::list),
            Some(b'{') => self.nested(Self::object),
            _ if self.eat("null") => Ok(Node::Null),
            _ if self.eat("true") => Ok(Node::Bool(true)),
            _ if self.eat("false") => Ok(Node::Bool(false)),
            _ => Err(self.expected("a value")),
        }
    }

    fn nested(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<Node, Misfit>,
    ) -> Result<Node, Misfit> {
        if self.levels == JSON_LEVELS_MAX {
            return Err(self.expected("at most 128 levels"));
        }
        self.levels += 1;
        self.at += 1;
        self.space();
        let node = read(self)?;
        self.levels -= 1;
        Ok(node)
    }

    fn list(&mut self) -> Result<Node, Misfit> {
        let mut items = Vec::new();
        while !self.eat("]") {
            if !items.is_empty() {
                self.comma("`,` or `]`")?;
            }
            items.push(self.value()?);
            self.space();
        }
        Ok(Node::List(items))
    }

    fn object(&mut self) -> Result<Node, Misfit> {
        let mut fields: Vec<(String, Node)> = Vec::new();
        let mut names = HashSet::new();
        while !self.eat("}") {
            if !fields.is_empty() {
                self.comma("`,` or `}`")?;
            }
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.expected("a key in double quotes"));
            }
            let name = self.text()?;
            if !names.insert(name.clone()) {
                return Err(self.problem(start, &format!("duplicate key {name:?}")));
            }
            self.space();
            if !self.eat(":") {
                return Err(self.expected("`:` after the key"));
            }
            self.space();
            fields.push((name, self.value()?));
            self.space();
        }
        Ok(Node::Object(fields))
    }

    fn comma(&mut self, expected: &str) -> Result<(), Misfit> {
        if !self.eat(",") {
            return Err(self.expected(expected));
        }
        self.space();
        Ok(())
    }

    fn number(&mut self) -> Result<String, Misfit> {
        let start = self.at;
        self.eat("-");
        if self.eat("0") {
            if matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(self.problem(start, "expected a number without leading zeros"));
            }
        } else {
            self.digits("a digit")?;
        }
        if self.eat(".") {
            self.digits("a digit after the decimal point")?;
        }
        if self.eat("e") || self.eat("E") {
            let _sign = self.eat("+") || self.eat("-");
            self.digits("a digit in the exponent")?;
        }
        Ok(self.text[start..self.at].to_owned())
    }

    fn digits(&mut self, expected: &str) -> Result<(), Misfit> {
        let count = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.at += count;
        if count > 0 { Ok(()) } else { Err(self.expected(expected)) }
    }

    fn text(&mut self) -> Result<String, Misfit> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let plain = self.rest().find(|c| c == '"' || c == '\\' || c < ' ');
            let Some(plain) = plain else {
                self.at = self.text.len();
                return Err(self.expected("a closing quote"));
            };
            text.push_str(&self.rest()[..plain]);
            self.at += plain;
            if self.eat("\"") {
                return Ok(text);
            }
            if self.peek() != Some(b'\\') {
                return Err(self.expected("an escape in place of a control character"));
            }
            text.push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Result<char, Misfit> {
        let start = self.at;
        self.at += 1;
        let letter = self.peek();
        self.at += usize::from(letter.is_some());
        match letter {
            Some(letter @ (b'"' | b'\\' | b'/')) => Ok(char::from(letter)),
            Some(b'b') => Ok('\u{8}'),
            Some(b'f') => Ok('\u{c}'),
            Some(b'n') => Ok('\n'),
            Some(b'r') => Ok('\r'),
            Some(b't') => Ok('\t'),
            Some(b'u') => self.unicode(start),
            _ => Err(self.problem(start, "expected a known escape such as `\\n`")),
        }
    }

    fn unicode(&mut self, start: usize) -> Result<char, Misfit> {
        let Some(first) = self.unit() else {
            return Err(self.problem(start, "expected `\\u` and 4 hex digits"));
        };
        let pair = match first {
            0xD800..0xDC00 if self.eat("\\u") => [Some(first), self.unit()],
            _ => [Some(first), None],
        };
        let units = pair.into_iter().flatten();
        let decoded: Result<String, _> = char::decode_utf16(units).collect();
        let one = decoded.ok().and_then(|text| {
            let mut chars = text.chars();
            chars.next().filter(|_| chars.next().is_none())
        });
        one.ok_or_else(|| self.problem(start, "expected both halves of a surrogate pair"))
    }

    fn unit(&mut self) -> Option<u16> {
        let digits = self.rest().get(..4)?;
        let unit = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let unit = unit.then(|| u16::from_str_radix(digits, 16).ok()).flatten()?;
        self.at += 4;
        Some(unit)
    }

    fn expected(&self, expected: &str) -> Misfit {
        let rest = self.rest();
        if rest.is_empty() {
            return self.problem(self.at, &format!("the text ends early: expected {expected}"));
        }
        let snippet: String = rest.chars().take(SNIPPET_CHARS_MAX).collect();
        let snippet = snippet.escape_debug();
        self.problem(self.at, &format!("expected {expected}, found `{snippet}`"))
    }

    fn problem(&self, at: usize, problem: &str) -> Misfit {
        let before = self.text[..at].trim_start_matches('\u{feff}');
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or(before).chars().count() + 1;
        Misfit::new("value/invalid-json", format!("{problem} (line {line}, column {column})"))
    }
}
