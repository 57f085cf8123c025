//! What a command works with: the store, the clocks, the way out.

use std::sync::atomic::{AtomicBool, Ordering};

use model::{Clock, Entropy, Id, Store, Timestamp};

use crate::error::{Error, Result};
use crate::output::Output;

pub(crate) struct Context<'a> {
    pub(crate) store: &'a dyn Store,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) entropy: &'a dyn Entropy,
    /// Raised by Ctrl-C.
    pub(crate) interrupted: &'a AtomicBool,
    /// The name to claim under where none is given.
    pub(crate) worker: &'a str,
    pub(crate) output: &'a mut Output,
}

impl Context<'_> {
    pub(crate) fn now(&self) -> Timestamp {
        model::time::now(self.clock)
    }

    pub(crate) fn new_id(&self) -> Id {
        Id::new(self.clock, self.entropy)
    }

    /// Long work asks this between its steps.
    pub(crate) fn check_interrupted(&self) -> Result<()> {
        if self.interrupted.load(Ordering::Relaxed) { Err(Error::Interrupted) } else { Ok(()) }
    }
}
