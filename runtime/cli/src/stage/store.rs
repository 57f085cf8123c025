//! The store that a step may use and mostly does not.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use model::{Clock, Entropy, Error, Pending, Reply, Request, Store};
use service::Access;

/// How long to wait for a data directory that another process holds and does not share.
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens the store of a data directory, or reaches the process that has it open.
pub(crate) fn open(
    dir: PathBuf,
    create: bool,
    runtime_dir: PathBuf,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<Access, Error> {
    let mut options = store::Options::new(&dir, Arc::clone(&clock), Arc::clone(&entropy));
    options.create = create;
    let open = move || store::open(options.clone()).map(|store| Arc::new(store) as Arc<dyn Store>);
    service::access(service::Options {
        dir,
        runtime_dir,
        clock,
        entropy,
        open: Arc::new(open),
        patience: PATIENCE,
    })
}

type Open = dyn Fn() -> Result<Access, Error> + Send + Sync;

/// A store that is opened by the first request: a step that needs none neither waits for it nor
/// fails without it.
pub(crate) struct Lazy {
    open: Box<Open>,
    opened: OnceLock<Result<Access, Error>>,
}

impl Lazy {
    pub(crate) fn new(open: impl Fn() -> Result<Access, Error> + Send + Sync + 'static) -> Self {
        Self { open: Box::new(open), opened: OnceLock::new() }
    }

    /// Ends the serving of a store that was opened. One that could not be has said why.
    pub(crate) fn close(self) -> Result<(), Error> {
        match self.opened.into_inner() {
            Some(Ok(access)) => access.close(),
            Some(Err(_)) | None => Ok(()),
        }
    }
}

impl Store for Lazy {
    fn send(&self, request: Request) -> Pending<Reply> {
        match self.opened.get_or_init(|| (self.open)()) {
            Ok(access) => access.send(request),
            Err(error) => Pending::ready(Err(error.clone())),
        }
    }
}
