//! Reasons to stop a call before its own end, and how its code comes to know.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use wasmtime::UpdateDeadline;

use crate::fault::Fault;
use crate::trap::Trace;

/// Stops calls from outside, at once. Clones stop the same calls.
#[derive(Clone, Debug)]
pub struct Cancel {
    asked: Arc<watch::Sender<bool>>,
}

impl Default for Cancel {
    fn default() -> Self {
        Self { asked: Arc::new(watch::Sender::new(false)) }
    }
}

impl Cancel {
    /// Every call that was or will be given this stops.
    pub fn cancel(&self) {
        self.asked.send_replace(true);
    }

    pub fn is_cancelled(&self) -> bool {
        *self.asked.borrow()
    }

    pub(super) async fn asked(&self) {
        let asked = self.asked.subscribe().wait_for(|asked| *asked).await.is_ok();
        assert!(asked, "the sender lives as long as this");
    }
}

/// Why a call is to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Reason {
    Time = 1,
    Cancel = 2,
}

/// Between a call and whoever watches it.
#[derive(Debug)]
pub(super) struct Stop {
    reason: AtomicU8,
    /// The code gave up the thread by itself, and is ready to go on.
    paused: AtomicBool,
    allowed: Duration,
}

impl Stop {
    pub(super) fn new(allowed: Duration) -> Self {
        Self { reason: AtomicU8::new(0), paused: AtomicBool::new(false), allowed }
    }

    pub(super) fn want(&self, reason: Reason) {
        self.reason.store(reason as u8, Ordering::Relaxed);
    }

    /// Why the call is to stop, as the error that it then ends with.
    pub(super) fn wanted(&self) -> Option<Fault> {
        let trace = Trace::default();
        match self.reason.load(Ordering::Relaxed) {
            reason if reason == Reason::Time as u8 => {
                Some(Fault::TimedOut { allowed: self.allowed, trace })
            }
            reason if reason == Reason::Cancel as u8 => Some(Fault::Cancelled { trace }),
            _ => None,
        }
    }

    /// Running code looks up at each tick: it stops there, where it can say where it was, or
    /// lets others look at the clock.
    pub(super) fn look_up(&self) -> wasmtime::Result<UpdateDeadline> {
        if let Some(fault) = self.wanted() {
            return Err(fault.into());
        }
        self.paused.store(true, Ordering::Relaxed);
        Ok(UpdateDeadline::Yield(1))
    }

    /// Whether the code paused by itself since it was last asked.
    pub(super) fn take_paused(&self) -> bool {
        self.paused.swap(false, Ordering::Relaxed)
    }
}
