//! What the cells of a column are.

use model::{Number, Value};
use serde::{Deserialize, Serialize};

use crate::datetime;

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
}

/// What a column is declared to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// The cell as it is.
    Text,
    Number {
        /// What stands before the fraction.
        decimal: char,
        /// What may part every three digits before that.
        group: Option<char>,
        empty: bool,
    },
    /// `true` or `false`.
    Bool { empty: bool },
    Datetime {
        /// RFC 3339 without one.
        pattern: Option<String>,
        /// Where cells tell a time that say nothing of a zone.
        zone: Option<String>,
        empty: bool,
    },
}

/// Why a cell is none of its column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Misfit {
    pub(super) expected: String,
}

impl Column {
    pub(super) fn text(name: String) -> Self {
        Self { name, kind: Kind::Text }
    }
}

impl Kind {
    /// May a cell be empty?
    fn may_be_empty(&self) -> bool {
        match self {
            Self::Text => true,
            Self::Number { empty, .. } | Self::Bool { empty } | Self::Datetime { empty, .. } => {
                *empty
            }
        }
    }

    /// The value of a cell.
    pub(super) fn value(&self, cell: &str) -> Result<Value, Misfit> {
        let misfit = |expected: &str| Misfit { expected: expected.to_owned() };
        // Spreadsheets part digits, and pad cells, with blanks that do not break.
        let core = cell.trim_matches(|it: char| it.is_whitespace() || it == '\u{a0}');
        if let Self::Text = self {
            return Ok(cell.into());
        }
        if core.is_empty() {
            let empty = || misfit("a value: the cell is empty");
            return if self.may_be_empty() { Ok(Value::Null) } else { Err(empty()) };
        }
        match self {
            Self::Text => Ok(cell.into()),
            Self::Number { decimal, group, .. } => number(core, *decimal, *group)
                .map(Value::from)
                .ok_or_else(|| misfit(&number_wanted(*decimal, *group))),
            Self::Bool { .. } => match core {
                "true" => Ok(true.into()),
                "false" => Ok(false.into()),
                _ => Err(misfit("`true` or `false`")),
            },
            Self::Datetime { pattern, zone, .. } => {
                datetime::parse(core, pattern.as_deref(), zone.as_deref())
                    .map(|moment| moment.to_string().into())
                    .map_err(|error| misfit(&format!("a datetime: {error}")))
            }
        }
    }
}

fn number_wanted(decimal: char, group: Option<char>) -> String {
    let group = group.map_or(String::new(), |group| group.to_string());
    format!("a number such as `1{group}234{decimal}5`")
}

/// The number that a cell says, with all its digits.
fn number(cell: &str, decimal: char, group: Option<char>) -> Option<Number> {
    let (sign, digits) = match cell.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", cell.strip_prefix('+').unwrap_or(cell)),
    };
    let (whole, fraction) = match digits.split_once(decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let whole = match group {
        Some(group) if whole.contains(group) => ungrouped(whole, group)?,
        _ => whole.to_owned(),
    };
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
    if !all_digits(&whole) || !fraction.is_none_or(all_digits) {
        return None;
    }
    // JSON has no zeros in front.
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        rest => rest,
    };
    let fraction = fraction.map_or(String::new(), |fraction| format!(".{fraction}"));
    Number::new(&format!("{sign}{whole}{fraction}"))
}

/// The digits without the marks, which must stand before every three of them.
fn ungrouped(whole: &str, group: char) -> Option<String> {
    let mut groups = whole.split(group);
    let first = groups.next()?;
    let fits = (1..=3).contains(&first.len()) && groups.all(|digits| digits.len() == 3);
    fits.then(|| whole.replace(group, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: &Kind, cell: &str) -> Result<String, String> {
        kind.value(cell).map(|value| value.to_string()).map_err(|misfit| misfit.expected)
    }

    #[test]
    fn numbers_keep_digits_and_lose_marks() {
        let english = Kind::Number { decimal: '.', group: Some(','), empty: false };
        let german = Kind::Number { decimal: ',', group: Some('.'), empty: true };
        for (kind, cell, number) in [
            (&english, "1,234.50", "1234.50"),
            (&english, " 967.45\u{a0}", "967.45"),
            (&english, "-0.10", "-0.10"),
            (&english, "+7", "7"),
            (&english, "007", "7"),
            (&english, "12345678901234567890.123", "12345678901234567890.123"),
            (&german, "1.234,5", "1234.5"),
            (&german, "1.234.567", "1234567"),
            (&german, "", "null"),
        ] {
            assert_eq!(read(kind, cell).as_deref(), Ok(number), "{cell}");
        }
        for (kind, cell) in [
            (&english, "1,23.5"),
            (&english, "12,34"),
            (&english, "1,2345"),
            (&english, ",5"),
            (&english, "1e3"),
            (&english, "--1"),
            (&english, "1."),
            (&english, "abc"),
            (&english, ""),
            (&german, "1,234.5"),
            (&german, "1,2,3"),
        ] {
            assert!(read(kind, cell).is_err(), "{cell}");
        }
    }

    #[test]
    fn moments_follow_their_pattern() {
        let (pattern, zone) = (Some("dd/MM/yyyy".to_owned()), Some("Europe/Berlin".to_owned()));
        let local = Kind::Datetime { pattern, zone, empty: false };
        assert_eq!(
            read(&local, "06/04/2023").as_deref(),
            Ok("\"2023-04-06T00:00:00+02:00[Europe/Berlin]\"")
        );
        let swapped = read(&local, "04/13/2023").unwrap_err();
        assert!(swapped.starts_with("a datetime: "), "{swapped}");
        let plain = Kind::Datetime { pattern: None, zone: None, empty: false };
        assert_eq!(read(&plain, "2023-04-06T00:00:00Z").as_deref(), Ok("\"2023-04-06T00:00:00Z\""));
    }

    #[test]
    fn other_cells_are_as_they_are() {
        assert_eq!(read(&Kind::Text, " 007 ").as_deref(), Ok("\" 007 \""));
        assert_eq!(read(&Kind::Text, "").as_deref(), Ok("\"\""));
        assert_eq!(read(&Kind::Bool { empty: true }, " true ").as_deref(), Ok("true"));
        assert_eq!(read(&Kind::Bool { empty: true }, "").as_deref(), Ok("null"));
        assert!(read(&Kind::Bool { empty: false }, "yes").is_err());
    }
}
