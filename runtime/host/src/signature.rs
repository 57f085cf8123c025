//! What a component offers: its steps with their types, and what it asks for.
//!
//! Read from the bytes alone: nothing is compiled and nothing runs. Whatever could not be called
//! later is refused here.

mod binary;
mod imports;
pub mod limits;
mod meta;
mod naming;
mod nesting;
mod reader;
mod typing;

use std::fmt;

use model::similar;

use crate::error::Error;
use crate::names::{Members, snake};
use crate::types::{Field, Type};

/// What a plugin offers and asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// The interfaces that steps come from, in the component's order.
    pub interfaces: Vec<Interface>,
    pub steps: Vec<StepSignature>,
    /// What it can do: it can use nothing that is not listed here.
    pub imports: Vec<Import>,
}

/// An interface with steps, and what it says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interface {
    /// As the component calls it: `plugin:finance/finance`.
    pub name: String,
    pub docs: Option<String>,
    pub plugin: Option<String>,
    pub version: Option<String>,
    /// What it was built with, such as `rust 0.1.0`.
    pub sdk: Option<String>,
}

/// A function that can be a step.
#[derive(Clone, Debug, PartialEq)]
pub struct StepSignature {
    /// What flows call it: its function, with as much before it as tells it from others.
    pub name: String,
    /// The full name of the interface it is exported from; none if it is exported directly.
    pub interface: Option<String>,
    pub function: String,
    pub is_async: bool,
    pub docs: Option<String>,
    pub params: Members<Field>,
    pub outcome: Outcome,
    /// It says that it fails only where what it is given does not fit, whatever it returns.
    pub infallible: bool,
    pub source: Option<Source>,
}

/// What a step returns.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It succeeds, with a value or without.
    Value(Option<Type>),
    /// It may fail.
    Fallible { ok: Option<Type>, err: StepError },
}

impl Outcome {
    /// The type of its value where it succeeds.
    pub fn value(&self) -> Option<&Type> {
        match self {
            Self::Value(ty) | Self::Fallible { ok: ty, .. } => ty.as_ref(),
        }
    }
}

/// How a step says that it failed.
#[derive(Clone, Debug, PartialEq)]
pub enum StepError {
    /// As a `failure` of `wharf:host/types`, whose type this is.
    Failure(Type),
    /// As anything else, or without a word.
    Other(Option<Type>),
}

/// Where the code of a step is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub file: String,
    pub line: u32,
}

impl fmt::Display for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.file, self.line)
    }
}

/// An interface, or a function outside interfaces, that a component asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// As the component calls it: `wharf:host/work-queue@1.0.0`.
    pub name: String,
    pub from: Provider,
    /// The functions it uses of it, such as `add` or `claimed.note`.
    pub functions: Vec<String>,
}

/// Who offers what is imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provider {
    /// This host, by the name of the interface: `work-queue`. Some of it must be granted.
    Host(String),
    /// WASI, which is there for every component and leads nowhere by itself.
    Wasi,
}

impl Signature {
    /// Reads what the component of these bytes offers.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        reader::decode(bytes)
    }

    /// The step of that name, spelt like a field.
    pub fn step(&self, name: &str) -> Result<&StepSignature, Error> {
        let exact = self.steps.iter().find(|step| step.name == name);
        let meant = || self.steps.iter().find(|step| snake(&step.name) == snake(name));
        exact.or_else(meant).ok_or_else(|| self.no_step(name))
    }

    /// Why a name means no step: several modules have one of it, or none has.
    fn no_step(&self, name: &str) -> Error {
        let same = |step: &&StepSignature| snake(&step.function) == snake(name);
        let same: Vec<String> = self.steps.iter().filter(same).map(|it| it.name.clone()).collect();
        let name = name.to_owned();
        if !same.is_empty() {
            return Error::AmbiguousStep { name, known: same };
        }
        let names = || self.steps.iter().map(|step| step.name.as_str());
        let similar = similar::closest(&name, names()).map(str::to_owned);
        Error::UnknownStep { name, similar, known: names().map(str::to_owned).collect() }
    }

    /// The interface that steps are exported from under that name.
    pub fn interface(&self, name: &str) -> Option<&Interface> {
        self.interfaces.iter().find(|interface| interface.name == name)
    }
}
