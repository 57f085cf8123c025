//! Values cross between JSON and components, each way led by the type.
//!
//! Neither way goes by what a value looks like: an empty object is a map or a record because the
//! type says so. `sdk/wit/README.md` tells how each type looks.

mod depth;
mod input;
pub mod limits;
mod mismatch;
mod moment;
mod output;
mod words;

pub use input::arguments;
pub(crate) use input::check;
pub use mismatch::{Mismatch, Problem, Way};
pub(crate) use mismatch::{listed, shown};
pub use output::output;
