//! What the columns hold, judged over all rows. Nothing is guessed from a single cell:
//!
//! 1. Cells are judged without the spaces around them; empty ones say nothing.
//! 2. A column is a type only if *every* cell that is not empty fits it; else it is text.
//! 3. Bool: exactly `true` or `false`.
//! 4. Number: decimal digits with an optional minus and point, which read back as written. So no
//!    plus sign, no leading zeros, no exponent, no more than 15 digits: those are codes.
//! 5. Point in time: ISO 8601, a date alone too; or `d/M/yyyy` with a time of day, if the column
//!    as a whole leaves one reading: one order of day and month fits every cell, or both orders
//!    make the same of each cell. A local date without a time of day stays text: its day and
//!    month are too easily swapped.

use crate::record::Record;
use crate::shape::{self, Notation};
use crate::types::{Type, Types};

/// How much of a cell a reason quotes.
const QUOTED_CHARS_MAX: usize = 40;

/// Fed with every row, it knows the type of each column in memory that does not grow.
#[derive(Clone, Debug)]
pub struct Inference {
    columns: Vec<Column>,
}

/// What a column holds and why it is taken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub kind: Type,
    /// A short sentence, naming the first cell that spoke against a narrower type.
    pub reason: String,
    /// How many cells hold something, and how many do not.
    pub filled: u64,
    pub empty: u64,
}

/// The types a column can still be.
#[derive(Clone, Debug, Default)]
struct Column {
    filled: u64,
    empty: u64,
    truth: Candidate,
    number: Candidate,
    iso: Candidate,
    day_first: Candidate,
    month_first: Candidate,
    /// A cell that is another day if day and month are swapped.
    swappable: Candidate,
}

/// A type is possible until a cell speaks against it; that cell is kept.
#[derive(Clone, Debug, Default)]
struct Candidate {
    refusal: Option<Refusal>,
}

#[derive(Clone, Debug)]
struct Refusal {
    record: u64,
    text: String,
    why: &'static str,
}

impl Inference {
    pub fn new(columns: usize) -> Self {
        Self { columns: vec![Column::default(); columns] }
    }

    /// Takes one row into account.
    pub fn feed(&mut self, record: &Record<'_>) {
        for (column, cell) in self.columns.iter_mut().zip(record.cells()) {
            column.feed(record.number(), shape::core(cell));
        }
    }

    /// What each column holds, as far as the rows tell.
    pub fn verdicts(&self) -> Vec<Verdict> {
        self.columns.iter().map(Column::verdict).collect()
    }

    /// The types of the columns, to read the same rows again with.
    pub fn types(&self) -> Types {
        Types::new(self.columns.iter().map(|column| column.verdict().kind).collect())
    }
}

impl Candidate {
    fn possible(&self) -> bool {
        self.refusal.is_none()
    }

    fn test(&mut self, record: u64, text: &str, fits: impl FnOnce() -> Result<(), &'static str>) {
        if self.possible()
            && let Err(why) = fits()
        {
            let text = text.chars().take(QUOTED_CHARS_MAX).collect();
            self.refusal = Some(Refusal { record, text, why });
        }
    }
}

impl Column {
    fn feed(&mut self, record: u64, text: &str) {
        if text.is_empty() {
            self.empty += 1;
            return;
        }
        self.filled += 1;
        let moment = |notation| shape::moment(text, notation).map(drop);
        self.truth.test(record, text, || {
            shape::truth(text).map(drop).ok_or("is neither `true` nor `false`")
        });
        self.number.test(record, text, || shape::number(text));
        self.iso.test(record, text, || moment(Notation::Iso));
        self.day_first.test(record, text, || moment(Notation::DayFirst));
        self.month_first.test(record, text, || moment(Notation::MonthFirst));
        if self.day_first.possible() && self.month_first.possible() {
            self.swappable.test(record, text, || same_both_ways(text));
        }
    }

    fn verdict(&self) -> Verdict {
        let (kind, reason) = self.judge();
        Verdict { kind, reason, filled: self.filled, empty: self.empty }
    }

    fn judge(&self) -> (Type, String) {
        let told = |kind, reason: &str| (kind, reason.to_owned());
        if self.filled == 0 {
            return told(Type::Empty, "no cell holds anything");
        }
        if self.truth.possible() {
            return told(Type::Bool, "every cell is `true` or `false`");
        }
        if self.number.possible() {
            return told(Type::Number, "every cell is a number");
        }
        if self.iso.possible() {
            return told(Type::DateTime(Notation::Iso), "every cell is a date in ISO 8601");
        }
        let reading = |notation, reason| told(Type::DateTime(notation), reason);
        match (self.day_first.possible(), self.month_first.possible()) {
            (true, false) => reading(Notation::DayFirst, "only the day can come first"),
            (false, true) => reading(Notation::MonthFirst, "only the month can come first"),
            (true, true) if self.swappable.possible() => {
                reading(Notation::DayFirst, "every cell is the same date with the month first")
            }
            (true, true) => (Type::Text, self.swappable.reason()),
            (false, false) => (Type::Text, self.nearest().reason()),
        }
    }

    /// The type that lasted longest.
    fn nearest(&self) -> &Candidate {
        [&self.truth, &self.iso, &self.day_first, &self.number]
            .into_iter()
            .max_by_key(|candidate| {
                candidate.refusal.as_ref().map(|refusal| (refusal.record, refusal.is_local()))
            })
            .expect("there are candidates")
    }
}

impl Refusal {
    /// Whether the cell is a date after all, but for the time of day.
    fn is_local(&self) -> bool {
        self.why.contains("local notation")
    }
}

impl Candidate {
    fn reason(&self) -> String {
        match &self.refusal {
            Some(Refusal { record, text, why }) => format!("`{text}` in record {record} {why}"),
            None => String::new(),
        }
    }
}

fn same_both_ways(text: &str) -> Result<(), &'static str> {
    let same = shape::moment(text, Notation::DayFirst) == shape::moment(text, Notation::MonthFirst);
    if same { Ok(()) } else { Err("is another date with day and month swapped") }
}
