//! The blocks of the guide that are tests themselves.

mod fakes;
mod first;
mod text;
