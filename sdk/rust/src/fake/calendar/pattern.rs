//! Patterns such as `dd/MM/yyyy HH:mm`, as .NET spells them.

use crate::datetime::Error;
use crate::fake::host::problem;

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// From Monday.
pub(super) const WEEKDAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Every run of a letter that means something.
const FIELDS: &[&str] = &[
    "yyyy", "yy", "MMMM", "MMM", "MM", "M", "dddd", "ddd", "dd", "d", "HH", "H", "hh", "h", "mm",
    "m", "ss", "s", "f", "ff", "fff", "ffff", "fffff", "ffffff", "fffffff", "tt", "zzz", "zz", "z",
    "K",
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// One of `FIELDS`.
    Field(&'static str),
    Literal(String),
}

pub(super) fn parse(pattern: &str) -> Result<Vec<Part>, Error> {
    let mut parts = Vec::new();
    let mut rest = pattern;
    while !rest.is_empty() {
        let (part, length) = part(rest).ok_or_else(|| {
            bad(format!("`{pattern}` is not a pattern: `{rest}` has no meaning there"))
        })?;
        parts.push(part);
        rest = &rest[length..];
    }
    if parts.is_empty() { Err(bad("the pattern is empty")) } else { Ok(parts) }
}

pub(super) fn bad(message: impl Into<String>) -> Error {
    let hint = "a pattern looks like `dd/MM/yyyy HH:mm:ss`, with other letters in quotes";
    Error::BadPattern(problem("datetime/bad-pattern", message, hint))
}

/// The first part of the rest of a pattern, and its length in bytes.
fn part(rest: &str) -> Option<(Part, usize)> {
    let first = rest.chars().next()?;
    let literal = |c: char, length| Some((Part::Literal(c.into()), length));
    match first {
        '\'' | '"' => quoted(rest, first),
        '\\' => {
            let escaped = rest.chars().nth(1)?;
            literal(escaped, 1 + escaped.len_utf8())
        }
        '%' => None,
        'T' => literal('T', 1),
        letter if letter.is_ascii_alphabetic() => {
            let length = rest.len() - rest.trim_start_matches(letter).len();
            let field = FIELDS.iter().find(|field| **field == &rest[..length])?;
            Some((Part::Field(field), length))
        }
        other => literal(other, other.len_utf8()),
    }
}

/// Text in quotes, in which `\` takes away the meaning of what follows.
fn quoted(rest: &str, quote: char) -> Option<(Part, usize)> {
    let mut literal = String::new();
    let mut letters = rest.char_indices().skip(1);
    while let Some((at, c)) = letters.next() {
        match c {
            _ if c == quote => return Some((Part::Literal(literal), at + 1)),
            '\\' => literal.extend(letters.next().map(|(_, escaped)| escaped)),
            _ => literal.push(c),
        }
    }
    None
}
