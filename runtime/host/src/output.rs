//! What a call writes, split into lines. How many of them are kept is the affair of the log.

use std::fmt;
use std::mem;
use std::sync::{Arc, Mutex};

use engine::limits::LOG_LINE_BYTES_MAX;

/// What is kept of stderr to find the message of a panic in, and held back of its report.
const TAIL_BYTES_MAX: usize = 8 * 1024;
/// The line with which Rust begins to report a panic has both; a blank one may come before it.
const PANIC: [&str; 2] = ["thread '", " panicked at "];
/// What one permit to write is worth; a guest asks for the next.
pub(crate) const WRITE_BYTES_MAX: usize = 64 * 1024;
/// What of a line is handed on, and that there was more.
const CUT: &str = "…";
const LINE_BYTES_MAX: usize = LOG_LINE_BYTES_MAX - CUT.len();

/// Where a line comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    Stdout,
    Stderr,
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
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    tail: Vec<u8>,
    held: Held,
}

/// Lines of stderr that belong to the report of a panic, as far as one can see. The error at the
/// end of the call tells all of it, so they are told only where there is no such error.
#[derive(Default)]
struct Held {
    lines: Vec<String>,
    /// It has begun: whatever follows belongs to it, for nothing goes on after a panic.
    begun: bool,
}

impl Held {
    /// Takes a line, or gives back what is to be told now.
    fn take(&mut self, line: String) -> Vec<String> {
        self.begun |= PANIC.iter().all(|part| line.contains(part));
        let bytes: usize = self.lines.iter().map(String::len).sum();
        let all = bytes + line.len() <= TAIL_BYTES_MAX;
        if self.begun && all || line.is_empty() && self.lines.is_empty() {
            self.lines.push(line);
            return Vec::new();
        }
        let mut told = mem::take(self).lines;
        told.push(line);
        told
    }
}

