//! Tests of the store against real SQLite.

mod smoke;
