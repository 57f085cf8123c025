//! Restoring.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use flow::Flow;
use flow::program::{Kind as Does, Step};
use indexmap::IndexMap;
use model::{Number, Timestamp, Value};

use super::{FORMAT, block_at, body_of};
use crate::failure::{Failure, Kind};
use crate::machine::ended::{Ended, Trouble};
use crate::machine::frame::{
    Each, Frame, Inner, Items, Phase, Segment, Timer, Waits, Work, WorkPhase,
};
use crate::machine::scope::{Binding, Content};
use crate::machine::{Effect, Flows, Machine, Options, Outcome, Ticket, Turn};

/// The data is no state of these flows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAState {
    #[error("the state has the format {found}; this wharf reads {FORMAT}")]
    Format { found: u64 },
    #[error("the state does not fit the flow: {what}")]
    Misfit { what: String },
}

type Found<T> = Result<T, NotAState>;

fn misfit(what: impl Into<String>) -> NotAState {
    NotAState::Misfit { what: what.into() }
}

/// Lists that checkpoints named, by their numbers.
pub type Lists = BTreeMap<u64, Arc<[Value]>>;

impl<'f> Machine<'f> {
    /// A machine that stands where a saved one stood. The turn asks again for everything that the
    /// saved one waited for.
    pub fn restore(
        flows: &'f Flows,
        options: Options,
        state: &Value,
        lists: &Lists,
    ) -> Found<(Self, Turn)> {
        let found = number(state, "format")?;
        if found != FORMAT {
            return Err(NotAState::Format { found });
        }
        let mut machine = Machine::new(flows, options);
        machine.steps = number(state, "steps")?;
        machine.stamp = number(state, "stamp")?;
        machine.stop_requested = flag(state, "stop");
        machine.any_masked = flag(state, "masked");
        machine.failed =
            state.get("failed").map(|value| trouble(value).map(Box::new)).transpose()?;
        machine.outcome = state.get("outcome").map(outcome).transpose()?;
        machine.free = items(state, "free")?.iter().map(whole).collect::<Found<_>>()?;
        let saved = items(state, "frames")?;
        machine.frames = (0..saved.len()).map(|_| None).collect();
        // A parent may stand behind its child, for slots are used again.
        for slot in 0..saved.len() {
            machine.restore_frame(slot, saved, lists)?;
        }
        machine.now = moment(state, "now")?;
        machine.ask_again()?;
        let mut turn = std::mem::take(&mut machine.turn);
        turn.taken = true;
        Ok((machine, turn))
    }

    fn restore_frame(&mut self, slot: usize, saved: &[Value], lists: &Lists) -> Found<()> {
        // Up to the first one that is there, then down again: no recursion, however deep it is.
        let mut chain = vec![slot];
        while let Some(parent) = chain.last().and_then(|slot| saved.get(*slot)?.get("parent")) {
            let parent = whole(parent)?;
            if parent >= saved.len() || chain.len() > saved.len() {
                return Err(misfit("a frame has no parent"));
            }
            chain.push(parent);
        }
        for slot in chain.into_iter().rev() {
            if self.frames[slot].is_none() && !saved[slot].is_null() {
                let frame = self.read_frame(&saved[slot], lists)?;
                self.frames[slot] = Some(frame);
            }
        }
        Ok(())
    }

