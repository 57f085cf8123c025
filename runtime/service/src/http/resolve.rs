//! From a host to addresses, within a time.

use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use engine::http::{Bounds, Error};
use engine::url::{Host, Url};

/// Addresses of one name that are tried.
pub(super) const ADDRESSES_MAX: usize = 16;

/// Why there is no address.
pub(super) enum Miss {
    Slow,
    Unknown(String),
}

impl Miss {
    pub(super) fn explain(self, origin: &str, bounds: Bounds) -> Error {
        let origin = origin.to_owned();
        match self {
            Self::Slow => Error::Timeout { origin, time: bounds.time },
            Self::Unknown(detail) => Error::Unreachable { origin, detail },
        }
    }
}

/// Where the host of a URL is. The system resolves names without regard to any time, so a thread
/// of its own waits for it, and is left behind when it takes too long.
pub(super) fn addresses(url: &Url, time: Duration) -> Result<Vec<SocketAddr>, Miss> {
    let name = match &url.host {
        Host::Address(address) => return Ok(vec![SocketAddr::new(*address, url.port)]),
        Host::Name(name) => name.clone(),
    };
    let (port, (tell, told)) = (url.port, mpsc::sync_channel(1));
    let ask = move || {
        let found = (name.as_str(), port).to_socket_addrs();
        // Whoever asked may have gone.
        let _nobody = tell.send(found.map(|all| all.take(ADDRESSES_MAX).collect()));
    };
    let asked = thread::Builder::new().name("wharf-resolve".into()).spawn(ask);
    asked.map_err(|error| Miss::Unknown(error.to_string()))?;
    match told.recv_timeout(time) {
        Ok(found) => found.map_err(|error| Miss::Unknown(error.to_string())),
        Err(RecvTimeoutError::Timeout) => Err(Miss::Slow),
        Err(RecvTimeoutError::Disconnected) => Err(Miss::Unknown("nobody answered".into())),
    }
}
