//! What is on its way for a machine.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use indexmap::IndexMap;
use model::{Id, Timestamp, Value};

/// Something that a machine waits for.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) path: String,
    pub(super) since: Timestamp,
    pub(super) inputs: IndexMap<String, Value>,
    /// The item that is worked on.
    pub(super) item: Option<Id>,
    pub(super) masked: bool,
    /// Raised when nobody waits for it any more.
    pub(super) cancel: Cancel,
}

impl Asked {
    /// Something that has no inputs and is answered at once.
    pub(super) fn plain(path: String, since: Timestamp) -> Self {
        let (inputs, cancel) = (IndexMap::new(), Cancel::default());
        Self { path, since, inputs, item: None, masked: false, cancel }
    }
}

/// A wish that something ends, which anybody may raise and whoever does the work hears.
#[derive(Clone, Default)]
pub struct Cancel(Arc<Inner>);

#[derive(Default)]
struct Inner {
    raised: AtomicBool,
    hooks: Mutex<Vec<Hook>>,
}

type Hook = Box<dyn FnOnce() + Send>;

impl Cancel {
    pub fn raise(&self) {
        self.0.raised.store(true, Ordering::SeqCst);
        let hooks = std::mem::take(&mut *self.hooks());
        for hook in hooks {
            hook();
        }
    }

    pub fn is_raised(&self) -> bool {
        self.0.raised.load(Ordering::SeqCst)
    }

    /// Does this when it is raised; at once if it has been.
    pub fn on_raise(&self, hook: impl FnOnce() + Send + 'static) {
        self.hooks().push(Box::new(hook));
        if self.is_raised() {
            self.raise();
        }
    }

    fn hooks(&self) -> std::sync::MutexGuard<'_, Vec<Hook>> {
        self.0.hooks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Cancel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Cancel({})", self.is_raised())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hooks_hear_of_a_cancel_once() {
        let heard = Arc::new(Mutex::new(0));
        let cancel = Cancel::default();
        let count = || {
            let heard = Arc::clone(&heard);
            move || *heard.lock().expect("nobody panics") += 1
        };
        cancel.on_raise(count());
        assert_eq!(*heard.lock().expect("nobody panics"), 0);
        cancel.clone().raise();
        cancel.raise();
        assert_eq!(*heard.lock().expect("nobody panics"), 1);
        cancel.on_raise(count());
        assert_eq!(*heard.lock().expect("nobody panics"), 2, "it is raised already");
    }
}
