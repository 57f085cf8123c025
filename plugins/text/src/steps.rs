//! The steps; what they do is in the modules beside this one.

/// Tables: lists of rows, each an object of cells by column.
#[wharf::plugin]
pub mod rows {
    use wharf::{Json, Result};

    use crate::table;

    /// A row: cells by column, in their order.
    pub type Row = Vec<(String, Json)>;

    /// Which one of several rows stays.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Keep {
        First,
        Last,
    }

    #[derive(Clone, Debug, PartialEq)]
    pub struct Distinct {
        pub rows: Vec<Row>,
        /// How many rows were left out.
        pub dropped: u32,
    }

    /// Leaves out rows that have the same cells in some columns as another.
    pub fn drop_duplicates(
        rows: Vec<Row>,
        /// The columns that make a row what it is.
        by: Vec<String>,
        #[wharf(default = first)] keep: Keep,
    ) -> Result<Distinct> {
        let before = rows.len();
        let rows = table::distinct(rows, &by, keep == Keep::Last)?;
        Ok(Distinct { dropped: (before - rows.len()) as u32, rows })
    }

    /// Makes one row of all that are alike, with their `count` and with the totals of some columns.
    /// The rows come in the order in which the first of each was seen.
    pub fn total_by(
        rows: Vec<Row>,
        /// The columns in which rows are alike.
        by: Vec<String>,
        /// Columns of numbers; an empty cell counts nothing.
        #[wharf(default = [])]
        totals: Vec<String>,
    ) -> Result<Vec<Row>> {
        table::total_by(&rows, &by, &totals)
    }

    /// Adds to each row the columns of the row of another table that has the same cells in some
    /// columns; where there are several, the row comes several times.
    pub fn join_rows(
        rows: Vec<Row>,
        with: Vec<Row>,
        /// The columns that must be the same.
        by: Vec<String>,
        /// Whether rows stay that have none to be joined with; their new cells are null.
        #[wharf(default = true)]
        keep_unmatched: bool,
    ) -> Result<Vec<Row>> {
        table::join(rows, with, &by, keep_unmatched)
    }
}

/// Texts that people write, and texts for people.
#[wharf::plugin]
pub mod texts {
    use wharf::{Decimal, Json, Result};

    use crate::{amount, template};

    /// Reads an amount as people write it: `1.234,56 €`, `(12.00)`, `CHF 1'234.50`.
    pub fn read_amount(
        text: String,
        /// `,` or `.`; where it is not said, it has to be plain from the amount itself.
        decimal_mark: Option<char>,
    ) -> Result<Decimal> {
        amount::read(&text, decimal_mark)
    }

    /// Fills values into a text: `Dear {customer.name}, you owe us {lines[0].amount}`. `{{` and
    /// `}}` are braces.
    pub fn fill_template(template: String, values: Json) -> Result<String> {
        template::fill(&template, &values)
    }
}
