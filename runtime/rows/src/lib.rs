
mod columns;
mod dialect;
mod encoding;
mod error;
mod frame;
mod limits;
mod lines;
mod options;
mod reader;
mod record;
mod sniff;
mod source;
mod split;

pub use columns::{Columns, Names};
pub use dialect::{Declared, Dialect, Layout, Origin, Quote, Space};
pub use encoding::EncodingOrigin;
pub use error::{Error, RowError, RowErrorKind};
pub use limits::Limits;
pub use lines::Lines;
pub use options::{Blank, Long, Options, Quotes, Short, Warnings};
pub use reader::{Reader, Row};
pub use record::Record;
