//! A work item: what it carries and what may be said about it.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::json;
use crate::limits;
use crate::queue::Rules;
use crate::run::EffectKey;
use crate::status::Status;
use crate::time::{self, Timestamp};
use crate::{Error, Id, Token};

/// How urgent an item is: the lower number goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Priority(u32);

impl Priority {
    pub const HIGH: Self = Self(100);
    pub const NORMAL: Self = Self(200);
    pub const LOW: Self = Self(300);

    pub fn number(self) -> u32 {
        self.0
    }

    /// `high`, `normal` or `low`, where the number has a name.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::HIGH => Some("high"),
            Self::NORMAL => Some("normal"),
            Self::LOW => Some("low"),
            _ => None,
        }
    }
}

impl TryFrom<u32> for Priority {
    type Error = Error;

    fn try_from(number: u32) -> Result<Self, Error> {
        if (1..=limits::PRIORITY_MAX).contains(&number) {
            Ok(Self(number))
        } else {
            Err(Error::BadPriority { text: number.to_string() })
        }
    }
}

impl From<Priority> for u32 {
    fn from(priority: Priority) -> u32 {
        priority.0
    }
}

impl FromStr for Priority {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text.trim().to_ascii_lowercase().as_str() {
            "high" => Ok(Self::HIGH),
            "normal" => Ok(Self::NORMAL),
            "low" => Ok(Self::LOW),
            number => {
                let refused = || Error::BadPriority { text: text.chars().take(64).collect() };
                Self::try_from(number.parse::<u32>().map_err(|_| refused())?)
            }
        }
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => out.pad(name),
            None => out.pad(&self.0.to_string()),
        }
    }
}

/// When an item expires of which this is said now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Expiry {
    /// After the TTL of its queue; never, where that has none.
    #[default]
    OfQueue,
    At(Timestamp),
    /// Never, whatever the TTL.
    Never,
}

impl Expiry {
    pub(crate) fn check(self) -> Result<(), Error> {
        if let Self::At(expires) = self { time::check_moment(expires) } else { Ok(()) }
    }

    /// The expiry of an item added at `now`.
    pub fn at_add(self, rules: &Rules, now: Timestamp) -> Result<Option<Timestamp>, Error> {
        self.moment(rules, now).map_err(|expires| Error::ExpiryInPast { expires, now })
    }

    /// The moment that it means now; an error is one that has passed.
    pub(crate) fn moment(
        self,
        rules: &Rules,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Timestamp> {
        match self {
            Self::At(expires) if expires <= now => Err(expires),
            Self::At(expires) => Ok(Some(expires)),
            Self::OfQueue => Ok(rules.ttl.map(|ttl| time::after(now, ttl))),
            Self::Never => Ok(None),
        }
    }
}

/// An item to be added. Its id is chosen by whoever adds it, so that it is known before the commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewItem {
    pub id: Id,
    /// Key, name or id of the queue.
    pub queue: String,
    pub name: Option<String>,
    /// Unique within the queue, where given.
    pub reference: Option<String>,
    pub priority: Priority,
    /// JSON text, kept byte for byte.
    pub value: String,
    pub expires: Expiry,
    /// Not handed out before.
    pub delay_until: Option<Timestamp>,
    /// Starts on hold.
    pub hold: bool,
    /// Staged under this batch until the batch is committed.
    pub batch: Option<Id>,
    pub note: Option<String>,
    /// The effect of the run of the commit that this is. An effect that has been before is not
    /// repeated: the outcome tells the item that was added then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<EffectKey>,
}

impl NewItem {
    /// An item with nothing but a value.
    pub fn new(id: Id, queue: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            id,
            queue: queue.into(),
            name: None,
            reference: None,
            priority: Priority::NORMAL,
            value: value.into(),
            expires: Expiry::OfQueue,
            delay_until: None,
            hold: false,
            batch: None,
            note: None,
            effect: None,
        }
    }

    /// Everything that can be said without the store.
    pub fn check(&self) -> Result<(), Error> {
        if self.hold && self.batch.is_some() {
            return Err(Error::HoldInBatch);
        }
        check_name(self.name.as_deref())?;
        check_reference(self.reference.as_deref())?;
        check_value(&self.value)?;
        self.expires.check()?;
        self.delay_until.map_or(Ok(()), time::check_moment)?;
        self.effect.as_ref().map_or(Ok(()), EffectKey::check)?;
        check_note(self.note.as_deref().unwrap_or_default())
    }

    /// Bytes of text, for the limit of a commit.
    pub fn bytes(&self) -> usize {
        let optional = [&self.name, &self.reference, &self.note];
        self.value.len() + optional.into_iter().flatten().map(String::len).sum::<usize>()
    }
}

