//! Waking those who wait for items: nobody polls.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::Duration;

/// How many items each queue has ready, as of the last durable transaction.
#[derive(Debug, Default)]
pub(crate) struct Wake {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    ready: BTreeMap<i64, u64>,
    closed: bool,
}

impl Wake {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder of this lock can panic")
    }

    /// Publishes counts and wakes the waiting.
    pub(crate) fn publish(&self, ready: Vec<(i64, u64)>) {
        if ready.is_empty() {
            return;
        }
        self.state().ready.extend(ready);
        self.changed.notify_all();
    }

    /// Nothing will be published any more.
    pub(crate) fn close(&self) {
        self.state().closed = true;
        self.changed.notify_all();
    }

    /// Waits until the queue has an item ready; `false` if that takes longer than `wait`.
    pub(crate) fn wait(&self, queue: i64, wait: Duration) -> bool {
        let is_ready = |state: &State| state.ready.get(&queue).is_some_and(|ready| *ready > 0);
        let idle = |state: &mut State| !state.closed && !is_ready(state);
        let waited = self.changed.wait_timeout_while(self.state(), wait, idle);
        let (state, _) = waited.expect("no holder of this lock can panic");
        is_ready(&state)
    }
}
