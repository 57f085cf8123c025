//! A plugin that does one thing at a time to its host, well or badly, for tests.

mod deeds;
mod misdeeds;

pub use deeds::good;
pub use misdeeds::bad;
