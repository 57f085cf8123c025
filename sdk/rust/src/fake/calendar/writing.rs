//! Moments as texts that follow a pattern.

use super::moment::Moment;
use super::pattern::{MONTHS, Part, WEEKDAYS, bad};
use super::zone;
use crate::datetime::Error;

pub(super) fn by_pattern(moment: &Moment, pattern: &[Part]) -> Result<String, Error> {
    let parts = pattern.iter().map(|part| match part {
        Part::Field(field) => written(moment, field),
        Part::Literal(literal) => Ok(literal.clone()),
    });
    parts.collect()
}

fn written(moment: &Moment, field: &str) -> Result<String, Error> {
    let (date, time) = (moment.zoned().date(), moment.zoned().time());
    let length = field.len();
    let month = MONTHS[date.month() as usize - 1];
    let weekday = WEEKDAYS[date.weekday().to_monday_zero_offset() as usize];
    let number = match field {
        "MMMM" => return Ok(month.to_owned()),
        "MMM" => return Ok(month[..3].to_owned()),
        "dddd" => return Ok(weekday.to_owned()),
        "ddd" => return Ok(weekday[..3].to_owned()),
        "tt" => return Ok(if time.hour() < 12 { "AM" } else { "PM" }.to_owned()),
        "K" if moment.is_utc() => return Ok("Z".to_owned()),
        "K" => return offset(moment, 3),
        "zzz" | "zz" | "z" => return offset(moment, length),
        "yyyy" => date.year(),
        "yy" => date.year() % 100,
        "MM" | "M" => date.month().into(),
        "dd" | "d" => date.day().into(),
        "HH" | "H" => time.hour().into(),
        // 12 comes before 1.
        "hh" | "h" => (i16::from(time.hour()) + 11) % 12 + 1,
        "mm" | "m" => time.minute().into(),
        "ss" | "s" => time.second().into(),
        _ => return Ok(format!("{:09}", time.subsec_nanosecond())[..length].to_owned()),
    };
    Ok(format!("{number:0length$}"))
}

/// Refuses to cut an offset: what is left would be another one.
fn offset(moment: &Moment, length: usize) -> Result<String, Error> {
    let offset = moment.zoned().offset();
    let minutes = zone::minutes(offset);
    let whole = zone::written(offset);
    if minutes * 60 != offset.seconds() || length < 3 && minutes % 60 != 0 {
        return Err(bad(format!("the pattern cannot tell the offset {whole} of {moment}")));
    }
    Ok(match length {
        1 => format!("{:+}", minutes / 60),
        2 => whole[..3].to_owned(),
        _ => whole,
    })
}
