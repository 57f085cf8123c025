//! What a text looks like: a number, a truth value, a point in time. Pure tests of one cell.

use std::fmt;

/// More digits than this and a reader of the number may keep only some of them.
const DIGITS_MAX: usize = 15;

/// How the points in time of a column are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// `2023-04-06`, or `2023-04-06T09:30:00` with or without `T`, seconds and offset.
    Iso,
    /// `06/04/2023 09:30` is in April.
    DayFirst,
    /// `06/04/2023 09:30` is in June.
    MonthFirst,
}

/// White space and the no-break spaces of spreadsheets around a value are no part of it.
pub(crate) fn core(cell: &str) -> &str {
    cell.trim()
}

/// Whether a text is a number that reads back as written; if not, why.
pub(crate) fn number(text: &str) -> Result<(), &'static str> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if text.starts_with('+') {
        return Err("has a plus sign, which a number would lose");
    }
    if !digits(whole) || fraction.is_some_and(|fraction| !digits(fraction)) {
        return Err("is no number");
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return Err("has a leading zero, which a number would lose");
    }
    if whole.len() + fraction.map_or(0, str::len) > DIGITS_MAX {
        return Err("has more than 15 digits, which a number may lose");
    }
    Ok(())
}

/// The truth value of a text.
pub(crate) fn truth(text: &str) -> Option<bool> {
    match text {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// A date, with what is written of a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Moment<'a> {
    year: u32,
    month: u32,
    day: u32,
    time: Option<Time<'a>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Time<'a> {
    hour: u32,
    minute: u32,
    second: u32,
    /// With its point; the offset with its sign, or `Z`.
    fraction: &'a str,
    offset: &'a str,
}

impl fmt::Display for Moment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)?;
        let Some(time) = self.time else { return Ok(()) };
        write!(f, "T{:02}:{:02}:{:02}", time.hour, time.minute, time.second)?;
        write!(f, "{}{}", time.fraction, time.offset)
    }
}

/// A point in time as ISO 8601 text; if it is none, why.
pub(crate) fn moment(text: &str, notation: Notation) -> Result<String, &'static str> {
    let (date, time) = match text.split_once(['T', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let (year, month, day) = match notation {
        Notation::Iso => iso_date(date),
        Notation::DayFirst => slash_date(date).map(|(day, month, year)| (year, month, day)),
        Notation::MonthFirst => slash_date(date).map(|(month, day, year)| (year, month, day)),
    }
    .ok_or("is no date")?;
    if day == 0 || day > days(year, month) {
        return Err("is no day of the calendar");
    }
    if notation != Notation::Iso && time.is_none() {
        return Err("is a date in a local notation without a time of day");
    }
    let time = time.map(|time| clock(time).ok_or("is no time of day")).transpose()?;
    Ok(Moment { year, month, day, time }.to_string())
}

fn iso_date(text: &str) -> Option<(u32, u32, u32)> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    Some((digits(year, 4..=4)?, digits(month, 2..=2)?, digits(day, 2..=2)?))
}

fn slash_date(text: &str) -> Option<(u32, u32, u32)> {
    let (first, rest) = text.split_once('/')?;
    let (second, year) = rest.split_once('/')?;
    Some((digits(first, 1..=2)?, digits(second, 1..=2)?, digits(year, 4..=4)?))
}

fn digits(text: &str, lengths: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let all = text.bytes().all(|byte| byte.is_ascii_digit());
    if all && lengths.contains(&text.len()) { text.parse().ok() } else { None }
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 0,
    }
}

fn clock(text: &str) -> Option<Time<'_>> {
    let at = text.find(['Z', '+', '-']).unwrap_or(text.len());
    let (text, offset) = text.split_at(at);
    let (text, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut parts = text.split(':');
    let hour = digits(parts.next()?, 1..=2)?;
    let minute = digits(parts.next()?, 2..=2)?;
    let seconds = parts.next();
    let second = seconds.map_or(Some(0), |second| digits(second, 2..=2))?;
    let fits = hour < 24 && minute < 60 && second < 60 && parts.next().is_none();
    let fraction_fits =
        fraction.is_empty() || (seconds.is_some() && digits(&fraction[1..], 1..=9).is_some());
    (fits && fraction_fits && is_offset(offset)).then_some(Time {
        hour,
        minute,
        second,
        fraction,
        offset,
    })
}

/// Nothing, `Z` or `+02:00`.
fn is_offset(text: &str) -> bool {
    if text.is_empty() || text == "Z" {
        return true;
    }
    let Some((hour, minute)) = text[1..].split_once(':') else { return false };
    !text.starts_with('Z')
        && digits(hour, 2..=2).is_some_and(|hour| hour < 24)
        && digits(minute, 2..=2).is_some_and(|minute| minute < 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_numbers_from_codes() {
        for text in ["0", "-1", "1253.78", "967.45", "1200.00", "0.5", "-0.00", "123456789012345"] {
            assert_eq!(number(text), Ok(()), "{text}");
        }
        for (text, why) in [
            ("", "no number"),
            ("-", "no number"),
            (".5", "no number"),
            ("5.", "no number"),
            ("1,5", "no number"),
            ("1e5", "no number"),
            ("1 000", "no number"),
            ("I-1001", "no number"),
            ("007", "leading zero"),
            ("+49", "plus sign"),
            ("1234567890123456", "15 digits"),
            ("12345678901.23456", "15 digits"),
        ] {
            let error = number(text).unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn writes_moments_in_iso() {
        use Notation::{DayFirst, Iso, MonthFirst};
        for (text, notation, want) in [
            ("2023-04-06", Iso, "2023-04-06"),
            ("2023-04-06 09:30", Iso, "2023-04-06T09:30:00"),
            ("2023-04-06T09:30:15.250Z", Iso, "2023-04-06T09:30:15.250Z"),
            ("2023-04-06T09:30:15+02:00", Iso, "2023-04-06T09:30:15+02:00"),
            ("2024-02-29", Iso, "2024-02-29"),
            ("01/01/1900 00:00", DayFirst, "1900-01-01T00:00:00"),
            ("6/4/2023 9:30", DayFirst, "2023-04-06T09:30:00"),
            ("6/4/2023 9:30", MonthFirst, "2023-06-04T09:30:00"),
        ] {
            assert_eq!(moment(text, notation).as_deref(), Ok(want), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_moment() {
        use Notation::{DayFirst, Iso, MonthFirst};
        for (text, notation) in [
            ("2023-02-29", Iso),
            ("2023-13-01", Iso),
            ("2023-4-6", Iso),
            ("20230406", Iso),
            ("2023-04-06T24:00", Iso),
            ("2023-04-06T09", Iso),
            ("2023-04-06T09:30.5", Iso),
            ("2023-04-06T09:30Z1", Iso),
            ("2023-04-06T09:30é", Iso),
            ("06/04/2023", DayFirst),
            ("13/04/2023 00:00", MonthFirst),
            ("04/13/2023 00:00", DayFirst),
            ("04/13/23 00:00", MonthFirst),
            ("Tuesday", Iso),
        ] {
            assert!(moment(text, notation).is_err(), "{text}");
        }
    }
}
