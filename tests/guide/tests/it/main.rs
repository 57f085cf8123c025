//! The blocks of the guide that are tests themselves.

mod checks;
mod fakes;
mod text;
