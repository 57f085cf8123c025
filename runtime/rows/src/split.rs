//! One framed record into its cells, by `csv-core`.

use std::ops::Range;

use csv_core::{ReadRecordResult, Reader as Core, ReaderBuilder};

use crate::dialect::{Dialect, Quote};

/// What came of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Cells,
    /// More cells than there may be.
    TooMany,
    /// The cells are not UTF-8.
    NoText,
}

/// Takes records apart. The text of all cells lies in one buffer, each cell after the other.
#[derive(Debug)]
pub(crate) struct Split {
    core: Core,
    /// Room for the text while it is split; empty while `text` has it.
    room: Vec<u8>,
    used: usize,
    text: String,
    ends: Vec<usize>,
    cells: usize,
}

impl Split {
    pub(crate) fn new(dialect: &Dialect, columns_max: usize) -> Self {
        let mut builder = ReaderBuilder::new();
        builder
            .delimiter(dialect.delimiter)
            .escape(dialect.escape)
            .double_quote(dialect.double_quote);
        match dialect.quote {
            Quote::Never => builder.quoting(false),
            Quote::Byte(byte) => builder.quote(byte),
        };
        let mut split = Self {
            core: builder.build(),
            room: Vec::new(),
            used: 0,
            text: String::new(),
            ends: vec![0; columns_max],
            cells: 0,
        };
        split.restart();
        split
    }

    /// The text of all cells, one after the other.
    #[inline]
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Where each cell ends in the text.
    #[inline]
    pub(crate) fn ends(&self) -> &[usize] {
        &self.ends[..self.cells]
    }

    /// Splits the record that ends at `end` of the input, leaving out the gaps.
    #[inline]
    pub(crate) fn record(&mut self, input: &[u8], end: usize, gaps: &[Range<usize>]) -> Outcome {
        if gaps.iter().any(|gap| gap.len() == end) {
            self.blank();
            return Outcome::Cells;
        }
        self.used = 0;
        self.cells = 0;
        self.room = std::mem::take(&mut self.text).into_bytes();
        self.room.resize(end + 1, 0);
        if !self.feed_all(input, end, gaps) {
            return Outcome::TooMany;
        }
        self.room.truncate(self.used);
        match String::from_utf8(std::mem::take(&mut self.room)) {
            Ok(text) => self.text = text,
            Err(_) => return Outcome::NoText,
        }
        let whole = self.ends().iter().all(|end| self.text.is_char_boundary(*end));
        if whole { Outcome::Cells } else { Outcome::NoText }
    }

    /// The record of a line without text: one empty cell.
    pub(crate) fn blank(&mut self) {
        self.text.clear();
        self.ends[0] = 0;
        self.cells = 1;
    }

    fn feed_all(&mut self, input: &[u8], end: usize, gaps: &[Range<usize>]) -> bool {
        let mut at = 0;
        for gap in gaps {
            if !self.feed(&input[at..gap.start]) {
                return false;
            }
            at = gap.end;
        }
        // One call for the rest and its line end, if that is there: calls are what costs.
        match input.get(end) {
            Some(b'\n' | b'\r') => self.feed(&input[at..=end]),
            _ => self.feed(&input[at..end]) && self.feed(b"\n"),
        }
    }

    /// Drops the cells beyond so many.
    pub(crate) fn truncate(&mut self, cells: usize) {
        self.cells = self.cells.min(cells);
    }

    /// Gives the parser one piece of a record; the room for its text is there.
    #[inline]
    fn feed(&mut self, piece: &[u8]) -> bool {
        if piece.is_empty() {
            return true;
        }
        let (result, read, written, cells) =
            self.core.read_record(piece, &mut self.room[self.used..], &mut self.ends[self.cells..]);
        self.used += written;
        self.cells += cells;
        let all = matches!(result, ReadRecordResult::InputEmpty | ReadRecordResult::Record);
        if all && read == piece.len() {
            return true;
        }
        self.restart();
        false
    }

    /// Forgets a record in the middle. The line end keeps the parser from looking for a byte order
    /// mark, which is none within a file.
    fn restart(&mut self) {
        self.core.reset();
        self.core.read_record(b"\n", &mut [0], &mut [0]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(split: &Split) -> Vec<String> {
        let starts = std::iter::once(&0).chain(split.ends());
        let text = |(start, end): (&usize, &usize)| split.text()[*start..*end].to_owned();
        starts.zip(split.ends()).map(text).collect()
    }

    #[test]
    fn splits_records_one_after_the_other() {
        let mut split = Split::new(&Dialect::default(), 3);
        for (record, want) in [
            ("a,b", vec!["a", "b"]),
            ("\"a\"\"b\",\"\"", vec!["a\"b", ""]),
            (",", vec!["", ""]),
            ("\"\"", vec![""]),
            ("\u{FEFF}a", vec!["\u{FEFF}a"]),
            ("\"a\nb\",c,d", vec!["a\nb", "c", "d"]),
        ] {
            assert_eq!(
                split.record(record.as_bytes(), record.len(), &[]),
                Outcome::Cells,
                "{record:?}"
            );
            assert_eq!(cells(&split), want);
        }
    }

    #[test]
    fn goes_on_after_too_many_cells() {
        let mut split = Split::new(&Dialect::default(), 2);
        assert_eq!(split.record(b"a,b", 3, &[]), Outcome::Cells);
        assert_eq!(split.record(b"a,b,c", 5, &[]), Outcome::TooMany);
        assert_eq!(split.record(b"a,\"b\",\"c\nd\"", 11, &[]), Outcome::TooMany);
        assert_eq!(split.record(b"c,\"d\"", 5, &[]), Outcome::Cells);
        assert_eq!(cells(&split), ["c", "d"]);
    }

    #[test]
    fn leaves_out_the_gaps() {
        let mut split = Split::new(&Dialect::default(), 4);
        assert_eq!(split.record(b"a, \"b, c\" ,d", 12, &[2..3, 9..10]), Outcome::Cells);
        assert_eq!(cells(&split), ["a", "b, c", "d"]);
        assert_eq!(split.record(b"  ", 2, std::slice::from_ref(&(0..2))), Outcome::Cells);
        assert_eq!(cells(&split), [""]);
    }

    #[test]
    fn cells_are_text_each_for_itself() {
        let mut split = Split::new(&Dialect::default(), 4);
        assert_eq!(split.record(b"a,\xC3\xA9", 4, &[]), Outcome::Cells);
        assert_eq!(split.record(b"\xC3,\xA9", 3, &[]), Outcome::NoText);
        assert_eq!(split.record(b"a,\xE9", 3, &[]), Outcome::NoText);
        assert_eq!(split.record(b"a,b", 3, &[]), Outcome::Cells);
        assert_eq!(cells(&split), ["a", "b"]);
    }
}
