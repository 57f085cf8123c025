//! Tests of the store against real SQLite.

mod conformance;
mod kill;
mod power;
mod smoke;
