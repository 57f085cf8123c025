//! The log of a step, which its code and whatever catches its output write to.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};

use model::{Clock, Value};

use crate::limits::Exceeded;
use crate::log::{Level, Log, LogSink};
use crate::secret::{Masks, Secret};
use crate::world::World;

/// Writes lines for a step, within its bounds and without the secrets it has read.
#[derive(Clone)]
pub struct Logger {
    shared: Arc<Mutex<Shared>>,
    sink: Arc<dyn LogSink>,
    clock: Arc<dyn Clock>,
}

struct Shared {
    log: Log,
    masks: Masks,
}

impl Logger {
    pub(super) fn new(world: &World) -> Self {
        let log = Log::new(world.clock.elapsed());
        let shared = Arc::new(Mutex::new(Shared { log, masks: Masks::default() }));
        Self { shared, sink: Arc::clone(&world.log), clock: Arc::clone(&world.clock) }
    }

    /// Writes a line, if there is room for it.
    pub fn write(&self, level: Level, message: &str, data: Option<Value>) {
        let mut shared = self.shared();
        let message = shared.masks.apply(message);
        let data = data.map(|data| shared.masks.apply_to(data));
        shared.log.write(&*self.sink, self.clock.elapsed(), level, &message, data);
    }

    pub(super) fn mask(&self, secret: &Secret) -> Result<(), Exceeded> {
        self.shared().masks.add(secret)
    }

    /// Applies the masks to something that leaves the step.
    pub(super) fn masked<T>(&self, apply: impl FnOnce(&Masks) -> T) -> T {
        apply(&self.shared().masks)
    }

    /// Ends the log: what was dropped is told.
    pub(super) fn finish(&self) {
        let fresh = Log::new(self.clock.elapsed());
        let log = std::mem::replace(&mut self.shared().log, fresh);
        log.finish(&*self.sink);
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().expect("no sink panics")
    }
}

impl fmt::Debug for Logger {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Logger")
    }
}
