//! What is known of values before anything runs.

mod accept;
mod mix;

use std::collections::BTreeSet;
use std::fmt;

use indexmap::IndexMap;

pub use accept::Mismatch;

/// The names an expression may start a path with, and what is known of each.
pub type Types = IndexMap<String, Type>;

/// What is known of a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Type {
    /// Nothing is known; what depends on it is checked when it runs.
    #[default]
    Unknown,
    Null,
    Bool,
    Number,
    /// A number, or a text that says one: what a step may ask for that keeps every digit.
    Numeric,
    Text,
    /// A text that is a moment: `2026-01-31T08:00:00Z`.
    Datetime,
    /// A text that is a span of time: `5m`.
    Duration,
    /// A text that is one of these.
    Word(Vec<String>),
    List(Box<Type>),
    /// An object with any names, all of one type.
    Map(Box<Type>),
    Object(Shape),
    /// Rows that are read one by one, by `for-each` only.
    Stream(Box<Type>),
    /// May be null.
    Optional(Box<Type>),
}

/// What is known of the fields of an object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    pub fields: Types,
    /// There may be more fields than these, of which nothing is known.
    pub open: bool,
    /// The names of fields are found by their words, however they are spelt: `DueDate` is
    /// `due_date`. Records of plugins are like that.
    pub loose: bool,
    /// The names of fields that need not be there at all. A field that is there and may be null is
    /// [`Type::Optional`] instead.
    pub may_miss: BTreeSet<String>,
}

impl From<Types> for Shape {
    fn from(fields: Types) -> Self {
        Self { fields, ..Self::default() }
    }
}

impl Type {
    pub fn list(items: Self) -> Self {
        Self::List(Box::new(items))
    }

    pub fn map(values: Self) -> Self {
        Self::Map(Box::new(values))
    }

    pub fn stream(rows: Self) -> Self {
        Self::Stream(Box::new(rows))
    }

    pub fn word<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        Self::Word(words.into_iter().map(str::to_owned).collect())
    }

    /// An object with exactly these fields.
    pub fn object<'n>(fields: impl IntoIterator<Item = (&'n str, Self)>) -> Self {
        Self::Object(named(fields).into())
    }

    /// An object with these fields and any others.
    pub fn open<'n>(fields: impl IntoIterator<Item = (&'n str, Self)>) -> Self {
        Self::Object(Shape { open: true, ..named(fields).into() })
    }

    /// Marks what may be null.
    #[must_use]
    pub fn optional(self) -> Self {
        match self {
            Self::Optional(_) | Self::Unknown | Self::Null => self,
            known => Self::Optional(Box::new(known)),
        }
    }

    /// This, when it is there.
    #[must_use]
    pub fn present(self) -> Self {
        if let Self::Optional(inner) = self { *inner } else { self }
    }

    /// What a name keeps that is given this once: any text where a certain one was given.
    #[must_use]
    pub fn widened(self) -> Self {
        match self {
            Self::Word(_) => Self::Text,
            Self::List(inner) => Self::list(inner.widened()),
            Self::Optional(inner) => inner.widened().optional(),
            Self::Object(mut shape) => {
                for known in shape.fields.values_mut() {
                    *known = std::mem::take(known).widened();
                }
                Self::Object(shape)
            }
            known => known,
        }
    }

    /// Whether some part of it is not known.
    pub fn is_vague(&self) -> bool {
        match self {
            Self::Unknown => true,
            Self::List(inner) | Self::Map(inner) | Self::Stream(inner) | Self::Optional(inner) => {
                inner.is_vague()
            }
            Self::Object(shape) => shape.open || shape.fields.values().any(Self::is_vague),
            _ => false,
        }
    }

    /// Whether values of it are texts.
    pub fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::Datetime | Self::Duration | Self::Word(_))
    }
}

fn named<'n>(fields: impl IntoIterator<Item = (&'n str, Type)>) -> Types {
    fields.into_iter().map(|(name, known)| (name.to_owned(), known)).collect()
}

/// How many words are told of many.
const WORDS_SHOWN: usize = 12;

impl fmt::Display for Type {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => out.write_str("unknown"),
            Self::Null => out.write_str("null"),
            Self::Bool => out.write_str("bool"),
            Self::Number => out.write_str("number"),
            Self::Numeric => out.write_str("number or text with a number"),
            Self::Datetime => out.write_str("datetime"),
            Self::Duration => out.write_str("duration"),
            // What is written in quotes is a text to people.
            Self::Word(words) if words.len() > 1 => {
                let shown = words.iter().take(WORDS_SHOWN).map(String::as_str).collect::<Vec<_>>();
                let more = if words.len() > shown.len() { ", …" } else { "" };
                write!(out, "one of {}{more}", shown.join(", "))
            }
            Self::Text | Self::Word(_) => out.write_str("text"),
            Self::List(items) if **items == Self::Unknown => out.write_str("list"),
            Self::List(items) => write!(out, "list of {items}"),
            Self::Map(values) if **values == Self::Unknown => out.write_str("object"),
            Self::Map(values) => write!(out, "object of {values}"),
            Self::Object(_) => out.write_str("object"),
            Self::Stream(rows) if **rows == Self::Unknown => out.write_str("stream"),
            Self::Stream(rows) => write!(out, "stream of {rows}"),
            Self::Optional(inner) => write!(out, "{inner} or null"),
        }
    }
}