    fn read_frame(&self, saved: &Value, lists: &Lists) -> Found<Frame<'f>> {
        let parent = saved.get("parent").map(whole).transpose()?;
        let is = saved.get("is").ok_or_else(|| misfit("a frame is nothing"))?;
        let (segment, inner) = self.read_inner(parent, saved.get("segment"), is, lists)?;
        let mut frame = Frame {
            parent,
            stamp: number(saved, "stamp")?,
            segment,
            names: Vec::new(),
            inner,
            waits: saved.get("waits").map(waits).transpose()?,
        };
        for (name, value) in saved.get("names").and_then(Value::as_object).into_iter().flatten() {
            let name = self.name_in(&frame, name)?;
            frame.names.push((name, binding(value)));
        }
        Ok(frame)
    }

    /// The name as the flow has it, for names are borrowed from there.
    fn name_in(&self, frame: &Frame<'f>, name: &str) -> Found<&'f str> {
        const FIXED: [&str; 5] = ["inputs", "run", "trigger", "item", "error"];
        if let Some(fixed) = FIXED.iter().find(|fixed| **fixed == name) {
            return Ok(fixed);
        }
        let mut known = Vec::new();
        if let Inner::Block { block, .. } = &frame.inner {
            for step in &block.steps {
                known.extend(step.id.as_ref().map(|id| id.value.as_str()));
                if let Does::Set(values) = &step.kind {
                    known.extend(values.keys().map(String::as_str));
                }
            }
        }
        if let Some(parent) = frame.parent
            && let Some(step) = self.step_above(parent)
        {
            match &step.kind {
                Does::ForEach(each) => {
                    known.push(&each.item.value);
                    known.extend(each.index.as_ref().map(|index| index.value.as_str()));
                }
                Does::Loop { index, .. } => {
                    known.extend(index.as_ref().map(|index| index.value.as_str()));
                }
                _ => {}
            }
        }
        let found = known.into_iter().find(|known| *known == name);
        found.ok_or_else(|| misfit(format!("there is no name `{name}`")))
    }

    /// The step that a frame is of, or is directly inside of.
    fn step_above(&self, slot: usize) -> Option<&'f Step> {
        let frame = self.frames.get(slot)?.as_ref()?;
        match &frame.inner {
            Inner::Step { step, .. } => Some(step),
            Inner::Flow { .. } | Inner::Block { .. } => None,
            _ => self.step_above(frame.parent?),
        }
    }

    fn read_inner(
        &self,
        parent: Option<usize>,
        segment: Option<&Value>,
        is: &Value,
        lists: &Lists,
    ) -> Found<(Segment<'f>, Inner<'f>)> {
        if let Some(name) = is.get("flow").and_then(Value::as_text) {
            return Ok((Segment::None, Inner::Flow { flow: self.flow_named(name)? }));
        }
        if let Some(at) = is.get("block") {
            return self.read_block(parent, segment, whole(at)?);
        }
        if is.get("step").is_some() {
            return self.read_step(parent, segment, is);
        }
        let step = parent.and_then(|parent| self.step_above(parent));
        let step = step.ok_or_else(|| misfit("a loop without its step"))?;
        let inner = match (&step.kind, is) {
            (Does::ForEach(of), is) if is.get("each").is_some() => {
                Inner::Each(Box::new(each(of, is, lists)?))
            }
            (Does::Loop { until, index, steps }, is) if is.get("loop").is_some() => Inner::Loop {
                until,
                steps,
                index: index.as_ref().map(|index| index.value.as_str()),
                rounds: number(is, "loop")?,
                most: optional(is, "most")?,
            },
            (Does::Parallel { .. }, is) if is.get("branches").is_some() => {
                Inner::Branches { left: number(is, "branches")? as usize }
            }
            (Does::Process(of), is) if is.get("process").is_some() => {
                Inner::Process(Box::new(work(of, is)?))
            }
            _ => return Err(misfit(format!("`{}` is another kind of step now", step.label))),
        };
        Ok((Segment::None, inner))
    }

    fn flow_named(&self, name: &str) -> Found<&'f Flow> {
        let flows = self.flows;
        if flows.main.name.value == name {
            return Ok(&flows.main);
        }
        flows.called.get(name).ok_or_else(|| misfit(format!("there is no flow `{name}`")))
    }

    fn read_block(
        &self,
        parent: Option<usize>,
        segment: Option<&Value>,
        at: usize,
    ) -> Found<(Segment<'f>, Inner<'f>)> {
        let word = segment.and_then(|segment| segment.get("word")).and_then(Value::as_text);
        let Some(parent) = parent else {
            let flow = &self.flows.main;
            let block = flow.on_failure.as_ref().ok_or_else(|| misfit("no `on-failure`"))?;
            let segment = Segment::Word("on-failure".into());
            return Ok((segment, Inner::Block { block, flow, at }));
        };
        let above = self.frames[parent].as_ref().ok_or_else(|| misfit("a frame has no parent"))?;
        let flow = self.flow_of(parent);
        let step = self.step_above(parent);
        let lost = || misfit("a block is not where it was");
        let (segment, block) = match (segment, word, &above.inner) {
            (None, _, Inner::Flow { flow }) => (Segment::None, &flow.steps),
            (None, _, _) => (Segment::None, step.and_then(body_of).ok_or_else(lost)?),
            (Some(_), Some(word), _) => {
                let block = step.and_then(|step| block_at(step, word)).ok_or_else(lost)?;
                (Segment::Word(Cow::Owned(word.to_owned())), block)
            }
            (Some(Value::Text(label)), None, _) => {
                let Does::Parallel { branches } = &step.ok_or_else(lost)?.kind else {
                    return Err(lost());
                };
                let (label, block) = branches.get_key_value(label).ok_or_else(lost)?;
                (Segment::Label(label), block)
            }
            (Some(iteration), None, _) => {
                let number = iteration.as_number().and_then(Number::as_u64).ok_or_else(lost)?;
                let block = step.and_then(body_of).ok_or_else(lost)?;
                (Segment::Iteration(number), block)
            }
        };
        Ok((segment, Inner::Block { block, flow, at }))
    }

    fn read_step(
        &self,
        parent: Option<usize>,
        segment: Option<&Value>,
        is: &Value,
    ) -> Found<(Segment<'f>, Inner<'f>)> {
        let label = segment.and_then(Value::as_text).unwrap_or_default();
        let above = parent.and_then(|parent| self.frames[parent].as_ref());
        let Some(Inner::Block { block, flow, .. }) = above.map(|frame| &frame.inner) else {
            return Err(misfit(format!("the step `{label}` stands in no block")));
        };
        let step = block.steps.iter().find(|step| step.label == label);
        let step = step.ok_or_else(|| misfit(format!("there is no step `{label}`")))?;
        let phase = match is.get("step").and_then(Value::as_text) {
            Some("running") => Phase::Running,
            Some("resting") => Phase::Resting,
            _ => {
                let handler = number(is, "handler")? as usize;
                let saved = is.get("trouble").ok_or_else(|| misfit("nothing is handled"))?;
                Phase::Handling(handler, Box::new(trouble(saved)?))
            }
        };
        let inner = Inner::Step {
            step,
            flow,
            attempt: number(is, "attempt")? as u32,
            handled: number(is, "handled")? as u32,
            phase,
        };
        Ok((Segment::Label(&step.label), inner))
    }

    /// Asks again for what frames wait for, each under its old ticket.
    fn ask_again(&mut self) -> Found<()> {
        let now = self.now;
        for slot in 0..self.frames.len() {
            let Some(frame) = &self.frames[slot] else { continue };
            let Some(waits) = frame.waits else { continue };
            let ticket = Ticket { slot: slot as u32, stamp: frame.stamp };
            self.now = waits.since;
            if waits.answer {
                let effect = self.asked(slot, ticket)?;
                self.turn.effects.push(effect);
            }
            if let Some(Timer { at, jitter }) = waits.timer {
                self.turn.effects.push(Effect::Timer { ticket, at, jitter });
            }
        }
        self.now = now;
        Ok(())
    }

    fn asked(&self, slot: usize, ticket: Ticket) -> Found<Effect> {
        let effect = match &self.frame(slot).inner {
            Inner::Step { step, flow, .. } => match &step.kind {
                Does::Uses { action, with } => {
                    let made = self.make_all(slot, with, flow);
                    let made = made.map_err(|failure| misfit(failure.message))?;
                    let masked = step.masked || made.values().any(|made| made.masked);
                    let plain = made.into_iter().map(|(name, made)| (name, made.into_value()));
                    let (action, inputs) = (action.value.clone(), plain.collect());
                    let place = self.place(slot);
                    Effect::Perform { ticket, action, inputs, place, masked }
                }
                _ => return Err(misfit(format!("`{}` asks for nothing", step.label))),
            },
            Inner::Each(each) => match (&each.items, &each.rejecting) {
                (Items::Rows { of, .. }, Some((record, failure))) => Effect::Reject {
                    ticket,
                    stream: of.clone(),
                    record: *record,
                    failure: failure.clone(),
                },
                (Items::Rows { of, after, .. }, None) => {
                    Effect::Read { ticket, stream: of.clone(), after: *after }
                }
                (Items::List { .. }, _) => return Err(misfit("a list asks for nothing")),
            },
            Inner::Process(work) => match work.phase {
                WorkPhase::Claiming => Effect::Claim { ticket, queue: work.queue.clone() },
                WorkPhase::Working => return Err(misfit("an item is worked on and waited for")),
                WorkPhase::Settling => work.settle(ticket),
            },
            _ => return Err(misfit("a frame asks for nothing")),
        };
        Ok(effect)
    }
}

