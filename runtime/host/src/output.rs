//! What a call writes: split into lines, each bounded, all together bounded, floods counted.

use std::fmt;
use std::mem;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::Clock;

use crate::limits::Limits;

/// What is kept of stderr to find the message of a panic in.
const TAIL_BYTES_MAX: usize = 8 * 1024;
/// What one permit to write is worth; a guest asks for the next.
pub(crate) const WRITE_BYTES_MAX: usize = 64 * 1024;
const LINE: u64 = 1_000_000;

/// Where a line comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    Stdout,
    Stderr,
    /// The sandbox itself, about the other lines.
    Sandbox,
}

/// One line that a call wrote, as it wrote it: control characters are the reader's affair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    pub source: Source,
    pub text: &'a str,
}

/// Takes the lines of a call.
pub type Sink = Box<dyn FnMut(Line<'_>) + Send>;

/// The two streams of a call, and the sink they end in.
pub(crate) struct Output {
    sink: Sink,
    clock: Arc<dyn Clock>,
    gate: Gate,
    line_bytes: usize,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    tail: Vec<u8>,
}

/// Lets lines through: so many at once, then so many a second, and so many bytes in all.
#[derive(Debug)]
struct Gate {
    /// Millionths of a line.
    credit: u64,
    burst: u64,
    per_second: u64,
    at: Duration,
    bytes_left: usize,
    dropped: u64,
}

impl Gate {
    fn admits(&mut self, bytes: usize, now: Duration) -> bool {
        let passed = now.saturating_sub(self.at).as_micros().min(u128::from(u32::MAX)) as u64;
        self.at = now;
        let earned = passed.saturating_mul(self.per_second);
        self.credit = self.credit.saturating_add(earned).min(self.burst);
        let admitted = self.credit >= LINE && bytes <= self.bytes_left;
        if admitted {
            self.credit -= LINE;
            self.bytes_left -= bytes;
        } else {
            self.dropped += 1;
        }
        admitted
    }
}

impl Output {
    pub(crate) fn new(sink: Sink, clock: Arc<dyn Clock>, limits: &Limits) -> Arc<Mutex<Self>> {
        let burst = u64::from(limits.log_lines_burst) * LINE;
        let gate = Gate {
            credit: burst,
            burst,
            per_second: u64::from(limits.log_lines_per_second),
            at: clock.elapsed(),
            bytes_left: limits.log_bytes,
            dropped: 0,
        };
        let line_bytes = limits.log_line_bytes;
        let (stdout, stderr, tail) = (Vec::new(), Vec::new(), Vec::new());
        Arc::new(Mutex::new(Self { sink, clock, gate, line_bytes, stdout, stderr, tail }))
    }

    /// The guest writes to a stream, with no regard to lines.
    pub(crate) fn write(&mut self, source: Source, bytes: &[u8]) {
        if source == Source::Stderr {
            self.keep(bytes);
        }
        let mut parts = bytes.split(|byte| *byte == b'\n');
        let last = parts.next_back().unwrap_or_default();
        for part in parts {
            self.append(source, part);
            self.end_line(source);
        }
        self.append(source, last);
    }

    /// A whole line, from whatever may speak for the guest.
    pub(crate) fn line(&mut self, source: Source, text: &str) {
        if self.gate.admits(text.len(), self.clock.elapsed()) {
            (self.sink)(Line { source, text });
        }
    }

    /// The call is over: what was begun is a line too, and what was dropped is told.
    pub(crate) fn finish(&mut self) -> u64 {
        for source in [Source::Stdout, Source::Stderr] {
            if !self.begun(source).is_empty() {
                self.end_line(source);
            }
        }
        let dropped = self.gate.dropped;
        if dropped > 0 {
            let text = format!("{dropped} more lines were dropped: too many, or too long");
            (self.sink)(Line { source: Source::Sandbox, text: &text });
        }
        dropped
    }

    /// The end of what was written to stderr.
    pub(crate) fn tail(&self) -> String {
        String::from_utf8_lossy(&self.tail).into_owned()
    }

    fn begun(&mut self, source: Source) -> &mut Vec<u8> {
        if source == Source::Stdout { &mut self.stdout } else { &mut self.stderr }
    }

    /// Adds to the line that is begun. One byte over the bound is kept, to know that it was cut.
    fn append(&mut self, source: Source, part: &[u8]) {
        let limit = self.line_bytes + 1;
        let line = self.begun(source);
        let room = limit.saturating_sub(line.len());
        line.extend_from_slice(&part[..part.len().min(room)]);
    }

    fn end_line(&mut self, source: Source) {
        let mut line = mem::take(self.begun(source));
        let whole = line.len() <= self.line_bytes;
        line.truncate(self.line_bytes);
        let mut text = String::from_utf8_lossy(&line).into_owned();
        if !whole {
            text.truncate(text.trim_end_matches(char::REPLACEMENT_CHARACTER).len());
            text.push('…');
        }
        self.line(source, text.trim_end_matches('\r'));
    }

    fn keep(&mut self, bytes: &[u8]) {
        self.tail.extend_from_slice(&bytes[bytes.len().saturating_sub(TAIL_BYTES_MAX)..]);
        let surplus = self.tail.len().saturating_sub(TAIL_BYTES_MAX);
        self.tail.drain(..surplus);
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Output").field("gate", &self.gate).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use model::ManualClock;

    use super::*;

    type Lines = Arc<Mutex<Vec<(Source, String)>>>;

    fn output(limits: &Limits) -> (Arc<Mutex<Output>>, Lines, Arc<ManualClock>) {
        let lines = Lines::default();
        let clock = Arc::new(ManualClock::new(model::Timestamp::UNIX_EPOCH));
        let kept = Arc::clone(&lines);
        let sink = move |line: Line<'_>| {
            kept.lock().unwrap().push((line.source, line.text.to_owned()));
        };
        (Output::new(Box::new(sink), Arc::clone(&clock) as _, limits), lines, clock)
    }

    fn texts(lines: &Lines) -> Vec<String> {
        lines.lock().unwrap().iter().map(|(_, text)| text.clone()).collect()
    }

    #[test]
    fn splits_streams_into_lines() {
        let (output, lines, _) = output(&Limits::default());
        let mut output = output.lock().unwrap();
        output.write(Source::Stdout, b"one\r\ntw");
        output.write(Source::Stderr, b"other\n\xff");
        output.write(Source::Stdout, b"o\n\nthree");
        assert_eq!(output.finish(), 0);
        let expected = [
            (Source::Stderr, "other"),
            (Source::Stdout, "two"),
            (Source::Stdout, ""),
            (Source::Stdout, "three"),
            (Source::Stderr, "\u{fffd}"),
        ];
        let lines = lines.lock().unwrap();
        let lines: Vec<_> = lines.iter().map(|(source, text)| (*source, &**text)).collect();
        assert_eq!(lines[0], (Source::Stdout, "one"));
        assert_eq!(lines[1..], expected);
        assert_eq!(output.tail(), "other\n\u{fffd}");
    }

    #[test]
    fn cuts_lines_beyond_their_bound() {
        let (output, lines, _) = output(&Limits { log_line_bytes: 4, ..Limits::default() });
        let mut output = output.lock().unwrap();
        output.write(Source::Stdout, "abc\nabcd\nabcde\nabcé\n".as_bytes());
        assert_eq!(texts(&lines), ["abc", "abcd", "abcd…", "abc…"]);
    }

    #[test]
    fn drops_and_counts_a_flood() {
        let limits = Limits { log_lines_burst: 2, log_lines_per_second: 1, ..Limits::default() };
        let (output, lines, clock) = output(&limits);
        let mut output = output.lock().unwrap();
        output.write(Source::Stdout, b"1\n2\n3\n4\n");
        clock.pass(Duration::from_millis(999));
        output.write(Source::Stdout, b"5\n");
        clock.pass(Duration::from_millis(1));
        output.write(Source::Stdout, b"6\n7\n");
        assert_eq!(output.finish(), 4);
        let told = "4 more lines were dropped: too many, or too long";
        assert_eq!(texts(&lines), ["1", "2", "6", told]);
    }

    #[test]
    fn drops_what_exceeds_all_bytes() {
        let (output, lines, _) = output(&Limits { log_bytes: 5, ..Limits::default() });
        let mut output = output.lock().unwrap();
        output.write(Source::Stdout, b"123\n456\n78\n9\n");
        assert_eq!(output.finish(), 2);
        assert_eq!(texts(&lines)[..2], ["123", "78"]);
    }

    #[test]
    fn keeps_the_end_of_stderr() {
        let (output, _, _) = output(&Limits::default());
        let mut output = output.lock().unwrap();
        output.write(Source::Stderr, &vec![b'a'; TAIL_BYTES_MAX]);
        output.write(Source::Stderr, b"end");
        assert_eq!(output.tail().len(), TAIL_BYTES_MAX);
        assert!(output.tail().ends_with("aend"));
    }
}
