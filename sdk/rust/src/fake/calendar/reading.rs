//! Texts that follow a pattern.

use jiff::civil::{Date, Time};

use super::pattern::{MONTHS, Part, WEEKDAYS, bad};
use super::told::{Told, ToldOffset};
use super::zone::{self, digits, eat};
use super::{invalid, misfit};
use crate::datetime::Error;

/// A year of two digits is the last one of the century that ends with 2049.
const SHORT_YEAR_LAST: i32 = 49;

/// What the text says. Parts of the time of day that the pattern leaves out are zero.
pub(super) fn by_pattern(text: &str, pattern: &[Part]) -> Result<Told, Error> {
    check(pattern)?;
    let mut read = Read::default();
    let mut rest = text;
    let follows = pattern.iter().all(|part| match part {
        Part::Field(field) => read.field(field, &mut rest).is_some(),
        Part::Literal(literal) => rest.starts_with(literal) && eat(&mut rest, literal),
    });
    if !follows || !rest.is_empty() {
        let message = format!("`{text}` does not follow the pattern, from `{rest}` on");
        return Err(invalid("datetime/invalid", message, "correct the text or the pattern"));
    }
    read.told().ok_or_else(|| misfit(text))
}

/// What a field tells, by one letter: a pattern for reading tells each once.
fn tells(part: &Part) -> Option<char> {
    let Part::Field(field) = part else { return None };
    Some(match *field {
        "dddd" | "ddd" => 'w',
        "hh" | "h" | "HH" | "H" => 'H',
        "K" => 'z',
        field => field.chars().next()?,
    })
}

/// Refuses patterns whose texts do not say one moment.
fn check(pattern: &[Part]) -> Result<(), Error> {
    let told: Vec<char> = pattern.iter().filter_map(tells).collect();
    if let Some((_, twice)) = told.iter().enumerate().find(|(at, one)| told[..*at].contains(one)) {
        return Err(bad(format!("the pattern tells `{twice}` twice")));
    }
    if let Some(missing) = ['y', 'M', 'd'].iter().find(|wanted| !told.contains(wanted)) {
        return Err(bad(format!("the pattern has no `{missing}`")));
    }
    let half_day = pattern.iter().any(|part| matches!(part, Part::Field("hh" | "h")));
    if half_day != told.contains(&'t') {
        return Err(bad("only one of `hh` and `tt` is in the pattern"));
    }
    Ok(())
}

#[derive(Debug, Default)]
struct Read {
    year: i32,
    month: i32,
    day: i32,
    weekday: Option<usize>,
    hour: i32,
    afternoon: Option<bool>,
    minute: i32,
    second: i32,
    nanosecond: i32,
    offset: Option<ToldOffset>,
}

impl Read {
    /// Passes over one field; none where something else stands there.
    fn field(&mut self, field: &'static str, rest: &mut &str) -> Option<()> {
        let length = field.len();
        match field {
            "yyyy" => self.year = digits(rest, 4, 4)?,
            "yy" => {
                let short = digits(rest, 2, 2)?;
                self.year = short + if short > SHORT_YEAR_LAST { 1_900 } else { 2_000 };
            }
            "MMMM" => self.month = name(rest, &MONTHS, None)? as i32 + 1,
            "MMM" => self.month = name(rest, &MONTHS, Some(3))? as i32 + 1,
            "MM" | "M" => self.month = number(rest, length, 1, 12)?,
            "dddd" => self.weekday = Some(name(rest, &WEEKDAYS, None)?),
            "ddd" => self.weekday = Some(name(rest, &WEEKDAYS, Some(3))?),
            "dd" | "d" => self.day = number(rest, length, 1, 31)?,
            "HH" | "H" => self.hour = number(rest, length, 0, 23)?,
            "hh" | "h" => self.hour = number(rest, length, 1, 12)?,
            "mm" | "m" => self.minute = number(rest, length, 0, 59)?,
            "ss" | "s" => self.second = number(rest, length, 0, 59)?,
            "tt" => self.afternoon = Some(name(rest, &["AM", "PM"], None)? == 1),
            "K" if eat(rest, "Z") => self.offset = Some(ToldOffset::Utc),
            "K" | "zzz" => self.offset = Some(ToldOffset::At(zone::offset(rest, 2, true)?)),
            "zz" | "z" => self.offset = Some(ToldOffset::At(zone::offset(rest, length, false)?)),
            _ => {
                let fraction = digits(rest, length, length)?;
                self.nanosecond = fraction * 10_i32.pow(9 - length as u32);
            }
        }
        Some(())
    }

    fn told(self) -> Option<Told> {
        let hour = match self.afternoon {
            None => self.hour,
            Some(afternoon) => self.hour % 12 + 12 * i32::from(afternoon),
        };
        let date = Date::new(self.year as i16, self.month as i8, self.day as i8).ok()?;
        let weekday = date.weekday().to_monday_zero_offset() as usize;
        self.weekday.is_none_or(|told| told == weekday).then_some(())?;
        let time = Time::new(hour as i8, self.minute as i8, self.second as i8, self.nanosecond);
        Some(Told { local: date.to_datetime(time.ok()?), offset: self.offset, zone: None })
    }
}

fn number(rest: &mut &str, length: usize, least: i32, most: i32) -> Option<i32> {
    digits(rest, length, 2).filter(|number| (least..=most).contains(number))
}

/// Which of the names stands here, whole or so many letters of it.
fn name(rest: &mut &str, names: &[&str], letters: Option<usize>) -> Option<usize> {
    names.iter().position(|name| eat(rest, &name[..letters.unwrap_or(name.len())]))
}
