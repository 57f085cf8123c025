//! A queue: what it is called, what it accepts, and the rules its items live by.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::limits;
use crate::time::Timestamp;
use crate::{Error, Id};

/// Whether a queue works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum QueueState {
    /// Takes items in and hands them out.
    Active,
    /// Takes nothing in and hands nothing out; claimed items go on.
    Paused,
    /// As paused, and leases are not renewed, so that running work winds down.
    Stopped,
    /// Is being deleted; only deletion goes on.
    Deleting,
}

impl QueueState {
    pub const ALL: [Self; 4] = [Self::Active, Self::Paused, Self::Stopped, Self::Deleting];

    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
            Self::Deleting => "deleting",
        }
    }
}

/// What the owner of a queue decides about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueSettings {
    /// The unique name that flows and commands use.
    pub key: String,
    /// The name that people read.
    pub name: String,
    pub description: String,
    pub rules: Rules,
}

/// The rules that decide how an item of the queue moves. All of them may change at any time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// How long an item added without an expiry may wait.
    pub ttl: Option<Duration>,
    /// At which percentage of its time to expiry an item counts as at risk.
    pub at_risk_percent: Option<u8>,
    /// An item past its expiry is still handed out, marked as violated.
    pub continue_if_violated: bool,
    /// How often an IT exception is tried again.
    pub retries: u32,
    /// How long such a retry waits.
    pub retry_delay: Duration,
    /// How many lost leases an item survives before it is a dead letter.
    pub crashes: u32,
    /// How long one claim may last, renewals included.
    pub processing_limit: Option<Duration>,
    /// Name and value may be edited while a worker holds the item.
    pub edit_while_processing: bool,
    /// How long finished items are kept.
    pub keep: Option<Duration>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            ttl: None,
            at_risk_percent: None,
            continue_if_violated: false,
            retries: 0,
            retry_delay: Duration::ZERO,
            crashes: 3,
            processing_limit: None,
            edit_while_processing: false,
            keep: None,
        }
    }
}

/// A queue as the store knows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Queue {
    pub id: Id,
    pub settings: QueueSettings,
    pub state: QueueState,
    /// The version of the JSON Schema that new values must conform to.
    pub schema_version: Option<u32>,
    pub created: Timestamp,
    pub modified: Timestamp,
}

/// Changes to the settings of a queue; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueEdit {
    pub name: Option<String>,
    pub description: Option<String>,
    pub rules: Option<Rules>,
    /// `Some(None)` takes the schema away; a new text is a new version.
    #[serde(
        default,
        deserialize_with = "crate::json::some",
        skip_serializing_if = "Option::is_none"
    )]
    pub schema: Option<Option<String>>,
}

impl QueueSettings {
    /// Settings with the rules that hold where nothing is said.
    pub fn new(key: impl Into<String>) -> Self {
        let key = key.into();
        Self { name: key.clone(), key, description: String::new(), rules: Rules::default() }
    }

    pub fn check(&self) -> Result<(), Error> {
        Error::not_blank("queue key", &self.key)?;
        if self.key.trim() != self.key || self.key.chars().any(char::is_control) {
            return Err(Error::BadName { what: "queue key".into(), name: self.key.clone() });
        }
        Error::limit("queue-key", self.key.len(), limits::QUEUE_KEY_BYTES_MAX)?;
        Error::not_blank("queue name", &self.name)?;
        Error::limit("queue-name", self.name.len(), limits::QUEUE_NAME_BYTES_MAX)?;
        let description = self.description.len();
        Error::limit("queue-description", description, limits::QUEUE_DESCRIPTION_BYTES_MAX)?;
        self.rules.check()
    }
}

impl Rules {
    pub fn check(&self) -> Result<(), Error> {
        let percent = usize::from(self.at_risk_percent.unwrap_or(0));
        Error::limit("at-risk-percent", percent, usize::from(limits::AT_RISK_PERCENT_MAX))?;
        Error::limit("retries", self.retries as usize, limits::RETRIES_MAX as usize)?;
        Error::limit("crashes", self.crashes as usize, limits::CRASHES_MAX as usize)?;
        // A zero means no limit to some and no time at all to others; the latter ends every item.
        if [self.ttl, self.processing_limit].into_iter().flatten().any(|it| it < limits::SPAN_MIN) {
            let limit = limits::SPAN_MIN.as_millis() as u64;
            return Err(Error::UnderLimit { what: "span-min".into(), actual: 0, limit });
        }
        let spans = [self.ttl, Some(self.retry_delay), self.processing_limit, self.keep];
        spans.into_iter().flatten().try_for_each(|span| {
            Error::limit("span", span.as_secs() as usize, limits::SPAN_MAX.as_secs() as usize)
        })
    }
}
