//! Time comes in from outside: `Clock` is the only way to learn it, and this module the only one
//! that judges it.

use std::sync::Mutex;
use std::time::Duration;

pub use jiff::Timestamp;
use jiff::fmt::temporal::Pieces;

use crate::Error;
use crate::limits::{MOMENT_MAX, MOMENT_MIN};

/// Where time comes from. The real clock lives at the edge; tests and replay bring their own.
pub trait Clock: Send + Sync {
    /// The time of day, which may jump either way.
    fn now(&self) -> Timestamp;

    /// Time since some fixed moment; never jumps and never goes back.
    fn elapsed(&self) -> Duration;
}

/// A difference between the two clocks below this is drift, not a jump.
pub const JUMP_MIN: Duration = Duration::from_secs(2);

/// Both clocks, read together.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    pub now: Timestamp,
    pub elapsed: Duration,
}

impl Reading {
    pub fn take(clock: &dyn Clock) -> Self {
        Self { now: now(clock), elapsed: clock.elapsed() }
    }

    /// By how many microseconds the time of day moved besides passing, if it jumped since
    /// `earlier`.
    pub fn jump_since(&self, earlier: &Self) -> Option<i64> {
        let passed = self.elapsed.saturating_sub(earlier.elapsed).as_micros() as i64;
        let moved = self.now.as_microsecond() - earlier.now.as_microsecond();
        let jump = moved - passed;
        (jump.unsigned_abs() >= JUMP_MIN.as_micros() as u64).then_some(jump)
    }
}

/// The time of day, cut to the microseconds that are stored.
pub fn now(clock: &dyn Clock) -> Timestamp {
    cut(clock.now())
}

/// `at` plus `span`; the last moment there is where that lies beyond it.
pub fn after(at: Timestamp, span: Duration) -> Timestamp {
    at.saturating_add(span).map_or(MOMENT_MAX, |end| end.clamp(MOMENT_MIN, MOMENT_MAX))
}

/// `at` plus `span`, which somebody asked for: a time that is not that time would be no answer.
pub fn ahead(at: Timestamp, span: Duration) -> Result<Timestamp, Error> {
    let ahead = at.checked_add(span).ok().filter(|ahead| *ahead <= MOMENT_MAX);
    ahead.ok_or_else(|| beyond(format!("{} from now", format_span(span)), MOMENT_MAX))
}

/// An error if no item can carry the time.
pub fn check_moment(at: Timestamp) -> Result<(), Error> {
    if (MOMENT_MIN..=MOMENT_MAX).contains(&at) {
        return Ok(());
    }
    Err(beyond(at.to_string(), if at < MOMENT_MIN { MOMENT_MIN } else { MOMENT_MAX }))
}

fn beyond(given: String, limit: Timestamp) -> Error {
    Error::BeyondTime { given, limit }
}

/// The moment of that many microseconds since 1970; the nearest one there is where that is none.
pub fn of_microsecond(microsecond: i64) -> Timestamp {
    let bounded = microsecond.clamp(MOMENT_MIN.as_microsecond(), MOMENT_MAX.as_microsecond());
    Timestamp::from_microsecond(bounded).expect("it lies between two moments")
}

/// The moment without what is less than a microsecond.
fn cut(at: Timestamp) -> Timestamp {
    of_microsecond(at.as_microsecond())
}

/// Reads a time that an item can carry, cut to microseconds; `None` where the text is no time.
pub fn parse_moment(text: &str) -> Option<Result<Timestamp, Error>> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(check_moment(at).map(|()| cut(at)));
    }
    // A whole time that is no `Timestamp` lies beyond the first or the last of them.
    let pieces = Pieces::parse(text).ok()?;
    pieces.time()?;
    pieces.offset()?;
    let limit = if pieces.date().year() < 1 { MOMENT_MIN } else { MOMENT_MAX };
    Some(Err(beyond(text.chars().take(64).collect(), limit)))
}

/// Whether the text is a date or a time of day that could be anywhere on earth.
pub fn lacks_zone(text: &str) -> bool {
    text.trim().parse::<jiff::civil::DateTime>().is_ok()
}

/// The text is not a length of time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a length of time")]
pub struct NotASpan {
    pub text: String,
}

impl NotASpan {
    pub const HINT: &str = "write a number and a unit, such as 30s, 5m, 1h30m or 7d";
}

/// Reads `30s`, `1h30m`, `7d`, `250ms`. A day is 24 hours, a week 7 days.
pub fn parse_span(text: &str) -> Result<Duration, NotASpan> {
    let refused = || NotASpan { text: text.chars().take(64).collect() };
    let mut rest = text.trim();
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return Err(refused());
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let amount: u64 = rest[..digits].parse().map_err(|_| refused())?;
        let unit_end = rest[digits..].bytes().take_while(u8::is_ascii_alphabetic).count() + digits;
        let milliseconds: u64 = match &rest[digits..unit_end] {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "w" => 604_800_000,
            _ => return Err(refused()),
        };
        let part = amount.checked_mul(milliseconds).ok_or_else(refused)?;
        total = total.checked_add(Duration::from_millis(part)).ok_or_else(refused)?;
        rest = rest[unit_end..].trim_start();
    }
    Ok(total)
}

