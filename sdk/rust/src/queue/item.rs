//! What goes into queues and what comes out.

use crate::{DateTime, Json, Value};

/// How urgent an item is: the lower goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Priority(pub u32);

impl Priority {
    pub const HIGH: Self = Self(100);
    pub const NORMAL: Self = Self(200);
    pub const LOW: Self = Self(300);
}

/// When nobody wants an item any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// As long after now as its queue says; never where the queue says nothing.
    OfQueue,
    /// It waits for as long as it takes, whatever its queue says.
    Never,
    At(DateTime),
}

impl From<DateTime> for Expiry {
    fn from(moment: DateTime) -> Self {
        Self::At(moment)
    }
}

/// An item to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "an item is added by `queue::add`"]
pub struct NewItem {
    pub(crate) value: Json,
    pub(crate) name: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) priority: Option<Priority>,
    pub(crate) expires: Expiry,
    pub(crate) delay_until: Option<DateTime>,
    pub(crate) hold: bool,
    pub(crate) note: Option<String>,
}

impl NewItem {
    /// An item with this value: one of the plugin's own types, or [`Json`].
    pub fn new(value: &impl Value) -> Self {
        Self {
            value: Json::of(value),
            name: None,
            reference: None,
            priority: None,
            expires: Expiry::OfQueue,
            delay_until: None,
            hold: false,
            note: None,
        }
    }

    /// What people call it.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Unique in its queue: adding a second item with it is refused.
    pub fn reference(mut self, reference: impl Into<String>) -> Self {
        self.reference = Some(reference.into());
        self
    }

    pub fn priority(mut self, priority: Priority) -> Self {
        self.priority = Some(priority);
        self
    }

    /// When nobody wants it any more: a moment, or an [`Expiry`]. The queue decides where this is
    /// not said.
    pub fn expires(mut self, expires: impl Into<Expiry>) -> Self {
        self.expires = expires.into();
        self
    }

    /// Not handed out before.
    pub fn delay_until(mut self, moment: DateTime) -> Self {
        self.delay_until = Some(moment);
        self
    }

    /// Starts on hold.
    pub fn on_hold(mut self) -> Self {
        self.hold = true;
        self
    }

    /// A first note in its history.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

/// An item as it is in its queue.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Item {
    pub id: String,
    pub queue: String,
    pub name: Option<String>,
    pub reference: Option<String>,
    pub value: Json,
    /// `queued`, `processing`, `processed`, `business-exception` and so on.
    pub status: String,
    pub priority: Priority,
    /// How often it was handed out.
    pub attempt: u32,
    /// How often an IT exception was tried again.
    pub retries: u32,
    pub result: Option<String>,
    pub created: DateTime,
    pub expires: Option<DateTime>,
    pub delay_until: Option<DateTime>,
}

/// What changes about an item; what is not said stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "an item is changed by `queue::update`"]
pub struct ItemChange {
    pub(crate) name: Option<String>,
    pub(crate) value: Option<Json>,
    pub(crate) priority: Option<Priority>,
    pub(crate) expires: Option<Expiry>,
}

impl ItemChange {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    pub fn value(mut self, value: &impl Value) -> Self {
        self.value = Some(Json::of(value));
        self
    }

    pub fn priority(mut self, priority: Priority) -> Self {
        self.priority = Some(priority);
        self
    }

    /// When nobody wants it any more: a moment, or an [`Expiry`].
    pub fn expires(mut self, expires: impl Into<Expiry>) -> Self {
        self.expires = Some(expires.into());
        self
    }
}

/// How the work on an item ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    Processed,
    BusinessException,
    ItException,
    GenericException,
}

/// How an item comes back into its queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "an item is put back by `requeue`"]
pub struct Requeueing {
    pub(crate) delay_until: Option<DateTime>,
    pub(crate) expires: Option<Expiry>,
    pub(crate) note: Option<String>,
}

impl Requeueing {
    /// At once, and otherwise as it was.
    pub fn now() -> Self {
        Self::default()
    }

    /// Not handed out before this moment.
    pub fn after(moment: DateTime) -> Self {
        Self { delay_until: Some(moment), ..Self::default() }
    }

    /// When nobody wants it any more: a moment, or an [`Expiry`].
    pub fn expires(mut self, expires: impl Into<Expiry>) -> Self {
        self.expires = Some(expires.into());
        self
    }

    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}
