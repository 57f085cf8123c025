//! Text in, checked program out: the YAML of flows and the expressions in it.

mod braces;
pub mod check;
pub mod diagnostic;
pub mod explain;
pub mod expr;
pub mod grammar;
pub mod limits;
pub mod program;
mod read;
pub mod sample;
pub mod signature;
pub mod source;
pub mod walk;
mod yaml;

pub use check::{Checked, Outline, check, check_all, together};
pub use diagnostic::{Diagnostic, Severity};
pub use program::Flow;
pub use read::read;
pub use signature::{Catalog, Contract, Signature};
pub use source::{Source, Span};
