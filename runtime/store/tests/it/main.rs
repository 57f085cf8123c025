//! Tests of the store against real SQLite.

mod conformance;
mod differential;
mod kill;
mod power;
mod smoke;
