//! Floods, cuts and foreign characters.

use std::sync::Mutex;
use std::time::Duration;

use model::{Value, json};

use super::{Level, Line, Log, LogSink};
use crate::limits::{
    LOG_BYTES_MAX, LOG_LINE_BYTES_MAX, LOG_LINES_BURST_MAX, LOG_LINES_PER_SECOND_MAX,
};

#[derive(Debug, Default)]
struct Lines(Mutex<Vec<Line>>);

impl LogSink for Lines {
    fn write(&self, line: &Line) {
        self.0.lock().unwrap().push(line.clone());
    }
}

impl Lines {
    fn take(&self) -> Vec<Line> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

const START: Duration = Duration::from_secs(1_000);

fn write(log: &mut Log, lines: &Lines, after: Duration, message: &str) {
    log.write(lines, START + after, Level::Info, message, None);
}

fn one(message: &str, data: Option<Value>) -> Line {
    let lines = Lines::default();
    Log::new(START).write(&lines, START, Level::Info, message, data);
    lines.take().remove(0)
}

#[test]
fn bursts_are_bounded() {
    for (count, kept) in [
        (LOG_LINES_BURST_MAX - 1, LOG_LINES_BURST_MAX - 1),
        (LOG_LINES_BURST_MAX, LOG_LINES_BURST_MAX),
        (LOG_LINES_BURST_MAX + 1, LOG_LINES_BURST_MAX),
    ] {
        let (mut log, lines) = (Log::new(START), Lines::default());
        (0..count).for_each(|_| write(&mut log, &lines, Duration::ZERO, "x"));
        assert_eq!(lines.take().len(), kept);
        log.finish(&lines);
        assert_eq!(lines.take().len(), count - kept);
    }
}

#[test]
fn rates_are_bounded() {
    let (mut log, lines) = (Log::new(START), Lines::default());
    (0..LOG_LINES_BURST_MAX).for_each(|_| write(&mut log, &lines, Duration::ZERO, "x"));
    lines.take();
    // Ten times as often as allowed, for ten seconds.
    let often = Duration::from_secs(1) / (10 * LOG_LINES_PER_SECOND_MAX as u32);
    for count in 1..=100 * LOG_LINES_PER_SECOND_MAX as u32 {
        write(&mut log, &lines, often * count, "x");
    }
    assert_eq!(lines.take().len(), 10 * LOG_LINES_PER_SECOND_MAX);
    // Credit does not grow beyond a burst, however long nothing is said.
    let later = Duration::from_hours(1);
    (0..2 * LOG_LINES_BURST_MAX).for_each(|_| write(&mut log, &lines, later, "x"));
    assert_eq!(lines.take().len(), LOG_LINES_BURST_MAX);
    log.finish(&lines);
    let dropped = 90 * LOG_LINES_PER_SECOND_MAX + LOG_LINES_BURST_MAX;
    let message = format!("{dropped} lines dropped, beyond what a run may log");
    assert_eq!(lines.take(), [Line { level: Level::Warning, message, data: None }]);
}

#[test]
fn time_that_stands_still_gives_nothing() {
    let (mut log, lines) = (Log::new(START), Lines::default());
    (0..LOG_LINES_BURST_MAX).for_each(|_| write(&mut log, &lines, Duration::ZERO, "x"));
    log.write(&lines, Duration::ZERO, Level::Info, "earlier", None);
    write(&mut log, &lines, Duration::ZERO, "now");
    assert_eq!(lines.take().len(), LOG_LINES_BURST_MAX);
}

#[test]
fn bytes_of_a_run_are_bounded() {
    let second = Duration::from_secs(1);
    let full = "x".repeat(LOG_LINE_BYTES_MAX);
    let whole = LOG_BYTES_MAX / LOG_LINE_BYTES_MAX;
    for (last, kept) in [(LOG_LINE_BYTES_MAX - 1, true), (LOG_LINE_BYTES_MAX, true)] {
        let (mut log, lines) = (Log::new(START), Lines::default());
        for count in 1..whole as u32 {
            write(&mut log, &lines, second * count, &full);
        }
        write(&mut log, &lines, second * whole as u32, &full[..last]);
        assert_eq!(lines.take().len() == whole, kept);
        let room = LOG_LINE_BYTES_MAX - last;
        write(&mut log, &lines, second * whole as u32, &full[..=room]);
        assert_eq!(lines.take(), []);
        log.finish(&lines);
        assert_eq!(lines.take()[0].message, "1 line dropped, beyond what a run may log");
    }
}

#[test]
fn long_lines_are_cut() {
    for bytes in [LOG_LINE_BYTES_MAX - 1, LOG_LINE_BYTES_MAX] {
        let message = "x".repeat(bytes);
        assert_eq!(one(&message, None).message, message);
    }
    let line = one(&"é".repeat(LOG_LINE_BYTES_MAX / 2 + 1), None);
    assert!(line.message.len() <= LOG_LINE_BYTES_MAX, "{}", line.message.len());
    assert!(line.message.len() > LOG_LINE_BYTES_MAX - 8);
    let kept = line.message.chars().filter(|it| *it == 'é').count();
    let about = format!(" … ({} bytes of text left out)", LOG_LINE_BYTES_MAX + 2 - 2 * kept);
    assert!(line.message.ends_with(&about), "{}", line.message);
}

#[test]
fn data_is_whole_or_left_out() {
    let data = |bytes: usize| Some(Value::from("x".repeat(bytes - 2)));
    let room = LOG_LINE_BYTES_MAX - 2;
    for bytes in [room - 1, room] {
        assert_eq!(one("ab", data(bytes)).data, data(bytes));
    }
    let line = one("ab", data(room + 1));
    assert_eq!(line.data, None);
    assert_eq!(line.message, format!("ab … ({} bytes of data left out)", room + 1));
    let line = one(&"y".repeat(9_000), data(9_000));
    assert!(line.message.len() <= LOG_LINE_BYTES_MAX);
    assert!(line.message.ends_with("bytes of text left out) … (9000 bytes of data left out)"));
}

#[test]
fn text_shows_what_misleads() {
    let data = json::parse(r#"{"a": "\u001b[2J", "b": "\u202e"}"#).unwrap();
    let line = one("one\ntwo\u{1b}[31m\u{2066}", Some(data));
    let shown = "one\\ntwo\\u{1b}[31m\\u{2066} {\"a\":\"\\u001b[2J\",\"b\":\"\\u{202e}\"}";
    assert_eq!(line.text(), shown);
}
