//! The interpreter: a machine that is told what happened and says what to do next.
//!
//! [`Machine::next`] takes one [`Event`] and runs until every strand of the flow waits for another
//! one. It performs nothing, awaits nothing and knows no clock: the moment comes with the event.
//! So a machine that is fed the same events again stands where it stood; resuming, replaying and
//! stepping back are nothing else.
//!
//! A flow in progress is a tree of frames: a step holds the block inside it, a block the step it
//! has come to, a parallel loop several of them. A frame that has ended tells its parent how. The
//! leaves wait for answers, each under its [`Ticket`].

mod branch;
mod ended;
mod event;
mod frame;
mod handle;
mod loops;
mod path;
mod process;
mod scope;
mod state;
mod step;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use flow::Flow;
use flow::program::Block;
use indexmap::IndexMap;
use model::{Timestamp, Value};

use ended::Ended;
pub use ended::{Outcome, Trouble};
pub use event::{
    Effect, Event, Input, Output, Place, Record, Retries, Settled, Ticket, Turn, What,
};
use frame::{Frame, Inner, Segment};
use scope::Binding;
pub use state::{Checkpoint, FORMAT, Lists, NotAState, failure_of, value_of_failure};

use crate::failure::{Failure, Kind};

/// How many steps one turn takes before the machine lets others have a look: at a cancel, say.
const SLICE: u32 = 10_000;

/// The flows of a run: the one that runs, and those it calls.
#[derive(Debug)]
pub struct Flows {
    pub main: Flow,
    pub called: HashMap<String, Flow>,
}

/// What stays the same for a whole run.
#[derive(Clone, Debug)]
pub struct Options {
    pub run: String,
    /// The most steps it may perform.
    pub steps_max: u64,
}

/// A run of a flow, between two events.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Machine<'f> {
    flows: &'f Flows,
    options: Options,
    frames: Vec<Option<Frame<'f>>>,
    free: Vec<usize>,
    stamp: u64,
    now: Timestamp,
    /// Steps performed so far.
    steps: u64,
    todo: Vec<Todo>,
    turn: Turn,
    stop_requested: bool,
    /// Whether what happens to steps is told one by one.
    recording: bool,
    /// Whether some value is kept as a secret; while none is, nobody looks for them.
    any_masked: bool,
    /// Why the run failed, while its `on-failure` is performed.
    failed: Option<Box<Trouble>>,
    outcome: Option<Outcome>,
    tells_secrets: bool,
}

/// What is left to do in this turn.
#[derive(Debug)]
enum Todo {
    Enter(usize),
    /// The frame has ended like this.
    Leave(usize, Ended),
}

impl<'f> Machine<'f> {
    /// A machine before its first event.
    pub fn new(flows: &'f Flows, options: Options) -> Self {
        Self {
            flows,
            options,
            frames: Vec::new(),
            free: Vec::new(),
            stamp: 0,
            now: Timestamp::UNIX_EPOCH,
            steps: 0,
            todo: Vec::new(),
            turn: Turn::default(),
            stop_requested: false,
            recording: true,
            any_masked: false,
            failed: None,
            outcome: None,
            tells_secrets: false,
        }
    }

    /// How the run ended, once it has.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// Whether the outputs of the run are made of secrets.
    pub fn tells_secrets(&self) -> bool {
        self.tells_secrets
    }

    /// Steps performed so far.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Whether turns tell what happens to each step. Failures are always told.
    pub fn record(&mut self, recording: bool) {
        self.recording = recording;
    }

    /// The path of the step or loop that waits under this ticket.
    pub fn path_of(&self, ticket: Ticket) -> Option<String> {
        self.waiting(ticket).map(|slot| self.path(slot))
    }

    /// Takes one event and runs until everything waits. What nobody waits for any more is passed
    /// over, and [`Turn::taken`] says so.
    pub fn next(&mut self, event: Event) -> Turn {
        if self.outcome.is_some() {
            return Turn::default();
        }
        self.now = event.at;
        self.turn.taken = self.take(event.what);
        self.run();
        std::mem::take(&mut self.turn)
    }

    fn take(&mut self, what: What) -> bool {
        match what {
            What::Begin(input) => self.begin(input),
            What::Cancel => self.cancel(),
            What::Stop => self.stop_requested = true,
            What::Go => {}
            What::Done { ticket, result } => return self.answer(ticket, *result),
            What::Fired { ticket } => return self.fired(ticket),
        }
        true
    }

    fn run(&mut self) {
        let mut left = SLICE;
        while let Some(todo) = self.todo.pop() {
            if left == 0 {
                self.todo.push(todo);
                self.turn.effects.push(Effect::Yield);
                return;
            }
            left -= 1;
            match todo {
                Todo::Enter(slot) => self.enter(slot),
                Todo::Leave(slot, ended) => self.leave(slot, ended),
            }
        }
    }

    fn begin(&mut self, input: Input) {
        let main = &self.flows.main;
        let root = self.push(None, Segment::None, Inner::Flow { flow: main });
        let Input { inputs, trigger, item } = input;
        self.bind_inputs(root, main, inputs, false);
        let run = [("id", self.options.run.as_str()), ("flow", main.name.value.as_str())];
        let run = run.map(|(name, value)| (name.to_owned(), Value::from(value)));
        self.bind(root, "run", Binding::open(Value::Object(run.into_iter().collect())));
        for (name, value) in [("trigger", trigger), ("item", item)] {
            if let Some(value) = value {
                self.bind(root, name, Binding::open(value));
            }
        }
        self.todo.push(Todo::Enter(root));
    }

