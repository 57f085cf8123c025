//! The log, which a test can read.

use crate::Json;
use crate::fake::world::{Line, with};
use crate::log::Level;

pub(crate) fn write(level: Level, message: &str, data: Option<&Json>) {
    let line = Line { level, message: message.to_owned(), data: data.cloned() };
    with(|world| world.log.push(line));
}
