//! One framed record into its cells, by `csv-core`.

use std::ops::Range;

use csv_core::{ReadRecordResult, Reader as Core, ReaderBuilder};

use crate::dialect::{Dialect, Quote};

/// Takes records apart. The text of all cells lies in one buffer, each cell after the other.
#[derive(Debug)]
pub(crate) struct Split {
    core: Core,
    text: Vec<u8>,
    used: usize,
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
            text: Vec::new(),
            used: 0,
            ends: vec![0; columns_max],
            cells: 0,
        };
        split.restart();
        split
    }

    /// The text of all cells, one after the other.
    pub(crate) fn text(&self) -> &[u8] {
        &self.text[..self.used]
    }

    /// Where each cell ends in the text.
    pub(crate) fn ends(&self) -> &[usize] {
        &self.ends[..self.cells]
    }

    /// Splits a record without its line end, leaving out the gaps. False if it has too many cells.
    pub(crate) fn record(&mut self, record: &[u8], gaps: &[Range<usize>]) -> bool {
        self.used = 0;
        self.cells = 0;
        if self.text.len() <= record.len() {
            self.text.resize(record.len() + 1, 0);
        }
        let mut at = 0;
        for gap in gaps {
            if !self.feed(&record[at..gap.start]) {
                return false;
            }
            at = gap.end;
        }
        if !self.feed(&record[at..]) {
            return false;
        }
        if self.used == 0 && self.cells == 0 && gaps.iter().any(|gap| gap.len() == record.len()) {
            return self.blank();
        }
        self.finish()
    }

    /// The record of a line without text: one empty cell.
    pub(crate) fn blank(&mut self) -> bool {
        self.used = 0;
        self.ends[0] = 0;
        self.cells = 1;
        true
    }

    /// Drops the cells beyond so many.
    pub(crate) fn truncate(&mut self, cells: usize) {
        self.cells = self.cells.min(cells);
    }

    /// Gives the parser one piece of a record; the room for its text is there.
    fn feed(&mut self, piece: &[u8]) -> bool {
        if piece.is_empty() {
            return true;
        }
        let (result, read, written, cells) =
            self.core.read_record(piece, &mut self.text[self.used..], &mut self.ends[self.cells..]);
        self.used += written;
        self.cells += cells;
        if result == ReadRecordResult::InputEmpty && read == piece.len() {
            return true;
        }
        self.restart();
        false
    }

    fn finish(&mut self) -> bool {
        let (result, _, written, cells) =
            self.core.read_record(b"\n", &mut self.text[self.used..], &mut self.ends[self.cells..]);
        self.used += written;
        self.cells += cells;
        if result == ReadRecordResult::Record {
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
        let text = |(start, end): (&usize, &usize)| {
            String::from_utf8(split.text()[*start..*end].to_vec()).unwrap()
        };
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
            assert!(split.record(record.as_bytes(), &[]), "{record:?}");
            assert_eq!(cells(&split), want);
        }
    }

    #[test]
    fn goes_on_after_too_many_cells() {
        let mut split = Split::new(&Dialect::default(), 2);
        assert!(split.record(b"a,b", &[]));
        assert!(!split.record(b"a,b,c", &[]));
        assert!(!split.record(b"a,\"b\",\"c\nd\"", &[]));
        assert!(split.record(b"c,\"d\"", &[]));
        assert_eq!(cells(&split), ["c", "d"]);
    }

    #[test]
    fn leaves_out_the_gaps() {
        let mut split = Split::new(&Dialect::default(), 4);
        assert!(split.record(b"a, \"b, c\" ,d", &[2..3, 9..10]));
        assert_eq!(cells(&split), ["a", "b, c", "d"]);
        assert!(split.record(b"  ", std::slice::from_ref(&(0..2))));
        assert_eq!(cells(&split), [""]);
    }
}
