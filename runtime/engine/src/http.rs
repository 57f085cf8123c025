//! Requests to other hosts: what may be asked, of whom, and how far a redirection leads.
//!
//! Everything here is decided without a network. An [`HttpClient`] does one exchange as it is told;
//! [`send`] checks before each, and follows redirections by checking again.
//!
//! A host that was granted by name may have public addresses only, whatever its name resolves to:
//! whoever owns a name can point it into the network that wharf runs in. `localhost` and addresses
//! are granted by themselves.

mod address;
mod check;
mod error;
mod redirect;
mod send;

use core::net::IpAddr;
use std::time::Duration;

pub use address::is_global;
pub use check::{Checked, Method};
pub use error::{Error, Invalid};
pub use send::send;

/// A request as a plugin or a flow puts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<Vec<u8>>,
    /// For the whole of it, redirections included.
    pub timeout: Option<Duration>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// How much one exchange may take. The client keeps within it, and says so when it cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub time: Duration,
    pub header_bytes: usize,
    pub body_bytes: usize,
}

/// One exchange over the network.
pub trait HttpClient: Send + Sync {
    /// Sends a request that was checked and reads the answer. It resolves the host itself, asks
    /// `allow` about each address, and connects to one that was allowed and no other. It follows no
    /// redirection, and adds no header but those that the transfer needs.
    fn exchange(
        &self,
        request: &Checked,
        allow: &dyn Fn(IpAddr) -> bool,
        bounds: Bounds,
    ) -> Result<Response, Error>;
}

#[cfg(test)]
mod tests;