pub(crate) fn check_name(name: Option<&str>) -> Result<(), Error> {
    let Some(name) = name else { return Ok(()) };
    Error::not_blank("item name", name)?;
    Error::limit("item-name", name.len(), limits::ITEM_NAME_BYTES_MAX)
}

pub(crate) fn check_reference(reference: Option<&str>) -> Result<(), Error> {
    let Some(reference) = reference else { return Ok(()) };
    Error::not_blank("reference", reference)?;
    Error::limit("item-reference", reference.len(), limits::ITEM_REFERENCE_BYTES_MAX)
}

/// Whether a queue without a schema would take the value.
pub fn check_value(value: &str) -> Result<(), Error> {
    Error::limit("item-value", value.len(), limits::ITEM_VALUE_BYTES_MAX)?;
    json::check(value).map_err(|error| Error::InvalidJson {
        line: error.line,
        column: error.column,
        problem: error.problem(),
    })
}

pub(crate) fn check_note(note: &str) -> Result<(), Error> {
    Error::limit("note", note.len(), limits::NOTE_BYTES_MAX)
}

/// The claim under which a worker holds an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    pub token: Token,
    pub worker: String,
    pub since: Timestamp,
    /// The length of the lease, which a renewal grants again.
    pub lease: Duration,
    /// When the lease runs out.
    pub until: Timestamp,
}

/// The part of an item that its life changes. `life::apply` is the only place that does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    pub status: Status,
    pub expires: Option<Timestamp>,
    pub delay_until: Option<Timestamp>,
    pub holder: Option<Holder>,
    /// How often it was handed out.
    pub attempt: u32,
    /// How often an IT exception was tried again.
    pub retries: u32,
    /// How often its worker vanished.
    pub crashes: u32,
    /// How often somebody put it back into the queue.
    pub requeues: u32,
    pub completed: Option<Timestamp>,
}

/// An item as the store knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub id: Id,
    /// The key of its queue.
    pub queue: String,
    pub name: Option<String>,
    pub reference: Option<String>,
    pub priority: Priority,
    pub value: String,
    pub life: Life,
    pub result: Option<String>,
    /// The version of the queue's schema the value was checked against.
    pub schema_version: Option<u32>,
    pub batch: Option<Id>,
    pub created: Timestamp,
    pub modified: Timestamp,
}

/// How an item stands with its time to expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sla {
    InTime,
    AtRisk,
    Violated,
}

impl Sla {
    pub const ALL: [Self; 3] = [Self::InTime, Self::AtRisk, Self::Violated];

    pub fn name(self) -> &'static str {
        match self {
            Self::InTime => "in-time",
            Self::AtRisk => "at-risk",
            Self::Violated => "violated",
        }
    }
}

impl Item {
    /// How the item stands at `now`, or stood when it was completed; `None` without an expiry.
    pub fn sla(&self, rules: &Rules, now: Timestamp) -> Option<Sla> {
        let expires = self.life.expires?;
        let at = self.life.completed.unwrap_or(now);
        if at >= expires {
            return Some(Sla::Violated);
        }
        let at_risk = rules.at_risk_percent.is_some_and(|percent| {
            let whole = expires.as_microsecond() - self.created.as_microsecond();
            let part = i128::from(whole) * i128::from(percent) / 100;
            at.as_microsecond() >= self.created.as_microsecond() + part as i64
        });
        Some(if at_risk { Sla::AtRisk } else { Sla::InTime })
    }
}

/// Changes to what an item carries; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemEdit {
    /// `Some(None)` takes the name away.
    #[serde(default, deserialize_with = "json::some", skip_serializing_if = "Option::is_none")]
    pub name: Option<Option<String>>,
    pub value: Option<String>,
    pub priority: Option<Priority>,
    /// `Some(None)` takes the reference away.
    #[serde(default, deserialize_with = "json::some", skip_serializing_if = "Option::is_none")]
    pub reference: Option<Option<String>>,
    pub expires: Option<Expiry>,
}

impl ItemEdit {
    pub fn check(&self) -> Result<(), Error> {
        check_name(self.name.as_ref().and_then(Option::as_deref))?;
        check_reference(self.reference.as_ref().and_then(Option::as_deref))?;
        self.expires.map_or(Ok(()), Expiry::check)?;
        self.value.as_deref().map_or(Ok(()), check_value)
    }

    /// The fields that are named, for the history: what was changed, not to what.
    pub fn fields(&self) -> String {
        let named = [
            ("name", self.name.is_some()),
            ("value", self.value.is_some()),
            ("priority", self.priority.is_some()),
            ("reference", self.reference.is_some()),
            ("expires", self.expires.is_some()),
        ];
        let fields = named.into_iter().filter_map(|(field, is)| is.then_some(field));
        fields.collect::<Vec<_>>().join(", ")
    }
}
