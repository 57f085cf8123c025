//! Texts that follow a pattern.

use jiff::civil::{Date, Time, Weekday};

use super::cursor::Cursor;
use super::error::{Error, Invalid};
use super::moment::{Told, ToldOffset, date_text};
use super::pattern::{Part, Pattern, Placed, Slot, Width, Wrong};
use super::write::{MONTHS, WEEKDAYS, cut, weekday_name};
use super::zone;
use crate::shown::quoted;

/// What the text says. Parts of the time of day that the pattern leaves out are zero.
pub(super) fn by_pattern<'t>(text: &'t str, pattern: &Pattern<'_>) -> Result<Told<'t>, Error> {
    check(pattern)?;
    let mut cursor = Cursor::new(text);
    let mut fields = Fields::default();
    for placed in pattern.parts() {
        fields.read(&mut cursor, placed)?;
    }
    if !cursor.rest().is_empty() {
        return Err(cursor.misfit("the end", "the pattern ends here").into());
    }
    let local = fields.date(text)?.to_datetime(fields.time());
    Ok(Told { text, local, offset: fields.offset, zone: None })
}

/// What of a datetime a part tells; a pattern for reading tells each once.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tells {
    Year,
    Month,
    Day,
    Weekday,
    Hour,
    Half,
    Minute,
    Second,
    Fraction,
    Offset,
}

fn tells(part: &Part) -> Option<Tells> {
    Some(match part {
        Part::Number(Slot::Year, _) | Part::ShortYear => Tells::Year,
        Part::Number(Slot::Month, _) | Part::MonthName(_) => Tells::Month,
        Part::Number(Slot::Day, _) => Tells::Day,
        Part::WeekdayName(_) => Tells::Weekday,
        Part::Number(Slot::Hour | Slot::HalfDayHour, _) => Tells::Hour,
        Part::Half => Tells::Half,
        Part::Number(Slot::Minute, _) => Tells::Minute,
        Part::Number(Slot::Second, _) => Tells::Second,
        Part::Fraction(_) => Tells::Fraction,
        Part::Offset(_) | Part::OffsetOrZ => Tells::Offset,
        Part::Literal(_) => return None,
    })
}

/// Refuses patterns whose texts do not say one moment.
fn check(pattern: &Pattern<'_>) -> Result<(), Error> {
    let parts = pattern.parts();
    for (index, placed) in parts.iter().enumerate() {
        let told = tells(&placed.part);
        let earlier = parts[..index].iter().find(|earlier| tells(&earlier.part) == told);
        if let (Some(_), Some(earlier)) = (told, earlier) {
            let problem = format!("`{}` tells what `{}` told", placed.source, earlier.source);
            return Err(pattern.wrong(placed.column, Wrong::new(problem, "leave out one of them")));
        }
    }
    let has = |wanted: Tells| parts.iter().any(|placed| tells(&placed.part) == Some(wanted));
    let half_day = |placed: &Placed<'_>| matches!(placed.part, Part::Number(Slot::HalfDayHour, _));
    let wrong = if !has(Tells::Year) {
        Wrong::new("it has no year", "write `yyyy` where the year stands")
    } else if !has(Tells::Month) {
        Wrong::new("it has no month", "write `MM` where the month stands; `mm` is the minute")
    } else if !has(Tells::Day) {
        Wrong::new("it has no day", "write `dd` where the day stands")
    } else if parts.iter().any(half_day) != has(Tells::Half) {
        let hint = "write `hh` with `tt` for hours of AM and PM, `HH` alone for hours up to 23";
        Wrong::new("only one of `hh` and `tt` is there", hint)
    } else {
        return Ok(());
    };
    Err(pattern.wrong(pattern.end(), wrong))
}

/// What has been read so far.
#[derive(Debug, Default)]
struct Fields {
    year: i32,
    month: i32,
    day: i32,
    weekday: Option<Weekday>,
    hour: i32,
    afternoon: Option<bool>,
    minute: i32,
    second: i32,
    nanosecond: i32,
    offset: Option<ToldOffset>,
}

impl Fields {
    fn read(&mut self, cursor: &mut Cursor<'_>, placed: &Placed<'_>) -> Result<(), Invalid> {
        let rest = cursor.rest();
        if self.take(cursor, &placed.part).is_some() {
            return Ok(());
        }
        let hint =
            format!("that is `{}` at column {} of the pattern", placed.source, placed.column);
        Err(cursor.misfit_before(rest, expected(&placed.part), hint))
    }

