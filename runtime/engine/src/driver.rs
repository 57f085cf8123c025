//! Drives a run: performs what its machine asks for, and writes its journal.
//!
//! The machine decides, the driver does. Each step is one commit, with what it did to queues and
//! what the journal says of it. What only calculates is recorded with the next commit. Before
//! something reaches outside of the store, everything so far is durable, and so is its beginning.

mod asked;
mod host;
mod perform;
mod process;
mod recorder;
mod resume;
mod streams;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::Scope;
use std::time::Duration;

use model::run::{End, Hold, Pin, Trigger};
use model::{Change, Commit, Error, Id, Mode, Timestamp, Token, Value, json, run, time};

pub use asked::Cancel;
pub use host::{ActionHost, Control, Frame};
pub use resume::CannotResume;

use crate::failure::Failure;
use crate::journal::{Entry, sealed};
use crate::limits::{RUN_LEASE, RUN_RENEWAL, RUN_STEPS_MAX, STEP_RENEWAL};
use crate::machine::{
    Effect, Event, Flows, Input, Machine, Options, Outcome, Output, Record, Ticket, Turn, What,
};
use crate::step::Step;
use crate::vault::Vault;
use crate::world::World;
use asked::Asked;
use recorder::{Note, Recorder};
use streams::Streams;

/// How often it is looked whether somebody wants the run to end.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What a run is driven with.
#[derive(Debug)]
pub struct Driver<'d> {
    pub world: World,
    pub host: &'d dyn ActionHost,
    pub flows: &'d Flows,
    /// What the built-in actions of the flow may do.
    pub permit: crate::grant::Permit,
    pub control: &'d dyn Control,
    /// Told what happens, as it happens.
    pub watch: &'d mut dyn Watch,
    /// Keeps secrets in the journal.
    pub vault: Arc<dyn Vault>,
    /// Who drives.
    pub name: String,
}

/// Somebody who looks at a run.
pub trait Watch: std::fmt::Debug {
    fn see(&mut self, at: Timestamp, record: &Record);
}

/// A run to be started.
#[derive(Debug)]
pub struct NewRun {
    pub id: Id,
    pub pin: Pin,
    pub trigger: Trigger,
    pub input: Input,
}

impl Driver<'_> {
    /// Starts a run and drives it to its end.
    pub fn start(self, new: NewRun) -> Result<Outcome, Error> {
        let token = Token::new(&*self.world.entropy);
        let hold = Hold::Lease { token, driver: self.name.clone(), lease: RUN_LEASE };
        let flow = self.flows.main.name.value.clone();
        let inputs = Value::Object(new.input.inputs.clone());
        let sensitive = self.is_sensitive();
        let inputs = if sensitive { sealed(&inputs, &*self.vault)? } else { inputs };
        let started = run::NewRun {
            trigger: new.trigger,
            inputs: json::write(&inputs),
            ..run::NewRun::new(new.id, flow, new.pin, hold)
        };
        self.world.store.make(Change::StartRun(Box::new(started)))?;
        self.begin(run::Fence { run: new.id, token, after: 0 }, new.input)
    }

    /// Whether what the flow is given may be a secret.
    fn is_sensitive(&self) -> bool {
        self.flows.main.inputs.values().any(|input| input.sensitive)
    }

    fn begin(self, fence: run::Fence, input: Input) -> Result<Outcome, Error> {
        let machine = Machine::new(self.flows, options(fence.run));
        let mut running = Running::new(self, fence, machine);
        let at = running.now();
        let masked = running.driver.is_sensitive();
        let entry = Entry::Begin(input.clone());
        running.recorder.push(Note { masked, ..Note::plain(&entry, at, "") })?;
        let turn = running.machine.next(Event { at, what: What::Begin(input) });
        running.take(at, turn);
        running.drive()
    }
}

fn options(run: Id) -> Options {
    Options { run: run.to_string(), steps_max: RUN_STEPS_MAX }
}

/// A run in progress.
struct Running<'d> {
    driver: Driver<'d>,
    machine: Machine<'d>,
    recorder: Recorder,
    effects: VecDeque<Effect>,
    /// What happened, with the moments that the journal tells.
    ready: VecDeque<Event>,
    asked: HashMap<Ticket, Asked>,
    timers: BTreeSet<(Timestamp, Ticket)>,
    /// Actions that are to be performed again, for what they wait for is not there yet.
    later: Vec<(Timestamp, Effect)>,
    /// Items that the run holds.
    claims: HashMap<Id, Token>,
    streams: Streams,
    renewed: Duration,
    claims_renewed: Duration,
    cancelled: bool,
}

/// A step that was performed on another thread.
type Answer = (Ticket, Step, Result<Output, Failure>);

impl<'d> Running<'d> {
    fn new(driver: Driver<'d>, fence: run::Fence, machine: Machine<'d>) -> Self {
        let elapsed = driver.world.clock.elapsed();
        Self {
            recorder: Recorder::new(
                Arc::clone(&driver.world.store),
                fence,
                Arc::clone(&driver.vault),
            ),
            driver,
            machine,
            effects: VecDeque::new(),
            ready: VecDeque::new(),
            asked: HashMap::new(),
            timers: BTreeSet::new(),
            later: Vec::new(),
            claims: HashMap::new(),
            streams: Streams::default(),
            renewed: elapsed,
            claims_renewed: elapsed,
            cancelled: false,
        }
    }

    fn now(&self) -> Timestamp {
        self.driver.world.now()
    }

