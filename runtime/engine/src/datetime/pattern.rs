//! The patterns of datetime texts, as .NET and Power Automate spell them.
//!
//! | | |
//! |---|---|
//! | `yyyy` `yy` | year; two digits are 1950 to 2049 |
//! | `MMMM` `MMM` `MM` `M` | month: `April`, `Apr`, `04`, `4` |
//! | `dddd` `ddd` `dd` `d` | day: `Monday`, `Mon`, `06`, `6` |
//! | `HH` `H`, `hh` `h` with `tt` | hour of 24; hour of 12 with `AM` or `PM` |
//! | `mm` `m`, `ss` `s` | minute, second |
//! | `f` to `fffffff` | so many digits of the second |
//! | `zzz` `zz` `z`, `K` | offset: `+02:00`, `+02`, `+2`; `Z` or `+02:00` |
//! | `'…'` `"…"` `\x` | the text itself |
//!
//! `T` stands for itself, because `yyyy-MM-ddTHH:mm` is what everybody writes; so does all that is
//! no letter. Any other letter is an error. That includes `Z`, which .NET takes for a mere letter:
//! a text that ends in `Z` says that it is UTC.

use super::error::Error;
use crate::limits;
use crate::shown::quoted;

/// A number in a datetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    Year,
    Month,
    Day,
    Hour,
    HalfDayHour,
    Minute,
    Second,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    Short,
    Long,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A number, with zeros before it up to so many digits.
    Number(Slot, usize),
    /// The last two digits of the year.
    ShortYear,
    MonthName(Width),
    WeekdayName(Width),
    /// So many digits of the second.
    Fraction(usize),
    /// `AM` or `PM`.
    Half,
    /// The offset: 1 and 2 are the digits of the hour, 3 is hour and minute.
    Offset(usize),
    /// The offset, `Z` for UTC.
    OffsetOrZ,
    Literal(String),
}

/// What a run of one letter stands for. In the order in which errors list them.
const FIELDS: &[(&str, Part)] = &[
    ("yyyy", Part::Number(Slot::Year, 4)),
    ("yy", Part::ShortYear),
    ("MMMM", Part::MonthName(Width::Long)),
    ("MMM", Part::MonthName(Width::Short)),
    ("MM", Part::Number(Slot::Month, 2)),
    ("M", Part::Number(Slot::Month, 1)),
    ("dddd", Part::WeekdayName(Width::Long)),
    ("ddd", Part::WeekdayName(Width::Short)),
    ("dd", Part::Number(Slot::Day, 2)),
    ("d", Part::Number(Slot::Day, 1)),
    ("HH", Part::Number(Slot::Hour, 2)),
    ("H", Part::Number(Slot::Hour, 1)),
    ("hh", Part::Number(Slot::HalfDayHour, 2)),
    ("h", Part::Number(Slot::HalfDayHour, 1)),
    ("mm", Part::Number(Slot::Minute, 2)),
    ("m", Part::Number(Slot::Minute, 1)),
    ("ss", Part::Number(Slot::Second, 2)),
    ("s", Part::Number(Slot::Second, 1)),
    ("f", Part::Fraction(1)),
    ("ff", Part::Fraction(2)),
    ("fff", Part::Fraction(3)),
    ("ffff", Part::Fraction(4)),
    ("fffff", Part::Fraction(5)),
    ("ffffff", Part::Fraction(6)),
    ("fffffff", Part::Fraction(7)),
    ("tt", Part::Half),
    ("zzz", Part::Offset(3)),
    ("zz", Part::Offset(2)),
    ("z", Part::Offset(1)),
    ("K", Part::OffsetOrZ),
];

/// A part and where it stands in the pattern.
#[derive(Debug)]
pub(super) struct Placed<'p> {
    pub(super) part: Part,
    pub(super) source: &'p str,
    /// From 1, in characters.
    pub(super) column: usize,
}

#[derive(Debug)]
pub(super) struct Pattern<'p> {
    source: &'p str,
    parts: Vec<Placed<'p>>,
}