    fn take(&mut self, cursor: &mut Cursor<'_>, part: &Part) -> Option<()> {
        match part {
            Part::Number(slot, digits) => {
                let most = if *slot == Slot::Year { 4 } else { 2 };
                let (least, greatest) = range(*slot);
                let number = cursor.number(*digits, most)?;
                *self.slot(*slot) = Some(number).filter(|it| (least..=greatest).contains(it))?;
            }
            Part::ShortYear => {
                let year = cursor.number(2, 2)?;
                self.year = if year < 50 { 2_000 + year } else { 1_900 + year };
            }
            Part::MonthName(width) => self.month = 1 + name(cursor, &MONTHS, *width)? as i32,
            Part::WeekdayName(width) => {
                let index = name(cursor, &WEEKDAYS, *width)?;
                self.weekday = Weekday::from_monday_zero_offset(index as i8).ok();
            }
            Part::Fraction(digits) => {
                let digits = cursor.digits(*digits, *digits)?;
                self.nanosecond = format!("{digits:0<9}").parse().ok()?;
            }
            Part::Half => self.afternoon = Some(name(cursor, &["AM", "PM"], Width::Long)? == 1),
            Part::OffsetOrZ if cursor.eat("Z") => self.offset = Some(ToldOffset::Utc),
            Part::OffsetOrZ => self.offset = Some(offset(cursor, 3)?),
            Part::Offset(form) => self.offset = Some(offset(cursor, *form)?),
            Part::Literal(text) => {
                return cursor.rest().starts_with(text).then(|| cursor.eat(text)).map(drop);
            }
        }
        Some(())
    }

    fn slot(&mut self, slot: Slot) -> &mut i32 {
        match slot {
            Slot::Year => &mut self.year,
            Slot::Month => &mut self.month,
            Slot::Day => &mut self.day,
            Slot::Hour | Slot::HalfDayHour => &mut self.hour,
            Slot::Minute => &mut self.minute,
            Slot::Second => &mut self.second,
        }
    }

    fn date(&self, text: &str) -> Result<Date, Invalid> {
        let date = Date::new(self.year as i16, self.month as i8, self.day as i8);
        let date = date.map_err(|_| Invalid::NoSuchDate {
            text: quoted(text),
            date: format!("{:04}-{:02}-{:02}", self.year, self.month, self.day),
        })?;
        match self.weekday.filter(|told| *told != date.weekday()) {
            None => Ok(date),
            Some(told) => Err(Invalid::WrongWeekday {
                text: quoted(text),
                date: date_text(date),
                is: weekday_name(date.weekday()),
                told: weekday_name(told),
            }),
        }
    }

    fn time(&self) -> Time {
        let hour = match self.afternoon {
            None => self.hour,
            Some(afternoon) => self.hour % 12 + 12 * i32::from(afternoon),
        };
        Time::constant(hour as i8, self.minute as i8, self.second as i8, self.nanosecond)
    }
}

fn range(slot: Slot) -> (i32, i32) {
    match slot {
        Slot::Year => (0, 9_999),
        Slot::Month | Slot::HalfDayHour => (1, 12),
        Slot::Day => (1, 31),
        Slot::Hour => (0, 23),
        Slot::Minute | Slot::Second => (0, 59),
    }
}

/// Which of the names stands here.
fn name(cursor: &mut Cursor<'_>, names: &[&'static str], width: Width) -> Option<usize> {
    names.iter().position(|name| cursor.eat(cut(name, width)))
}

fn offset(cursor: &mut Cursor<'_>, form: usize) -> Option<ToldOffset> {
    zone::offset(cursor, form.min(2), form == 3).map(ToldOffset::At)
}

fn expected(part: &Part) -> String {
    match part {
        Part::Number(slot, digits) => {
            let (least, greatest) = range(*slot);
            let (what, digits) = (noun(*slot), *digits);
            match slot {
                Slot::Year => "a year of four digits".into(),
                _ => format!("{what} from {least:0digits$} to {greatest}"),
            }
        }
        Part::ShortYear => "a year of two digits".into(),
        Part::MonthName(width) => format!("a month such as `{}`", cut("April", *width)),
        Part::WeekdayName(width) => format!("a day such as `{}`", cut("Monday", *width)),
        Part::Fraction(1) => "a digit of the second".into(),
        Part::Fraction(digits) => format!("{digits} digits of the second"),
        Part::Half => "`AM` or `PM`".into(),
        Part::OffsetOrZ => "`Z` or an offset such as `+02:00`".into(),
        Part::Offset(form) => {
            format!("an offset such as `{}`", ["+2", "+02", "+02:00"][form - 1])
        }
        Part::Literal(text) => format!("`{}`", quoted(text)),
    }
}

fn noun(slot: Slot) -> &'static str {
    match slot {
        Slot::Year => "a year",
        Slot::Month => "a month",
        Slot::Day => "a day",
        Slot::Hour | Slot::HalfDayHour => "an hour",
        Slot::Minute => "a minute",
        Slot::Second => "a second",
    }
}
