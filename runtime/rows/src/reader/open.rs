//! From an input to a reader: encoding, `sep=` line, preamble, dialect, header; in this order.

use std::io::Read;

use encoding_rs::Encoding;

use crate::columns::Columns;
use crate::dialect::{Dialect, Layout, Origin};
use crate::encoding::{self, EncodingOrigin};
use crate::error::Error;
use crate::frame::{Frame, Rules};
use crate::options::{Options, Quotes, Warnings};
use crate::reader::{Next, Reader};
use crate::sniff;
use crate::source::Source;
use crate::split::Split;

pub(super) fn open<R: Read>(input: R, options: Options) -> Result<Reader<R>, Error> {
    options.limits.check()?;
    let declared = options.encoding.as_deref().map(encoding::named).transpose()?;
    let fallback = options.fallback.as_deref().map(encoding::named).transpose()?;
    let mut source = Source::new(input);
    let (sample, whole) = source.sample(options.limits.sample_bytes_max)?;
    let found = encoding::detect(sample, whole, declared, fallback)?;
    let proven = !sample.is_ascii();
    source.decode(found.encoding, found.mark);
    let mut reader = draft(source, options, found, fallback);
    reader.proven = proven;
    if found.origin == EncodingOrigin::Fallback {
        reader.warnings.fallback_line = Some(1);
    }
    reader.settle_dialect()?;
    reader.read_header()?;
    Ok(reader)
}

/// A reader of the standard dialect, good for skipping lines.
fn draft<R: Read>(
    source: Source<R>,
    options: Options,
    found: encoding::Found,
    fallback: Option<&'static Encoding>,
) -> Reader<R> {
    let dialect = Dialect::default();
    Reader {
        source,
        fallback,
        proven: false,
        layout: Layout {
            dialect,
            delimiter_by: Origin::Assumed,
            confidence: 0,
            encoding: found.encoding.name(),
            encoding_by: found.origin,
        },
        rules: Rules::new(&dialect, true, &options.limits),
        frame: Frame::default(),
        split: Split::new(&dialect, 1),
        columns: Columns::default(),
        width: None,
        body: false,
        peeked: None,
        line: 1,
        records: 0,
        warnings: Warnings::default(),
        options,
    }
}

impl<R: Read> Reader<R> {
    fn settle_dialect(&mut self) -> Result<(), Error> {
        let limits = self.options.limits;
        let declared = self.options.dialect;
        let (sample, _) = self.source.sample(limits.sample_bytes_max)?;
        let sep = sniff::sep_line(sample);
        if sep.is_some() {
            self.skip_line()?;
        }
        for _ in 0..declared.skip_lines.unwrap_or(0) {
            self.skip_line()?;
        }
        let (sample, whole) = self.source.sample(limits.sample_bytes_max)?;
        let choice = sniff::choose(&declared, sep, sample, whole, &limits);
        choice.dialect.check()?;
        if declared.skip_lines.is_none() {
            for _ in 0..choice.dialect.skip_lines {
                self.skip_line()?;
            }
        }
        self.layout.dialect = choice.dialect;
        self.layout.delimiter_by = choice.by;
        self.layout.confidence = choice.confidence;
        let strict = self.options.quotes == Quotes::Strict;
        self.rules = Rules::new(&choice.dialect, strict, &limits);
        self.split = Split::new(&choice.dialect, limits.columns_max);
        Ok(())
    }

    fn read_header(&mut self) -> Result<(), Error> {
        if self.layout.dialect.header {
            match self.find()? {
                Next::End => {}
                Next::Bad(error) => return Err(Error::Header(error)),
                Next::Record(place) => {
                    let cells = self.record_at(place);
                    let written = (0..cells.ends.len()).filter_map(|at| cells.written(at));
                    let (line, policy) = (place.lines.first, self.options.names);
                    self.columns = Columns::from_header(written, line, policy)?;
                }
            }
            self.body = true;
        } else {
            self.body = true;
            self.peeked = Some(self.find()?);
            self.name_columns();
        }
        Ok(())
    }
}
