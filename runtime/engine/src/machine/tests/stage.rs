//! A world that answers what a machine asks for, and writes down what happens.

use std::collections::{BTreeSet, HashMap, VecDeque};

use flow::Source;
use indexmap::IndexMap;
use model::{Timestamp, Value, json};

use crate::failure::{Failure, Kind};
use crate::machine::{
    Effect, Event, Flows, Input, Lists, Machine, Options, Outcome, Output, Record, Settled, Ticket,
    Turn, What,
};

/// Reads flows out of one text, parted by `---`; the first one is the main one.
pub(super) fn flows(text: &str) -> Flows {
    let mut read = text.split("\n---\n").map(|text| {
        let (flow, problems) = flow::read(Source::new("flow.yaml", text));
        let told: Vec<String> = problems.iter().map(|problem| problem.message.clone()).collect();
        assert!(told.is_empty(), "{told:?} in\n{text}");
        flow.expect("a flow without problems")
    });
    let main = read.next().expect("a flow");
    let called = read.map(|flow| (flow.name.value.clone(), flow)).collect();
    Flows { main, called }
}

/// The world around a machine.
#[derive(Debug, Default)]
pub(super) struct Stage {
    now: Timestamp,
    /// What was asked for and not answered, in the order of asking.
    asked: VecDeque<(Ticket, Effect)>,
    timers: BTreeSet<(Timestamp, Ticket)>,
    queues: HashMap<String, VecDeque<Value>>,
    /// How often an action failed, by what it was told to fail as.
    failed: HashMap<String, u64>,
    trace: Vec<String>,
    /// The machine is saved and restored between all events.
    pub(super) through_states: bool,
    lists: Lists,
    /// Events fed so far.
    pub(super) events: Vec<Event>,
}

/// Runs a flow to its end; what happened, line by line.
pub(super) fn run(text: &str) -> String {
    run_on(&mut Stage::new(), text, Input::default())
}

pub(super) fn run_with(text: &str, inputs: &str) -> String {
    run_on(&mut Stage::new(), text, input(inputs))
}

pub(super) fn input(inputs: &str) -> Input {
    let value = json::parse(inputs).expect("a test writes JSON");
    Input { inputs: value.as_object().expect("an object").clone(), ..Input::default() }
}

pub(super) fn run_on(stage: &mut Stage, text: &str, input: Input) -> String {
    let flows = flows(text);
    stage.perform(&flows, input);
    stage.trace.join("\n") + "\n"
}

pub(super) fn options() -> Options {
    Options { run: "run-1".into(), steps_max: 1_000 }
}

impl Stage {
    pub(super) fn new() -> Self {
        Self { now: "2026-01-31T08:00:00Z".parse().expect("a moment"), ..Self::default() }
    }

    pub(super) fn fill(&mut self, queue: &str, values: &[&str]) {
        let items = values.iter().enumerate().map(|(number, value)| {
            let value = json::parse(value).expect("a test writes JSON");
            object([("id", format!("{queue}-{number}").into()), ("value", value)])
        });
        self.queues.insert(queue.to_owned(), items.collect());
    }

    fn perform(&mut self, flows: &Flows, input: Input) {
        let mut machine = Machine::new(flows, options());
        let turn = self.feed(&mut machine, What::Begin(input));
        self.take(&machine, turn);
        for _ in 0..10_000 {
            if self.through_states && machine.outcome().is_none() {
                machine = self.saved_and_restored(machine, flows);
            }
            if let Some(outcome) = machine.outcome() {
                self.trace.push(told(outcome));
                return;
            }
            let what = self.answer();
            let turn = self.feed(&mut machine, what);
            self.take(&machine, turn);
        }
        panic!("the run has no end:\n{}", self.trace.join("\n"));
    }

    fn feed(&mut self, machine: &mut Machine<'_>, what: What) -> Turn {
        let event = Event { at: self.now, what };
        self.events.push(event.clone());
        machine.next(event)
    }