/// Writes a span as `parse_span` reads it, in its largest whole units.
pub fn format_span(span: Duration) -> String {
    let mut left = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    if left == 0 {
        return "0s".into();
    }
    let units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];
    let mut text = String::new();
    for (unit, size) in units {
        if left >= size {
            text.push_str(&(left / size).to_string());
            text.push_str(unit);
            left %= size;
        }
    }
    text
}

/// A clock that moves only when told to: for tests, replay and runs at a chosen time.
#[derive(Debug)]
pub struct ManualClock {
    reading: Mutex<Reading>,
}

impl ManualClock {
    pub fn new(now: Timestamp) -> Self {
        Self { reading: Mutex::new(Reading { now, elapsed: Duration::ZERO }) }
    }

    fn change(&self, change: impl FnOnce(&mut Reading)) {
        change(&mut self.reading.lock().expect("no holder of this lock can panic"));
    }

    /// Time passes.
    pub fn pass(&self, span: Duration) {
        self.change(|reading| {
            reading.now = after(reading.now, span);
            reading.elapsed += span;
        });
    }

    /// Somebody sets the clock: the time of day changes although no time passes.
    pub fn set(&self, now: Timestamp) {
        self.change(|reading| reading.now = now);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.reading.lock().expect("no holder of this lock can panic").now
    }

    fn elapsed(&self) -> Duration {
        self.reading.lock().expect("no holder of this lock can panic").elapsed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_back_as_written() {
        for (text, milliseconds) in [
            ("30s", 30_000),
            ("1h30m", 5_400_000),
            ("7d", 604_800_000),
            ("250ms", 250),
            ("1d2h3m4s5ms", 93_784_005),
        ] {
            assert_eq!(parse_span(text), Ok(Duration::from_millis(milliseconds)), "{text}");
            assert_eq!(format_span(Duration::from_millis(milliseconds)), text);
        }
        assert_eq!(parse_span("2w 1d"), Ok(Duration::from_hours(15 * 24)));
    }

    #[test]
    fn refuses_what_is_no_span() {
        for text in ["", " ", "5", "m", "5 m 3", "-5m", "5y", "1.5h", "99999999999999999999s", "é"]
        {
            assert!(parse_span(text).is_err(), "{text}");
        }
    }

    #[test]
    fn moments_are_bounded_at_both_ends() {
        let step = Duration::from_micros(1);
        for inside in [MOMENT_MIN, MOMENT_MIN + step, MOMENT_MAX - step, MOMENT_MAX] {
            assert_eq!(check_moment(inside), Ok(()));
            assert_eq!(parse_moment(&inside.to_string()), Some(Ok(inside)));
            assert_eq!(of_microsecond(inside.as_microsecond()), inside);
        }
        for (outside, limit) in [
            (Timestamp::MIN, MOMENT_MIN),
            (MOMENT_MIN - step, MOMENT_MIN),
            (MOMENT_MAX + step, MOMENT_MAX),
            (Timestamp::MAX, MOMENT_MAX),
        ] {
            let refused = Error::BeyondTime { given: outside.to_string(), limit };
            assert_eq!(check_moment(outside), Err(refused.clone()));
            assert_eq!(parse_moment(&outside.to_string()), Some(Err(refused)));
            assert_eq!(after(outside, Duration::ZERO), limit);
            assert_eq!(now(&ManualClock::new(outside)), limit);
        }
        assert_eq!([i64::MIN, i64::MAX].map(of_microsecond), [MOMENT_MIN, MOMENT_MAX]);
    }

    #[test]
    fn times_beyond_the_calendar_are_told() {
        for (text, limit) in [
            ("9999-12-31T23:59:59Z", MOMENT_MAX),
            ("9999-12-31T00:00:00-05:00", MOMENT_MAX),
            ("-009999-01-01T00:00:00Z", MOMENT_MIN),
        ] {
            let refused = Error::BeyondTime { given: text.into(), limit };
            assert_eq!(parse_moment(text), Some(Err(refused)));
        }
        for text in ["9999-12-31", "9999-12-31T23:59:59", "9999-12-32T00:00:00Z", "soon", ""] {
            assert_eq!(parse_moment(text), None, "{text}");
        }
    }

    #[test]
    fn spans_beyond_the_last_moment_are_refused() {
        let step = Duration::from_millis(1);
        let start = MOMENT_MAX - Duration::from_hours(1);
        let from_start = |span| ahead(start, span);
        let hour = Duration::from_hours(1);
        assert_eq!(from_start(hour.saturating_sub(step)), Ok(MOMENT_MAX - step));
        assert_eq!(from_start(hour), Ok(MOMENT_MAX));
        for (span, given) in [
            (hour + step, "1h1ms from now"),
            (Duration::from_hours(24 * 99_999_999_999), "99999999999d from now"),
        ] {
            let refused = Error::BeyondTime { given: given.into(), limit: MOMENT_MAX };
            assert_eq!(from_start(span), Err(refused));
            assert_eq!(after(start, span), MOMENT_MAX);
        }
    }

    #[test]
    fn a_set_clock_is_a_jump_and_passing_time_is_not() {
        let start: Timestamp = "2026-01-31T08:00:00Z".parse().unwrap();
        let clock = ManualClock::new(start);
        let first = Reading::take(&clock);
        clock.pass(Duration::from_hours(1));
        assert_eq!(Reading::take(&clock).jump_since(&first), None);
        clock.set(start);
        assert_eq!(Reading::take(&clock).jump_since(&first), Some(-3_600_000_000));
    }
}
