//! Persistence: the only SQL in the tree, behind `model::Store`.
//!
//! One thread writes (`writer`), in groups that become durable together; a small pool reads
//! (`reader`). What a change does is decided in `model`; the modules here load what it decides on
//! and persist what it decided:
//! `change` the commits, `claim` claims and renewals, `tick` what time makes due. The statements
//! are files under
//! `sql/`, named like what they do.

mod admin;
mod change;
mod claim;
mod conform;
mod connection;
mod error;
mod ledger;
mod lock;
mod migrate;
mod open;
mod queues;
mod reader;
mod row;
mod runs;
mod sql;
mod tick;
mod wake;
mod writer;

pub mod baseline;

pub use admin::{examine, restore};
pub use open::{Options, Sqlite, open};
