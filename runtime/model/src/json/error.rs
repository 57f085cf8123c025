//! What is wrong with a JSON text, and where.

use std::fmt;

/// The first thing wrong with a JSON text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Error {
    pub kind: Kind,
    /// From 1.
    pub line: usize,
    /// From 1, counted in characters; a byte order mark is not counted.
    pub column: usize,
    /// In bytes from the start of the text.
    pub offset: usize,
    /// What would have been right here.
    pub expected: &'static str,
    /// What the text says here, cut after a few characters.
    pub snippet: String,
}

/// The ways in which text fails to be JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// There is nothing but white space.
    Empty,
    /// The text ends inside a value.
    UnexpectedEnd,
    /// A character that cannot stand here.
    Unexpected,
    /// Not the grammar of a number.
    Number,
    /// An unknown or incomplete escape in a text.
    Escape,
    /// An escape that is half of a surrogate pair.
    LoneSurrogate,
    /// A control character that is not escaped.
    ControlCharacter,
    /// The key occurred before in the same object.
    DuplicateKey(String),
    /// Lists and objects nest deeper than [`super::DEPTH`].
    TooDeep,
    /// Something follows the value.
    Trailing,
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Empty => out.write_str(&self.problem()),
            _ => write!(out, "{} (line {}, column {})", self.problem(), self.line, self.column),
        }
    }
}

impl Error {
    /// What is wrong, for those who tell the place themselves.
    pub fn problem(&self) -> String {
        let Self { kind, expected, snippet, .. } = self;
        match kind {
            Kind::Empty => format!("the text is empty: expected {expected}"),
            Kind::UnexpectedEnd => format!("the text ends early: expected {expected}"),
            Kind::DuplicateKey(name) => format!("duplicate key {name:?}"),
            Kind::TooDeep => format!("nested too deeply: expected {expected}"),
            _ => format!("expected {expected}, found `{snippet}`"),
        }
    }

    pub(super) fn at(text: &str, offset: usize, kind: Kind, expected: &'static str) -> Self {
        let before = &text[..offset];
        let before = before.strip_prefix('\u{feff}').unwrap_or(before);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or(before).chars().count() + 1;
        Self { kind, line, column, offset, expected, snippet: snippet(&text[offset..]) }
    }
}

/// The start of what stands at the error, on one line and free of control characters.
fn snippet(rest: &str) -> String {
    const MOST: usize = 20;
    let mut taken = String::new();
    for (count, character) in rest.chars().enumerate() {
        match character {
            '\n' | '\r' if count > 0 => break,
            _ if count == MOST => {
                taken.push('…');
                break;
            }
            _ if character.is_control() => taken.extend(character.escape_default()),
            _ => taken.push(character),
        }
    }
    taken
}
