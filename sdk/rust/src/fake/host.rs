//! The functions of the contract, as the fake host answers them.

pub(crate) mod datetime;
pub(crate) mod files;
pub(crate) mod http;
pub(crate) mod json;
pub(crate) mod log;
pub(crate) mod queue;
pub(crate) mod secrets;

use crate::Problem;

pub(super) fn problem(code: &str, message: impl Into<String>, hint: impl Into<String>) -> Problem {
    Problem { code: code.to_owned(), message: message.into(), hint: hint.into() }
}
