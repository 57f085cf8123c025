//! The next record, good or bad, and where to go on after a bad one.

use std::io::Read;

use crate::encoding::EncodingOrigin;
use crate::error::{Error, RowError, RowErrorKind};
use crate::frame::{self, Step};
use crate::lines::{self, LineEnd, Lines};
use crate::options::{Blank, Long, Quotes, Short};
use crate::reader::{Next, Reader};
use crate::record::Place;
use crate::split::Outcome;

/// What is wrong with a record and with which of its columns, counted from 1.
struct Fault {
    kind: RowErrorKind,
    column: Option<usize>,
}

/// What is kept of a rejected record.
struct Start {
    bytes: Vec<u8>,
    is_cut: bool,
}

impl Start {
    fn of(raw: &[u8], most: usize) -> Self {
        Self { bytes: raw[..raw.len().min(most)].to_vec(), is_cut: raw.len() > most }
    }
}

impl<R: Read> Reader<R> {
    /// Finds the next record behind comments and blank lines.
    pub(super) fn find(&mut self) -> Result<Next, Error> {
        loop {
            self.source.fill_to(1)?;
            let Some(&first) = self.source.text().first() else {
                return Ok(Next::End);
            };
            if Some(first) == self.layout.dialect.comment {
                self.skip_line()?;
            } else if matches!(first, b'\r' | b'\n') {
                if let Some(next) = self.blank_line()? {
                    return Ok(next);
                }
            } else if let Some(next) = self.record()? {
                return Ok(next);
            }
        }
    }

    /// Leaves the current line behind, however long it is.
    pub(super) fn skip_line(&mut self) -> Result<(), Error> {
        loop {
            let (text, eof) = (self.source.text(), self.source.eof());
            let hit = memchr::memchr2(b'\n', b'\r', text);
            if let Some(end) = hit.and_then(|at| lines::end_at(text, at, eof)) {
                self.source.consume(end.next);
                self.line += 1;
                return Ok(());
            }
            self.source.consume(hit.unwrap_or(text.len()));
            if eof {
                return Ok(());
            }
            self.source.fill()?;
        }
    }

    fn blank_line(&mut self) -> Result<Option<Next>, Error> {
        let place = self.place(0);
        self.skip_line()?;
        let kept = match self.options.blank {
            Blank::Skip => false,
            Blank::Keep => true,
            Blank::Auto => self.width == Some(1),
        };
        if !kept || !self.body {
            self.warnings.blank_lines += 1;
            return Ok(None);
        }
        self.split.blank();
        Ok(Some(match self.check_width() {
            Some(fault) => self.bad(place, fault, &Start::of(&[], 0)),
            None => self.good(place),
        }))
    }

    /// The record that the text begins with; none if it must be read anew in another encoding.
    fn record(&mut self) -> Result<Option<Next>, Error> {
        self.frame.restart();
        loop {
            let step = self.frame.scan(self.source.text(), self.source.eof(), &self.rules);
            return match step {
                Step::More => {
                    self.source.fill()?;
                    continue;
                }
                Step::Record(end) => Ok(self.take(end)),
                Step::Unclosed { open } | Step::LongField { open } => {
                    self.reject_open(step, open).map(Some)
                }
                Step::LongRecord => self.reject_long().map(Some),
            };
        }
    }

    /// Takes a record that is there as a whole.
    fn take(&mut self, end: LineEnd) -> Option<Next> {
        let raw = &self.source.text()[..end.end];
        // A byte that is left out may part the halves of a character, which then look whole.
        let parted = self.frame.after_quote.is_some() || self.layout.dialect.escape.is_some();
        if parted && std::str::from_utf8(raw).is_err() {
            return self.take_broken_text(end);
        }
        let fault = match self.split_record(end.end) {
            Outcome::NoText => return self.take_broken_text(end),
            Outcome::TooMany => {
                let kind = RowErrorKind::ColumnsOverLimit { max: self.options.limits.columns_max };
                Some(Fault { kind, column: None })
            }
            Outcome::Cells => self.check_quotes().or_else(|| self.check_sizes(end.end)),
        };
        let fault = fault.or_else(|| self.check_width());
        self.proven |= self.fallback.is_some() && !self.source.text()[..end.end].is_ascii();
        Some(self.finish(end, fault))
    }

