//! Runs steps that are WebAssembly components.
//!
//! [`Signature::decode`] reads what a component offers; [`value`] carries values in and out;
//! [`Sandbox`] runs it.

pub mod baseline;
mod cache;
mod call;
mod capability;
pub mod compile;
mod contract;
mod error;
mod fault;
pub mod flows;
mod found;
pub mod limits;
mod names;
mod need;
mod output;
pub mod project;
pub mod registry;
mod sandbox;
pub mod schema;
pub mod signature;
mod state;
mod steps;
mod trap;
pub mod types;
pub mod value;
mod wasi;

pub use cache::{Cache, CacheOptions, Cached, Fingerprint, Origin, Spoilt};
pub use call::{Call, Cancel, Done, Every};
pub use error::{ContractProblem, Error};
pub use fault::Fault;
pub use found::Found;
pub use limits::{Bound, Limits};
pub use names::{Members, Name, Named};
pub use need::Need;
pub use output::{Line, Sink, Source};
pub use sandbox::{Function, Options, Plugin, Sandbox};
pub use signature::{Outcome, Signature, StepError, StepSignature};
pub use state::State;
pub use steps::{Frame as StepFrame, Host, HostOptions, Steps};
pub use trap::{Frame, Place, Trace};
pub use types::Type;
