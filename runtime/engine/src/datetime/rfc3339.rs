//! RFC 3339, with or without `[Zone/Name]`.

use jiff::civil::{Date, Time};

use super::cursor::Cursor;
use super::error::{Error, Invalid};
use super::moment::{Told, ToldOffset};
use super::zone;
use crate::shown::quoted;

const HINT: &str =
    "a datetime looks like 2026-04-06T09:30:00+02:00; give a pattern for other texts";

/// What the text says.
pub(super) fn told(text: &str) -> Result<Told<'_>, Error> {
    let mut cursor = Cursor::new(text);
    let date = date(&mut cursor)?;
    if !(cursor.eat("T") || cursor.eat(" ")) {
        return Err(cursor.misfit("`T` and the time of day", HINT).into());
    }
    let time = time(&mut cursor)?;
    let offset = offset(&mut cursor)?;
    let zone = match bracketed(&mut cursor)? {
        Some(name) => Some(zone::named(name)?),
        None => None,
    };
    if !cursor.rest().is_empty() {
        return Err(cursor.misfit("the end", HINT).into());
    }
    Ok(Told { text, local: date.to_datetime(time), offset, zone })
}

fn date(cursor: &mut Cursor<'_>) -> Result<Date, Invalid> {
    let year = number(cursor, 4, "a year of four digits", 9_999)?;
    sign(cursor, "-")?;
    let month = number(cursor, 2, "a month from 01 to 12", 12)?;
    sign(cursor, "-")?;
    let day = number(cursor, 2, "a day from 01 to 31", 31)?;
    Date::new(year as i16, month as i8, day as i8).map_err(|_| Invalid::NoSuchDate {
        text: quoted(cursor.text()),
        date: format!("{year:04}-{month:02}-{day:02}"),
    })
}

fn time(cursor: &mut Cursor<'_>) -> Result<Time, Invalid> {
    let hour = number(cursor, 2, "an hour from 00 to 23", 23)?;
    sign(cursor, ":")?;
    let minute = number(cursor, 2, "a minute from 00 to 59", 59)?;
    sign(cursor, ":")?;
    let second = number(cursor, 2, "a second from 00 to 59", 59)?;
    let fraction = if cursor.eat(".") { fraction(cursor)? } else { 0 };
    Ok(Time::constant(hour as i8, minute as i8, second as i8, fraction))
}

/// Nanoseconds. Finer digits are refused, since they could not be kept.
fn fraction(cursor: &mut Cursor<'_>) -> Result<i32, Invalid> {
    let digits = cursor.digits(1, 9);
    let digits = digits.ok_or_else(|| cursor.misfit("a digit of the second", HINT))?;
    if cursor.digits(1, 1).is_some() {
        return Err(cursor.misfit("at most nine digits of the second", "leave out finer digits"));
    }
    Ok(format!("{digits:0<9}").parse().expect("nine digits are a number"))
}

fn offset(cursor: &mut Cursor<'_>) -> Result<Option<ToldOffset>, Invalid> {
    if cursor.eat("Z") {
        return Ok(Some(ToldOffset::Utc));
    }
    if !cursor.rest().starts_with(['+', '-']) {
        return Ok(None);
    }
    let rest = cursor.rest();
    match zone::offset(cursor, 2, true) {
        Some(offset) => Ok(Some(ToldOffset::At(offset))),
        None => Err(cursor.misfit_before(rest, "an offset such as `+02:00`", HINT)),
    }
}

/// The name between `[` and `]`, if there is one.
fn bracketed<'t>(cursor: &mut Cursor<'t>) -> Result<Option<&'t str>, Invalid> {
    if !cursor.eat("[") {
        return Ok(None);
    }
    let rest = cursor.rest();
    let Some((name, _)) = rest.split_once(']') else {
        return Err(cursor.misfit("the name of a zone and `]`", HINT));
    };
    let eaten = cursor.eat(name) && cursor.eat("]");
    assert!(eaten, "what was found there stands there");
    Ok(Some(name))
}

fn number(
    cursor: &mut Cursor<'_>,
    digits: usize,
    expected: &str,
    most: i32,
) -> Result<i32, Invalid> {
    let rest = cursor.rest();
    let least = i32::from(digits == 2 && (most == 12 || most == 31));
    let number = cursor.number(digits, digits).filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| cursor.misfit_before(rest, expected, HINT))
}

fn sign(cursor: &mut Cursor<'_>, sign: &str) -> Result<(), Invalid> {
    if cursor.eat(sign) { Ok(()) } else { Err(cursor.misfit(format!("`{sign}`"), HINT)) }
}
