//! The journal of a run: the events of its machine as records, and back.
//!
//! A machine is a function of its events, so the events are all that has to last: fed with them
//! again, a new machine stands where the old one stood. From time to time a checkpoint of the
//! machine stands in for everything before it.

mod form;

use indexmap::IndexMap;
use model::run::Record;
use model::{Error, Timestamp, Token, Value, json};

use crate::failure::Failure;
use crate::machine::{Input, Settled, Ticket};
use crate::vault::Vault;

/// The version of the form that is written.
pub const FORMAT: u64 = 1;

/// What a record tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// The run has begun.
    Begin(Input),
    /// Something that reaches outside of the store is about to be done.
    Start {
        ticket: Ticket,
        inputs: Inputs,
    },
    /// What somebody waited for has come.
    Done {
        ticket: Ticket,
        inputs: Option<Inputs>,
        since: Timestamp,
        output: Told,
    },
    Failed {
        ticket: Ticket,
        inputs: Option<Inputs>,
        since: Timestamp,
        failure: Box<Failure>,
    },
    Fired {
        ticket: Ticket,
    },
    /// The machine went on after much was done.
    Go,
    Stop,
    /// A row was kept out.
    Rejected(Value),
    /// A list that a checkpoint needs.
    List {
        number: u64,
        items: Vec<Value>,
    },
    /// The state of the machine.
    Checkpoint(Value),
}

type Inputs = IndexMap<String, Value>;

/// An output as the journal keeps it: rows are read again when they are needed.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    Value(Value),
    Stream(Value),
    /// So many rows behind that record.
    Rows {
        after: u64,
        count: u64,
        last: bool,
    },
    Claimed(Option<(Value, Token)>),
    Settled(Settled),
}

/// The data of a record is nothing that this wharf wrote.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the journal is damaged: {what}")]
pub struct Damaged {
    pub what: String,
}

/// The name of what is sealed, in the place of what it stands for.
const SEALED: &str = "sealed";

/// A value that only this installation can read.
pub fn sealed(value: &Value, vault: &dyn Vault) -> Result<Value, Error> {
    let seal = vault.seal(&json::write(value));
    let seal = seal.map_err(|detail| Error::StoreIo { detail })?;
    Ok(Value::Object([(SEALED.to_owned(), Value::from(seal))].into_iter().collect()))
}

/// Whether a value is one that was sealed.
pub fn is_sealed(value: &Value) -> bool {
    value.as_object().is_some_and(|fields| fields.len() == 1) && value.get(SEALED).is_some()
}

/// What was sealed; other values as they are.
pub fn opened(value: Value, vault: &dyn Vault) -> Option<Value> {
    if !is_sealed(&value) {
        return Some(value);
    }
    let text = vault.open(value.get(SEALED)?.as_text()?)?;
    json::parse(&text).ok()
}

impl Entry {
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Begin(_) => "begin",
            Self::Start { .. } => "start",
            Self::Done { .. } => "done",
            Self::Failed { .. } => "failed",
            Self::Fired { .. } => "fired",
            Self::Go => "go",
            Self::Rejected(_) => "rejected",
            Self::Stop => "stop",
            Self::List { .. } => "list",
            Self::Checkpoint(_) => "checkpoint",
        }
    }

    /// The record of this, which happened at that moment to the step at that path. Where it tells a
    /// secret it is sealed.
    pub fn record(
        &self,
        at: Timestamp,
        path: impl Into<String>,
        vault: Option<&dyn Vault>,
    ) -> Result<Record, Error> {
        let data = form::write(self);
        let data = if let Some(vault) = vault { sealed(&data, vault)? } else { data };
        Ok(Record {
            at,
            kind: self.kind().to_owned(),
            path: path.into(),
            data: json::write(&data),
            checkpoint: matches!(self, Self::Checkpoint(_)),
        })
    }

    pub fn read(record: &Record, vault: &dyn Vault) -> Result<Self, Damaged> {
        let data = json::parse(&record.data)
            .map_err(|error| Damaged { what: format!("a record is no JSON: {error}") })?;
        let data = opened(data, vault)
            .ok_or_else(|| Damaged { what: "a secret cannot be opened here".into() })?;
        form::read(&record.kind, &data)
            .ok_or_else(|| Damaged { what: format!("a record `{}` lacks something", record.kind) })
    }
}
