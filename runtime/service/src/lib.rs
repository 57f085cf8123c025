//! What runs beside a command: the control socket that shares one store between processes, and the
//! way out to the network.
//!
//! [`access`] is the one door. Whoever finds the data directory free opens the store and serves it
//! to the others for as long as it lives; whoever finds it taken becomes a client of the owner.
//! Both hold an [`Access`], which is a `model::Store`, and need not know which of the two they are.
//!
//! [`Network`] sends the requests of steps, to where they are permitted.

mod access;
mod client;
mod control;
mod http;
mod limits;
mod server;
mod socket;
mod wire;

pub use access::{Access, Open, Options, access};
pub use http::Network;
pub use limits::LIMITS;
pub use wire::PROTOCOL;
