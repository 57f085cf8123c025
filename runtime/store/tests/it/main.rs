//! Tests of the store against real SQLite.

mod conformance;
mod power;
mod smoke;
