//! How a step fails.

use std::borrow::Cow;
use std::fmt;

use crate::Json;

/// What steps return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What a failure means for the item that is worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The case itself is not in order: trying again would not help.
    Business,
    /// Something around it did not work: trying again may help.
    It,
    /// Neither, or unknown.
    Generic,
}

/// How a step fails: a kind, a stable code that handlers match on, and a message for people.
///
/// `?` makes one of every error of the host, and of a `String` or `&str`, which then is a
/// [`Kind::Business`] with the code `failed`. An enum marked `#[wharf(error)]` becomes one too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: Kind,
    code: Cow<'static, str>,
    message: String,
    hint: Option<String>,
    data: Option<Json>,
}

impl Error {
    /// The case itself is not in order.
    pub fn business(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(Kind::Business, code.into(), message.into())
    }

    /// Something around it did not work, and may work later.
    pub fn it(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(Kind::It, code.into(), message.into())
    }

    /// Neither, or unknown.
    pub fn generic(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(Kind::Generic, code.into(), message.into())
    }

    fn new(kind: Kind, code: Cow<'static, str>, message: String) -> Self {
        Self { kind, code, message, hint: None, data: None }
    }

    /// Adds what handlers may want to know.
    #[must_use]
    pub fn with_data(mut self, data: Json) -> Self {
        self.data = Some(data);
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    pub fn code(&self) -> &str {
        &self.code
    }

    pub fn message(&self) -> &str {
        &self.message
    }

    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    pub fn data(&self) -> Option<&Json> {
        self.data.as_ref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<String> for Error {
    fn from(message: String) -> Self {
        Self::business("failed", message)
    }
}

impl From<&str> for Error {
    fn from(message: &str) -> Self {
        Self::business("failed", message)
    }
}

/// What `"…".parse::<Decimal>()` refuses.
impl From<rust_decimal::Error> for Error {
    fn from(error: rust_decimal::Error) -> Self {
        Self::business("value/not-a-number", error.to_string())
    }
}
