//! Tests of the store against real SQLite.

mod clock;
mod concurrency;
mod conformance;
mod defects;
mod differential;
mod kill;
mod migration;
mod power;
mod scenarios;
mod speed;
mod strays;
