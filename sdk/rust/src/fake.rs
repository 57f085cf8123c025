//! The host that steps see in tests: it can be set up and looked at.
//!
//! Each test, being a thread, has a host of its own. It starts empty: no queue, no secret, no file,
//! nobody to answer a request, and a clock that stands still at `2026-01-01T00:00:00Z`.
//!
//! ```
//! # fn main() -> wharf::Result<()> {
//! use wharf::fake;
//! use wharf::queue::{self, NewItem};
//!
//! let invoices = fake::queue("invoices");
//! fake::step(|| queue::add("invoices", NewItem::new(&1001).reference("1001")))?;
//! assert_eq!(invoices.items()[0].status, "queued");
//!
//! // What fails leaves nothing.
//! let failed = fake::step(|| {
//!     queue::add("invoices", NewItem::new(&1002))?;
//!     queue::add("invoices", NewItem::new(&1001).reference("1001"))
//! });
//! assert_eq!(failed.unwrap_err().code(), "queue/duplicate-reference");
//! assert_eq!(invoices.items().len(), 1);
//! # Ok(())
//! # }
//! ```

mod calendar;
pub(crate) mod host;
mod queue;
mod refusal;
#[cfg(test)]
mod vectors;
mod work;
mod world;

use std::collections::BTreeMap;
use std::future::Future;
use std::task::{Context, Poll, Waker};

use crate::http::{Request, Response};
use crate::{DateTime, queue as contract};
pub use queue::Queue;
pub use world::Line;
use world::with;

/// The queue of this name, which is made where there is none.
pub fn queue(name: &str) -> Queue {
    Queue::of(name)
}

/// Runs a step as wharf does: what it did to queues is kept when it succeeds, and is gone when it
/// fails. What it holds in the end goes back.
///
/// Without it, each call of a function of a queue is kept by itself.
pub fn step<T, E: From<contract::Error>>(step: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    with(|world| world.work.begin());
    let outcome = step();
    with(|world| match outcome {
        Ok(value) => world.work.keep(&world.now).map(|()| value).map_err(E::from),
        Err(error) => {
            world.work.undo();
            Err(error)
        }
    })
}

/// Waits for an `async` step.
pub fn wait<T>(step: impl Future<Output = T>) -> T {
    let mut step = std::pin::pin!(step);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = step.as_mut().poll(&mut context) {
            return value;
        }
        std::thread::yield_now();
    }
}

/// Sets the clock, which stands still until it is set again.
pub fn set_now(now: DateTime) {
    with(|world| world.now = now);
}

/// Takes all claims away, as happens to a step that is too slow.
pub fn lose_leases() {
    with(|world| world.work.lose_leases());
}

/// Grants a secret.
pub fn secret(name: impl Into<String>, secret: impl Into<String>) {
    with(|world| world.secrets.insert(name.into(), secret.into()));
}

/// Answers requests. A rule that says none passes the question on to the one before; what no rule
/// answers is denied.
pub fn http(rule: impl Fn(&Request) -> Option<Result<Response, crate::http::Error>> + 'static) {
    with(|world| world.rules.push(std::rc::Rc::new(rule)));
}

/// The requests that were sent, in their order.
pub fn requests() -> Vec<Request> {
    with(|world| world.requests.clone())
}

/// Grants a folder.
pub fn folder(name: impl Into<String>) {
    with(|world| world.files.grant(name.into()));
}

/// Puts a file there, and grants the folder that its path begins with.
pub fn file(path: impl Into<String>, content: impl Into<Vec<u8>>) {
    let path = path.into();
    folder(path.split('/').next().unwrap_or(&path));
    with(|world| world.files.put(path, content.into(), world.now.clone()));
}

/// All files, by path.
pub fn files() -> BTreeMap<String, Vec<u8>> {
    with(|world| world.files.contents())
}

/// The lines of the log, in their order.
pub fn log() -> Vec<Line> {
    with(|world| world.log.clone())
}
