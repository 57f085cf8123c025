//! The vocabulary of wharf and every decision it takes, as pure functions.

pub mod json;
pub mod value;

pub use value::{Number, Value};
