//! Paths into values, spelt as in expressions, but on purpose a language of their own: those of
//! `flow::expr` know blanks and reserved words; these do not, and may be empty or begin with `[`.

use std::fmt;

use model::similar::closest;
use model::{Value, json};

use super::Kind;
use super::error::{Error, Missing};
use crate::limits;
use crate::shown::quoted;

/// How many names of a large object are compared with a misspelt one.
const SIMILAR_NAMES_MAX: usize = 1_000;

/// A path that was read; printing it gives its shortest spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path(pub(super) Vec<Segment>);

/// One step of the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    Name(String),
    Index(usize),
}

impl Path {
    pub fn parse(source: &str) -> Result<Self, Error> {
        limits::check("json-path", source.len())?;
        let mut reader = Reader { source, at: 0 };
        let mut segments = Vec::new();
        while reader.at < source.len() {
            segments.push(reader.segment(segments.is_empty())?);
        }
        Ok(Self(segments))
    }

    /// What stands there, or how far it led.
    pub(super) fn find<'v>(&self, root: &'v Value) -> Result<&'v Value, Missing> {
        let mut value = root;
        for (depth, segment) in self.0.iter().enumerate() {
            let next = match segment {
                Segment::Name(name) => value.get(name),
                Segment::Index(index) => value.at(*index),
            };
            value = next.ok_or_else(|| self.missing(depth, value))?;
        }
        Ok(value)
    }

    fn missing(&self, depth: usize, last: &Value) -> Missing {
        let stem = Self(self.0[..depth].to_vec());
        let path = quoted(&Self(self.0[..=depth].to_vec()).to_string());
        let reached = quoted(&stem.to_string());
        match (&self.0[depth], last) {
            (Segment::Name(name), Value::Object(fields)) => {
                let names = fields.keys().take(SIMILAR_NAMES_MAX).map(String::as_str);
                let near = closest(name, names);
                let similar = near.map(|near| quoted(&stem.join(near).to_string()));
                Missing::Field { path, reached, name: quoted(name), similar }
            }
            (Segment::Index(_), Value::List(items)) => {
                Missing::Item { path, reached, count: items.len() }
            }
            (_, other) => Missing::Within { path, reached, found: Kind::of(other) },
        }
    }

    fn join(&self, name: &str) -> Self {
        let mut longer = self.clone();
        longer.0.push(Segment::Name(name.to_owned()));
        longer
    }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Index(index) => write!(out, "[{index}]")?,
                Segment::Name(name) if !is_plain(name) => {
                    write!(out, "[{}]", json::write(&Value::from(name.as_str())))?;
                }
                Segment::Name(name) if index == 0 => out.write_str(name)?,
                Segment::Name(name) => write!(out, ".{name}")?,
            }
        }
        Ok(())
    }
}

fn starts_name(character: char) -> bool {
    character.is_alphabetic() || character == '_'
}

fn continues_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// May the name stand without quotes?
fn is_plain(name: &str) -> bool {
    name.starts_with(starts_name) && name.chars().all(continues_name)
}

struct Reader<'s> {
    source: &'s str,
    at: usize,
}

impl<'s> Reader<'s> {
    fn rest(&self) -> &'s str {
        &self.source[self.at..]
    }

    fn segment(&mut self, first: bool) -> Result<Segment, Error> {
        if self.eat('[') {
            let segment = self.bracketed()?;
            return if self.eat(']') { Ok(segment) } else { Err(self.unexpected("`]`")) };
        }
        if !first && !self.eat('.') {
            return Err(self.unexpected("`.`, `[` or the end"));
        }
        let rest = self.rest();
        let length = rest.find(|it| !continues_name(it)).unwrap_or(rest.len());
        if !rest.starts_with(starts_name) {
            return Err(self.unexpected("the name of a field"));
        }
        self.at += length;
        Ok(Segment::Name(rest[..length].to_owned()))
    }

    fn bracketed(&mut self) -> Result<Segment, Error> {
        const EXPECTED: &str = "a name in quotes or the number of an item";
        let rest = self.rest();
        if rest.starts_with(['"', '\'']) {
            let length = text_length(rest).ok_or_else(|| self.unexpected("a closing quote"))?;
            let name = decode(&rest[..length]);
            let name = name.ok_or_else(|| self.unexpected("a text as in JSON"))?;
            self.at += length;
            return Ok(Segment::Name(name));
        }
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let digits = &rest[..length];
        let leading_zero = length > 1 && digits.starts_with('0');
        let index = digits.parse().ok().filter(|_| !leading_zero);
        let index = index.ok_or_else(|| self.unexpected(EXPECTED))?;
        self.at += length;
        Ok(Segment::Index(index))
    }

    fn eat(&mut self, wanted: char) -> bool {
        let there = self.rest().starts_with(wanted);
        self.at += if there { wanted.len_utf8() } else { 0 };
        there
    }

    fn unexpected(&self, expected: &'static str) -> Error {
        let found = match self.rest() {
            "" => "the end".into(),
            rest => format!("`{}`", quoted(rest)),
        };
        let column = self.source[..self.at].chars().count() + 1;
        Error::BadPath { path: quoted(self.source), column, expected, found }
    }
}

/// How many bytes the quoted text at the start takes, quotes included.
fn text_length(rest: &str) -> Option<usize> {
    let quote = rest.as_bytes()[0];
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            _ if byte == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The text in quotes of either kind, with the escapes of JSON and `\'`.
fn decode(quoted: &str) -> Option<String> {
    let mut plain = String::from('"');
    let mut characters = quoted[1..quoted.len() - 1].chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => plain.push_str("\\\""),
            '\\' => match characters.next() {
                Some('\'') => plain.push('\''),
                next => {
                    plain.push('\\');
                    plain.extend(next);
                }
            },
            other => plain.push(other),
        }
    }
    plain.push('"');
    match json::parse(&plain).ok()? {
        Value::Text(text) => Some(text),
        _ => None,
    }
}
