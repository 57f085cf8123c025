//! Time comes in from outside: `Clock` is the only way to learn it, and this module the only one
//! that judges it.

use std::sync::Mutex;
use std::time::Duration;

pub use jiff::Timestamp;

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
    let now = clock.now();
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}

/// `at` plus `span`; the end of time where that lies beyond it.
pub fn after(at: Timestamp, span: Duration) -> Timestamp {
    at.saturating_add(span).unwrap_or(Timestamp::MAX)
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
    let mut left = span.as_millis() as u64;
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
