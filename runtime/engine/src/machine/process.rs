//! `process`: claims the items of a queue one after the other, until there are none.

use flow::program::Process;
use indexmap::IndexMap;
use model::Value;

use super::ended::Ended;
use super::event::{Effect, Output, Retries, Settled, Ticket};
use super::frame::{Inner, Segment, Work, WorkPhase};
use super::scope::Binding;
use super::{Machine, Todo};
use crate::failure::{Failure, Kind};

impl Work<'_> {
    /// What is asked once the work on the item in hand has ended.
    pub(super) fn settle(&self, ticket: Ticket) -> Effect {
        Effect::Settle {
            ticket,
            item: self.item.clone().unwrap_or_default(),
            failure: self.failure.clone(),
            retries: Retries { most: self.of.retries, delay: self.of.retry_delay },
        }
    }
}

impl<'f> Machine<'f> {
    pub(super) fn begin_process(&mut self, slot: usize, of: &'f Process) -> Result<(), Failure> {
        let flow = self.flow_of(slot);
        let queue = match self.make(slot, &of.queue, flow)?.into_value() {
            Value::Text(queue) => queue,
            other => {
                let message = format!("`process` takes the name of a queue, not {other}");
                let hint = "a queue is named by its key, its name or its id";
                return Err(Failure::new(Kind::Generic, "expr/type", message).with_hint(hint));
            }
        };
        let most = match &of.limit {
            Some(limit) => {
                let limit = self.make(slot, limit, flow)?.into_value();
                let most = limit.as_number().and_then(model::Number::as_u64);
                Some(most.ok_or_else(|| {
                    let message = format!("`limit` is {limit}, not a count");
                    let hint = "a count is a whole number from 0";
                    Failure::new(Kind::Generic, "expr/type", message).with_hint(hint)
                })?)
            }
            None => None,
        };
        let work = Work {
            of,
            queue,
            most,
            item: None,
            phase: WorkPhase::Claiming,
            next: 0,
            claimed: 0,
            processed: 0,
            failed: 0,
            failure: None,
            then: None,
        };
        let inside = self.push(Some(slot), Segment::None, Inner::Process(Box::new(work)));
        self.todo.push(Todo::Enter(inside));
        Ok(())
    }

    fn work(&mut self, slot: usize) -> &mut Work<'f> {
        match &mut self.frame_mut(slot).inner {
            Inner::Process(work) => work,
            other => unreachable!("a process, not {other:?}"),
        }
    }

    /// Claims the next item, or ends.
    pub(super) fn next_claim(&mut self, slot: usize) {
        let work = self.work(slot);
        work.phase = WorkPhase::Claiming;
        if work.most.is_some_and(|most| work.claimed >= most) {
            return self.end_process(slot);
        }
        let queue = work.queue.clone();
        self.ask(slot, |ticket| Effect::Claim { ticket, queue });
    }

    fn end_process(&mut self, slot: usize) {
        let work = self.work(slot);
        let counts =
            [("claimed", work.claimed), ("processed", work.processed), ("failed", work.failed)];
        let counts: IndexMap<String, Value> =
            counts.into_iter().map(|(name, count)| (name.to_owned(), count.into())).collect();
        let output = Binding::open(Value::Object(counts));
        self.todo.push(Todo::Leave(slot, Ended::Done(Some(output))));
    }

    /// An item was claimed or settled, or neither could be.
    pub(super) fn answered_process(&mut self, slot: usize, result: Result<Output, Failure>) {
        match result {
            Ok(Output::Claimed(None)) => self.end_process(slot),
            Ok(Output::Claimed(Some(item))) => {
                let work = self.work(slot);
                work.claimed += 1;
                work.item = Some(item);
                self.begin_work(slot);
            }
            Ok(Output::Settled(settled)) => self.settled(slot, settled),
            Ok(_) => unreachable!("a process claims and settles only"),
            Err(failure) => {
                let path = self.path(slot);
                self.todo.push(Todo::Leave(slot, Ended::failed(failure, path)));
            }
        }
    }

    fn begin_work(&mut self, slot: usize) {
        let work = self.work(slot);
        work.phase = WorkPhase::Working;
        let (of, number) = (work.of, work.next);
        let item = work.item.clone().unwrap_or_default();
        work.next += 1;
        let inside = self.push_block(slot, Segment::Iteration(number), &of.steps);
        self.bind(inside, "item", Binding::open(item));
    }

    /// The work on an item has ended: the item is settled before the next one is claimed.
    pub(super) fn ended_work(&mut self, slot: usize, inside: usize, ended: Ended) {
        self.drop_frame(inside);
        let work = self.work(slot);
        work.phase = WorkPhase::Settling;
        work.failure = match ended {
            Ended::Failed(trouble) | Ended::Reject(trouble) => Some(Box::new(trouble.failure)),
            Ended::Done(_) | Ended::Continue => None,
            ended @ (Ended::Break | Ended::Return(_)) => {
                work.then = Some(ended);
                None
            }
        };
        self.ask_settle(slot);
    }

    fn ask_settle(&mut self, slot: usize) {
        let ticket = self.ticket(slot);
        let effect = self.work(slot).settle(ticket);
        self.ask_under(slot, effect);
    }

    fn settled(&mut self, slot: usize, settled: Settled) {
        let work = self.work(slot);
        match settled {
            Settled::Processed => work.processed += 1,
            Settled::Failed => work.failed += 1,
            Settled::Retried => {}
        }
        work.item = None;
        match work.then.take() {
            Some(Ended::Break) => self.end_process(slot),
            Some(ended) => self.todo.push(Todo::Leave(slot, ended)),
            None => self.todo.push(Todo::Enter(slot)),
        }
    }
}
