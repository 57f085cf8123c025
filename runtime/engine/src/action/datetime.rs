//! `datetime.now`, `add`, `subtract`, `parse` and `format`: the calendar.

use flow::signature::Effect;
use model::Number;

use super::given::Misfit;
use super::input::{Inputs, read};
use super::output::{given, of};
use super::{Action, Output};
use crate::datetime::{self, Moment, Span, Unit};
use crate::failure::Failure;

pub(super) const NOW: Action = Action {
    name: "datetime.now",
    docs: "Gives the present moment, in UTC or in a zone.\n\n`now` in an expression is the moment \
           the step began, and the same in the whole step.",
    example: "\
id: here
uses: datetime.now
with: { zone: Europe/Berlin }",
    effect: Effect::None,
    errors: &["datetime/unknown-zone"],
    inputs: Now::params,
    output: of::<Moment>,
    perform: |step, inputs| {
        let Now { zone } = read(inputs)?;
        Ok(given(step.now(zone.as_deref())?))
    },
};

inputs! {
    struct Now {
        /// Such as `Europe/Berlin` or `+02:00`.
        zone: Option<String>,
    }
}

pub(super) const ADD: Action = Action {
    name: "datetime.add",
    docs: "Adds to a moment; negative amounts subtract.\n\nYears, months, weeks and days are \
           counted on the calendar of its zone, in this order: the time of day stays, and a month \
           that lacks the day ends on its last one. Hours, minutes and seconds are lengths of \
           time.",
    example: "\
id: expiry
uses: datetime.add
with: { to: \"${{ now }}\", days: 7 }",
    effect: Effect::None,
    errors: &["datetime/out-of-range"],
    inputs: Add::params,
    output: of::<Moment>,
    perform: |_, inputs| add(read(inputs)?),
};

inputs! {
    struct Add {
        /// The moment that is added to.
        to: Moment,
        /// How many years.
        years: Option<i64>,
        /// How many months.
        months: Option<i64>,
        /// How many weeks.
        weeks: Option<i64>,
        /// How many days.
        days: Option<i64>,
        /// How many hours.
        hours: Option<i64>,
        /// How many minutes.
        minutes: Option<i64>,
        /// How many seconds.
        seconds: Option<i64>,
    }
}

fn add(inputs: Add) -> Result<Output, Failure> {
    let amounts = [
        (inputs.years, Unit::Years),
        (inputs.months, Unit::Months),
        (inputs.weeks, Unit::Weeks),
        (inputs.days, Unit::Days),
        (inputs.hours, Unit::Hours),
        (inputs.minutes, Unit::Minutes),
        (inputs.seconds, Unit::Seconds),
    ];
    if amounts.iter().all(|(amount, _)| amount.is_none()) {
        return Err(Misfit::new("says nothing to add", "give `days: 7`, or another unit").into());
    }
    let told = amounts.into_iter().filter_map(|(amount, unit)| Some((amount?, unit)));
    let sum = told
        .into_iter()
        .try_fold(inputs.to, |sum, (amount, unit)| datetime::add(&sum, amount, unit))?;
    Ok(given(sum))
}

pub(super) const SUBTRACT: Action = Action {
    name: "datetime.subtract",
    docs: "Gives how long it is from one moment to another, as an exact number.\n\nIt is negative \
           if `later` is the earlier one. A day is 24 hours.",
    example: "\
id: age
uses: datetime.subtract
with: { later: \"${{ now }}\", earlier: \"${{ item.created }}\", unit: hours }",
    effect: Effect::None,
    errors: &[],
    inputs: Subtract::params,
    output: of::<Number>,
    perform: |_, inputs| {
        let Subtract { later, earlier, unit } = read(inputs)?;
        Ok(given(datetime::subtract(&later, &earlier, unit)))
    },
};

inputs! {
    struct Subtract {
        /// The moment that is counted to.
        later: Moment,
        /// The moment that is counted from.
        earlier: Moment,
        /// `seconds`, `minutes`, `hours` or `days`.
        unit: Span = "days",
    }
}

pub(super) const PARSE: Action = Action {
    name: "datetime.parse",
    docs: "Reads a text as a moment.\n\nNothing is guessed: without a pattern it must be RFC 3339, \
           and a text that names no zone and no offset needs `zone`.",
    example: "\
id: due
uses: datetime.parse
with: { text: \"${{ row.Due }}\", pattern: dd/MM/yyyy, zone: Europe/Berlin }",
    effect: Effect::None,
    errors: &[
        "datetime/invalid",
        "datetime/no-zone",
        "datetime/ambiguous",
        "datetime/gap",
        "datetime/wrong-offset",
        "datetime/bad-pattern",
        "datetime/unknown-zone",
        "datetime/out-of-range",
        "limit/exceeded",
    ],
    inputs: Parse::params,
    output: of::<Moment>,
    perform: |_, inputs| {
        let Parse { text, pattern, zone } = read(inputs)?;
        Ok(given(datetime::parse(&text, pattern.as_deref(), zone.as_deref())?))
    },
};

inputs! {
    struct Parse {
        /// What is read.
        text: String,
        /// Such as `dd/MM/yyyy HH:mm`.
        pattern: Option<String>,
        /// Where the time is told, if the text does not say it.
        zone: Option<String>,
    }
}

pub(super) const FORMAT: Action = Action {
    name: "datetime.format",
    docs: "Writes a moment as a text; RFC 3339 without a pattern.",
    example: "\
id: shown
uses: datetime.format
with: { moment: \"${{ now }}\", pattern: dd.MM.yyyy, zone: Europe/Berlin }",
    effect: Effect::None,
    errors: &["datetime/bad-pattern", "datetime/unknown-zone", "limit/exceeded"],
    inputs: Format::params,
    output: of::<String>,
    perform: |_, inputs| format(read(inputs)?),
};

inputs! {
    struct Format {
        /// What is written.
        moment: Moment,
        /// Such as `dd/MM/yyyy HH:mm`.
        pattern: Option<String>,
        /// The zone it is told in; its own without one.
        zone: Option<String>,
    }
}

fn format(Format { moment, pattern, zone }: Format) -> Result<Output, Failure> {
    let told = match zone {
        Some(zone) => datetime::in_zone(&moment, &zone)?,
        None => moment,
    };
    Ok(given(datetime::format(&told, pattern.as_deref())?))
}