impl<'p> Pattern<'p> {
    pub(super) fn parse(source: &'p str) -> Result<Self, Error> {
        limits::check("datetime-pattern", source.len())?;
        let mut pattern = Self { source, parts: Vec::new() };
        let mut rest = source;
        while !rest.is_empty() {
            let column = source[..source.len() - rest.len()].chars().count() + 1;
            let (part, length) = part(rest).map_err(|wrong| pattern.wrong(column, wrong))?;
            pattern.parts.push(Placed { part, source: &rest[..length], column });
            rest = &rest[length..];
        }
        if pattern.parts.is_empty() {
            return Err(pattern.wrong(1, Wrong::new("it is empty", "leave it out for RFC 3339")));
        }
        Ok(pattern)
    }

    pub(super) fn parts(&self) -> &[Placed<'p>] {
        &self.parts
    }

    pub(super) fn wrong(&self, column: usize, wrong: Wrong) -> Error {
        Error::BadPattern {
            pattern: quoted(self.source),
            column,
            problem: wrong.problem,
            hint: wrong.hint,
        }
    }

    /// The column behind its end.
    pub(super) fn end(&self) -> usize {
        self.source.chars().count() + 1
    }
}

/// What is wrong with a pattern.
#[derive(Debug)]
pub(super) struct Wrong {
    problem: String,
    hint: String,
}

impl Wrong {
    pub(super) fn new(problem: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { problem: problem.into(), hint: hint.into() }
    }
}

/// The first part of the rest of a pattern, and how many bytes of it that is.
fn part(rest: &str) -> Result<(Part, usize), Wrong> {
    let first = rest.chars().next().expect("there is a rest");
    match first {
        '\'' | '"' => quotation(rest, first),
        '\\' => match rest.chars().nth(1) {
            Some(escaped) => Ok((Part::Literal(escaped.into()), 1 + escaped.len_utf8())),
            None => {
                Err(Wrong::new("nothing follows `\\`", "write `\\\\` for the character itself"))
            }
        },
        '%' => Err(Wrong::new("`%` has no meaning here", "leave it out, or write '%' in quotes")),
        'T' => Ok((Part::Literal("T".into()), 1)),
        letter if letter.is_ascii_alphabetic() => field(rest, letter),
        other => Ok((Part::Literal(other.into()), other.len_utf8())),
    }
}

fn field(rest: &str, letter: char) -> Result<(Part, usize), Wrong> {
    let length = rest.len() - rest.trim_start_matches(letter).len();
    let run = &rest[..length];
    if let Some((_, part)) = FIELDS.iter().find(|(spelling, _)| *spelling == run) {
        return Ok((part.clone(), length));
    }
    Err(Wrong::new(format!("`{}` has no meaning", quoted(run)), alternatives(letter)))
}

fn alternatives(letter: char) -> String {
    let known = |letter: char| {
        let fields = FIELDS.iter().filter(move |(spelling, _)| spelling.starts_with(letter));
        fields.map(|(spelling, _)| format!("`{spelling}`")).collect::<Vec<_>>()
    };
    let other = if letter.is_lowercase() {
        letter.to_ascii_uppercase()
    } else {
        letter.to_ascii_lowercase()
    };
    match (letter, known(letter), known(other)) {
        ('Z', ..) => "write `K` for the offset, `Z` for UTC; 'Z' in quotes is the letter".into(),
        (_, own, _) if !own.is_empty() => format!("there is {}", own.join(", ")),
        (_, _, others) if !others.is_empty() => format!("there is {}", others.join(", ")),
        _ => format!("write '{letter}' in quotes for the letter itself"),
    }
}

/// Text in quotes, in which `\` takes away the meaning of what follows.
fn quotation(rest: &str, quote: char) -> Result<(Part, usize), Wrong> {
    let mut literal = String::new();
    let mut characters = rest.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            _ if character == quote => return Ok((Part::Literal(literal), at + 1)),
            '\\' => literal.extend(characters.next().map(|(_, escaped)| escaped)),
            _ => literal.push(character),
        }
    }
    let problem = format!("the text after {quote} has no end");
    Err(Wrong::new(problem, format!("write {quote} behind it, or \\{quote} for the character")))
}
