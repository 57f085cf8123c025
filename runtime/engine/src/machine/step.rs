//! Blocks and their steps: one after the other, each tried as often as it says.

use flow::program::{Kind as Does, Step, Template, Wait};
use indexmap::IndexMap;
use model::{Timestamp, Value, time};

use super::ended::{Ended, Trouble};
use super::event::{Effect, Output, Record, Ticket};
use super::frame::{Inner, Phase, Segment, Waits};
use super::scope::{Binding, Content};
use super::{Machine, Todo};
use crate::failure::{Failure, Kind};

impl<'f> Machine<'f> {
    /// Begins the step that a block has come to, or ends the block.
    pub(super) fn next_step(&mut self, slot: usize) {
        let Inner::Block { block, flow, at } = self.frame(slot).inner else { return };
        let Some(step) = block.steps.get(at) else {
            return self.todo.push(Todo::Leave(slot, Ended::Done(None)));
        };
        let inner = Inner::Step { step, flow, attempt: 0, handled: 0, phase: Phase::Running };
        let inside = self.push(Some(slot), Segment::Label(&step.label), inner);
        if let Err(failure) = self.charge() {
            let ended = Ended::failed(failure, self.path(inside));
            return self.todo.push(Todo::Leave(inside, ended));
        }
        let wanted = match &step.condition {
            Some(condition) => self.holds(inside, condition, flow),
            None => Ok(true),
        };
        match wanted {
            Ok(true) => self.todo.push(Todo::Enter(inside)),
            Ok(false) => {
                if self.recording {
                    let path = self.path(inside);
                    self.turn.records.push(Record::Skipped { path });
                }
                self.todo.push(Todo::Leave(inside, Ended::Done(None)));
            }
            Err(failure) => self.failed_step(inside, failure),
        }
    }

    /// A step of a block has ended.
    pub(super) fn ended_step(&mut self, slot: usize, inside: usize, ended: Ended) {
        let Inner::Step { step, attempt, .. } = self.frame(inside).inner else { return };
        let path = (self.recording && attempt > 0).then(|| self.path(inside));
        self.drop_frame(inside);
        let Ended::Done(output) = ended else {
            return self.todo.push(Todo::Leave(slot, ended));
        };
        self.turn.records.extend(path.map(|path| Record::Succeeded { path }));
        if let Some(id) = &step.id {
            // One that was skipped, or whose failure was handled, gives null.
            self.bind(slot, &id.value, output.unwrap_or(Binding::open(Value::Null)));
        }
        if let Inner::Block { at, .. } = &mut self.frame_mut(slot).inner {
            *at += 1;
        }
        self.todo.push(Todo::Enter(slot));
    }

    /// Tries a step.
    pub(super) fn attempt(&mut self, slot: usize) {
        let Inner::Step { step, attempt, phase, .. } = &mut self.frame_mut(slot).inner else {
            return;
        };
        *attempt += 1;
        *phase = Phase::Running;
        let (step, attempt) = (*step, *attempt);
        if self.recording {
            let path = self.path(slot);
            self.turn.records.push(Record::Began { path, attempt });
        }
        if let Err(failure) = self.perform(slot, step) {
            return self.failed_step(slot, failure);
        }
        // A wait has no timeout: it is one.
        if let Some(timeout) = step.timeout
            && !matches!(step.kind, Does::Wait(_))
        {
            self.set_timer(slot, time::after(self.now, timeout), 0);
        }
    }