fn number(value: &Value, name: &str) -> Found<u64> {
    optional(value, name)?.ok_or_else(|| misfit(format!("`{name}` is missing")))
}

fn optional(value: &Value, name: &str) -> Found<Option<u64>> {
    let count = |value: &Value| {
        let count = value.as_number().and_then(Number::as_u64);
        count.ok_or_else(|| misfit(format!("`{name}` is not a count")))
    };
    value.get(name).map(count).transpose()
}

fn whole(value: &Value) -> Found<usize> {
    let count = value.as_number().and_then(Number::as_u64);
    count.map(|count| count as usize).ok_or_else(|| misfit("a number is missing"))
}

fn flag(value: &Value, name: &str) -> bool {
    value.get(name).and_then(Value::as_bool).unwrap_or(false)
}

fn text(value: &Value, name: &str) -> Found<String> {
    let text = value.get(name).and_then(Value::as_text);
    text.map(str::to_owned).ok_or_else(|| misfit(format!("`{name}` is missing")))
}

fn items<'v>(value: &'v Value, name: &str) -> Found<&'v [Value]> {
    value.get(name).and_then(Value::as_list).ok_or_else(|| misfit(format!("`{name}` is missing")))
}

fn moment(value: &Value, name: &str) -> Found<Timestamp> {
    text(value, name)?.parse().map_err(|_| misfit(format!("`{name}` is no moment")))
}

