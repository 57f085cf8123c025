//! Guesses a dialect: the delimiter under which the sample is most like a table.

use std::collections::BTreeMap;

use crate::dialect::{Declared, Dialect, Origin, Quote, Space};
use crate::frame::{self, Frame, Rules, Step};
use crate::limits::Limits;
use crate::lines;
use crate::split::{Outcome, Split};

/// In order of preference where two fit equally.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
const RECORDS_MAX: usize = 1_000;
const PREAMBLE_RECORDS_MAX: usize = 20;
/// Below this a guess is worse than the standard.
const SCORE_MIN: f64 = 0.5;

/// A dialect and who decided its delimiter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choice {
    pub(crate) dialect: Dialect,
    pub(crate) by: Origin,
    pub(crate) confidence: u8,
}

/// The delimiter that a first line `sep=;` names, and the length of the line's text.
pub(crate) fn sep_line(sample: &[u8]) -> Option<u8> {
    let rest = sample.strip_prefix(b"sep=")?;
    match rest {
        [byte, b'\r' | b'\n', ..] | [byte] if byte.is_ascii() => Some(*byte),
        _ => None,
    }
}

/// Fills in what is not declared. The sample begins where the records do.
pub(crate) fn choose(
    declared: &Declared,
    sep: Option<u8>,
    sample: &[u8],
    whole: bool,
    limits: &Limits,
) -> Choice {
    let known = match (declared.delimiter, sep) {
        (Some(byte), _) => Some((byte, Origin::Declared)),
        (None, Some(byte)) => Some((byte, Origin::SepLine)),
        (None, None) => None,
    };
    let candidate = |delimiter| complete(declared, delimiter, sample);
    if !declared.sniff {
        let (delimiter, by) = known.unwrap_or((b',', Origin::Assumed));
        let confidence = if by == Origin::Assumed { 0 } else { 100 };
        return Choice { dialect: candidate(delimiter), by, confidence };
    }
    let judge = |delimiter| {
        let dialect = candidate(delimiter);
        (dialect, Score::of(&dialect, sample, whole, limits))
    };
    if let Some((delimiter, by)) = known {
        let (dialect, score) = judge(delimiter);
        return Choice { dialect: score.preamble(dialect, declared), by, confidence: 100 };
    }
    let mut scored = DELIMITERS.map(judge);
    // The sort is stable, so that equals stay in the order of preference.
    scored.sort_by(|(_, a), (_, b)| b.value.total_cmp(&a.value).then(b.width.cmp(&a.width)));
    let [(dialect, best), (_, second), ..] = scored;
    if best.value < SCORE_MIN {
        return Choice { dialect: candidate(b','), by: Origin::Assumed, confidence: 0 };
    }
    let confidence = (100.0 * (best.value - second.value / 2.0)).round() as u8;
    Choice { dialect: best.preamble(dialect, declared), by: Origin::Sniffed, confidence }
}

/// A candidate: what is declared, and what follows from the delimiter.
fn complete(declared: &Declared, delimiter: u8, sample: &[u8]) -> Dialect {
    let sample = if declared.sniff { sample } else { &[] };
    Dialect {
        delimiter,
        quote: declared.quote.unwrap_or_else(|| quote(sample, delimiter)),
        escape: declared.escape,
        double_quote: declared.double_quote,
        comment: declared.comment,
        space: declared.space.unwrap_or_else(|| space(sample, delimiter)),
        header: declared.header,
        skip_lines: declared.skip_lines.unwrap_or(0),
    }
}

/// Apostrophes quote if cells begin and end with them and none begins with a double quote.
fn quote(sample: &[u8], delimiter: u8) -> Quote {
    let edge = |byte: Option<&u8>| byte.is_none_or(|b| *b == delimiter || b"\r\n".contains(b));
    let begins = |at: &usize| edge(sample[..*at].iter().rev().find(|byte| **byte != b' '));
    let ends = |at: &usize| edge(sample[at + 1..].iter().find(|byte| **byte != b' '));
    let begun = |quote: u8| memchr::memchr_iter(quote, sample).filter(begins).count();
    let apostrophes = begun(b'\'');
    let closed = memchr::memchr_iter(b'\'', sample).filter(ends).count();
    let quotes_cells = apostrophes >= 2 && closed * 4 >= apostrophes * 3 && begun(b'"') == 0;
    Quote::Byte(if quotes_cells { b'\'' } else { b'"' })
}

/// Spaces are layout if most delimiters are followed by one.
fn space(sample: &[u8], delimiter: u8) -> Space {
    let followed = |at: &usize| sample.get(at + 1) == Some(&b' ');
    let delimiters = memchr::memchr_iter(delimiter, sample).count();
    let spaces = memchr::memchr_iter(delimiter, sample).filter(followed).count();
    let most = spaces > 0 && spaces * 4 >= delimiters * 3;
    if most && delimiter != b' ' { Space::Before } else { Space::Keep }
}

