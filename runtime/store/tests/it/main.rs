//! Tests of the store against real SQLite.

mod power;
mod smoke;