    fn perform(&mut self, slot: usize, step: &'f Step) -> Result<(), Failure> {
        let flow = self.flow_of(slot);
        match &step.kind {
            Does::Uses { action, with } => self.ask_for_action(slot, step, &action.value, with),
            Does::Call { flow: called, with } => self.call(slot, &called.value, with),
            Does::Set(values) => {
                let block = self.frame(slot).parent.unwrap_or(slot);
                for (name, template) in values {
                    let made = self.make(slot, template, flow)?;
                    self.assign(block, name, made);
                }
                self.todo.push(Todo::Leave(slot, Ended::Done(None)));
                Ok(())
            }
            Does::If { branches, otherwise } => self.choose(slot, branches, otherwise.as_ref()),
            Does::Switch { on, cases, default } => self.switch(slot, on, cases, default.as_ref()),
            Does::ForEach(each) => self.begin_each(slot, each),
            Does::Loop { until, index, steps } => {
                self.begin_loop(slot, until, index.as_ref(), steps)
            }
            Does::Parallel { .. } => {
                let inner = Inner::Branches { left: 0 };
                let inside = self.push(Some(slot), Segment::None, inner);
                self.todo.push(Todo::Enter(inside));
                Ok(())
            }
            Does::Process(process) => self.begin_process(slot, process),
            Does::Group { steps, .. } => {
                self.push_block(slot, Segment::None, steps);
                Ok(())
            }
            Does::Wait(wait) => self.wait(slot, wait),
            Does::Break => {
                self.todo.push(Todo::Leave(slot, Ended::Break));
                Ok(())
            }
            Does::Continue => {
                self.todo.push(Todo::Leave(slot, Ended::Continue));
                Ok(())
            }
            Does::Return { outputs } => {
                let made = self.make_all(slot, outputs, flow)?;
                self.todo.push(Todo::Leave(slot, Ended::Return(made)));
                Ok(())
            }
            Does::Fail { kind, code, message } => {
                let made = self.make(slot, message, flow)?;
                let secret = made.masked || step.masked;
                let code = code.as_ref().map_or("flow/failed", |code| code.value.as_str());
                let message = match made.into_value() {
                    // It would be told to everybody.
                    _ if secret => "what it says is kept as a secret".to_owned(),
                    Value::Text(text) => text,
                    other => other.to_string(),
                };
                Err(Failure::new(*kind, code.to_owned(), message))
            }
            Does::Unread(_) => unreachable!("only checked flows are run"),
        }
    }

    fn ask_for_action(
        &mut self,
        slot: usize,
        step: &'f Step,
        action: &str,
        with: &'f IndexMap<String, Template>,
    ) -> Result<(), Failure> {
        let made = self.make_all(slot, with, self.flow_of(slot))?;
        let masked = step.masked || made.values().any(|made| made.masked);
        let plain = made.into_iter().map(|(name, made)| (name, made.into_value()));
        let (action, inputs) = (action.to_owned(), plain.collect());
        let place = self.place(slot);
        self.ask(slot, |ticket| Effect::Perform { ticket, action, inputs, place, masked });
        Ok(())
    }

    fn call(
        &mut self,
        slot: usize,
        called: &str,
        with: &'f IndexMap<String, Template>,
    ) -> Result<(), Failure> {
        let made = self.make_all(slot, with, self.flow_of(slot))?;
        let masked = made.values().any(|made| made.masked);
        let plain = made.into_iter().map(|(name, made)| (name, made.into_value()));
        let flows = self.flows;
        let called = flows.called.get(called).unwrap_or(&flows.main);
        let inputs = plain.collect();
        let inside = self.push(Some(slot), Segment::None, Inner::Flow { flow: called });
        self.bind_inputs(inside, called, inputs, masked);
        self.todo.push(Todo::Enter(inside));
        Ok(())
    }

    fn wait(&mut self, slot: usize, wait: &'f Wait) -> Result<(), Failure> {
        let flow = self.flow_of(slot);
        let at = match wait {
            Wait::For(span) => {
                let made = self.make(slot, span, flow)?.into_value();
                let text = made.as_text().unwrap_or_default();
                let span = time::parse_span(text).map_err(|error| {
                    Failure::new(Kind::Generic, "flow/bad-span", error.to_string())
                })?;
                time::after(self.now, span)
            }
            Wait::Until(moment) => {
                let made = self.make(slot, moment, flow)?.into_value();
                let text = made.as_text().unwrap_or_default();
                text.parse::<Timestamp>().map_err(|_| {
                    let message = format!("`{}` is no moment", crate::shown::quoted(text));
                    Failure::new(Kind::Generic, "flow/bad-moment", message)
                        .with_hint("a moment is written like 2026-01-31T08:00:00Z")
                })?
            }
            Wait::StopRequested => {
                let asked = Value::Bool(self.stop_requested);
                let ended = Ended::Done(Some(Binding::open(asked)));
                self.todo.push(Todo::Leave(slot, ended));
                return Ok(());
            }
        };
        self.set_timer(slot, at, 0);
        Ok(())
    }

