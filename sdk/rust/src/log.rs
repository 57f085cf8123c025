//! Lines in the log of the run. More than the limit allows is dropped, and the log says how much.

use crate::{Json, host};

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Debug,
    Info,
    Warning,
    Error,
}

/// Writes a line with data beside it.
pub fn write(level: Level, message: impl AsRef<str>, data: Option<&Json>) {
    host::log::write(level, message.as_ref(), data);
}

pub fn debug(message: impl AsRef<str>) {
    write(Level::Debug, message, None);
}

pub fn info(message: impl AsRef<str>) {
    write(Level::Info, message, None);
}

pub fn warning(message: impl AsRef<str>) {
    write(Level::Warning, message, None);
}

pub fn error(message: impl AsRef<str>) {
    write(Level::Error, message, None);
}
