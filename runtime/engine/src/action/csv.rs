//! Actions on tables in files.

mod column;
mod mark;
pub(super) mod read;
pub(super) mod write;