fn waits(saved: &Value) -> Found<Waits> {
    let timer = match saved.get("timer") {
        Some(_) => {
            let at = moment(saved, "timer")?;
            Some(Timer { at, jitter: number(saved, "jitter")? as u8 })
        }
        None => None,
    };
    let (answer, masked) = (flag(saved, "answer"), flag(saved, "masked"));
    Ok(Waits { since: moment(saved, "since")?, answer, masked, timer })
}

fn binding(saved: &Value) -> Binding {
    let content = match saved.get("stream") {
        Some(stream) => Content::Stream(stream.clone()),
        None => Content::Value(saved.get("value").cloned().unwrap_or_default()),
    };
    Binding { content, masked: flag(saved, "masked") }
}

fn each<'f>(of: &'f flow::program::ForEach, is: &Value, lists: &Lists) -> Found<Each<'f>> {
    let items = if let Some(number) = optional(is, "list")? {
        let items = lists.get(&number).ok_or_else(|| misfit("a list is missing"))?;
        Items::List { number, items: Arc::clone(items), saved: true }
    } else {
        let of = is.get("rows").cloned().ok_or_else(|| misfit("`rows` is missing"))?;
        Items::Rows { of, ahead: VecDeque::new(), ended: false, after: number(is, "after")? }
    };
    let mut collected = BTreeMap::new();
    for (number, made) in is.get("collected").and_then(Value::as_object).into_iter().flatten() {
        let number = number.parse().map_err(|_| misfit("an iteration has no number"))?;
        collected.insert(number, binding(made));
    }
    let mut running = BTreeMap::new();
    for (number, record) in is.get("running").and_then(Value::as_object).into_iter().flatten() {
        let number = number.parse().map_err(|_| misfit("an iteration has no number"))?;
        running.insert(number, whole(record)? as u64);
    }
    let rejecting = match is.get("rejecting") {
        Some(saved) => {
            let why = saved.get("failure").ok_or_else(|| misfit("`failure` is missing"))?;
            Some((number(saved, "record")?, Box::new(failure(why)?)))
        }
        None => None,
    };
    Ok(Each {
        of,
        items,
        masked: flag(is, "masked"),
        next: number(is, "each")?,
        running,
        collected,
        broken: flag(is, "broken"),
        rejecting,
    })
}

