//! What vectors cannot show: messages, limits and laws.

use expect_test::expect;
use jiff::Timestamp;
use proptest::prelude::*;

use super::{Error, Moment, Span, Unit, add, format, in_zone, parse, subtract};
use crate::limits::{DATETIME_PATTERN_BYTES_MAX, DATETIME_TEXT_BYTES_MAX};

fn moment(text: &str) -> Moment {
    text.parse().expect("a test writes datetimes")
}

fn shown(error: &Error) -> String {
    format!("{}: {error}\n  hint: {}\n", error.code(), error.hint())
}

/// Text, pattern and zone of what cannot be read.
const UNREADABLE: &[(&str, Option<&str>, Option<&str>)] = &[
    ("06-04-2026", Some("dd/MM/yyyy"), Some("UTC")),
    ("06/14/2026", Some("dd/MM/yyyy"), Some("UTC")),
    ("06/04/2026", Some("dd/MM/yyyy HH:mm"), Some("UTC")),
    ("06/04/2026 9 o'clock", Some("dd/MM/yyyy"), Some("UTC")),
    ("6 Aprl 2026", Some("d MMMM yyyy"), Some("UTC")),
    ("2026-04-06 21:00 XM", Some("yyyy-MM-dd hh:mm tt"), Some("UTC")),
    ("31/02/2026", Some("dd/MM/yyyy"), Some("UTC")),
    ("Tuesday 06/04/2026", Some("dddd dd/MM/yyyy"), Some("UTC")),
    ("06/04/2026", Some("dd/mm/yyyy"), Some("UTC")),
    ("06/04/2026", Some("dd/MM/YYYY"), Some("UTC")),
    ("2026-04-06T09:30:00Z", Some("yyyy-MM-ddTHH:mm:ssZ"), None),
    ("06/04/2026", Some("dd/MM/yyyy"), None),
    ("2026-10-25T02:30:00", None, Some("Europe/Berlin")),
    ("2026-03-29T02:30:00", None, Some("Europe/Berlin")),
    ("2026-04-06T09:30:00+01:00[Europe/Berlin]", None, None),
    ("2026-04-06T09:30:00", None, Some("Europe/Berln")),
    ("2026-04-06", None, Some("UTC")),
    ("2026-04-06T09:3:00Z", None, None),
    ("年2026-04-06\u{202e}", None, None),
    ("9999-12-31T00:00:00Z", None, None),
];

