//! The moment that a text of RFC 3339 tells.

const YEARS: std::ops::RangeInclusive<i64> = 1..=9_999;
const DAY_SECONDS: i64 = 86_400;

/// A moment: seconds since 1970 in UTC, and nanoseconds after that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Instant {
    seconds: i64,
    nanoseconds: u32,
}

/// Reads `2026-04-06T09:30:00.5+02:00[Europe/Berlin]`; offset and time are wanted, the rest not.
pub(super) fn read(text: &str) -> Option<Instant> {
    let mut text = Reader(text);
    let year = text.number(4, *YEARS.start(), *YEARS.end())?;
    let month = text.eat("-").then(|| text.number(2, 1, 12))??;
    let day = text.eat("-").then(|| text.number(2, 1, days_in(year, month)))??;
    let hour = (text.eat("T") || text.eat("t")).then(|| text.number(2, 0, 23))??;
    let minute = text.eat(":").then(|| text.number(2, 0, 59))??;
    let second = text.eat(":").then(|| text.number(2, 0, 59))??;
    let nanoseconds = if text.eat(".") { text.fraction()? } else { 0 };
    let offset = text.offset()?;
    text.zone().then_some(())?;
    let local = days_since_1970(year, month, day) * DAY_SECONDS + hour * 3_600 + minute * 60;
    Some(Instant { seconds: local + second - offset, nanoseconds })
}

struct Reader<'t>(&'t str);

impl Reader<'_> {
    fn eat(&mut self, word: &str) -> bool {
        let rest = self.0.strip_prefix(word);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn number(&mut self, digits: usize, least: i64, most: i64) -> Option<i64> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        let plain = number.bytes().all(|byte| byte.is_ascii_digit());
        let number = plain.then(|| number.parse().ok())??;
        self.0 = rest;
        (least..=most).contains(&number).then_some(number)
    }

    /// Up to nine digits, as nanoseconds.
    fn fraction(&mut self) -> Option<u32> {
        let count = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let digits = self.0.get(..count).filter(|_| (1..=9).contains(&count))?;
        self.0 = &self.0[count..];
        format!("{digits:0<9}").parse().ok()
    }

    /// In seconds to the east.
    fn offset(&mut self) -> Option<i64> {
        if self.eat("Z") || self.eat("z") {
            return Some(0);
        }
        let sign = if self.eat("+") { 1 } else { self.eat("-").then_some(-1)? };
        let hours = self.number(2, 0, 23)?;
        let minutes = self.eat(":").then(|| self.number(2, 0, 59))??;
        Some(sign * (hours * 3_600 + minutes * 60))
    }

    /// Is the rest nothing, or a zone in brackets?
    fn zone(&self) -> bool {
        let zone = self.0.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let named = |zone: &str| {
            let part = |c: char| c.is_ascii_alphanumeric() || "/_+-:".contains(c);
            !zone.is_empty() && zone.chars().all(part)
        };
        self.0.is_empty() || zone.is_some_and(named)
    }
}

fn days_in(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0;
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    }
}

/// Counted in years that begin in March, so that a leap day is the last of its year.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let before_year = year * 365 + year / 4 - year / 100 + year / 400;
    let before_month = (month * 153 + 2) / 5;
    before_year + before_month + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_moment_told() {
        for (text, seconds, nanoseconds) in [
            ("1970-01-01T00:00:00Z", 0, 0),
            ("1970-01-01T01:00:00+01:00", 0, 0),
            ("1969-12-31T23:59:59.5Z", -1, 500_000_000),
            ("2026-04-06T09:30:00+02:00[Europe/Berlin]", 1_775_460_600, 0),
            ("2024-02-29T00:00:00-05:30", 1_709_184_600, 0),
            ("2000-03-01T00:00:00.000000001Z", 951_868_800, 1),
            ("0001-01-01T00:00:00Z", -62_135_596_800, 0),
            ("9999-12-31T23:59:59z", 253_402_300_799, 0),
        ] {
            assert_eq!(read(text), Some(Instant { seconds, nanoseconds }), "{text}");
        }
    }

    #[test]
    fn refuses_what_tells_no_moment() {
        for text in [
            "",
            "2026-04-06",
            "2026-04-06T09:30Z",
            "2026-04-06T09:30:00",
            "2026-04-06 09:30:00Z",
            "2025-02-29T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-04-06T24:00:00Z",
            "2026-04-06T09:30:60Z",
            "2026-04-06T09:30:00.Z",
            "2026-04-06T09:30:00.1234567891Z",
            "2026-04-06T09:30:00+24:00",
            "2026-04-06T09:30:00+0200",
            "2026-04-06T09:30:00Z[]",
            "2026-04-06T09:30:00Z[Europe/Berlin",
            "0000-01-01T00:00:00Z",
            "２026-04-06T09:30:00Z",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
