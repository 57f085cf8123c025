//! The runtimes that drive calls: one for each call that runs, kept for the next.

use std::io;
use std::sync::Mutex;

use tokio::runtime::{Builder, Runtime};

/// Runtimes kept; more calls at a time make their own and drop them.
const IDLE_RUNTIMES_MAX: usize = 16;

/// A call blocks its thread, and within it waits for several things at once: the guest, a
/// deadline, a sign to stop. That is what the runtime is for; nobody outside sees it.
#[derive(Debug, Default)]
pub(crate) struct Runtimes {
    idle: Mutex<Vec<Runtime>>,
}

impl Runtimes {
    pub(crate) fn take(&self) -> io::Result<Runtime> {
        let idle = self.idle.lock().expect("no holder of this lock can panic").pop();
        idle.map_or_else(|| Builder::new_current_thread().enable_time().build(), Ok)
    }

    /// Takes back a runtime whose call came to an end without a panic.
    pub(crate) fn put(&self, runtime: Runtime) {
        let mut idle = self.idle.lock().expect("no holder of this lock can panic");
        if idle.len() < IDLE_RUNTIMES_MAX {
            idle.push(runtime);
        } else {
            runtime.shutdown_background();
        }
    }
}

/// Nobody waits for requests whose call was stopped.
impl Drop for Runtimes {
    fn drop(&mut self) {
        let idle = self.idle.get_mut().expect("no holder of this lock can panic");
        idle.drain(..).for_each(Runtime::shutdown_background);
    }
}