impl Output {
    pub(crate) fn new(sink: Sink) -> Arc<Mutex<Self>> {
        let (stdout, stderr, tail) = (Vec::new(), Vec::new(), Vec::new());
        let held = Held::default();
        Arc::new(Mutex::new(Self { sink, stdout, stderr, tail, held }))
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

    /// The call is over: what was begun is a line too. If it ended in a panic of its own, the
    /// report of that is left to whoever tells of the end.
    pub(crate) fn finish(&mut self, trapped: bool) {
        for source in [Source::Stdout, Source::Stderr] {
            if !self.begun(source).is_empty() {
                self.end_line(source);
            }
        }
        let held = mem::take(&mut self.held);
        if !(trapped && held.begun) {
            for line in &held.lines {
                self.tell(Source::Stderr, line);
            }
        }
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
        let line = self.begun(source);
        let room = (LINE_BYTES_MAX + 1).saturating_sub(line.len());
        line.extend_from_slice(&part[..part.len().min(room)]);
    }

    fn end_line(&mut self, source: Source) {
        let mut line = mem::take(self.begun(source));
        let whole = line.len() <= LINE_BYTES_MAX;
        line.truncate(LINE_BYTES_MAX);
        let mut text = String::from_utf8_lossy(&line).into_owned();
        if !whole {
            text.truncate(text.trim_end_matches(char::REPLACEMENT_CHARACTER).len());
            text.push_str(CUT);
        }
        text.truncate(text.trim_end_matches('\r').len());
        let told = match source {
            Source::Stdout => vec![text],
            Source::Stderr => self.held.take(text),
        };
        for line in &told {
            self.tell(source, line);
        }
    }

    fn tell(&mut self, source: Source, text: &str) {
        (self.sink)(Line { source, text });
    }

    fn keep(&mut self, bytes: &[u8]) {
        self.tail.extend_from_slice(&bytes[bytes.len().saturating_sub(TAIL_BYTES_MAX)..]);
        let surplus = self.tail.len().saturating_sub(TAIL_BYTES_MAX);
        self.tail.drain(..surplus);
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Output")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Lines = Arc<Mutex<Vec<(Source, String)>>>;

    fn output() -> (Arc<Mutex<Output>>, Lines) {
        let lines = Lines::default();
        let kept = Arc::clone(&lines);
        let sink = move |line: Line<'_>| {
            kept.lock().unwrap().push((line.source, line.text.to_owned()));
        };
        (Output::new(Box::new(sink)), lines)
    }

    #[test]
    fn splits_streams_into_lines() {
        let (output, lines) = output();
        let mut output = output.lock().unwrap();
        output.write(Source::Stdout, b"one\r\ntw");
        output.write(Source::Stderr, b"other\n\xff");
        output.write(Source::Stdout, b"o\n\nthree");
        output.finish(false);
        let expected = [
            (Source::Stdout, "one"),
            (Source::Stderr, "other"),
            (Source::Stdout, "two"),
            (Source::Stdout, ""),
            (Source::Stdout, "three"),
            (Source::Stderr, "\u{fffd}"),
        ];
        let lines = lines.lock().unwrap();
        let lines: Vec<_> = lines.iter().map(|(source, text)| (*source, &**text)).collect();
        assert_eq!(lines, expected);
        assert_eq!(output.tail(), "other\n\u{fffd}");
    }

    #[test]
    fn cuts_lines_beyond_their_bound() {
        let (output, lines) = output();
        let mut output = output.lock().unwrap();
        let line = |bytes: usize| "a".repeat(bytes);
        for bytes in [LINE_BYTES_MAX - 1, LINE_BYTES_MAX, LINE_BYTES_MAX + 1] {
            output.write(Source::Stdout, (line(bytes) + "\n").as_bytes());
        }
        // A character that is cut in two is left out.
        output.write(Source::Stdout, (line(LINE_BYTES_MAX - 1) + "é\n").as_bytes());
        let short = line(LINE_BYTES_MAX - 1);
        let expected =
            [short.clone(), line(LINE_BYTES_MAX), line(LINE_BYTES_MAX) + CUT, short + CUT];
        let lines = lines.lock().unwrap();
        assert!(lines.iter().map(|(_, text)| text).eq(&expected));
        assert!(expected.iter().all(|text| text.len() <= LOG_LINE_BYTES_MAX));
    }

    #[test]
    fn keeps_the_end_of_stderr() {
        let (output, _) = output();
        let mut output = output.lock().unwrap();
        output.write(Source::Stderr, &vec![b'a'; TAIL_BYTES_MAX]);
        output.write(Source::Stderr, b"end");
        assert_eq!(output.tail().len(), TAIL_BYTES_MAX);
        assert!(output.tail().ends_with("aend"));
    }

    #[test]
    fn a_panic_is_told_by_the_error() {
        let report = "\nthread '<unnamed>' (1) panicked at src/lib.rs:1:1:\nno rule\nnote: run\n";
        for (written, trapped, expected) in [
            (report.to_owned(), true, vec![]),
            (report.to_owned(), false, report.lines().collect()),
            (format!("one\n\ntwo\n{report}"), true, vec!["one", "", "two"]),
            ("\nalone\n\n".to_owned(), true, vec!["", "alone", ""]),
            ("it panicked at noon\n".to_owned(), true, vec!["it panicked at noon"]),
        ] {
            let (output, lines) = output();
            let mut output = output.lock().unwrap();
            output.write(Source::Stderr, written.as_bytes());
            output.finish(trapped);
            let lines = lines.lock().unwrap();
            let told: Vec<&str> = lines.iter().map(|(_, text)| &**text).collect();
            assert_eq!(told, expected, "{written:?}");
        }
        // A report that is larger than what an error can tell is told itself.
        let (output, lines) = output();
        let mut output = output.lock().unwrap();
        let long = "a".repeat(TAIL_BYTES_MAX / 4);
        output
            .write(Source::Stderr, format!("{report}{long}\n{long}\n{long}\n{long}\n").as_bytes());
        output.finish(true);
        assert_eq!(lines.lock().unwrap().len(), report.lines().count() + 4);
    }
}
