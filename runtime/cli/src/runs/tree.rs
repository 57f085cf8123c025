//! How a run gets on, as a tree of its steps.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, Write as _};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use engine::driver::Watch;
use engine::machine::{Outcome, Record};
use model::{Clock, Id, Timestamp, Value, json};

use crate::output::Output;

/// How long a step may take without its duration being told.
const SHORT: Duration = Duration::from_millis(1);
/// How many iterations of a loop are shown; all that fail are.
const SHOWN_ITERATIONS: u64 = 3;

/// Shows the steps of a run as they end: as a tree for people, as objects for programs.
pub(super) struct Tree {
    form: Form,
    color: bool,
    began: HashMap<String, Timestamp>,
    start: Timestamp,
    steps: u64,
    run: Id,
    /// The name of the flow, until it has been said.
    flow: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Silent,
    Tree,
    Objects,
}

impl Tree {
    pub(super) fn new(run: Id, flow: &str, clock: &dyn Clock, output: &Output) -> Self {
        let form = match output.format {
            _ if output.quiet => Form::Silent,
            crate::output::Format::Text => Form::Tree,
            crate::output::Format::Jsonl => Form::Objects,
            crate::output::Format::Json => Form::Silent,
        };
        let (color, start) = (output.color.1, model::time::now(clock));
        let flow = Some(flow.to_owned());
        Self { form, color, began: HashMap::new(), start, steps: 0, run, flow }
    }

    /// Says which run it is, once it goes on.
    fn head(&mut self) {
        let Some(flow) = self.flow.take() else { return };
        let run = self.run;
        match self.form {
            Form::Tree => self.say(0, "", Style::new().bold(), &flow, &format!("run {run}")),
            Form::Objects => self.object("run", "", &[("flow", flow.into())], self.start),
            Form::Silent => {}
        }
    }

    /// Says how the run ended.
    pub(super) fn finish(&mut self, clock: &dyn Clock, outcome: &Outcome) {
        self.head();
        let now = model::time::now(clock);
        let word = match outcome {
            Outcome::Succeeded(_) => "succeeded",
            Outcome::Failed(_) => "failed",
            Outcome::Cancelled => "cancelled",
        };
        match self.form {
            Form::Tree => {
                let took = took(self.start, now);
                let steps = crate::view::count(self.steps, "step");
                line(&format!("{word} in {took}: {steps}"));
            }
            Form::Objects => self.object("ended", "", &[("outcome", word.into())], now),
            Form::Silent => {}
        }
    }

    fn say(&self, depth: usize, sign: &str, style: Style, what: &str, more: &str) {
        let style = if self.color { style } else { Style::new() };
        let dim = if self.color { Style::new().dimmed() } else { Style::new() };
        let indent = "  ".repeat(depth);
        let more = if more.is_empty() { String::new() } else { format!("  {dim}{more}{dim:#}") };
        line(&format!("{indent}{style}{sign}{what}{style:#}{more}"));
    }

    fn object(&self, event: &str, path: &str, more: &[(&str, Value)], at: Timestamp) {
        let mut fields = vec![
            ("event", Value::from(event)),
            ("run", self.run.to_string().into()),
            ("at", at.to_string().into()),
        ];
        if !path.is_empty() {
            fields.push(("step", path.into()));
        }
        fields.extend(more.iter().cloned());
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value));
        line(&json::write(&Value::Object(fields.collect())));
    }

    fn show(&self, path: &str, sign: &str, color: AnsiColor, more: &str) {
        let depth = path.matches('/').count() + path.matches('[').count() + 1;
        let label = path.rsplit('/').next().unwrap_or(path);
        let label = match path.rsplit_once('/') {
            Some((above, label)) if above.ends_with(']') => {
                let at = above.rfind('[').unwrap_or(0);
                format!("{} {label}", &above[at..])
            }
            _ => label.to_owned(),
        };
        self.say(depth, sign, color.on_default(), &label, more);
    }
}

impl Watch for Tree {
    fn see(&mut self, at: Timestamp, record: &Record) {
        self.head();
        match record {
            Record::Began { path, attempt } => {
                self.began.entry(path.clone()).or_insert(at);
                if self.form == Form::Objects {
                    self.object("began", path, &[("attempt", u64::from(*attempt).into())], at);
                }
            }
            Record::Skipped { path } => match self.form {
                Form::Objects => self.object("skipped", path, &[], at),
                Form::Tree if !many(path) => {
                    self.show(path, "- ", AnsiColor::BrightBlack, "skipped");
                }
                _ => {}
            },
            Record::Succeeded { path } => {
                self.steps += 1;
                let began = self.began.remove(path).unwrap_or(at);
                match self.form {
                    Form::Objects => self.object("succeeded", path, &[], at),
                    Form::Tree if !many(path) => {
                        let took =
                            if passed(began, at) < SHORT { String::new() } else { took(began, at) };
                        self.show(path, "✓ ", AnsiColor::Green, &took);
                    }
                    _ => {}
                }
            }
            Record::Failed { path, failure } => {
                self.began.remove(path);
                match self.form {
                    Form::Objects => {
                        let more = [
                            ("kind", failure.kind.name().into()),
                            ("code", Value::from(&*failure.code)),
                            ("message", failure.message.as_str().into()),
                        ];
                        self.object("failed", path, &more, at);
                    }
                    Form::Tree => self.show(path, "✗ ", AnsiColor::Red, &failure.code),
                    Form::Silent => {}
                }
            }
            Record::Retrying { path, at: again, failure, .. } => match self.form {
                Form::Objects => {
                    let more = [
                        ("code", Value::from(&*failure.code)),
                        ("until", again.to_string().into()),
                    ];
                    self.object("retrying", path, &more, at);
                }
                Form::Tree => {
                    let more = format!("{}, again in {}", failure.code, took(at, *again));
                    self.show(path, "↻ ", AnsiColor::Yellow, &more);
                }
                Form::Silent => {}
            },
            Record::Handled { path, failure, .. } => match self.form {
                Form::Objects => {
                    self.object("handled", path, &[("code", Value::from(&*failure.code))], at);
                }
                Form::Tree if !many(path) => {
                    self.show(path, "! ", AnsiColor::Yellow, &format!("{}, handled", failure.code));
                }
                _ => {}
            },
        }
    }
}

fn line(text: &str) {
    // Talk that nobody can hear is no error.
    let _unheard = writeln!(io::stderr(), "{text}");
}

/// Whether the step belongs to an iteration that is not shown any more.
fn many(path: &str) -> bool {
    let numbers = path.split('[').skip(1).filter_map(|rest| rest.split_once(']'));
    numbers.filter_map(|(number, _)| number.parse::<u64>().ok()).any(|it| it >= SHOWN_ITERATIONS)
}

fn passed(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or(Duration::ZERO)
}

/// A duration as people read it.
fn took(from: Timestamp, to: Timestamp) -> String {
    let passed = passed(from, to);
    match passed.as_millis() {
        0 => "under 1 ms".into(),
        milliseconds @ 1..=999 => format!("{milliseconds} ms"),
        _ => format!("{:.1} s", passed.as_secs_f64()),
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Tree")
    }
}
