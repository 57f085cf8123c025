//! Runs steps that are WebAssembly components.

pub mod limits;

pub mod baseline;
pub mod compile;

mod cache;
mod call;
mod fault;
mod output;
mod sandbox;
mod state;
mod trap;
mod wasi;

pub use cache::{Cache, CacheOptions, Fingerprint, Found, Origin, Spoilt};
pub use call::{Call, Cancel, Done, Every};
pub use fault::Fault;
pub use limits::{Bound, Limits};
pub use output::{Line, Sink, Source};
pub use sandbox::{Function, Options, Plugin, Sandbox};
pub use state::State;
pub use trap::{Frame, Place, Trace};
