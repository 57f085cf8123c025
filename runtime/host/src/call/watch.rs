//! Watches over a call: it ends in time, or when somebody asks for it.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Interval, MissedTickBehavior, interval, sleep};

use super::Every;
use super::stop::{Cancel, Reason, Stop};
use crate::fault::Fault;
use crate::limits::TICK;

pub(super) struct Watch<'a, 'e> {
    pub(super) stop: &'a Stop,
    pub(super) cancel: &'a Cancel,
    pub(super) every: Option<Every<'e>>,
    pub(super) time: Duration,
}

impl Watch<'_, '_> {
    /// Drives the guest. A guest that computes when it is to stop is driven on until it looks up,
    /// and one that waits for its host hears of it there: both tell where they were. One that
    /// waits for anything else is dropped where it is.
    pub(super) async fn over<F: Future>(self, guest: F) -> Result<F::Output, Fault> {
        let Watch { stop, cancel, every, time } = self;
        if cancel.is_cancelled() {
            stop.want(Reason::Cancel);
            return Err(stop.wanted().expect("it was wanted just now"));
        }
        let mut guest = pin!(guest);
        let mut late = pin!(sleep(time));
        let mut cancelled = pin!(cancel.asked());
        let mut every = every.map(Periodic::new);
        poll_fn(|context| {
            let told = stop.wanted();
            if let Poll::Ready(ended) = guest.as_mut().poll(context) {
                return Poll::Ready(Ok(ended));
            }
            let computes = stop.take_paused();
            if let Some(fault) = told {
                return if computes { Poll::Pending } else { Poll::Ready(Err(fault)) };
            }
            if cancelled.as_mut().poll(context).is_ready() {
                stop.want(Reason::Cancel);
            } else if late.as_mut().poll(context).is_ready() {
                stop.want(Reason::Time);
            } else if let Some(every) = &mut every {
                every.poll(context);
            }
            if stop.wanted().is_some() {
                // The guest is asked once more, now that it can know.
                context.waker().wake_by_ref();
            }
            Poll::Pending
        })
        .await
    }
}

/// `Every`, with the clock that it needs.
struct Periodic<'a> {
    due: Interval,
    act: &'a mut dyn FnMut(),
}

impl<'a> Periodic<'a> {
    fn new(Every { period, act }: Every<'a>) -> Self {
        let mut due = interval(period.max(TICK));
        due.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // An interval is due for the first time at once.
        due.reset();
        Self { due, act }
    }

    fn poll(&mut self, context: &mut Context<'_>) {
        while self.due.poll_tick(context).is_ready() {
            (self.act)();
        }
    }
}
