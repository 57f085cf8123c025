//! Where a record ends. The frame follows the quotes and nothing else, in leaps from one special
//! byte to the next; it can stop at any byte and go on when more text has come.

use std::ops::Range;

use crate::dialect::{Dialect, Space};
use crate::limits::Limits;
use crate::lines::{self, LineEnd};

/// How far before a quote its delimiter may be when spaces between them are layout.
pub(crate) const SPACES_MAX: usize = 256;

/// What the frame looks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    delimiter: u8,
    quote: Option<u8>,
    escape: Option<u8>,
    double_quote: bool,
    space: Space,
    /// Text after a closing quote is an error.
    strict: bool,
    field_max: usize,
    record_max: usize,
}

impl Rules {
    pub(crate) fn new(dialect: &Dialect, strict: bool, limits: &Limits) -> Self {
        Self {
            delimiter: dialect.delimiter,
            quote: dialect.quote.byte(),
            escape: dialect.escape,
            double_quote: dialect.double_quote,
            space: dialect.space,
            strict,
            field_max: limits.field_bytes_max,
            record_max: limits.record_bytes_max,
        }
    }

    /// The same rules for a record that is too large already and only has to end.
    pub(crate) fn without_record_max(self) -> Self {
        Self { record_max: usize::MAX, ..self }
    }
}

/// What a scan has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The text ends before the record does.
    More,
    Record(LineEnd),
    /// The quote at `open` belongs to no quote that closes it.
    Unclosed {
        open: usize,
    },
    /// The cell quoted from `open` on exceeds the limit of a field.
    LongField {
        open: usize,
    },
    /// The record exceeds its limit.
    LongRecord,
}

/// The state of one record's scan; all positions count from the record's first byte.
#[derive(Debug, Default)]
pub(crate) struct Frame {
    at: usize,
    /// The quote that is open here.
    open: Option<usize>,
    /// Whether any cell was quoted: only then can the record span lines.
    pub(crate) opened: bool,
    /// The closed quotes, kept only where spaces around them are layout.
    pub(crate) quoted: Vec<Range<usize>>,
    /// Quotes within cells that began without one.
    pub(crate) stray: u64,
    /// The first text that follows a closing quote.
    pub(crate) after_quote: Option<usize>,
}

impl Frame {
    #[inline]
    pub(crate) fn restart(&mut self) {
        self.at = 0;
        self.open = None;
        self.opened = false;
        self.quoted.clear();
        self.stray = 0;
        self.after_quote = None;
    }

    /// Goes on to the end of the record, as far as the text allows.
    #[inline]
    pub(crate) fn scan(&mut self, text: &[u8], eof: bool, rules: &Rules) -> Step {
        loop {
            let step = match self.open {
                None => self.scan_outside(text, eof, rules),
                Some(open) => self.scan_inside(open, text, eof, rules),
            };
            if let Some(step) = step {
                return step;
            }
        }
    }

    /// From here to a line end, or to a quote, whichever comes first.
    fn scan_outside(&mut self, text: &[u8], eof: bool, rules: &Rules) -> Option<Step> {
        let limit = text.len().min(rules.record_max.saturating_add(1));
        let rest = &text[self.at..limit.max(self.at)];
        let Some(hit) = memchr::memchr3(b'\n', b'\r', rules.quote.unwrap_or(b'\n'), rest) else {
            self.at = limit.max(self.at);
            return Some(match () {
                () if self.at > rules.record_max => Step::LongRecord,
                () if eof => Step::Record(LineEnd { end: text.len(), next: text.len() }),
                () => Step::More,
            });
        };
        self.at += hit;
        if Some(text[self.at]) != rules.quote {
            return Some(lines::end_at(text, self.at, eof).map_or(Step::More, Step::Record));
        }
        if starts_cell(&text[..self.at], rules) {
            self.open = Some(self.at);
            self.opened = true;
        } else {
            self.stray += 1;
        }
        self.at += 1;
        None
    }

