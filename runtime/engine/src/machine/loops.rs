//! Loops: over items, one after the other or several at once, and for as long as a condition says.

use std::collections::{BTreeMap, VecDeque};

use flow::program::{Block, ForEach, Spanned, Until};
use model::Value;

use super::ended::{Ended, Trouble};
use super::event::{Effect, Output};
use super::frame::{Each, Inner, Items, Segment};
use super::scope::{Binding, Content};
use super::{Machine, Todo};
use crate::failure::{Failure, Kind};

impl<'f> Machine<'f> {
    pub(super) fn begin_each(&mut self, slot: usize, of: &'f ForEach) -> Result<(), Failure> {
        let flow = self.flow_of(slot);
        let over = self.evaluate(slot, &of.over, flow)?;
        let masked = over.masked;
        let items = match over.content {
            Content::Stream(of) => {
                Items::Rows { of, ahead: VecDeque::new(), ended: false, after: 0 }
            }
            Content::Value(Value::List(items)) => {
                self.stamp += 1;
                Items::List { number: self.stamp, items: items.into(), saved: false }
            }
            Content::Value(other) => {
                let what = other.type_name();
                let message = format!("`for-each` goes over a list or rows, not over {what}");
                let hint = "`values(…)` and `keys(…)` make a list of an object";
                return Err(Failure::new(Kind::Generic, "expr/type", message).with_hint(hint));
            }
        };
        let each = Each {
            of,
            items,
            masked,
            next: 0,
            running: BTreeMap::new(),
            collected: BTreeMap::new(),
            broken: false,
            rejecting: None,
        };
        let inside = self.push(Some(slot), Segment::None, Inner::Each(Box::new(each)));
        self.todo.push(Todo::Enter(inside));
        Ok(())
    }

