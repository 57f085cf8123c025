//! `wharf:host/log`

use super::bindings::wharf::host::log as wire;
use crate::Json;
use crate::log::Level;

pub(crate) fn write(level: Level, message: &str, data: Option<&Json>) {
    let level = match level {
        Level::Debug => wire::Level::Debug,
        Level::Info => wire::Level::Info,
        Level::Warning => wire::Level::Warning,
        Level::Error => wire::Level::Error,
    };
    wire::write(level, message, data.map(Json::as_str));
}
