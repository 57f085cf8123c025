//! Reasons to stop a call before its own end, and how its code comes to know.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
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
pub(super) enum Reason {
    Time,
    Cancel,
}

/// Between a call and whoever watches it.
#[derive(Debug)]
pub(crate) struct Stop {
    reason: watch::Sender<Option<Reason>>,
    /// The code gave up the thread by itself, and is ready to go on.
    paused: AtomicBool,
    allowed: Duration,
}

impl Stop {
    pub(super) fn new(allowed: Duration) -> Self {
        Self { reason: watch::Sender::new(None), paused: AtomicBool::new(false), allowed }
    }

    pub(super) fn want(&self, reason: Reason) {
        self.reason.send_replace(Some(reason));
    }

    /// Does work that waits, for as long as the call is not to stop. The error, handed on to the
    /// code that called, ends the call where it can say what it waited for.
    pub(crate) async fn or<F: Future>(&self, work: F) -> Result<F::Output, Fault> {
        let mut reasons = self.reason.subscribe();
        let mut told = pin!(reasons.wait_for(Option::is_some));
        let mut work = pin!(work);
        poll_fn(|context| match told.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(Err(self.wanted().expect("a reason was told"))),
            Poll::Pending => work.as_mut().poll(context).map(Ok),
        })
        .await
    }

    /// Why the call is to stop, as the error that it then ends with.
    pub(super) fn wanted(&self) -> Option<Fault> {
        let trace = Trace::default();
        let reason = *self.reason.borrow();
        reason.map(|reason| match reason {
            Reason::Time => Fault::TimedOut { allowed: self.allowed, trace },
            Reason::Cancel => Fault::Cancelled { trace },
        })
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