    /// Binds what a flow is given, with its defaults. All of it is masked where the caller says so.
    fn bind_inputs(
        &mut self,
        slot: usize,
        flow: &'f Flow,
        mut given: IndexMap<String, Value>,
        masked: bool,
    ) {
        let mut inputs = IndexMap::with_capacity(flow.inputs.len());
        let mut any_sensitive = masked;
        for (name, input) in &flow.inputs {
            let value = given.swap_remove(name).or_else(|| input.default.clone());
            any_sensitive |= input.sensitive;
            inputs.insert(name.clone(), value.unwrap_or_default());
        }
        let binding = Binding::of(Value::Object(inputs), any_sensitive);
        self.bind(slot, "inputs", binding);
    }

    fn enter(&mut self, slot: usize) {
        match &self.frame(slot).inner {
            Inner::Flow { flow } => {
                let block = &flow.steps;
                self.push_block(slot, Segment::None, block);
            }
            Inner::Block { .. } => self.next_step(slot),
            Inner::Step { .. } => self.attempt(slot),
            Inner::Each(_) => self.next_items(slot),
            Inner::Loop { .. } => self.next_round(slot),
            Inner::Branches { .. } => self.begin_branches(slot),
            Inner::Process(_) => self.next_claim(slot),
        }
    }

    /// Tells the parent of a frame how it ended. The frame is there until its parent has looked.
    fn leave(&mut self, slot: usize, ended: Ended) {
        let Some(parent) = self.frame(slot).parent else {
            self.drop_frame(slot);
            self.end(ended);
            return;
        };
        match &self.frame(parent).inner {
            Inner::Flow { flow } => {
                let ended = self.ended_flow(slot, flow, ended);
                self.drop_frame(slot);
                self.todo.push(Todo::Leave(parent, ended));
            }
            Inner::Block { .. } => self.ended_step(parent, slot, ended),
            Inner::Step { .. } => self.ended_attempt(parent, slot, ended),
            Inner::Each(_) => self.ended_item(parent, slot, ended),
            Inner::Loop { .. } => self.ended_round(parent, slot, ended),
            Inner::Branches { .. } => self.ended_branch(parent, slot, ended),
            Inner::Process(_) => self.ended_work(parent, slot, ended),
        }
    }

    /// What a flow gives: the values of a `return`, or its outputs, which know the names of its
    /// outermost block.
    fn ended_flow(&self, slot: usize, flow: &'f Flow, ended: Ended) -> Ended {
        let mut given = match ended {
            // The checker refuses `break` and `continue` outside of loops.
            Ended::Done(_) | Ended::Break | Ended::Continue => IndexMap::new(),
            Ended::Return(values) => values,
            Ended::Reject(trouble) => return Ended::Failed(trouble),
            failed @ Ended::Failed(_) => return failed,
        };
        let mut outputs = IndexMap::with_capacity(flow.outputs.len());
        let mut masked = given.values().any(|made| made.masked);
        for (name, template) in &flow.outputs {
            let made = match given.swap_remove(name) {
                Some(made) => Ok(made),
                None => self.make(slot, template, flow),
            };
            match made {
                Ok(made) => {
                    masked |= made.masked;
                    outputs.insert(name.clone(), made.into_value());
                }
                Err(failure) => return Ended::failed(failure, self.path(slot)),
            }
        }
        Ended::Done(Some(Binding::of(Value::Object(outputs), masked)))
    }

    /// The end of the main flow, or of its `on-failure`.
    fn end(&mut self, ended: Ended) {
        let outcome = match (self.failed.take(), ended) {
            (None, Ended::Done(outputs)) => {
                self.tells_secrets = outputs.as_ref().is_some_and(|outputs| outputs.masked);
                Outcome::Succeeded(outputs.map(Binding::into_value).unwrap_or_default())
            }
            (None, Ended::Failed(trouble)) => match &self.flows.main.on_failure {
                Some(block) => return self.begin_on_failure(block, trouble),
                None => Outcome::Failed(trouble),
            },
            // Whatever `on-failure` comes to, the run has failed for what it had failed for.
            (Some(trouble), Ended::Failed(second)) => {
                Outcome::Failed(Box::new(trouble.joined_by(&second)))
            }
            (Some(trouble), _) => Outcome::Failed(trouble),
            (None, _) => Outcome::Succeeded(Value::default()),
        };
        self.finish(outcome);
    }

    fn begin_on_failure(&mut self, block: &'f Block, trouble: Box<Trouble>) {
        let flow = &self.flows.main;
        let root = self.push(
            None,
            Segment::Word("on-failure".into()),
            Inner::Block { block, flow, at: 0 },
        );
        self.bind(root, "error", Binding::open(trouble.to_value()));
        self.failed = Some(trouble);
        self.todo.push(Todo::Enter(root));
    }

    fn cancel(&mut self) {
        let roots: Vec<usize> =
            (0..self.frames.len()).filter(|slot| self.frames[*slot].is_some()).collect();
        for slot in roots {
            self.abort_answers(slot);
        }
        self.frames.clear();
        self.free.clear();
        self.todo.clear();
        self.finish(Outcome::Cancelled);
    }

    fn finish(&mut self, outcome: Outcome) {
        self.turn.effects.push(Effect::End);
        self.outcome = Some(outcome);
    }

    /// Charges a step; a flow that performs too many is ended.
    fn charge(&mut self) -> Result<(), Failure> {
        self.steps += 1;
        let most = self.flows.main.steps_max.unwrap_or(self.options.steps_max);
        if self.steps <= most {
            return Ok(());
        }
        let message = format!("the run has performed {most} steps and goes on");
        let hint = "a loop may never end; if it does, `steps-max` of the flow allows more";
        Err(Failure::new(Kind::Generic, "run/too-many-steps", message).with_hint(hint))
    }
}