/// How much the sample is like a table in one dialect.
#[derive(Clone, Copy, Debug, Default)]
struct Score {
    value: f64,
    width: usize,
    /// Lines before the table, if the records after them are all alike.
    preamble_lines: u64,
}

impl Score {
    fn of(dialect: &Dialect, sample: &[u8], whole: bool, limits: &Limits) -> Self {
        if dialect.check().is_err() {
            return Self::default();
        }
        let rows = parse(dialect, sample, whole, limits);
        let mut widths = BTreeMap::new();
        for row in &rows {
            *widths.entry(row.width).or_insert(0_usize) += 1;
        }
        let Some((&width, _)) = widths.iter().max_by_key(|(_, count)| **count) else {
            return Self::default();
        };
        if width < 2 {
            return Self { width, ..Self::default() };
        }
        let before = rows.iter().take_while(|row| row.width == 1).count();
        let table = &rows[before..];
        let alike = table.iter().filter(|row| row.width == width).count();
        let consistency = alike as f64 / table.len() as f64;
        let sure = before <= PREAMBLE_RECORDS_MAX && table.len() > 1 && consistency > 0.9;
        let preamble_lines = if before > 0 && sure { table[0].line } else { 0 };
        let cells: usize = table.iter().map(|row| row.width).sum();
        let clean: usize = table.iter().map(|row| row.clean).sum();
        let clean = clean as f64 / cells as f64;
        Self { value: consistency.powi(2) * f64::midpoint(1.0, clean), width, preamble_lines }
    }

    fn preamble(self, dialect: Dialect, declared: &Declared) -> Dialect {
        match declared.skip_lines {
            Some(_) => dialect,
            None => Dialect { skip_lines: self.preamble_lines, ..dialect },
        }
    }
}

/// What one record of the sample looks like.
#[derive(Clone, Copy, Debug)]
struct Row {
    /// Lines before it.
    line: u64,
    /// No cells if the record is broken.
    width: usize,
    /// Cells without another delimiter in them.
    clean: usize,
}

fn parse(dialect: &Dialect, sample: &[u8], whole: bool, limits: &Limits) -> Vec<Row> {
    let rules = Rules::new(dialect, true, limits);
    let mut split = Split::new(dialect, limits.columns_max);
    let mut frame = Frame::default();
    let (mut rows, mut at) = (Vec::new(), 0);
    let mut line = 0;
    while at < sample.len() && rows.len() < RECORDS_MAX {
        let rest = &sample[at..];
        frame.restart();
        let ignored = dialect.comment == Some(rest[0]) || matches!(rest[0], b'\r' | b'\n');
        let step = if ignored { Step::LongRecord } else { frame.scan(rest, whole, &rules) };
        let next = match step {
            Step::More => break,
            Step::Record(end) => {
                let record = &rest[..end.end];
                let gaps = frame::layout_spaces(record, &frame.quoted, dialect);
                let good = frame.after_quote.is_none()
                    && split.record(rest, end.end, &gaps) == Outcome::Cells;
                let (width, clean) = if good { measure(&split, dialect) } else { (0, 0) };
                rows.push(Row { line, width, clean });
                end.next
            }
            Step::Unclosed { .. } | Step::LongField { .. } | Step::LongRecord => {
                if !ignored {
                    rows.push(Row { line, width: 0, clean: 0 });
                }
                match memchr::memchr2(b'\n', b'\r', rest)
                    .and_then(|end| lines::end_at(rest, end, whole))
                {
                    Some(end) => end.next,
                    None => break,
                }
            }
        };
        line += lines::count(&rest[..next]);
        at += next;
    }
    rows
}

fn measure(split: &Split, dialect: &Dialect) -> (usize, usize) {
    let mut start = 0;
    let clean = split.ends().iter().filter(|end| {
        let cell = &split.text().as_bytes()[start..**end];
        start = **end;
        is_clean(cell, dialect.delimiter)
    });
    (split.ends().len(), clean.count())
}

/// A cell is clean if it is like a number, or holds no other delimiter but before a space.
fn is_clean(cell: &[u8], delimiter: u8) -> bool {
    let number = cell.iter().all(|byte| b"0123456789.,-+ %".contains(byte));
    let other = |at: usize, byte: u8| {
        byte != delimiter && DELIMITERS.contains(&byte) && cell.get(at + 1) != Some(&b' ')
    };
    number || !cell.iter().enumerate().any(|(at, byte)| other(at, *byte))
}