    fn saved_and_restored<'f>(
        &mut self,
        mut machine: Machine<'f>,
        flows: &'f Flows,
    ) -> Machine<'f> {
        let saved = machine.save();
        self.lists.extend(saved.lists);
        // What is saved is text at last.
        let state = json::parse(&json::write(&saved.state)).expect("JSON was written");
        let restored = Machine::restore(flows, options(), &state, &self.lists);
        let (machine, turn) = restored.expect("what was saved can be restored");
        let mut again: Vec<Ticket> = turn.effects.iter().filter_map(Effect::ticket).collect();
        let timers = self.timers.iter().map(|(_, ticket)| *ticket);
        let mut open: Vec<Ticket> =
            self.asked.iter().map(|(ticket, _)| *ticket).chain(timers).collect();
        again.sort();
        open.sort();
        assert_eq!(again, open, "what is open is asked for again");
        for effect in &turn.effects {
            let Some(ticket) = effect.ticket() else { continue };
            let asked = self.asked.iter().find(|(open, _)| *open == ticket);
            if let Some((_, asked)) = asked
                && !matches!(effect, Effect::Timer { .. })
            {
                assert_eq!(effect, asked);
            }
        }
        machine
    }

    /// Writes down a turn, and remembers what it asks for.
    fn take(&mut self, machine: &Machine<'_>, turn: Turn) {
        for record in turn.records {
            self.trace.push(line(&record));
        }
        for effect in turn.effects {
            match &effect {
                Effect::Timer { ticket, at, .. } => {
                    self.timers.insert((*at, *ticket));
                }
                Effect::Abort { ticket } => {
                    self.asked.retain(|(asked, _)| asked != ticket);
                    self.timers.retain(|(_, asked)| asked != ticket);
                    self.trace.push("  abort".into());
                }
                Effect::Yield => self.asked.push_front((Ticket::of_numbers(0, 0), effect)),
                Effect::End => {}
                other => {
                    let ticket = other.ticket().expect("effects have tickets");
                    let path = machine.path_of(ticket).expect("somebody waits");
                    self.trace.push(format!("  {path}: {}", asking(other)));
                    self.asked.push_back((ticket, effect));
                }
            }
        }
    }

    /// Answers the first that was asked for, or lets time pass until the next timer.
    fn answer(&mut self) -> What {
        let Some((ticket, effect)) = self.asked.pop_front() else {
            let (at, ticket) = self.timers.pop_first().expect("the machine waits for nothing");
            self.now = self.now.max(at);
            return What::Fired { ticket };
        };
        let result = match effect {
            Effect::Perform { action, inputs, .. } => match self.act(&action, &inputs) {
                Some(result) => result,
                // It never answers.
                None => return self.answer(),
            },
            Effect::Read { stream, after, .. } => Ok(rows(&stream, after)),
            Effect::Reject { .. } => Ok(Output::Value(Value::Null)),
            Effect::Claim { queue, .. } => {
                Ok(Output::Claimed(self.queues.entry(queue).or_default().pop_front()))
            }
            Effect::Settle { item, failure, retries, .. } => {
                Ok(self.settle(item, failure, retries.most))
            }
            Effect::Yield => return What::Go,
            other => panic!("not asked like this: {other:?}"),
        };
        self.timers.retain(|(_, asked)| *asked != ticket);
        What::Done { ticket, result: Box::new(result) }
    }

    fn settle(&mut self, item: Value, failure: Option<Box<Failure>>, most: Option<u32>) -> Output {
        let id = item.get("id").and_then(Value::as_text).expect("an id").to_owned();
        let Some(failure) = failure else { return Output::Settled(Settled::Processed) };
        let tried = self.failed.entry(id.clone()).or_default();
        *tried += 1;
        if failure.kind == Kind::It && *tried <= u64::from(most.unwrap_or(0)) {
            let queue = id.rsplit_once('-').expect("queue and number").0;
            self.queues.get_mut(queue).expect("the queue").push_front(item);
            return Output::Settled(Settled::Retried);
        }
        Output::Settled(Settled::Failed)
    }

    /// Actions of the tests. `None`: it never answers.
    fn act(
        &mut self,
        action: &str,
        inputs: &IndexMap<String, Value>,
    ) -> Option<Result<Output, Failure>> {
        let text = |name: &str| inputs.get(name).and_then(Value::as_text).unwrap_or_default();
        Some(match action {
            "test.echo" => Ok(Output::Value(inputs["value"].clone())),
            "test.rows" => Ok(Output::Stream(inputs["rows"].clone())),
            "test.hang" => return None,
            "test.fail" => {
                let times = inputs.get("times").and_then(Value::as_number);
                let times = times.and_then(model::Number::as_u64).unwrap_or(u64::MAX);
                let failed = self.failed.entry(text("code").to_owned()).or_default();
                if *failed >= times {
                    return Some(Ok(Output::Value("at last".into())));
                }
                *failed += 1;
                let kind = Kind::ALL.into_iter().find(|kind| kind.name() == text("kind"));
                let code = text("code").to_owned();
                Err(Failure::new(kind.unwrap_or(Kind::It), code, "it did not work"))
            }
            other => panic!("there is no action {other}"),
        })
    }
}

/// Two rows at a time.
fn rows(stream: &Value, after: u64) -> Output {
    let all = stream.as_list().expect("a list");
    let rows = (1..).zip(all.iter().cloned()).skip(after as usize).take(2).collect::<Vec<_>>();
    let last = after as usize + rows.len() >= all.len();
    Output::Rows { rows, last }
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn asking(effect: &Effect) -> String {
    match effect {
        Effect::Perform { action, inputs, masked, .. } => {
            let masked = if *masked { " (masked)" } else { "" };
            format!("{action} {}{masked}", Value::Object(inputs.clone()))
        }
        Effect::Read { after, .. } => format!("read behind {after}"),
        Effect::Reject { record, failure, .. } => format!("reject {record}: {}", failure.code),
        Effect::Claim { queue, .. } => format!("claim from {queue}"),
        Effect::Settle { item, failure, .. } => {
            let how = failure.as_ref().map_or("ok".to_owned(), |failure| failure.code.to_string());
            format!("settle {}: {how}", item.get("id").expect("an id"))
        }
        other => format!("{other:?}"),
    }
}

fn line(record: &Record) -> String {
    match record {
        Record::Began { path, attempt: 1 } => path.clone(),
        Record::Began { path, attempt } => format!("{path} (attempt {attempt})"),
        Record::Skipped { path } => format!("{path} skipped"),
        Record::Succeeded { path } => format!("{path} ok"),
        Record::Failed { path, failure } => format!("{path} failed: {}", failure.code),
        Record::Retrying { path, at, .. } => format!("{path} rests until {at}"),
        Record::Handled { path, handler, failure } => {
            format!("{path} handled by {handler}: {}", failure.code)
        }
    }
}

fn told(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Succeeded(outputs) => format!("succeeded: {outputs}"),
        Outcome::Failed(trouble) => {
            let failure = &trouble.failure;
            let trace = failure.trace.join(", ");
            let at = if trace.is_empty() { String::new() } else { format!(" ({trace})") };
            format!("failed at {}: {}: {}{at}", trouble.path, failure.code, failure.message)
        }
        Outcome::Cancelled => "cancelled".into(),
    }
}
