//! Performing what a machine asks for.

use std::sync::mpsc::Sender;
use std::thread::Scope;

use flow::signature::Effect as Reach;
use indexmap::IndexMap;
use model::{Error, Timestamp, Value, time};

use super::asked::{Asked, Cancel};
use super::recorder::Note;
use super::resume::id_of;
use super::{Answer, Frame, Running, jittered};
use crate::action;
use crate::failure::Failure;
use crate::files::Files;
use crate::journal::{Entry, Told};
use crate::machine::{Effect, Event, Output, Place, Ticket, What};
use crate::step::{Order, Origin, Step};

impl<'d> Running<'d> {
    /// Performs an effect, or begins to.
    pub(super) fn perform<'s>(
        &mut self,
        effect: Effect,
        scope: &'s Scope<'s, '_>,
        sender: &Sender<Answer>,
    ) -> Result<(), Error>
    where
        'd: 's,
    {
        match effect {
            Effect::Perform { .. } => self.perform_action(effect, scope, sender),
            Effect::Timer { ticket, at, jitter } => {
                let random = self.driver.world.entropy.next();
                self.timers.insert((jittered(at, self.now(), jitter, random), ticket));
                Ok(())
            }
            Effect::Read { ticket, stream, after } => self.read(ticket, &stream, after),
            Effect::Reject { ticket, record, failure, .. } => self.reject(ticket, record, &failure),
            Effect::Claim { ticket, queue } => self.claim(ticket, &queue),
            Effect::Settle { ticket, item, failure, retries } => {
                self.settle(ticket, &item, failure, retries)
            }
            Effect::Abort { ticket } => {
                if let Some(asked) = self.asked.remove(&ticket) {
                    asked.cancel.raise();
                }
                self.timers.retain(|(_, open)| *open != ticket);
                self.later.retain(|(_, effect)| !is_for(effect, ticket));
                Ok(())
            }
            Effect::Yield => {
                let at = self.now();
                self.recorder.push(Note::plain(&Entry::Go, at, ""))?;
                self.ready.push_back(Event { at, what: What::Go });
                if self.recorder.is_full() { self.recorder.flush() } else { Ok(()) }
            }
            Effect::End => Ok(()),
        }
    }

    fn perform_action<'s>(
        &mut self,
        effect: Effect,
        scope: &'s Scope<'s, '_>,
        sender: &Sender<Answer>,
    ) -> Result<(), Error>
    where
        'd: 's,
    {
        let Effect::Perform { ticket, action, inputs, place, masked } = &effect else {
            return Ok(());
        };
        let (ticket, known) = (*ticket, action::find(action));
        let asked = Asked {
            path: place.path.clone(),
            since: self.now(),
            inputs: inputs.clone(),
            item: place.item.as_ref().and_then(id_of),
            masked: *masked,
            cancel: Cancel::default(),
        };
        let step = self.step(action, place);
        if *masked {
            step.keep_to_itself(inputs.values());
        }
        match known {
            Some(known) if known.effect < Reach::Outside => {
                self.asked.insert(ticket, asked);
                let (step, result) = act(step, action, inputs.clone());
                self.acted(effect, step, result)
            }
            Some(_) => {
                let cancel = self.reaches_outside(ticket, asked)?;
                let (sender, action, inputs) = (sender.clone(), action.clone(), inputs.clone());
                let _detached = scope.spawn(move || {
                    let (step, result) = act_patiently(step, &action, &inputs, &cancel);
                    // Nobody listens any more where the run has ended.
                    let _gone = sender.send((ticket, step, result));
                });
                Ok(())
            }
            None => {
                let cancel = self.reaches_outside(ticket, asked)?;
                let (sender, action) = (sender.clone(), action.clone());
                let (host, inputs) = (self.driver.host, Value::Object(inputs.clone()));
                let _detached = scope.spawn(move || {
                    let frame = Frame { time: None, cancel };
                    let (step, result) = host.perform(step, &action, &inputs, frame);
                    let _gone = sender.send((ticket, step, result.map(Output::Value)));
                });
                Ok(())
            }
        }
    }

    /// Everything so far is durable, and so is the beginning of this.
    fn reaches_outside(&mut self, ticket: Ticket, asked: Asked) -> Result<Cancel, Error> {
        let (inputs, cancel) = (asked.inputs.clone(), asked.cancel.clone());
        let entry = Entry::Start { ticket, inputs };
        let plain = Note::plain(&entry, asked.since, &asked.path);
        self.recorder.push(Note { masked: asked.masked, ..plain })?;
        self.recorder.flush()?;
        self.asked.insert(ticket, asked);
        Ok(cancel)
    }

    fn step(&self, action: &str, place: &Place) -> Step {
        let permit = match action.split_once('/') {
            Some((plugin, _)) => self.driver.host.permit(plugin),
            None => self.driver.permit.clone(),
        };
        let order = Order { name: action.to_owned(), permit };
        let mut step = Step::begin(self.driver.world.clone(), order);
        step.comes_from(self.origin(place));
        if let Some(item) = place.item.as_ref().and_then(id_of)
            && let Some(token) = self.claims.get(&item)
        {
            step.work_on(item, *token);
        }
        step
    }

    /// What the step does is named after the work on an item where it belongs to one, so that it is
    /// done once, even if the item comes again because its claim was lost.
    fn origin(&self, place: &Place) -> Origin {
        let item = place.item.as_ref().and_then(|item| Some((id_of(item)?, item)));
        match item {
            Some((id, item)) => {
                let retries = item.get("retries").map(ToString::to_string).unwrap_or_default();
                Origin::new(id, &retries, &place.path_in_work)
            }
            None => Origin::new(self.recorder.run(), "", &place.path),
        }
    }

    /// A built-in action has come to its end, or waits for something.
    fn acted(
        &mut self,
        effect: Effect,
        step: Step,
        result: Result<action::Output, Failure>,
    ) -> Result<(), Error> {
        let Effect::Perform { ticket, .. } = &effect else { return Ok(()) };
        let ticket = *ticket;
        match result {
            Ok(action::Output::Later(span)) => {
                step.finish();
                self.asked.remove(&ticket);
                self.later.push((time::after(self.now(), span), effect));
                Ok(())
            }
            result => self.answered((ticket, step, result.map(output))),
        }
    }

    /// A step has come to its end: what it did is kept with what is recorded of it.
    pub(super) fn answered(&mut self, answer: Answer) -> Result<(), Error> {
        let (ticket, mut step, result) = answer;
        let Some(asked) = self.asked.remove(&ticket) else {
            // Nobody waits for it any more.
            let _unheard = step.undo(Failure::cancelled());
            step.finish();
            return Ok(());
        };
        let mut at = self.now();
        let ended = match result {
            Ok(output) => {
                self.record_done(at, ticket, &asked, &output, 0)?;
                let kept = if step.has_done() { self.recorder.keep(&mut step) } else { Ok(()) };
                kept.map(|()| output).map_err(Failure::from)
            }
            Err(failure) => Err(failure),
        };
        let ended = ended.map_err(|failure| step.undo(failure));
        match &ended {
            // What the step has settled is not held any more.
            Ok(_) => {
                let settled = asked.item.filter(|item| !step.holds(*item));
                settled.map(|item| self.claims.remove(&item));
            }
            Err(failure) => {
                at = self.now();
                self.record_failed(at, ticket, &asked, failure)?;
            }
        }
        step.finish();
        if self.recorder.is_full() {
            self.recorder.flush()?;
        }
        self.ready.push_back(done(at, ticket, ended));
        Ok(())
    }

    pub(super) fn record_done(
        &mut self,
        at: Timestamp,
        ticket: Ticket,
        asked: &Asked,
        output: &Output,
        after: u64,
    ) -> Result<(), Error> {
        let step = matches!(output, Output::Value(_) | Output::Stream(_));
        let output = match output {
            Output::Value(value) => Told::Value(value.clone()),
            Output::Stream(stream) => Told::Stream(stream.clone()),
            Output::Rows { rows, last } => {
                Told::Rows { after, count: rows.len() as u64, last: *last }
            }
            Output::Claimed(item) => Told::Claimed(item.as_ref().and_then(|item| {
                let id = item.get("id")?.as_text()?.parse().ok()?;
                Some((item.clone(), *self.claims.get(&id)?))
            })),
            Output::Settled(settled) => Told::Settled(*settled),
        };
        let inputs = Some(asked.inputs.clone());
        let entry = Entry::Done { ticket, inputs, since: asked.since, output };
        let (path, masked) = (asked.path.as_str(), asked.masked);
        self.recorder.push(Note { entry: &entry, at, path, step, masked })
    }

    pub(super) fn record_failed(
        &mut self,
        at: Timestamp,
        ticket: Ticket,
        asked: &Asked,
        failure: &Failure,
    ) -> Result<(), Error> {
        let (inputs, failure) = (Some(asked.inputs.clone()), Box::new(failure.clone()));
        let entry = Entry::Failed { ticket, inputs, since: asked.since, failure };
        let plain = Note::plain(&entry, at, &asked.path);
        self.recorder.push(Note { masked: asked.masked, ..plain })
    }

    fn read(&mut self, ticket: Ticket, stream: &Value, after: u64) -> Result<(), Error> {
        let world = &self.driver.world;
        let files = Files { folders: &world.folders, permit: &self.driver.permit };
        let read = self.streams.read(ticket.numbers().0, stream, after, files);
        let path = self.machine.path_of(ticket).unwrap_or_default();
        let at = self.now();
        let asked = Asked::plain(path, at);
        let result = match read {
            Ok(read) => {
                for row in read.rejected {
                    self.recorder.push(Note::plain(&Entry::Rejected(row), at, &asked.path))?;
                }
                self.record_done(at, ticket, &asked, &read.output, after)?;
                Ok(read.output)
            }
            Err(failure) => {
                self.record_failed(at, ticket, &asked, &failure)?;
                Err(failure)
            }
        };
        self.ready.push_back(done(at, ticket, result));
        Ok(())
    }

    fn reject(&mut self, ticket: Ticket, record: u64, failure: &Failure) -> Result<(), Error> {
        let path = self.machine.path_of(ticket).unwrap_or_default();
        let row: IndexMap<String, Value> = [
            ("record", record.into()),
            ("code", Value::from(&*failure.code)),
            ("message", Value::from(failure.message.as_str())),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
        let at = self.now();
        let asked = Asked::plain(path, at);
        self.recorder.push(Note::plain(&Entry::Rejected(Value::Object(row)), at, &asked.path))?;
        let output = Output::Value(Value::Null);
        self.record_done(at, ticket, &asked, &output, 0)?;
        self.ready.push_back(done(at, ticket, Ok(output)));
        Ok(())
    }
}

