//! Runs steps that are WebAssembly components.
//!
//! [`Signature::decode`] reads what a component offers; [`value`] carries values in and out.

mod contract;
mod error;
mod names;
pub mod schema;
pub mod signature;
pub mod types;
pub mod value;

pub use error::{ContractProblem, Error, Found};
pub use names::{Members, Name, Named};
pub use signature::{Outcome, Signature, StepError, StepSignature};
pub use types::Type;
