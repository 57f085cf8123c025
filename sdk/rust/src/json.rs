//! JSON: values of any shape, and reading those whose shape is not known beforehand.

use std::fmt;

use crate::problem::refusals;
use crate::{Decimal, Result, Value, host, value};

/// Any value, as JSON text.
///
/// ```
/// # fn main() -> wharf::Result<()> {
/// use wharf::Json;
///
/// let json = Json::of(&vec![1, 2]);
/// assert_eq!(json.as_str(), "[1,2]");
/// assert_eq!(json.read::<Vec<u32>>()?, [1, 2]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Json(String);

impl Json {
    /// How a value looks as JSON.
    pub fn of(value: &impl Value) -> Self {
        value::json(|out| value.write(out))
    }

    /// The value as one of a type. What does not fit is an error that says where and why.
    pub fn read<T: Value>(&self) -> Result<T> {
        let node = value::parse(&self.0)?;
        Ok(T::read(&node)?)
    }

    /// The value as a document, for reading parts of it.
    pub fn document(&self) -> Result<Document, Error> {
        Document::parse(&self.0)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Takes text that is JSON; the host refuses what is not.
impl From<String> for Json {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<Json> for String {
    fn from(json: Json) -> Self {
        json.0
    }
}

impl fmt::Display for Json {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// What stands at a place in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Null,
    Bool,
    Number,
    Text,
    List,
    Object,
}

/// A value that was read. Numbers keep their digits, fields their order.
///
/// A path names a part of it: `customer.name`, `lines[0].amount`, `["odd name"]`; the empty path
/// names the whole.
#[derive(Debug)]
pub struct Document(host::json::Document);

impl Document {
    /// Reads text that is JSON, strictly.
    pub fn parse(text: &str) -> Result<Self, Error> {
        host::json::Document::parse(text).map(Self)
    }

    /// What stands at the path; none where the path leads nowhere.
    pub fn kind_of(&self, path: &str) -> Result<Option<Kind>, Error> {
        self.0.kind_of(path)
    }

    /// How many items or fields it has.
    pub fn length(&self, path: &str) -> Result<u32, Error> {
        self.0.length(path)
    }

    /// The names of an object's fields, in their order.
    pub fn fields(&self, path: &str) -> Result<Vec<String>, Error> {
        self.0.fields(path)
    }

    pub fn get_bool(&self, path: &str) -> Result<bool, Error> {
        self.0.get_bool(path)
    }

    pub fn get_integer(&self, path: &str) -> Result<i64, Error> {
        self.0.get_integer(path)
    }

    /// A number, digit for digit; more than a [`Decimal`] holds is [`Error::Mistyped`].
    pub fn get_number(&self, path: &str) -> Result<Decimal, Error> {
        self.0.get_number(path)
    }

    pub fn get_text(&self, path: &str) -> Result<String, Error> {
        self.0.get_text(path)
    }

    /// Any part, as JSON.
    pub fn get(&self, path: &str) -> Result<Json, Error> {
        self.0.get(path)
    }

    /// The whole value as text, on one line or indented.
    pub fn to_text(&self, indented: bool) -> String {
        self.0.to_text(indented)
    }
}

refusals! {
    /// Why a document, or a part of it, could not be read.
    Error {
        /// The text is not JSON; the problem says at which line and column.
        Invalid => business,
        /// The path leads nowhere.
        Missing => business,
        /// What stands there is of another type, or does not fit.
        Mistyped => business,
        Other => generic,
    }
}
