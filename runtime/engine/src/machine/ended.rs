//! How frames end, and runs.

use std::fmt;

use indexmap::IndexMap;
use model::Value;

use super::scope::Binding;
use crate::failure::Failure;

/// How a frame ended.
#[derive(Debug)]
pub(super) enum Ended {
    /// It came to its end, and gives this.
    Done(Option<Binding>),
    Break,
    Continue,
    Return(IndexMap<String, Binding>),
    /// The row in hand is kept out.
    Reject(Box<Trouble>),
    Failed(Box<Trouble>),
}

impl Ended {
    pub(super) fn failed(failure: Failure, path: String) -> Self {
        Self::Failed(Box::new(Trouble { failure, path, cause: None }))
    }
}

/// A failure and where in the flow it happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Trouble {
    pub failure: Failure,
    /// The path of the step.
    pub path: String,
    /// What was being handled when this happened.
    pub cause: Option<Box<Trouble>>,
}

impl Trouble {
    /// What a handler sees as `error`.
    pub fn to_value(&self) -> Value {
        let Failure { kind, code, message, hint, data, .. } = &self.failure;
        let text = |text: &str| Value::from(text);
        let optional =
            |text: Option<&String>| text.map_or(Value::Null, |text| text.as_str().into());
        let fields = [
            ("kind", text(kind.name())),
            ("code", text(code)),
            ("message", text(message)),
            ("hint", optional(hint.as_ref())),
            ("step", text(&self.path)),
            ("data", data.as_deref().cloned().unwrap_or_default()),
            ("cause", self.cause.as_deref().map_or(Value::Null, Self::to_value)),
        ];
        Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// This, with what happened while it was handled; the first one matters more.
    pub(super) fn joined_by(mut self, second: &Self) -> Self {
        let hint = format!("`on-failure` failed too, at {}: {}", second.path, second.failure);
        self.failure.trace.push(hint);
        self
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.path, self.failure)
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// With its outputs.
    Succeeded(Value),
    Failed(Box<Trouble>),
    Cancelled,
}
