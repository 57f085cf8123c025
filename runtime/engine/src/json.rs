//! Values whose shape is not known beforehand, read by path.
//!
//! A path names a part of a value as expressions do: `customer.name`, `lines[0].amount`,
//! `["odd name"]`; the empty path names the whole. Nothing is converted on the way: a number that
//! is text stays text, and asking for it as a number is an error that says so.

mod error;
mod path;

use model::{Number, Value, json};

pub use error::{Error, Missing};
pub use path::{Path, Segment};

use crate::limits;
use crate::shown::quoted;

/// The types of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Null,
    Bool,
    Number,
    Text,
    List,
    Object,
}

impl Kind {
    pub const ALL: [Self; 6] =
        [Self::Null, Self::Bool, Self::Number, Self::Text, Self::List, Self::Object];

    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Bool,
            Value::Number(_) => Self::Number,
            Value::Text(_) => Self::Text,
            Value::List(_) => Self::List,
            Value::Object(_) => Self::Object,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "bool",
            Self::Number => "number",
            Self::Text => "text",
            Self::List => "list",
            Self::Object => "object",
        }
    }

    /// With its article, for messages.
    fn article(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a bool",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::List => "a list",
            Self::Object => "an object",
        }
    }
}

/// A value that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    root: Value,
}

impl Document {
    /// Reads strict JSON. What takes many times its own size in memory is refused before it does.
    pub fn parse(text: &str) -> Result<Self, Error> {
        limits::check("json-text", text.len())?;
        limits::check("json-values", values_at_most(text))?;
        Ok(Self { root: json::parse(text)? })
    }

    /// What stands at the path; none where the path leads nowhere.
    pub fn kind_of(&self, path: &str) -> Result<Option<Kind>, Error> {
        let path = Path::parse(path)?;
        Ok(path.find(&self.root).ok().map(Kind::of))
    }

    /// How many items or fields it has.
    pub fn length(&self, path: &str) -> Result<usize, Error> {
        match self.get(path)? {
            Value::List(items) => Ok(items.len()),
            Value::Object(fields) => Ok(fields.len()),
            other => Err(mistyped(path, other, "a list or an object")),
        }
    }

    /// The names of an object's fields, in their order.
    pub fn fields(&self, path: &str) -> Result<Vec<&str>, Error> {
        let value = self.get(path)?;
        let fields = value.as_object().ok_or_else(|| mistyped(path, value, "an object"))?;
        Ok(fields.keys().map(String::as_str).collect())
    }

    pub fn get_bool(&self, path: &str) -> Result<bool, Error> {
        let value = self.get(path)?;
        value.as_bool().ok_or_else(|| mistyped(path, value, "a bool"))
    }

    /// A number that is written without a fraction or an exponent, if 64 bits hold it.
    pub fn get_integer(&self, path: &str) -> Result<i64, Error> {
        let number = self.get_number(path)?;
        number.as_i64().ok_or_else(|| Error::NotAnInteger {
            path: quoted(path),
            number: quoted(number.as_str()),
        })
    }

    /// A number with the digits that it is written with.
    pub fn get_number(&self, path: &str) -> Result<&Number, Error> {
        let value = self.get(path)?;
        value.as_number().ok_or_else(|| mistyped(path, value, "a number"))
    }

    pub fn get_text(&self, path: &str) -> Result<&str, Error> {
        let value = self.get(path)?;
        value.as_text().ok_or_else(|| mistyped(path, value, "a text"))
    }

    /// Any part.
    pub fn get(&self, path: &str) -> Result<&Value, Error> {
        Ok(Path::parse(path)?.find(&self.root)?)
    }

    /// The whole value as text, on one line or indented.
    pub fn to_text(&self, indented: bool) -> String {
        if indented { json::pretty(&self.root) } else { json::write(&self.root) }
    }

    pub fn into_value(self) -> Value {
        self.root
    }

    /// How much memory the value takes, about. Whoever keeps documents for others bounds the sum.
    pub fn held_bytes(&self) -> usize {
        held_bytes(&self.root)
    }
}

impl From<Value> for Document {
    fn from(root: Value) -> Self {
        Self { root }
    }
}

fn mistyped(path: &str, found: &Value, wanted: &'static str) -> Error {
    Error::Mistyped { path: quoted(path), found: Kind::of(found), wanted }
}

/// How many values the text has if it is JSON: every one but the first follows an opening bracket
/// or a comma.
fn values_at_most(text: &str) -> usize {
    let mut count = 1;
    let mut in_text = false;
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_text = !in_text,
            b'\\' if in_text => drop(bytes.next()),
            b'[' | b'{' | b',' if !in_text => count += 1,
            _ => {}
        }
    }
    count
}

/// Depth is bounded where values are read, so this cannot exhaust the stack.
fn held_bytes(value: &Value) -> usize {
    /// Of a field besides name and value: its hash and its place in the index.
    const FIELD: usize = 3 * size_of::<usize>();
    size_of::<Value>()
        + match value {
            Value::Null | Value::Bool(_) => 0,
            Value::Number(number) => number.as_str().len(),
            Value::Text(text) => text.len(),
            Value::List(items) => items.iter().map(held_bytes).sum(),
            Value::Object(fields) => {
                let field =
                    |(name, value): (&String, &Value)| name.len() + FIELD + held_bytes(value);
                fields.iter().map(|it| size_of::<String>() + field(it)).sum()
            }
        }
}

#[cfg(test)]
mod tests;
