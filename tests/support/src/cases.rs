//! What every store does, case by case. `suite.rs` lists them.

pub mod adding;
pub mod batches;
pub mod bounds;
pub mod claiming;
pub mod commits;
pub mod counters;
pub mod histories;
pub mod journals;
pub mod keeping;
pub mod lists;
pub mod operators;
pub mod queues;
pub mod replies;
pub mod runs;
pub mod schemas;
pub mod settling;
pub mod timing;
