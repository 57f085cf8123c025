//! The tree of frames that a run consists of.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use flow::Flow;
use flow::program::{Block, ForEach, Process, Step, Until};
use model::{Timestamp, Value};

use super::event::Ticket;
use super::scope::Binding;
use super::{Effect, Machine, Todo};
use crate::failure::Failure;

/// One level of a run.
#[derive(Debug)]
pub(super) struct Frame<'f> {
    pub(super) parent: Option<usize>,
    /// Changes whenever the frame begins to wait for something else.
    pub(super) stamp: u64,
    pub(super) segment: Segment<'f>,
    pub(super) names: Vec<(&'f str, Binding)>,
    pub(super) inner: Inner<'f>,
    /// What it waits for, besides the frames inside.
    pub(super) waits: Option<Waits>,
}

/// What a frame has asked for, under the ticket of its stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Waits {
    /// When it began to wait: what `now` was for whatever it asked.
    pub(super) since: Timestamp,
    /// An effect that somebody performs.
    pub(super) answer: bool,
    /// The effect was told a secret, so its answer is one too.
    pub(super) masked: bool,
    pub(super) timer: Option<Timer>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Timer {
    pub(super) at: Timestamp,
    /// How much later it may fire, at random, in percent of the time until then.
    pub(super) jitter: u8,
}

