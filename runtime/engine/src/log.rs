//! The log of a run: bounded lines, and no more of them than a person can use.
//!
//! A step may write [`LOG_LINES_BURST_MAX`] lines at once and [`LOG_LINES_PER_SECOND_MAX`] a second
//! from then on, all of them together [`LOG_BYTES_MAX`] bytes. What goes beyond is dropped, and
//! when the run ends one line says how much that was.

use std::time::Duration;

use model::{Value, json};

use crate::limits::{
    LOG_BYTES_MAX, LOG_LINE_BYTES_MAX, LOG_LINES_BURST_MAX, LOG_LINES_PER_SECOND_MAX,
};
use crate::shown::visible;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    Debug,
    Info,
    Warning,
    Error,
}

impl Level {
    pub const ALL: [Self; 4] = [Self::Debug, Self::Info, Self::Warning, Self::Error];

    pub fn name(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One entry of a log. What it says is foreign: whoever shows it as text uses [`Line::text`].
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub level: Level,
    pub message: String,
    pub data: Option<Value>,
}

impl Line {
    /// The entry on one line, with characters written out that could mislead a reader or a
    /// terminal.
    pub fn text(&self) -> String {
        let mut text = visible(&self.message);
        if let Some(data) = &self.data {
            text.push(' ');
            text.push_str(&visible(&json::write(data)));
        }
        text
    }
}

/// Where the lines of a run go.
pub trait LogSink: Send + Sync {
    fn write(&self, line: &Line);
}

/// How much time pays for one line.
const LINE_COST: Duration = Duration::from_nanos(1_000_000_000 / LOG_LINES_PER_SECOND_MAX as u64);
const CREDIT_MAX: Duration = LINE_COST.saturating_mul(LOG_LINES_BURST_MAX as u32);

/// What of a run's log is admitted. It reads no clock: the time is told with each line.
#[derive(Debug)]
pub struct Log {
    credit: Duration,
    /// Until when time was credited.
    credited: Duration,
    bytes: usize,
    dropped: u64,
}

impl Log {
    /// A log that starts now, by the clock of elapsed time.
    pub fn new(elapsed: Duration) -> Self {
        Self { credit: CREDIT_MAX, credited: elapsed, bytes: 0, dropped: 0 }
    }

    /// Writes a line, cut to its bound, if there is room for it.
    pub fn write(
        &mut self,
        sink: &dyn LogSink,
        elapsed: Duration,
        level: Level,
        message: &str,
        data: Option<Value>,
    ) {
        self.credit += elapsed.saturating_sub(self.credited);
        self.credit = self.credit.min(CREDIT_MAX);
        self.credited = self.credited.max(elapsed);
        let (line, bytes) = bounded(level, message, data);
        let Some(credit) = self.credit.checked_sub(LINE_COST) else {
            self.dropped += 1;
            return;
        };
        if self.bytes + bytes > LOG_BYTES_MAX {
            self.dropped += 1;
            return;
        }
        self.credit = credit;
        self.bytes += bytes;
        sink.write(&line);
    }

    /// Ends the log, with a line about what was dropped.
    pub fn finish(self, sink: &dyn LogSink) {
        if self.dropped == 0 {
            return;
        }
        let lines = if self.dropped == 1 { "line" } else { "lines" };
        let message = format!("{} {lines} dropped, beyond what a run may log", self.dropped);
        sink.write(&Line { level: Level::Warning, message, data: None });
    }
}

/// The line within its bound, and its size. Data is kept whole or left out, the message is cut, and
/// the line says so.
fn bounded(level: Level, message: &str, data: Option<Value>) -> (Line, usize) {
    let data = data.map(|data| (json::write(&data).len(), data));
    let size = data.as_ref().map_or(0, |(size, _)| *size);
    let whole = message.len() + size;
    if whole <= LOG_LINE_BYTES_MAX {
        let data = data.map(|(_, data)| data);
        return (Line { level, message: message.to_owned(), data }, whole);
    }
    let left_out = |what: &str, bytes: usize| format!(" … ({bytes} bytes of {what} left out)");
    let about_data = if data.is_some() { left_out("data", size) } else { String::new() };
    let room = LOG_LINE_BYTES_MAX - about_data.len();
    let message = if message.len() <= room {
        message.to_owned()
    } else {
        let about = left_out("text", message.len());
        let kept = message.floor_char_boundary(room - about.len());
        message[..kept].to_owned() + &left_out("text", message.len() - kept)
    };
    let message = message + &about_data;
    let bytes = message.len();
    (Line { level, message, data: None }, bytes)
}

#[cfg(test)]
mod tests;