    /// From here to the quote that closes the cell.
    fn scan_inside(&mut self, open: usize, text: &[u8], eof: bool, rules: &Rules) -> Option<Step> {
        let quote = rules.quote.expect("a cell is quoted by the quote of the dialect");
        let field_limit = open.saturating_add(rules.field_max).saturating_add(2);
        let limit = text.len().min(field_limit).min(rules.record_max.saturating_add(1));
        let rest = &text[self.at..limit.max(self.at)];
        let Some(hit) = memchr::memchr2(quote, rules.escape.unwrap_or(quote), rest) else {
            self.at = limit.max(self.at);
            return Some(match () {
                () if self.at >= field_limit => Step::LongField { open },
                () if self.at > rules.record_max => Step::LongRecord,
                () if eof => Step::Unclosed { open },
                () => Step::More,
            });
        };
        self.at += hit;
        let Some(&next) = text.get(self.at + 1) else {
            let closes = eof && text[self.at] == quote;
            return match (closes, eof) {
                (true, _) => self.close(open, text, rules),
                (false, true) => Some(Step::Unclosed { open }),
                (false, false) => Some(Step::More),
            };
        };
        if text[self.at] != quote || (rules.double_quote && next == quote) {
            self.at += 2;
            return None;
        }
        match follows_cell(&text[self.at + 1..], eof, rules) {
            None => return Some(Step::More),
            Some(true) => {}
            // A quote that closes on a later line, yet not a cell, is the next quote that opens:
            // the one before it was never closed.
            Some(false) if rules.strict && lines::breaks(&text[open..self.at]) => {
                return Some(Step::Unclosed { open });
            }
            Some(false) => {
                self.after_quote.get_or_insert(self.at + 1);
            }
        }
        self.close(open, text, rules)
    }

    fn close(&mut self, open: usize, text: &[u8], rules: &Rules) -> Option<Step> {
        assert!(open < self.at, "a quote closes after it opens");
        if rules.space != Space::Keep {
            self.quoted.push(open..self.at);
        }
        self.open = None;
        self.at += 1;
        // Quoted cells often come one after the other: no leap needed.
        if let [delimiter, quote, ..] = text[self.at..]
            && delimiter == rules.delimiter
            && Some(quote) == rules.quote
        {
            self.open = Some(self.at + 1);
            self.at += 2;
        }
        None
    }

    /// How much of the text a record too large to keep still needs: its open quote, or as much as
    /// tells whether the next quote begins a cell.
    pub(crate) fn disposable(&self) -> usize {
        self.open.unwrap_or_else(|| self.at.saturating_sub(SPACES_MAX + 1))
    }

    /// Accounts for text that was consumed before the record was complete.
    pub(crate) fn rebase(&mut self, consumed: usize) {
        self.at -= consumed;
        self.open = self.open.map(|open| open - consumed);
        self.quoted.clear();
    }
}

/// Whether what comes after this text is the first byte of a cell.
fn starts_cell(before: &[u8], rules: &Rules) -> bool {
    let spaces = match rules.space {
        Space::Keep => 0,
        _ => before.iter().rev().take(SPACES_MAX).take_while(|byte| **byte == b' ').count(),
    };
    match before.len() - spaces {
        0 => true,
        end => before[end - 1] == rules.delimiter,
    }
}

/// Whether a closing quote may be followed by this text; none if too little of it is there.
fn follows_cell(after: &[u8], eof: bool, rules: &Rules) -> Option<bool> {
    let spaces = match rules.space {
        Space::Keep => 0,
        _ => after.iter().take(SPACES_MAX).take_while(|byte| **byte == b' ').count(),
    };
    match after.get(spaces) {
        None if eof => Some(true),
        None => None,
        Some(byte) => Some(*byte == rules.delimiter || matches!(byte, b'\r' | b'\n')),
    }
}

