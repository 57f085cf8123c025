//! The conformance suite through the control socket: what a store promises, its clients get.

use std::sync::Arc;
use std::time::{Duration, Instant};

use model::{Clock, Error, Pending, Reply, Request, Store, Timestamp};
use service::Access;
use support::Place;

/// A client and the owner it asks; each has threads of its own.
struct Remote {
    // The client leaves first, or it would take the store over.
    client: Option<Access>,
    owner: Option<Access>,
}

impl Store for Remote {
    fn send(&self, request: Request) -> Pending<Reply> {
        let client = self.client.as_ref().expect("it is there until it is dropped");
        client.send(request)
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        for access in [self.client.take(), self.owner.take()].into_iter().flatten() {
            access.close().unwrap();
        }
    }
}

/// Connections take real time, whatever time the store is told.
struct Running(Instant);

impl Clock for Running {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the clock that is injected")]
fn running() -> Arc<Running> {
    Arc::new(Running(Instant::now()))
}

fn access(place: &Place) -> Result<Access, Error> {
    let mut options = store::Options::new(&place.dir, place.clock.clone(), place.entropy.clone());
    options.background = false;
    let open = move || store::open(options.clone()).map(|it| Arc::new(it) as Arc<dyn Store>);
    service::access(service::Options {
        dir: place.dir.clone(),
        runtime_dir: place.dir.join("run"),
        clock: running(),
        entropy: place.entropy.clone(),
        open: Arc::new(open),
        patience: Duration::from_secs(5),
    })
}

pub(crate) fn open(place: &Place) -> Result<Box<dyn Store>, Error> {
    let owner = access(place)?;
    let client = access(place)?;
    assert!(owner.is_owner() && !client.is_owner());
    Ok(Box::new(Remote { client: Some(client), owner: Some(owner) }))
}

support::conformance!(crate::socket::open);
