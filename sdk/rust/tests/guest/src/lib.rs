//! A plugin that uses everything the SDK offers, for its tests.

mod steps;

pub use steps::{desk, ledger, shapes};