#[test]
fn errors_name_place_and_pattern() {
    let mut texts = String::new();
    for (text, pattern, zone) in UNREADABLE {
        texts += &shown(&parse(text, *pattern, *zone).expect_err(text));
    }
    texts += &shown(&add(&moment("9999-06-01T00:00:00Z"), 12, Unit::Months).unwrap_err());
    texts += &shown(&format(&moment("2026-06-01T00:00:00+05:30"), Some("HH z")).unwrap_err());
    expect![[r"
        datetime/invalid: `06-04-2026`: expected `/` at column 3, found `-04-2026`
          hint: that is `/` at column 3 of the pattern
        datetime/invalid: `06/14/2026`: expected a month from 01 to 12 at column 4, found `14/2026`
          hint: that is `MM` at column 4 of the pattern
        datetime/invalid: `06/04/2026`: expected ` ` at column 11, found the end
          hint: that is ` ` at column 11 of the pattern
        datetime/invalid: `06/04/2026 9 o'clock`: expected the end at column 11, found ` 9 o'clock`
          hint: the pattern ends here
        datetime/invalid: `6 Aprl 2026`: expected a month such as `April` at column 3, found `Aprl 2026`
          hint: that is `MMMM` at column 3 of the pattern
        datetime/invalid: `2026-04-06 21:00 XM`: expected an hour from 01 to 12 at column 12, found `21:00 XM`
          hint: that is `hh` at column 12 of the pattern
        datetime/invalid: `31/02/2026`: there is no 2026-02-31
          hint: correct the date, or swap day and month
        datetime/invalid: `Tuesday 06/04/2026`: 2026-04-06 is a Monday, not a Tuesday
          hint: correct the date or the day of the week
        datetime/bad-pattern: the pattern cannot be used: it has no month, at column 11 of `dd/mm/yyyy`
          hint: write `MM` where the month stands; `mm` is the minute
        datetime/bad-pattern: the pattern cannot be used: `YYYY` has no meaning, at column 7 of `dd/MM/YYYY`
          hint: there is `yyyy`, `yy`
        datetime/bad-pattern: the pattern cannot be used: `Z` has no meaning, at column 20 of `yyyy-MM-ddTHH:mm:ssZ`
          hint: write `K` for the offset, `Z` for UTC; 'Z' in quotes is the letter
        datetime/no-zone: `06/04/2026` names no time zone
          hint: give the zone it is told in, such as `Europe/Berlin`, or write an offset behind it
        datetime/ambiguous: 2026-10-25T02:30:00 occurs twice in Europe/Berlin: at +02:00 and again at +01:00
          hint: write the offset behind it, +02:00 or +01:00
        datetime/gap: 2026-03-29T02:30:00 does not exist in Europe/Berlin: clocks are put forward from +01:00 to +02:00
          hint: take a time before or after the change
        datetime/wrong-offset: 2026-04-06T09:30:00 has the offset +02:00 in Europe/Berlin, not +01:00
          hint: write +02:00, or leave out the zone
        datetime/unknown-zone: there is no time zone `Europe/Berln`
          hint: did you mean `Europe/Berlin`?
        datetime/invalid: `2026-04-06`: expected `T` and the time of day at column 11, found the end
          hint: a datetime looks like 2026-04-06T09:30:00+02:00; give a pattern for other texts
        datetime/invalid: `2026-04-06T09:3:00Z`: expected a minute from 00 to 59 at column 15, found `3:00Z`
          hint: a datetime looks like 2026-04-06T09:30:00+02:00; give a pattern for other texts
        datetime/invalid: `年2026-04-06\u{202e}`: expected a year of four digits at column 1, found `年2026-04-06\u{202e}`
          hint: a datetime looks like 2026-04-06T09:30:00+02:00; give a pattern for other texts
        datetime/out-of-range: 9999-12-31T00:00:00 is beyond the years 1 to 9999
          hint: the last datetime is 9999-12-30T22:00:00Z; leave out an end that never comes
        datetime/out-of-range: `9999-06-01T00:00:00Z` and 12 months is beyond the years 1 to 9999
          hint: the last datetime is 9999-12-30T22:00:00Z; leave out an end that never comes
        datetime/bad-pattern: the pattern cannot be used: it has no minutes for the offset +05:30, at column 4 of `HH z`
          hint: write `zzz`
    "]].assert_eq(&texts);
}

#[test]
fn texts_and_patterns_are_bounded() {
    for (bytes, code) in [
        (DATETIME_TEXT_BYTES_MAX - 1, "datetime/invalid"),
        (DATETIME_TEXT_BYTES_MAX, "datetime/invalid"),
        (DATETIME_TEXT_BYTES_MAX + 1, "limit/exceeded"),
    ] {
        let text = "2".repeat(bytes);
        assert_eq!(parse(&text, None, None).unwrap_err().code(), code);
        assert_eq!(text.parse::<Moment>().unwrap_err().code(), code);
    }
    let now = moment("2026-04-06T09:30:00Z");
    for (bytes, fits) in [
        (DATETIME_PATTERN_BYTES_MAX - 1, true),
        (DATETIME_PATTERN_BYTES_MAX, true),
        (DATETIME_PATTERN_BYTES_MAX + 1, false),
    ] {
        assert_eq!(format(&now, Some(&"-".repeat(bytes))).is_ok(), fits, "{bytes}");
    }
}

#[test]
fn every_zone_ships_with_us() {
    let now = moment("2026-07-01T12:00:00Z");
    for (zone, local) in [
        ("Europe/Bucharest", "2026-07-01T15:00:00+03:00[Europe/Bucharest]"),
        ("America/St_Johns", "2026-07-01T09:30:00-02:30[America/St_Johns]"),
        ("Asia/Kathmandu", "2026-07-01T17:45:00+05:45[Asia/Kathmandu]"),
        ("Pacific/Kiritimati", "2026-07-02T02:00:00+14:00[Pacific/Kiritimati]"),
        ("Etc/UTC", "2026-07-01T12:00:00+00:00[Etc/UTC]"),
        ("GMT", "2026-07-01T12:00:00+00:00[GMT]"),
    ] {
        assert_eq!(in_zone(&now, zone).unwrap().to_string(), local);
    }
}

#[test]
fn zone_names_are_bounded() {
    let now = moment("2026-07-01T12:00:00Z");
    for bytes in [63, 64, 65, 1_000_000] {
        let error = in_zone(&now, &"Z".repeat(bytes)).unwrap_err();
        assert_eq!(error.code(), "datetime/unknown-zone");
        assert!(error.to_string().len() < 200);
    }
    assert!(super::zone::longest_name() <= super::zone::ZONE_BYTES_MAX);
}

fn zones() -> impl Strategy<Value = Option<&'static str>> {
    prop::sample::select(vec![
        None,
        Some("Europe/Berlin"),
        Some("America/New_York"),
        Some("Australia/Lord_Howe"),
        Some("Asia/Kolkata"),
        Some("Pacific/Apia"),
        Some("Africa/Casablanca"),
        Some("-03:30"),
        Some("+14:00"),
    ])
}

/// From the year 2 to 9998, so that every zone can tell it.
fn moments() -> impl Strategy<Value = Moment> {
    let seconds = -62_104_060_800_i64..253_339_228_800;
    let nanoseconds = prop_oneof![Just(0), Just(500_000_000), 0..1_000_000_000_i32];
    (seconds, nanoseconds, zones()).prop_map(|(second, nanosecond, zone)| {
        let timestamp = Timestamp::new(second, nanosecond).expect("the range is that of datetimes");
        let utc = Moment::from(timestamp);
        zone.map_or(utc.clone(), |zone| in_zone(&utc, zone).expect("the zone exists"))
    })
}

proptest! {
    #[test]
    fn texts_read_back_as_written(moment in moments()) {
        let text = moment.to_string();
        let read: Moment = text.parse().expect(&text);
        prop_assert_eq!(read.timestamp(), moment.timestamp());
        prop_assert_eq!(read.to_string(), text);
    }

    #[test]
    fn patterns_read_back_as_written(moment in moments(), pattern in prop::sample::select(vec![
        "yyyy-MM-ddTHH:mm:ss.fffffffzzz",
        "dddd, d MMMM yyyy h:mm:ss.fffffff tt K",
        "ddMMyyyyHHmmss.fffffffK",
        "M/d/yyyy H:m:s.fffffff zzz",
    ])) {
        // Offsets of the time before railways have seconds, which patterns do not tell.
        if let Ok(text) = format(&moment, Some(pattern)) {
            let read = parse(&text, Some(pattern), None).expect(&text);
            let hundreds = |moment: &Moment| moment.timestamp().as_nanosecond().div_euclid(100);
            prop_assert_eq!(hundreds(&read), hundreds(&moment));
        }
    }

    #[test]
    fn adding_never_panics(
        moment in moments(),
        amount: i64,
        unit in prop::sample::select(&Unit::ALL[..]),
    ) {
        match add(&moment, amount, unit) {
            Ok(sum) => prop_assert!(amount == 0 || sum.timestamp() != moment.timestamp()),
            Err(error) => prop_assert_eq!(error.code(), "datetime/out-of-range"),
        }
    }

    #[test]
    fn added_lengths_are_subtracted_exactly(
        moment in moments(),
        amount in -1_000_000_i64..1_000_000,
    ) {
        for (unit, span) in [
            (Unit::Seconds, Span::Seconds),
            (Unit::Minutes, Span::Minutes),
            (Unit::Hours, Span::Hours),
        ] {
            if let Ok(sum) = add(&moment, amount, unit) {
                prop_assert_eq!(subtract(&sum, &moment, span).to_string(), amount.to_string());
            }
        }
    }

    #[test]
    fn added_months_keep_day_or_end(moment in moments(), amount in -600_i64..600) {
        if let Ok(sum) = add(&moment, amount, Unit::Months) {
            let (from, to) = (moment.zoned(), sum.zoned());
            let months =
                |zoned: &jiff::Zoned| i64::from(zoned.year()) * 12 + i64::from(zoned.month());
            // Only a day that a zone left out altogether moves on to the next.
            if moment.zone() != Some("Pacific/Apia") {
                prop_assert_eq!(months(to) - months(from), amount);
                prop_assert!(to.day() == from.day() || to.day() == to.days_in_month());
            }
        }
    }

    #[test]
    fn differences_tell_nanoseconds_apart(
        moment in moments(),
        nanoseconds in 1_i64..1_000_000_000_000,
    ) {
        let later = moment.timestamp().as_nanosecond() + i128::from(nanoseconds);
        let later = Moment::from(Timestamp::from_nanosecond(later).expect("the range leaves room"));
        for span in Span::ALL {
            let difference = subtract(&later, &moment, span);
            prop_assert_ne!(subtract(&moment, &moment, span), difference.clone());
            prop_assert_eq!(subtract(&moment, &later, span).to_string(), format!("-{difference}"));
        }
    }

    #[test]
    fn reading_never_panics(text in "\\PC{0,30}", pattern in "[yMdHhmsftzKT'\"\\\\: /年-]{0,12}") {
        let _ = parse(&text, Some(&pattern), Some("UTC"));
        let _ = parse(&text, None, None);
        let _ = format(&moment("2026-04-06T09:30:00Z"), Some(&pattern));
    }
}
