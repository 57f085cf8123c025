//! Text in, checked program out: the YAML of flows and the expressions in it.

pub mod check;
pub mod diagnostic;
pub mod expr;
pub mod program;
pub mod sample;
pub mod signature;
pub mod source;
mod walk;

pub use check::{Checked, Outline, check, check_all};
pub use diagnostic::{Diagnostic, Severity};
pub use program::Flow;
pub use signature::{Catalog, Contract, Signature};
pub use source::{Source, Span};
