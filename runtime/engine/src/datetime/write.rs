//! Moments as texts that follow a pattern.

use std::fmt::Write;

use jiff::civil::Weekday;

use super::error::Error;
use super::moment::Moment;
use super::pattern::{Part, Pattern, Slot, Width, Wrong};
use super::zone;

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

/// From Monday, as [`Weekday::to_monday_zero_offset`] counts.
pub(super) const WEEKDAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

pub(super) fn weekday_name(weekday: Weekday) -> &'static str {
    WEEKDAYS[weekday.to_monday_zero_offset() as usize]
}

/// The name as this width writes it: `April` or `Apr`.
pub(super) fn cut(name: &'static str, width: Width) -> &'static str {
    match width {
        Width::Short => &name[..3],
        Width::Long => name,
    }
}

pub(super) fn by_pattern(moment: &Moment, pattern: &Pattern<'_>) -> Result<String, Error> {
    let mut out = String::new();
    for placed in pattern.parts() {
        part(&mut out, moment, &placed.part)
            .map_err(|wrong| pattern.wrong(placed.column, wrong))?;
    }
    Ok(out)
}

fn part(out: &mut String, moment: &Moment, part: &Part) -> Result<(), Wrong> {
    let zoned = moment.zoned();
    let written = match part {
        Part::Number(slot, digits) => {
            let digits = *digits;
            write!(out, "{:0digits$}", number(moment, *slot))
        }
        Part::ShortYear => write!(out, "{:02}", zoned.year() % 100),
        Part::MonthName(width) => out.write_str(cut(MONTHS[zoned.month() as usize - 1], *width)),
        Part::WeekdayName(width) => out.write_str(cut(weekday_name(zoned.weekday()), *width)),
        Part::Fraction(digits) => {
            out.write_str(&format!("{:09}", zoned.subsec_nanosecond())[..*digits])
        }
        Part::Half => out.write_str(if zoned.hour() < 12 { "AM" } else { "PM" }),
        Part::OffsetOrZ if moment.is_utc() => out.write_str("Z"),
        Part::OffsetOrZ => out.write_str(&offset(moment, 3)?),
        Part::Offset(form) => out.write_str(&offset(moment, *form)?),
        Part::Literal(text) => out.write_str(text),
    };
    written.expect("a String takes all");
    Ok(())
}

fn number(moment: &Moment, slot: Slot) -> i16 {
    let zoned = moment.zoned();
    match slot {
        Slot::Year => zoned.year(),
        Slot::Month => zoned.month().into(),
        Slot::Day => zoned.day().into(),
        Slot::Hour => zoned.hour().into(),
        // 12 comes before 1.
        Slot::HalfDayHour => (i16::from(zoned.hour()) + 11) % 12 + 1,
        Slot::Minute => zoned.minute().into(),
        Slot::Second => zoned.second().into(),
    }
}

/// Refuses to cut an offset: what is left would be another one.
fn offset(moment: &Moment, form: usize) -> Result<String, Wrong> {
    let offset = moment.zoned().offset();
    let minutes = zone::minutes(offset);
    let whole = zone::write_offset(offset);
    if minutes * 60 != offset.seconds() {
        let problem = format!("the offset of {moment} has seconds");
        return Err(Wrong::new(problem, "leave the offset out"));
    }
    if form == 3 {
        return Ok(whole);
    }
    if minutes % 60 != 0 {
        let problem = format!("it has no minutes for the offset {whole}");
        return Err(Wrong::new(problem, "write `zzz`"));
    }
    let hours = minutes / 60;
    Ok(if form == 2 { whole[..3].to_owned() } else { format!("{hours:+}") })
}