    fn each(&mut self, slot: usize) -> &mut Each<'f> {
        match &mut self.frame_mut(slot).inner {
            Inner::Each(each) => each,
            other => unreachable!("a loop, not {other:?}"),
        }
    }

    /// Begins as many iterations as may run, asks for more rows, or ends the loop.
    pub(super) fn next_items(&mut self, slot: usize) {
        let asked = self.frame(slot).waits.is_some();
        let each = self.each(slot);
        let most = each.of.parallel.map_or(1, std::num::NonZeroU32::get) as usize;
        let mut begun = Vec::new();
        while !each.broken && each.running.len() < most {
            let Some((record, item)) = each.items.take(each.next) else { break };
            begun.push((each.next, item));
            each.running.insert(each.next, record);
            each.next += 1;
        }
        let (of, masked) = (each.of, each.masked);
        let idle = each.running.is_empty();
        let may = !each.broken && each.running.len() < most;
        let wanted = each.items.wanted().filter(|_| may);
        // What is pushed last is done first.
        for (number, item) in begun.into_iter().rev() {
            let inside = self.push_block(slot, Segment::Iteration(number), &of.steps);
            self.bind(inside, &of.item.value, Binding::of(item, masked));
            if let Some(index) = &of.index {
                self.bind(inside, &index.value, Binding::open(number.into()));
            }
        }
        match wanted {
            _ if asked => {}
            Some((stream, after)) => {
                self.ask(slot, |ticket| Effect::Read { ticket, stream, after });
            }
            None if idle => self.end_each(slot),
            None => {}
        }
    }

    fn end_each(&mut self, slot: usize) {
        let each = self.each(slot);
        let collected = std::mem::take(&mut each.collected);
        let output = each.of.collect.is_some().then(|| {
            let masked = collected.values().any(|made| made.masked);
            let items = collected.into_values().map(Binding::into_value).collect();
            Binding::of(Value::List(items), masked)
        });
        self.todo.push(Todo::Leave(slot, Ended::Done(output)));
    }

    /// Rows have come, or a row was kept out.
    pub(super) fn answered_each(&mut self, slot: usize, result: Result<Output, Failure>) {
        match result {
            Ok(Output::Rows { rows, last }) => {
                if let Items::Rows { ahead, ended, .. } = &mut self.each(slot).items {
                    ahead.extend(rows);
                    *ended = last;
                }
                self.todo.push(Todo::Enter(slot));
            }
            Ok(_) => {
                self.each(slot).rejecting = None;
                self.todo.push(Todo::Enter(slot));
            }
            Err(failure) => {
                let path = self.path(slot);
                self.abort_inside(slot);
                self.todo.push(Todo::Leave(slot, Ended::failed(failure, path)));
            }
        }
    }

    /// An iteration has ended.
    pub(super) fn ended_item(&mut self, slot: usize, inside: usize, ended: Ended) {
        let Segment::Iteration(number) = self.frame(inside).segment else { return };
        let of = self.each(slot).of;
        let ended = match (ended, &of.collect) {
            (Ended::Done(_), Some(collect)) => {
                let flow = self.flow_of(slot);
                match self.make(inside, collect, flow) {
                    Ok(made) => {
                        self.each(slot).collected.insert(number, made);
                        Ended::Done(None)
                    }
                    Err(failure) => Ended::failed(failure, self.path(inside)),
                }
            }
            (ended, _) => ended,
        };
        self.drop_frame(inside);
        let each = self.each(slot);
        let record = each.running.remove(&number).unwrap_or(0);
        match ended {
            Ended::Done(_) | Ended::Continue => self.todo.push(Todo::Enter(slot)),
            Ended::Break => {
                each.broken = true;
                self.todo.push(Todo::Enter(slot));
            }
            Ended::Reject(trouble) => self.reject(slot, record, *trouble),
            ended => {
                self.abort_answers(slot);
                self.abort_inside(slot);
                self.todo.push(Todo::Leave(slot, ended));
            }
        }
    }

    fn reject(&mut self, slot: usize, record: u64, trouble: Trouble) {
        let each = self.each(slot);
        match &each.items {
            Items::Rows { of, .. } => {
                let stream = of.clone();
                let failure = Box::new(trouble.failure);
                each.rejecting = Some((record, failure.clone()));
                self.ask(slot, |ticket| Effect::Reject { ticket, stream, record, failure });
            }
            // Only rows can be kept out; the checker says so.
            Items::List { .. } => {
                self.abort_inside(slot);
                self.todo.push(Todo::Leave(slot, Ended::Failed(Box::new(trouble))));
            }
        }
    }

    pub(super) fn begin_loop(
        &mut self,
        slot: usize,
        until: &'f Until,
        index: Option<&'f Spanned<String>>,
        steps: &'f Block,
    ) -> Result<(), Failure> {
        let most = match until {
            Until::Times(times) => {
                let flow = self.flow_of(slot);
                let times = self.make(slot, times, flow)?.into_value();
                let most = times.as_number().and_then(model::Number::as_u64);
                Some(most.ok_or_else(|| {
                    let message = format!("`times` is {times}, not a count");
                    let hint = "a count is a whole number from 0";
                    Failure::new(Kind::Generic, "expr/type", message).with_hint(hint)
                })?)
            }
            Until::While(_) | Until::Until(_) => None,
        };
        let index = index.map(|index| index.value.as_str());
        let inner = Inner::Loop { until, steps, index, rounds: 0, most };
        let inside = self.push(Some(slot), Segment::None, inner);
        self.todo.push(Todo::Enter(inside));
        Ok(())
    }

    /// Begins the next round of a loop, or ends it.
    pub(super) fn next_round(&mut self, slot: usize) {
        let Inner::Loop { until, steps, index, rounds, most } = self.frame(slot).inner else {
            return;
        };
        let flow = self.flow_of(slot);
        let goes_on = match until {
            Until::While(condition) => self.holds(slot, condition, flow),
            Until::Until(_) => Ok(true),
            Until::Times(_) => Ok(most.is_some_and(|most| rounds < most)),
        };
        match goes_on.and_then(|goes_on| self.charge().map(|()| goes_on)) {
            Ok(true) => {
                let inside = self.push_block(slot, Segment::Iteration(rounds), steps);
                if let Some(index) = index {
                    self.bind(inside, index, Binding::open(rounds.into()));
                }
            }
            Ok(false) => self.todo.push(Todo::Leave(slot, Ended::Done(None))),
            Err(failure) => {
                let path = self.path(slot);
                self.todo.push(Todo::Leave(slot, Ended::failed(failure, path)));
            }
        }
    }

    /// A round has ended. `until` is asked where the names of the round are known.
    pub(super) fn ended_round(&mut self, slot: usize, inside: usize, ended: Ended) {
        let Inner::Loop { until, .. } = self.frame(slot).inner else { return };
        let ended = match (ended, until) {
            (Ended::Done(_) | Ended::Continue, Until::Until(condition)) => {
                let flow = self.flow_of(slot);
                match self.holds(inside, condition, flow) {
                    Ok(true) => Ended::Break,
                    Ok(false) => Ended::Continue,
                    Err(failure) => Ended::failed(failure, self.path(inside)),
                }
            }
            (ended, _) => ended,
        };
        self.drop_frame(inside);
        match ended {
            Ended::Done(_) | Ended::Continue => {
                if let Inner::Loop { rounds, .. } = &mut self.frame_mut(slot).inner {
                    *rounds += 1;
                }
                self.todo.push(Todo::Enter(slot));
            }
            Ended::Break => self.todo.push(Todo::Leave(slot, Ended::Done(None))),
            ended => self.todo.push(Todo::Leave(slot, ended)),
        }
    }
}
