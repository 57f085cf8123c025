//! Rows from delimited text: decoding, dialect, columns, types. No policy, no files, no clock.

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