    /// Drives the run to its end. An error is one of the store: the run is not over then.
    fn drive(mut self) -> Result<Outcome, Error> {
        let (sender, answers) = mpsc::channel();
        let ended = std::thread::scope(|scope| {
            let ended = self.turns(scope, &sender, &answers);
            // Threads that still work for the run are asked to stop, and waited for.
            for asked in self.asked.values() {
                asked.cancel.raise();
            }
            ended
        });
        if ended.is_err() {
            self.let_go();
        }
        ended
    }

    fn turns<'s>(
        &mut self,
        scope: &'s Scope<'s, '_>,
        sender: &Sender<Answer>,
        answers: &Receiver<Answer>,
    ) -> Result<Outcome, Error>
    where
        'd: 's,
    {
        loop {
            while let Some(effect) = self.effects.pop_front() {
                self.perform(effect, scope, sender)?;
            }
            if let Some(outcome) = self.machine.outcome().cloned() {
                self.end(&outcome)?;
                return Ok(outcome);
            }
            self.renew()?;
            if let Some(event) = self.next_event(answers)? {
                let at = event.at;
                let turn = self.machine.next(event);
                self.take(at, turn);
            }
        }
    }

    /// The next thing that happens; `None`: nothing did for a while.
    fn next_event(&mut self, answers: &Receiver<Answer>) -> Result<Option<Event>, Error> {
        let now = self.now();
        if !self.cancelled && (self.driver.control.cancelled() || self.recorder.cancel_asked()) {
            self.cancelled = true;
            return Ok(Some(Event { at: now, what: What::Cancel }));
        }
        if let Some(event) = self.ready.pop_front() {
            return Ok(Some(event));
        }
        while let Ok(answer) = answers.try_recv() {
            self.answered(answer)?;
        }
        if let Some(event) = self.ready.pop_front() {
            return Ok(Some(event));
        }
        if let Some((at, ticket)) = self.timers.first().copied()
            && at <= now
        {
            self.timers.pop_first();
            return self.fired(now, ticket);
        }
        self.redo(now);
        if !self.effects.is_empty() {
            return Ok(None);
        }
        // Nothing to do: what was done may as well be durable.
        self.recorder.flush()?;
        match answers.recv_timeout(self.patience(now)) {
            Ok(answer) => self.answered(answer)?,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
        }
        Ok(self.ready.pop_front())
    }

    /// How long nothing needs to be done unless an answer comes.
    fn patience(&self, now: Timestamp) -> Duration {
        let due = self.timers.first().map(|(at, _)| *at);
        let due = due.into_iter().chain(self.later.iter().map(|(at, _)| *at)).min();
        let until = due.map_or(LOOK_EVERY, |at| {
            Duration::try_from(at.duration_since(now)).unwrap_or(Duration::ZERO)
        });
        until.min(LOOK_EVERY)
    }

    fn redo(&mut self, now: Timestamp) {
        let (due, later) =
            std::mem::take(&mut self.later).into_iter().partition(|(at, _)| *at <= now);
        self.later = later;
        let due: Vec<(Timestamp, Effect)> = due;
        self.effects.extend(due.into_iter().map(|(_, effect)| effect));
    }

    /// A timer has fired, if somebody still waits for it.
    fn fired(&mut self, at: Timestamp, ticket: Ticket) -> Result<Option<Event>, Error> {
        let Some(path) = self.machine.path_of(ticket) else { return Ok(None) };
        self.recorder.push(Note::plain(&Entry::Fired { ticket }, at, &path))?;
        Ok(Some(Event { at, what: What::Fired { ticket } }))
    }

    fn take(&mut self, at: Timestamp, turn: Turn) {
        for record in &turn.records {
            self.driver.watch.see(at, record);
        }
        self.effects.extend(turn.effects);
    }

    /// Keeps the run, and what it holds, from being taken away.
    fn renew(&mut self) -> Result<(), Error> {
        let elapsed = self.driver.world.clock.elapsed();
        if elapsed.saturating_sub(self.renewed) >= RUN_RENEWAL {
            self.renewed = elapsed;
            self.recorder.renew()?;
        }
        if elapsed.saturating_sub(self.claims_renewed) >= STEP_RENEWAL {
            self.claims_renewed = elapsed;
            self.renew_claims()?;
        }
        Ok(())
    }

    fn end(&mut self, outcome: &Outcome) -> Result<(), Error> {
        let end = match outcome {
            Outcome::Succeeded(outputs) => End::Succeeded { outputs: json::write(outputs) },
            Outcome::Failed(trouble) => End::Failed(run::Failure {
                kind: trouble.failure.kind,
                code: trouble.failure.code.to_string(),
                message: trouble.failure.message.clone(),
                path: trouble.path.clone(),
            }),
            Outcome::Cancelled => End::Cancelled,
        };
        self.let_go();
        self.recorder.end(end, self.machine.tells_secrets())
    }

    /// Gives back what the run holds.
    fn let_go(&mut self) {
        let back = |(item, token)| Change::GiveBack { item, token, begun: true };
        let changes: Vec<Change> = self.claims.drain().map(back).collect();
        if !changes.is_empty() {
            let commit = Commit::of(changes, Mode::Independent);
            // Whatever cannot be given back now comes back when its lease has run out.
            let _leases_do_it = self.driver.world.store.commit(commit).wait();
        }
    }
}

/// The moment that a timer is set to, with its random part.
fn jittered(at: Timestamp, now: Timestamp, jitter: u8, random: u128) -> Timestamp {
    if jitter == 0 {
        return at;
    }
    let wait = Duration::try_from(at.duration_since(now)).unwrap_or(Duration::ZERO);
    let most = wait.as_micros() * u128::from(jitter) / 100;
    let more = random.checked_rem(most + 1).unwrap_or(0);
    time::after(at, Duration::from_micros(u64::try_from(more).unwrap_or(u64::MAX)))
}
