//! Saving.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use model::Value;

use super::{Checkpoint, FORMAT};
use crate::failure::Failure;
use crate::machine::ended::{Ended, Trouble};
use crate::machine::frame::{Each, Frame, Inner, Items, Phase, Segment, Waits, Work, WorkPhase};
use crate::machine::scope::{Binding, Content};
use crate::machine::{Machine, Outcome};

impl Machine<'_> {
    /// The state between two events. Lists that were handed out once are not again.
    pub fn save(&mut self) -> Checkpoint {
        assert!(self.todo.is_empty(), "a machine is saved between two turns");
        let mut lists = BTreeMap::new();
        for frame in self.frames.iter_mut().flatten() {
            if let Inner::Each(each) = &mut frame.inner
                && let Items::List { number, items, saved } = &mut each.items
                && !std::mem::replace(saved, true)
            {
                lists.insert(*number, Arc::clone(items));
            }
        }
        let frames = self.frames.iter().map(|frame| frame.as_ref().map_or(Value::Null, of_frame));
        let state = object([
            ("format", FORMAT.into()),
            ("now", self.now.to_string().into()),
            ("steps", self.steps.into()),
            ("stamp", self.stamp.into()),
            ("stop", self.stop_requested.into()),
            ("masked", self.any_masked.into()),
            ("failed", self.failed.as_deref().map_or(Value::Null, of_trouble)),
            ("outcome", self.outcome.as_ref().map_or(Value::Null, of_outcome)),
            ("free", Value::List(self.free.iter().map(|slot| count(*slot)).collect())),
            ("frames", Value::List(frames.collect())),
        ]);
        Checkpoint { state, lists }
    }
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let present = fields.into_iter().filter(|(_, value)| !value.is_null());
    Value::Object(present.map(|(name, value)| (name.to_owned(), value)).collect())
}

fn count(number: usize) -> Value {
    (number as u64).into()
}

fn of_frame(frame: &Frame<'_>) -> Value {
    let names = frame.names.iter().map(|(name, binding)| ((*name).to_owned(), of_binding(binding)));
    let names: IndexMap<String, Value> = names.collect();
    object([
        ("parent", frame.parent.map_or(Value::Null, count)),
        ("stamp", frame.stamp.into()),
        ("segment", of_segment(&frame.segment)),
        ("names", if names.is_empty() { Value::Null } else { Value::Object(names) }),
        ("waits", frame.waits.as_ref().map_or(Value::Null, of_waits)),
        ("is", of_inner(&frame.inner)),
    ])
}

fn of_segment(segment: &Segment<'_>) -> Value {
    match segment {
        Segment::None => Value::Null,
        Segment::Label(label) => (*label).into(),
        Segment::Word(word) => object([("word", (&**word).into())]),
        Segment::Iteration(number) => (*number).into(),
    }
}

fn of_waits(waits: &Waits) -> Value {
    object([
        ("since", waits.since.to_string().into()),
        ("answer", waits.answer.into()),
        ("masked", waits.masked.into()),
        ("timer", waits.timer.map_or(Value::Null, |timer| timer.at.to_string().into())),
        ("jitter", waits.timer.map_or(Value::Null, |timer| u64::from(timer.jitter).into())),
    ])
}

fn of_binding(binding: &Binding) -> Value {
    let masked = if binding.masked { true.into() } else { Value::Null };
    match &binding.content {
        // Null is left out of objects, so the wrapper tells it by its absence.
        Content::Value(value) => object([("value", value.clone()), ("masked", masked)]),
        Content::Stream(value) => object([("stream", value.clone()), ("masked", masked)]),
    }
}