pub(super) fn done(at: Timestamp, ticket: Ticket, result: Result<Output, Failure>) -> Event {
    Event { at, what: What::Done { ticket, result: Box::new(result) } }
}

fn is_for(effect: &Effect, ticket: Ticket) -> bool {
    matches!(effect, Effect::Perform { ticket: open, .. } if *open == ticket)
}

fn act(
    mut step: Step,
    action: &str,
    inputs: IndexMap<String, Value>,
) -> (Step, Result<action::Output, Failure>) {
    let result = action::perform(&mut step, action, inputs);
    (step, result)
}

/// Performs an action on a thread of its own, again and again where it waits for something.
fn act_patiently(
    mut step: Step,
    action: &str,
    inputs: &IndexMap<String, Value>,
    cancel: &Cancel,
) -> (Step, Result<Output, Failure>) {
    let woken = std::sync::Arc::new((std::sync::Mutex::new(()), std::sync::Condvar::new()));
    let bell = std::sync::Arc::clone(&woken);
    cancel.on_raise(move || bell.1.notify_all());
    loop {
        let result = action::perform(&mut step, action, inputs.clone());
        let Ok(action::Output::Later(span)) = result else {
            return (step, result.map(output));
        };
        if cancel.is_raised() {
            return (step, Err(Failure::cancelled()));
        }
        let (lock, bell) = &*woken;
        if let Ok(guard) = lock.lock() {
            drop(bell.wait_timeout(guard, span));
        }
    }
}

fn output(output: action::Output) -> Output {
    match output {
        action::Output::Nothing => Output::Value(Value::Null),
        action::Output::Value(value) => Output::Value(value),
        action::Output::Stream(stream) => Output::Stream(stream.to_value()),
        action::Output::Later(_) => unreachable!("whoever waits performs the action again"),
    }
}