/// What a frame adds to the path of what is inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Segment<'f> {
    None,
    Label(&'f str),
    Word(Cow<'static, str>),
    Iteration(u64),
}

#[derive(Debug)]
pub(super) enum Inner<'f> {
    /// A flow; names are not looked up beyond it.
    Flow {
        flow: &'f Flow,
    },
    Block {
        block: &'f Block,
        flow: &'f Flow,
        at: usize,
    },
    Step {
        step: &'f Step,
        flow: &'f Flow,
        attempt: u32,
        handled: u32,
        phase: Phase,
    },
    Each(Box<Each<'f>>),
    Loop {
        until: &'f Until,
        steps: &'f Block,
        index: Option<&'f str>,
        rounds: u64,
        most: Option<u64>,
    },
    Branches {
        left: usize,
    },
    Process(Box<Work<'f>>),
}

/// Where a step stands.
#[derive(Debug)]
pub(super) enum Phase {
    Running,
    /// Waits to be tried again.
    Resting,
    /// A handler is performed; the number is its place.
    Handling(usize, Box<super::Trouble>),
}

/// A `for-each` in progress.
#[derive(Debug)]
pub(super) struct Each<'f> {
    pub(super) of: &'f ForEach,
    pub(super) items: Items,
    pub(super) masked: bool,
    /// The number of the next item.
    pub(super) next: u64,
    /// Iterations in progress, each with the record its row comes from.
    pub(super) running: BTreeMap<u64, u64>,
    /// What iterations gave, by their number.
    pub(super) collected: BTreeMap<u64, Binding>,
    /// No further iteration begins, because of a `break`.
    pub(super) broken: bool,
    /// A row that is being kept out, and why.
    pub(super) rejecting: Option<(u64, Box<Failure>)>,
}

/// What a `for-each` goes over.
#[derive(Debug)]
pub(super) enum Items {
    /// `number` names the list in checkpoints; `saved`: one of them has it already.
    List { number: u64, items: Arc<[Value]>, saved: bool },
    /// Rows that are read as they are needed: those in hand, whether they are the last, and the
    /// record that was taken last.
    Rows { of: Value, ahead: VecDeque<(u64, Value)>, ended: bool, after: u64 },
}

impl Items {
    /// The item of that number with its record, if it is in hand. Items are asked for in order.
    pub(super) fn take(&mut self, number: u64) -> Option<(u64, Value)> {
        match self {
            Self::List { items, .. } => items.get(number as usize).map(|item| (0, item.clone())),
            Self::Rows { ahead, after, .. } => {
                let (record, row) = ahead.pop_front()?;
                *after = record;
                Some((record, row))
            }
        }
    }

    /// The rows that have to be read before there is another item, and behind which record.
    pub(super) fn wanted(&self) -> Option<(Value, u64)> {
        match self {
            Self::Rows { of, ahead, ended: false, after } if ahead.is_empty() => {
                Some((of.clone(), *after))
            }
            Self::List { .. } | Self::Rows { .. } => None,
        }
    }
}

/// A `process` in progress.
#[derive(Debug)]
pub(super) struct Work<'f> {
    pub(super) of: &'f Process,
    pub(super) queue: String,
    pub(super) most: Option<u64>,
    pub(super) item: Option<Value>,
    pub(super) phase: WorkPhase,
    /// The number of the next iteration.
    pub(super) next: u64,
    pub(super) claimed: u64,
    pub(super) processed: u64,
    pub(super) failed: u64,
    /// How the work on the item in hand ended.
    pub(super) failure: Option<Box<Failure>>,
    /// How the loop goes on once that item is settled.
    pub(super) then: Option<super::Ended>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WorkPhase {
    Claiming,
    Working,
    Settling,
}

impl<'f> Machine<'f> {
    pub(super) fn push(
        &mut self,
        parent: Option<usize>,
        segment: Segment<'f>,
        inner: Inner<'f>,
    ) -> usize {
        self.stamp += 1;
        let stamp = self.stamp;
        let frame = Frame { parent, stamp, segment, names: Vec::new(), inner, waits: None };
        if let Some(slot) = self.free.pop() {
            self.frames[slot] = Some(frame);
            slot
        } else {
            self.frames.push(Some(frame));
            self.frames.len() - 1
        }
    }

    /// Pushes a block and enters it.
    pub(super) fn push_block(
        &mut self,
        parent: usize,
        segment: Segment<'f>,
        block: &'f Block,
    ) -> usize {
        let flow = self.flow_of(parent);
        let slot = self.push(Some(parent), segment, Inner::Block { block, flow, at: 0 });
        self.todo.push(Todo::Enter(slot));
        slot
    }

    pub(super) fn frame(&self, slot: usize) -> &Frame<'f> {
        self.frames[slot].as_ref().expect("frames are dropped by their parents only")
    }

    pub(super) fn frame_mut(&mut self, slot: usize) -> &mut Frame<'f> {
        self.frames[slot].as_mut().expect("frames are dropped by their parents only")
    }

    pub(super) fn drop_frame(&mut self, slot: usize) {
        self.frames[slot] = None;
        self.free.push(slot);
    }

    /// The flow that a frame belongs to.
    pub(super) fn flow_of(&self, slot: usize) -> &'f Flow {
        let mut at = slot;
        loop {
            let frame = self.frame(at);
            match (&frame.inner, frame.parent) {
                (
                    Inner::Flow { flow } | Inner::Block { flow, .. } | Inner::Step { flow, .. },
                    _,
                ) => {
                    return flow;
                }
                (_, Some(parent)) => at = parent,
                (_, None) => return &self.flows.main,
            }
        }
    }

    /// A ticket for what the frame waits for from now on; earlier ones are void.
    pub(super) fn ticket(&mut self, slot: usize) -> Ticket {
        self.stamp += 1;
        let stamp = self.stamp;
        self.frame_mut(slot).stamp = stamp;
        Ticket { slot: slot as u32, stamp }
    }

    /// Asks for an effect on behalf of a frame.
    pub(super) fn ask(&mut self, slot: usize, effect: impl FnOnce(Ticket) -> Effect) {
        let ticket = self.ticket(slot);
        self.ask_under(slot, effect(ticket));
    }

    /// Asks for an effect whose ticket the frame has taken already.
    pub(super) fn ask_under(&mut self, slot: usize, effect: Effect) {
        let masked = matches!(effect, Effect::Perform { masked: true, .. });
        let waits = Waits { since: self.now, answer: true, masked, timer: None };
        self.frame_mut(slot).waits = Some(waits);
        self.turn.effects.push(effect);
    }

    /// Sets a timer for a frame, beside what it has asked for before in this turn.
    pub(super) fn set_timer(&mut self, slot: usize, at: Timestamp, jitter: u8) {
        let timer = Timer { at, jitter };
        let ticket = if let Some(waits) = &mut self.frame_mut(slot).waits {
            waits.timer = Some(timer);
            Ticket { slot: slot as u32, stamp: self.frame(slot).stamp }
        } else {
            let ticket = self.ticket(slot);
            let (since, timer) = (self.now, Some(timer));
            let waits = Waits { since, answer: false, masked: false, timer };
            self.frame_mut(slot).waits = Some(waits);
            ticket
        };
        self.turn.effects.push(Effect::Timer { ticket, at, jitter });
    }

    /// The frame that waits under this ticket.
    pub(super) fn waiting(&self, ticket: Ticket) -> Option<usize> {
        let slot = ticket.slot as usize;
        let frame = self.frames.get(slot)?.as_ref()?;
        (frame.stamp == ticket.stamp).then_some(slot)
    }

    /// Stops everything inside a frame, and drops it.
    pub(super) fn abort_inside(&mut self, slot: usize) {
        let inside: Vec<usize> = (0..self.frames.len())
            .filter(|other| *other != slot && self.is_inside(*other, slot))
            .collect();
        for inner in &inside {
            self.abort_answers(*inner);
        }
        self.todo.retain(|todo| {
            let (Todo::Enter(at) | Todo::Leave(at, _)) = todo;
            !inside.contains(at)
        });
        for inner in inside {
            self.drop_frame(inner);
        }
    }

    fn is_inside(&self, slot: usize, outer: usize) -> bool {
        let mut at = self.frames[slot].as_ref();
        while let Some(frame) = at {
            match frame.parent {
                Some(parent) if parent == outer => return true,
                Some(parent) => at = self.frames[parent].as_ref(),
                None => return false,
            }
        }
        false
    }

    /// Waits no more: its ticket is void.
    pub(super) fn answered(&mut self, slot: usize) {
        self.ticket(slot);
        self.frame_mut(slot).waits = None;
    }

    /// Makes void what the frame waits for.
    pub(super) fn abort_answers(&mut self, slot: usize) {
        let frame = self.frame(slot);
        if frame.waits.is_some() {
            let ticket = Ticket { slot: slot as u32, stamp: frame.stamp };
            self.turn.effects.push(Effect::Abort { ticket });
            self.answered(slot);
        }
    }
}
