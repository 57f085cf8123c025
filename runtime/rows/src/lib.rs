//! Rows from delimited text: decoding, dialect, columns, types. No policy, no files, no clock.
//!
//! A caller reads twice if it wants types: once to judge the columns, once to have the cells.
//!
//! ```ignore
//! let options = rows::Options::default();
//! let mut reader = rows::Reader::new(&mut file, options.clone())?;
//! let mut inference = rows::Inference::new(reader.columns().len());
//! while let Some(row) = reader.next_row()? {
//!     if let Ok(record) = row { inference.feed(&record) }
//! }
//! let (types, options) = (inference.types(), options.pinned(reader.layout()));
//! file.rewind()?;
//! let mut reader = rows::Reader::new(&mut file, options)?;
//! while let Some(row) = reader.next_row()? {
//!     match row.and_then(|record| types.cells(&record)) {
//!         Ok(cells) => accept(cells),
//!         Err(bad) => reject(bad.record, bad.lines, bad.code(), &bad.raw),
//!     }
//! }
//! ```
//!
//! Two tiers of errors keep a bad row from costing its neighbours: [`RowError`] rejects a row and
//! the reader goes on with the next, [`Error`] is about the input as a whole and ends it.
//!
//! What is read passes four stages, each of constant memory: `source` decodes the input into a
//! window, `frame` finds where a record ends and what is wrong with its quotes, `split` has
//! `csv-core` take it apart, [`Reader`] compares the cells with the columns. The frame is there
//! because `csv-core` accepts anything: it tells neither an open quote at the end of the input
//! nor the physical lines of a record, and it has no limits.
//!
//! After a quote that is never closed, reading goes on in the line after the one that opened it.
//! Such a quote is known by the end of the input, by [`Limits::field_bytes_max`], or by the next
//! quote, if that closes on a later line and yet in front of text.

mod columns;
mod dialect;
mod encoding;
mod error;
mod frame;
mod infer;
mod limits;
mod lines;
mod options;
mod reader;
mod record;
mod shape;
mod sniff;
mod source;
mod split;
mod types;
mod write;

pub use columns::{Columns, Names};
pub use dialect::{Declared, Dialect, Layout, Origin, Quote, Space};
pub use encoding::EncodingOrigin;
pub use error::{Error, RowError, RowErrorKind};
pub use infer::{Inference, Verdict};
pub use limits::Limits;
pub use lines::Lines;
pub use options::{Blank, Long, Options, Quotes, Short, Warnings};
pub use reader::{Reader, Row};
pub use record::Record;
pub use shape::Notation;
pub use types::{Cell, Type, Types};
pub use write::{Style, Writer, field};
