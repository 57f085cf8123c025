//! What is done about a step that failed: it is tried again, handled, or the failure goes on.

use std::time::Duration;

use flow::limits::HANDLER_RETRIES_MAX;
use flow::program::{Backoff, Caught, Retry, Then};
use model::time;

use super::ended::{Ended, Trouble};
use super::event::Record;
use super::frame::{Inner, Phase, Segment};
use super::scope::Binding;
use super::{Machine, Todo};
use crate::failure::Failure;

impl Machine<'_> {
    /// Something went wrong in a step.
    pub(super) fn trouble(&mut self, slot: usize, trouble: Box<Trouble>) {
        let Inner::Step { step, attempt, .. } = self.frame(slot).inner else { return };
        if let Some(retry) = &step.retry
            && let Some(delay) = rest(retry, attempt, &trouble.failure)
        {
            let at = time::after(self.now, delay);
            let (path, attempt) = (self.path(slot), attempt + 1);
            let failure = Box::new(trouble.failure);
            self.turn.records.push(Record::Retrying { path, attempt, at, failure });
            self.set_phase(slot, Phase::Resting);
            return self.set_timer(slot, at, retry.jitter);
        }
        let found = step.handlers.iter().position(|handler| {
            handler.on.iter().any(|caught| catches(&caught.value, &trouble.failure))
        });
        let Some(handler) = found else {
            let failure = Box::new(trouble.failure.clone());
            let path = self.path(slot);
            self.turn.records.push(Record::Failed { path, failure });
            return self.todo.push(Todo::Leave(slot, Ended::Failed(trouble)));
        };
        let failure = Box::new(trouble.failure.clone());
        let path = self.path(slot);
        self.turn.records.push(Record::Handled { path, handler, failure });
        match &step.handlers[handler].steps {
            None => self.handled(slot, handler, trouble, Ended::Done(None)),
            Some(block) => {
                let error = Binding::of(trouble.to_value(), step.masked);
                self.set_phase(slot, Phase::Handling(handler, trouble));
                let word = format!("on-error#{}", handler + 1);
                let inside = self.push_block(slot, Segment::Word(word.into()), block);
                self.bind(inside, "error", error);
            }
        }
    }

    /// A handler has ended: it says how the step goes on.
    pub(super) fn handled(
        &mut self,
        slot: usize,
        handler: usize,
        trouble: Box<Trouble>,
        ended: Ended,
    ) {
        let Inner::Step { step, handled, .. } = &mut self.frame_mut(slot).inner else { return };
        let (step, tried) = (*step, *handled);
        let ended = match ended {
            Ended::Done(_) => match step.handlers[handler].then {
                Then::Continue => Ended::Done(None),
                Then::Return => Ended::Return(indexmap::IndexMap::new()),
                Then::Reject => Ended::Reject(trouble),
                Then::Retry if tried < HANDLER_RETRIES_MAX => {
                    *handled += 1;
                    return self.todo.push(Todo::Enter(slot));
                }
                Then::Fail | Then::Retry => Ended::Failed(trouble),
            },
            Ended::Failed(mut second) => {
                second.cause = Some(trouble);
                Ended::Failed(second)
            }
            elsewhere => elsewhere,
        };
        self.todo.push(Todo::Leave(slot, ended));
    }

    fn set_phase(&mut self, slot: usize, now: Phase) {
        if let Inner::Step { phase, .. } = &mut self.frame_mut(slot).inner {
            *phase = now;
        }
    }
}

/// How long a step rests before it is tried again; `None`: it is not. The random part of the delay
/// is the affair of whoever sets the timer.
fn rest(retry: &Retry, attempt: u32, failure: &Failure) -> Option<Duration> {
    let wanted = retry.on.iter().any(|caught| catches(&caught.value, failure));
    if !wanted || attempt >= retry.attempts.get() {
        return None;
    }
    let delay = match retry.backoff {
        Backoff::Fixed => retry.delay,
        Backoff::Exponential => {
            let doubled = 1_u32.checked_shl(attempt - 1).unwrap_or(u32::MAX);
            retry.delay.saturating_mul(doubled)
        }
    };
    Some(delay.min(retry.delay_max))
}

/// Whether a handler or a retry is meant for this failure.
fn catches(caught: &Caught, failure: &Failure) -> bool {
    match caught {
        Caught::All => true,
        Caught::Kind(kind) => *kind == failure.kind,
        Caught::Code(code) => match code.strip_suffix('*') {
            Some(start) => failure.code.starts_with(start),
            None => failure.code == code.as_str(),
        },
    }
}