fn of_inner(inner: &Inner<'_>) -> Value {
    match inner {
        Inner::Flow { flow } => object([("flow", flow.name.value.as_str().into())]),
        Inner::Block { at, .. } => object([("block", count(*at))]),
        Inner::Step { attempt, handled, phase, .. } => {
            let (phase, handler, trouble) = match phase {
                Phase::Running => ("running", Value::Null, Value::Null),
                Phase::Resting => ("resting", Value::Null, Value::Null),
                Phase::Handling(handler, trouble) => {
                    ("handling", count(*handler), of_trouble(trouble))
                }
            };
            object([
                ("step", phase.into()),
                ("attempt", u64::from(*attempt).into()),
                ("handled", u64::from(*handled).into()),
                ("handler", handler),
                ("trouble", trouble),
            ])
        }
        Inner::Each(each) => of_each(each),
        Inner::Loop { rounds, most, .. } => {
            object([("loop", (*rounds).into()), ("most", most.map_or(Value::Null, Value::from))])
        }
        Inner::Branches { left } => object([("branches", count(*left))]),
        Inner::Process(work) => of_work(work),
    }
}

fn of_each(each: &Each<'_>) -> Value {
    let (list, rows, after) = match &each.items {
        Items::List { number, .. } => ((*number).into(), Value::Null, Value::Null),
        Items::Rows { of, after, .. } => (Value::Null, of.clone(), (*after).into()),
    };
    let running = each.running.iter();
    let running: IndexMap<String, Value> =
        running.map(|(number, record)| (number.to_string(), (*record).into())).collect();
    let rejecting = each.rejecting.as_ref().map_or(Value::Null, |(row, failure)| {
        object([("record", (*row).into()), ("failure", of_failure(failure))])
    });
    let collected = each.collected.iter();
    let collected: IndexMap<String, Value> =
        collected.map(|(number, made)| (number.to_string(), of_binding(made))).collect();
    object([
        ("each", each.next.into()),
        ("list", list),
        ("rows", rows),
        ("after", after),
        ("masked", each.masked.into()),
        ("running", Value::Object(running)),
        ("collected", Value::Object(collected)),
        ("broken", each.broken.into()),
        ("rejecting", rejecting),
    ])
}

fn of_work(work: &Work<'_>) -> Value {
    let phase = match work.phase {
        WorkPhase::Claiming => "claiming",
        WorkPhase::Working => "working",
        WorkPhase::Settling => "settling",
    };
    object([
        ("process", work.queue.as_str().into()),
        ("phase", phase.into()),
        ("most", work.most.map_or(Value::Null, Value::from)),
        ("item", work.item.clone().unwrap_or_default()),
        ("next", work.next.into()),
        ("claimed", work.claimed.into()),
        ("processed", work.processed.into()),
        ("failed", work.failed.into()),
        ("failure", work.failure.as_deref().map_or(Value::Null, of_failure)),
        ("then", work.then.as_ref().map_or(Value::Null, of_ended)),
    ])
}

fn of_ended(ended: &Ended) -> Value {
    match ended {
        Ended::Return(values) => {
            let values = values.iter().map(|(name, made)| (name.clone(), of_binding(made)));
            object([("return", Value::Object(values.collect()))])
        }
        _ => "break".into(),
    }
}

pub(super) fn of_trouble(trouble: &Trouble) -> Value {
    object([
        ("failure", of_failure(&trouble.failure)),
        ("path", trouble.path.as_str().into()),
        ("cause", trouble.cause.as_deref().map_or(Value::Null, of_trouble)),
    ])
}

/// A failure as plain data.
pub fn of_failure(failure: &Failure) -> Value {
    let text = |text: &str| Value::from(text);
    object([
        ("kind", text(failure.kind.name())),
        ("code", text(&failure.code)),
        ("message", text(&failure.message)),
        ("hint", failure.hint.as_deref().map_or(Value::Null, text)),
        ("data", failure.data.as_deref().cloned().unwrap_or_default()),
        ("trace", Value::List(failure.trace.iter().map(|line| text(line)).collect())),
        ("broken_off", failure.broken_off.into()),
    ])
}

fn of_outcome(outcome: &Outcome) -> Value {
    match outcome {
        Outcome::Succeeded(outputs) => object([("succeeded", outputs.clone())]),
        Outcome::Failed(trouble) => object([("failed", of_trouble(trouble))]),
        Outcome::Cancelled => "cancelled".into(),
    }
}