fn work<'f>(of: &'f flow::program::Process, is: &Value) -> Found<Work<'f>> {
    let phase = match is.get("phase").and_then(Value::as_text) {
        Some("claiming") => WorkPhase::Claiming,
        Some("settling") => WorkPhase::Settling,
        _ => WorkPhase::Working,
    };
    let then = match is.get("then") {
        Some(Value::Object(fields)) => {
            let values = fields.get("return").and_then(Value::as_object).into_iter().flatten();
            let values = values.map(|(name, made)| (name.clone(), binding(made)));
            Some(Ended::Return(values.collect::<IndexMap<_, _>>()))
        }
        Some(_) => Some(Ended::Break),
        None => None,
    };
    Ok(Work {
        of,
        queue: text(is, "process")?,
        most: optional(is, "most")?,
        item: is.get("item").cloned(),
        phase,
        next: number(is, "next")?,
        claimed: number(is, "claimed")?,
        processed: number(is, "processed")?,
        failed: number(is, "failed")?,
        failure: is.get("failure").map(|saved| failure(saved).map(Box::new)).transpose()?,
        then,
    })
}

fn trouble(saved: &Value) -> Found<Trouble> {
    let why = saved.get("failure").ok_or_else(|| misfit("`failure` is missing"))?;
    let cause = saved.get("cause").map(|cause| trouble(cause).map(Box::new)).transpose()?;
    Ok(Trouble { failure: failure(why)?, path: text(saved, "path")?, cause })
}

/// A failure out of its saved form.
pub fn failure(saved: &Value) -> Found<Failure> {
    let kind = Kind::named(&text(saved, "kind")?).ok_or_else(|| misfit("a failure has no kind"))?;
    let mut failure = Failure::new(kind, text(saved, "code")?, text(saved, "message")?);
    failure.hint = saved.get("hint").and_then(Value::as_text).map(str::to_owned);
    failure.data = saved.get("data").cloned().map(Box::new);
    let trace = items(saved, "trace")?.iter().filter_map(Value::as_text);
    failure.trace = trace.map(str::to_owned).collect();
    failure.broken_off = flag(saved, "broken_off");
    Ok(failure)
}

fn outcome(saved: &Value) -> Found<Outcome> {
    match saved {
        Value::Object(fields) => match fields.get("failed") {
            Some(saved) => Ok(Outcome::Failed(Box::new(trouble(saved)?))),
            None => Ok(Outcome::Succeeded(fields.get("succeeded").cloned().unwrap_or_default())),
        },
        _ => Ok(Outcome::Cancelled),
    }
}