/// The spaces that are layout: those before each cell, and those after a closing quote.
#[inline]
pub(crate) fn layout_spaces(
    record: &[u8],
    quoted: &[Range<usize>],
    dialect: &Dialect,
) -> Vec<Range<usize>> {
    if dialect.space == Space::Keep {
        return Vec::new();
    }
    let spaces = |from: usize| from + record[from..].iter().take_while(|b| **b == b' ').count();
    let mut gaps = Vec::new();
    let mut quoted = quoted.iter().peekable();
    let mut at = 0;
    loop {
        let cell = spaces(at);
        gaps.push(at..cell);
        at = cell;
        while let Some(range) = quoted.next_if(|range| range.start <= at) {
            at = range.end + 1;
            let end = spaces(at);
            if record.get(end).is_none_or(|byte| *byte == dialect.delimiter) {
                gaps.push(at..end);
            }
        }
        match memchr::memchr(dialect.delimiter, &record[at..]) {
            Some(hit) => at += hit + 1,
            None => break,
        }
    }
    gaps.retain(|gap| !gap.is_empty());
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(strict: bool, space: Space) -> Rules {
        let limits = Limits { field_bytes_max: 10, record_bytes_max: 20, ..Limits::default() };
        Rules::new(&Dialect { space, ..Dialect::default() }, strict, &limits)
    }

    fn scan(text: &str, rules: &Rules) -> Step {
        Frame::default().scan(text.as_bytes(), true, rules)
    }

    fn record(end: usize, next: usize) -> Step {
        Step::Record(LineEnd { end, next })
    }

    #[test]
    fn finds_the_end_of_a_record() {
        for (text, step) in [
            ("a,b\nc", record(3, 4)),
            ("a,b\r\nc", record(3, 5)),
            ("a,b\rc", record(3, 4)),
            ("a,b", record(3, 3)),
            ("\"a\nb\",c\nd", record(7, 8)),
            ("\"a\"\"\nb\"\nd", record(7, 8)),
            ("5\" pipe\nb", record(7, 8)),
            ("x\"y\"z\nb", record(5, 6)),
            ("\"x\"y\nb", record(4, 5)),
            ("a,\"b\nc", Step::Unclosed { open: 2 }),
            ("a,\"b\n\"c\"\n", Step::Unclosed { open: 2 }),
            ("\"123456789", Step::Unclosed { open: 0 }),
            ("\"1234567890\"", record(12, 12)),
            ("\"12345678901\"", Step::LongField { open: 0 }),
            ("12345678901234567890\n", record(20, 21)),
            ("123456789012345678901\n", Step::LongRecord),
        ] {
            assert_eq!(scan(text, &rules(true, Space::Keep)), step, "{text:?}");
        }
    }

    #[test]
    fn lenient_quotes_close_on_later_lines() {
        let lenient = rules(false, Space::Keep);
        assert_eq!(scan("\"a\nb\"c\nd", &lenient), record(6, 7));
    }

    #[test]
    fn spaces_before_quotes_are_layout() {
        let text = "a,  \"b,\n\" ,c\n";
        assert_eq!(scan(text, &rules(true, Space::Before)), record(12, 13));
        assert_eq!(scan(text, &rules(true, Space::Keep)), record(7, 8));
    }

    #[test]
    fn stops_and_goes_on_at_any_byte() {
        for text in ["a,\"b\"\"\r\nc\"\r\nd", "5\",\"b\"\rc", "\"x\"y,\"\"\nz"] {
            for rules in [rules(true, Space::Keep), rules(false, Space::Around)] {
                let whole = scan(text, &rules);
                let mut frame = Frame::default();
                let parts = (0..=text.len())
                    .map(|end| frame.scan(&text.as_bytes()[..end], end == text.len(), &rules));
                let first = parts.into_iter().find(|step| *step != Step::More);
                assert_eq!(first, Some(whole), "{text:?}");
            }
        }
    }
}
