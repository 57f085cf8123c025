//! Built-in actions: what flows can do without a plugin.
//!
//! A file holds an action, or a few that belong together. One [`Action`] says everything about it:
//! how it is called, what it takes and gives, how it can fail, and what it does. The signature that
//! flows are checked against, the page of the reference and the tests that walk all actions read
//! the same definition. `queue/add.rs` shows how one is written.

#[macro_use]
mod form;

mod csv;
mod datetime;
mod errors;
mod file;
mod given;
mod http;
mod input;
mod json;
mod log;
mod output;
mod queue;

use std::sync::OnceLock;
use std::time::Duration;

use flow::Signature;
use flow::signature::{Effect, Output as Gives, Param};
use indexmap::IndexMap;
use model::Value;
use model::similar::closest;

pub use errors::MEANINGS;
pub use json::BESIDE;
pub use queue::{item_of, type_of_item};

use crate::csv::Stream;
use crate::failure::{Failure, Kind};
use crate::shown::quoted;
use crate::step::Step;

/// A built-in action.
#[derive(Debug)]
pub struct Action {
    /// What a flow writes after `uses:`.
    pub name: &'static str,
    /// The first line says in a sentence what it does.
    pub docs: &'static str,
    /// A step of a flow that uses it.
    pub example: &'static str,
    pub effect: Effect,
    /// The codes of its own that it may fail with; [`MEANINGS`] says what they mean.
    pub errors: &'static [&'static str],
    inputs: fn() -> IndexMap<String, Param>,
    output: fn() -> Gives,
    perform: fn(&mut Step, IndexMap<String, Value>) -> Result<Output, Failure>,
}

/// What an action gave.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    Nothing,
    Value(Value),
    Stream(Stream),
    /// Not there yet: perform the action again after this long, with the same inputs.
    Later(Duration),
}

impl<T: Into<Value>> From<T> for Output {
    fn from(value: T) -> Self {
        Self::Value(value.into())
    }
}

/// All actions, in the order of the reference.
pub const ALL: &[&Action] = &[
    &queue::add::ACTION,
    &queue::add_many::ACTION,
    &queue::take::ACTION,
    &queue::update::ACTION,
    &queue::requeue::ACTION,
    &queue::note::ACTION,
    &queue::get::ACTION,
    &queue::list::ACTION,
    &queue::clear::ACTION,
    &csv::read::ACTION,
    &csv::write::ACTION,
    &json::PARSE,
    &json::STRINGIFY,
    &datetime::NOW,
    &datetime::ADD,
    &datetime::SUBTRACT,
    &datetime::PARSE,
    &datetime::FORMAT,
    &file::read::ACTION,
    &file::write::ACTION,
    &file::COPY,
    &file::MOVE,
    &file::DELETE,
    &file::LIST,
    &file::WAIT,
    &http::REQUEST,
    &log::LOG,
];

impl Action {
    /// What flows are checked against.
    pub fn signature(&self) -> Signature {
        let meaning = |code: &&str| ((*code).to_owned(), errors::meaning(code).to_owned());
        Signature {
            name: self.name.to_owned(),
            docs: self.docs.to_owned(),
            inputs: (self.inputs)(),
            output: (self.output)(),
            effect: self.effect,
            errors: self.errors.iter().map(meaning).collect(),
        }
    }
}

/// The signatures of all actions, in the order of the reference.
pub fn signatures() -> &'static [Signature] {
    static SIGNATURES: OnceLock<Vec<Signature>> = OnceLock::new();
    SIGNATURES.get_or_init(|| ALL.iter().map(|action| action.signature()).collect())
}

/// Performs an action as a part of a step. Inputs are judged here, whatever was checked before.
pub fn perform(
    step: &mut Step,
    action: &str,
    inputs: IndexMap<String, Value>,
) -> Result<Output, Failure> {
    let found = ALL.iter().find(|known| known.name == action).ok_or_else(|| unknown(action))?;
    (found.perform)(step, inputs)
}

fn unknown(action: &str) -> Failure {
    let message = format!("there is no action `{}`", quoted(action));
    let hint = match closest(action, ALL.iter().map(|known| known.name)) {
        Some(similar) => format!("did you mean `{similar}`?"),
        None => "docs/reference/actions.md lists all".into(),
    };
    Failure::new(Kind::Generic, "action/not-found", message).with_hint(hint)
}

#[cfg(test)]
mod tests;