    /// An effect has come to its end.
    pub(super) fn answer(&mut self, ticket: Ticket, result: Result<Output, Failure>) -> bool {
        let Some(slot) = self.waiting(ticket) else { return false };
        let Some(Waits { answer: true, masked, .. }) = self.frame(slot).waits else { return false };
        self.answered(slot);
        match &self.frame(slot).inner {
            Inner::Step { .. } => self.answered_step(slot, result, masked),
            Inner::Each(_) => self.answered_each(slot, result),
            Inner::Process(_) => self.answered_process(slot, result),
            Inner::Flow { .. }
            | Inner::Block { .. }
            | Inner::Loop { .. }
            | Inner::Branches { .. } => return false,
        }
        true
    }

    fn answered_step(&mut self, slot: usize, result: Result<Output, Failure>, masked: bool) {
        match result {
            Ok(output) => {
                let content = match output {
                    Output::Value(value) => Content::Value(value),
                    Output::Stream(stream) => Content::Stream(stream),
                    Output::Rows { .. } | Output::Claimed(_) | Output::Settled(_) => {
                        unreachable!("steps ask for actions only")
                    }
                };
                let output = Binding { content, masked };
                self.todo.push(Todo::Leave(slot, Ended::Done(Some(output))));
            }
            Err(failure) => self.failed_step(slot, failure),
        }
    }

    /// A timer has fired: a wait is over, a rest is, or a step has taken too long.
    pub(super) fn fired(&mut self, ticket: Ticket) -> bool {
        let Some(slot) = self.waiting(ticket) else { return false };
        let Inner::Step { step, phase, .. } = &self.frame(slot).inner else { return false };
        let step = *step;
        match phase {
            Phase::Resting => {
                self.answered(slot);
                self.todo.push(Todo::Enter(slot));
            }
            Phase::Running if matches!(step.kind, Does::Wait(_)) => {
                self.answered(slot);
                self.todo.push(Todo::Leave(slot, Ended::Done(None)));
            }
            Phase::Running => {
                self.abort_answers(slot);
                self.abort_inside(slot);
                let span = time::format_span(step.timeout.unwrap_or_default());
                let message = format!("the step took longer than {span}");
                let hint = "`timeout` of the step says how long it may take";
                let failure = Failure::new(Kind::It, "step/timeout", message).with_hint(hint);
                self.failed_step(slot, failure);
            }
            Phase::Handling(..) => return false,
        }
        true
    }

    /// What a step consists of has ended, or a handler of it.
    pub(super) fn ended_attempt(&mut self, slot: usize, inside: usize, ended: Ended) {
        self.drop_frame(inside);
        let Inner::Step { phase, .. } = &mut self.frame_mut(slot).inner else { return };
        if let Phase::Handling(handler, trouble) = std::mem::replace(phase, Phase::Running) {
            return self.handled(slot, handler, trouble, ended);
        }
        // A timeout of the step as a whole is over.
        self.abort_answers(slot);
        match ended {
            Ended::Failed(trouble) => self.trouble(slot, trouble),
            ended => self.todo.push(Todo::Leave(slot, ended)),
        }
    }

    /// The step itself has failed.
    pub(super) fn failed_step(&mut self, slot: usize, failure: Failure) {
        let trouble = Trouble { failure, path: self.path(slot), cause: None };
        self.trouble(slot, Box::new(trouble));
    }
}
