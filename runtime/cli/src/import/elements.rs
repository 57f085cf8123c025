//! The elements of one JSON array, as the text that stands between its commas.

use std::io::{self, BufRead, Read};

use super::jsonl::{Found, LINE_BYTES_MAX};
use super::nesting::Nesting;

/// How far an array is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Element,
    AfterComma,
    Closed,
    Done,
}

/// Takes an array apart. What stands between two commas may still be no JSON.
#[derive(Debug)]
pub(super) struct Elements {
    state: State,
    /// Line ends that were passed.
    pub(super) lines: u64,
}

impl Elements {
    /// The opening bracket has been read.
    pub(super) fn new(lines: u64) -> Self {
        Self { state: State::Element, lines }
    }

    /// Reads the next element; gives what was found, the bytes read, and the line of its start.
    pub(super) fn read(
        &mut self,
        input: &mut impl BufRead,
        element: &mut Vec<u8>,
    ) -> io::Result<(Found, u64, u64)> {
        element.clear();
        match self.state {
            State::Done => return Ok((Found::End, 0, self.lines + 1)),
            State::Closed => return self.read_rest(input),
            State::Element | State::AfterComma => {}
        }
        let (mut read, mut line, mut long) = (0, self.lines + 1, false);
        let (mut nesting, mut stop) = (Nesting::default(), None);
        for byte in input.by_ref().bytes() {
            let byte = byte?;
            read += 1;
            self.lines += u64::from(byte == b'\n');
            if element.is_empty() && byte.is_ascii_whitespace() {
                line = self.lines + 1;
                continue;
            }
            if nesting.is_outside(byte) && matches!(byte, b',' | b']') {
                stop = Some(byte);
                break;
            }
            long |= element.len() >= LINE_BYTES_MAX;
            if !long {
                element.push(byte);
            }
        }
        let after_comma = self.state == State::AfterComma;
        self.state = match stop {
            Some(b',') => State::AfterComma,
            Some(_) => State::Closed,
            None => State::Done,
        };
        let found = match stop {
            None => Found::Broken("the array has no end"),
            Some(_) if long => Found::TooLong,
            Some(b']') if element.is_empty() && !after_comma => {
                let (found, rest, line) = self.read_rest(input)?;
                return Ok((found, read + rest, line));
            }
            Some(_) => Found::Line,
        };
        Ok((found, read, line))
    }

    /// Nothing may follow an array.
    fn read_rest(&mut self, input: &mut impl BufRead) -> io::Result<(Found, u64, u64)> {
        self.state = State::Done;
        let mut read = 0;
        for byte in input.by_ref().bytes() {
            let byte = byte?;
            read += 1;
            if !byte.is_ascii_whitespace() {
                let problem = "text follows the array; JSON Lines need --format jsonl";
                return Ok((Found::Broken(problem), read, self.lines + 1));
            }
            self.lines += u64::from(byte == b'\n');
        }
        Ok((Found::End, read, self.lines + 1))
    }
}