    /// Takes a record that is not UTF-8: by the fallback if that is still open.
    fn take_broken_text(&mut self, end: LineEnd) -> Option<Next> {
        if let Some(encoding) = self.late_fallback() {
            self.source.decode(encoding, 0);
            return None;
        }
        let raw = &self.source.text()[..end.end];
        let valid = raw.utf8_chunks().next().map_or(0, |chunk| chunk.valid().len());
        let byte = self.source.offset_of(valid);
        let kind = RowErrorKind::BadEncoding { encoding: self.layout.encoding, byte };
        Some(self.finish(end, Some(Fault { kind, column: None })))
    }

    /// The encoding to go on in after the first text beyond ASCII turned out to be no UTF-8.
    fn late_fallback(&mut self) -> Option<&'static encoding_rs::Encoding> {
        if self.proven || self.layout.encoding_by != EncodingOrigin::Valid {
            return None;
        }
        let encoding = self.fallback?;
        self.layout.encoding = encoding.name();
        self.layout.encoding_by = EncodingOrigin::Fallback;
        self.warnings.fallback_line = Some(self.line);
        Some(encoding)
    }

    /// Splits the record; if text follows a quote and must not, only up to there.
    fn split_record(&mut self, end: usize) -> Outcome {
        let text = self.source.text();
        let gaps = frame::layout_spaces(&text[..end], &self.frame.quoted, &self.layout.dialect);
        match self.frame.after_quote {
            Some(at) if self.options.quotes == Quotes::Strict => {
                let before: Vec<_> = gaps.into_iter().filter(|gap| gap.end <= at).collect();
                self.split.record(&text[..at], at, &before)
            }
            _ => self.split.record(text, end, &gaps),
        }
    }

    /// Counts or rejects what is odd about the quotes of the record.
    fn check_quotes(&mut self) -> Option<Fault> {
        self.warnings.stray_quotes += self.frame.stray;
        self.frame.after_quote?;
        if self.options.quotes == Quotes::Strict {
            let column = Some(self.split.ends().len());
            return Some(Fault { kind: RowErrorKind::BytesAfterQuote, column });
        }
        self.warnings.after_quote += 1;
        None
    }

    fn check_sizes(&self, end: usize) -> Option<Fault> {
        let max = self.options.limits.field_bytes_max;
        if end <= max {
            return None;
        }
        let starts = std::iter::once(&0).chain(self.split.ends());
        let mut sizes = starts.zip(self.split.ends()).map(|(start, end)| end - start);
        let large = sizes.position(|size| size > max)?;
        Some(Fault { kind: RowErrorKind::FieldTooLarge { max }, column: Some(large + 1) })
    }

    /// Compares the cells with the columns; the first good record decides how many there are.
    fn check_width(&mut self) -> Option<Fault> {
        let found = self.split.ends().len();
        let expected = *self.width.get_or_insert(found);
        if found < expected && self.options.short == Short::Reject {
            let kind = RowErrorKind::TooFewColumns { expected, found };
            return Some(Fault { kind, column: Some(found + 1) });
        }
        if found > expected && self.options.long == Long::Reject {
            let kind = RowErrorKind::TooManyColumns { expected, found };
            return Some(Fault { kind, column: Some(expected + 1) });
        }
        if found > expected && self.options.long == Long::Truncate {
            self.split.truncate(expected);
        }
        None
    }

    /// Consumes a record and says what it was.
    fn finish(&mut self, end: LineEnd, fault: Option<Fault>) -> Next {
        let raw = &self.source.text()[..end.end];
        let inner = if self.frame.opened && lines::breaks(raw) { lines::count(raw) } else { 0 };
        let place = self.place(inner);
        let next = match fault {
            None => self.good(place),
            Some(fault) => {
                let raw = Start::of(raw, self.options.limits.raw_bytes_max);
                self.bad(place, fault, &raw)
            }
        };
        self.source.consume(end.next);
        self.line += inner + u64::from(end.next > end.end);
        next
    }

    /// Rejects the lines up to the one whose quote stays open, and goes on with the line after.
    fn reject_open(&mut self, step: Step, open: usize) -> Result<Next, Error> {
        let max = self.options.limits.field_bytes_max;
        let text = self.source.text();
        let inner = lines::count(&text[..open]);
        let place = self.place(inner);
        let quoted = &text[open..text.len().min(open + max + 2)];
        let kind = if matches!(step, Step::Unclosed { .. }) || lines::breaks(quoted) {
            RowErrorKind::UnclosedQuote { line: place.lines.last }
        } else {
            RowErrorKind::FieldTooLarge { max }
        };
        let end = memchr::memchr2(b'\n', b'\r', quoted).map_or(text.len(), |at| open + at);
        let raw = Start::of(&text[..end], self.options.limits.raw_bytes_max);
        let column = self.column_of(open);
        self.source.consume(open);
        self.line += inner;
        self.skip_line()?;
        Ok(self.bad(place, Fault { kind, column }, &raw))
    }

    /// The number of the column that is open at a quote.
    fn column_of(&mut self, open: usize) -> Option<usize> {
        let before = &self.source.text()[..open];
        let gaps = frame::layout_spaces(before, &self.frame.quoted, &self.layout.dialect);
        if before.is_empty() {
            return Some(1);
        }
        match self.split.record(before, open, &gaps) {
            Outcome::Cells => Some(self.split.ends().len()),
            Outcome::TooMany | Outcome::NoText => None,
        }
    }

    /// Rejects a record that exceeds its limit, and goes on where it ends, holding none of it.
    fn reject_long(&mut self) -> Result<Next, Error> {
        let limits = self.options.limits;
        let rules = self.rules.without_record_max();
        let mut place = self.place(0);
        let raw = self.source.text();
        let raw = Start::of(raw, limits.raw_bytes_max);
        loop {
            self.drop_disposable();
            match self.frame.scan(self.source.text(), self.source.eof(), &rules) {
                Step::More => self.source.fill()?,
                Step::Record(end) => {
                    self.line += lines::count(&self.source.text()[..end.end]);
                    place.lines.last = self.line;
                    self.source.consume(end.next);
                    self.line += u64::from(end.next > end.end);
                    break;
                }
                Step::Unclosed { open } | Step::LongField { open } => {
                    self.line += lines::count(&self.source.text()[..open]);
                    place.lines.last = self.line;
                    self.source.consume(open);
                    self.skip_line()?;
                    break;
                }
                Step::LongRecord => unreachable!("the record has no limit any more"),
            }
        }
        let kind = RowErrorKind::RecordTooLarge { max: limits.record_bytes_max };
        Ok(self.bad(place, Fault { kind, column: None }, &raw))
    }

    /// Lets go of what the frame does not need; a CR stays with the LF that may follow it.
    fn drop_disposable(&mut self) {
        let text = self.source.text();
        let mut bytes = self.frame.disposable();
        while bytes > 0 && text[bytes - 1] == b'\r' {
            bytes -= 1;
        }
        self.line += lines::count(&text[..bytes]);
        self.source.consume(bytes);
        self.frame.rebase(bytes);
    }

    /// The place of a record that begins with the text and holds so many line ends.
    fn place(&self, inner: u64) -> Place {
        let lines = Lines { first: self.line, last: self.line + inner };
        let record = self.records + u64::from(self.body);
        Place { record, lines, byte: self.source.offset() }
    }

    fn good(&mut self, place: Place) -> Next {
        self.records = place.record;
        Next::Record(place)
    }

    fn bad(&mut self, place: Place, fault: Fault, raw: &Start) -> Next {
        self.records = place.record;
        let names = self.columns.names();
        Next::Bad(Box::new(RowError {
            record: place.record,
            lines: place.lines,
            byte: place.byte,
            column: fault.column,
            column_name: fault.column.and_then(|column| names.get(column - 1).cloned()),
            kind: fault.kind,
            raw: readable(&raw.bytes),
            raw_is_cut: raw.is_cut,
        }))
    }
}

/// Text as it is, other bytes as `\xE9`.
fn readable(raw: &[u8]) -> String {
    let mut text = String::with_capacity(raw.len());
    for chunk in raw.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().escape_ascii().map(char::from));
    }
    text
}
