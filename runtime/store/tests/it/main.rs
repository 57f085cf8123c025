//! Tests of the store against real SQLite.

mod clock;
mod concurrency;
mod conformance;
mod damage;
mod defects;
mod differential;
mod kill;
mod migration;
mod power;
mod scenarios;
mod speed;
mod strays;
