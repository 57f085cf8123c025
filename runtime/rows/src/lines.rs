//! Physical lines: where they end, and how many a text spans. LF, CRLF and CR each end one.

use std::fmt;

/// The first and the last physical line of a record, both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lines {
    pub first: u64,
    pub last: u64,
}

impl fmt::Display for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(f, "line {}", self.first)
        } else {
            write!(f, "lines {}-{}", self.first, self.last)
        }
    }
}

/// Where the text of a line ends and where the next line begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LineEnd {
    pub(crate) end: usize,
    pub(crate) next: usize,
}

/// The line end at `at`, which is a CR or an LF; none if a CR may yet be followed by its LF.
#[inline]
pub(crate) fn end_at(text: &[u8], at: usize, eof: bool) -> Option<LineEnd> {
    match (text[at], text.get(at + 1)) {
        (b'\r', Some(b'\n')) => Some(LineEnd { end: at, next: at + 2 }),
        (b'\r', None) if !eof => None,
        _ => Some(LineEnd { end: at, next: at + 1 }),
    }
}

/// How many line ends a text holds.
pub(crate) fn count(text: &[u8]) -> u64 {
    let feeds = memchr::memchr_iter(b'\n', text).count();
    let lone_returns =
        memchr::memchr_iter(b'\r', text).filter(|at| text.get(at + 1) != Some(&b'\n')).count();
    (feeds + lone_returns) as u64
}

/// Whether a text spans more than one line.
#[inline]
pub(crate) fn breaks(text: &[u8]) -> bool {
    memchr::memchr2(b'\n', b'\r', text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_every_kind_of_line_end() {
        for (text, lines) in
            [("", 0), ("a", 0), ("a\n", 1), ("a\r\nb\r\n", 2), ("a\rb\r", 2), ("a\n\r\r\n\n", 4)]
        {
            assert_eq!(count(text.as_bytes()), lines, "{text:?}");
        }
    }

    #[test]
    fn waits_for_the_feed_of_a_return() {
        assert_eq!(end_at(b"a\r", 1, false), None);
        assert_eq!(end_at(b"a\r", 1, true), Some(LineEnd { end: 1, next: 2 }));
        assert_eq!(end_at(b"a\r\n", 1, false), Some(LineEnd { end: 1, next: 3 }));
        assert_eq!(end_at(b"a\n\r", 1, false), Some(LineEnd { end: 1, next: 2 }));
    }
}
