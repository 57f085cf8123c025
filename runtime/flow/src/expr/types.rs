//! What is known of values before anything runs.

use std::fmt;

use indexmap::IndexMap;

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
    Text,
    List(Box<Type>),
    /// Exactly these fields.
    Object(IndexMap<String, Type>),
    /// May be null or missing.
    Optional(Box<Type>),
}

impl Type {
    pub fn list(items: Self) -> Self {
        Self::List(Box::new(items))
    }

    /// Marks what may be null or missing.
    #[must_use]
    pub fn optional(self) -> Self {
        match self {
            Self::Optional(_) | Self::Unknown | Self::Null => self,
            known => Self::Optional(Box::new(known)),
        }
    }

    /// Whether some part of it is not known.
    pub(super) fn is_vague(&self) -> bool {
        match self {
            Self::Unknown => true,
            Self::Null | Self::Bool | Self::Number | Self::Text => false,
            Self::List(inner) | Self::Optional(inner) => inner.is_vague(),
            Self::Object(fields) => fields.values().any(Self::is_vague),
        }
    }

    /// This, when it is there.
    pub(super) fn present(self) -> Self {
        if let Self::Optional(inner) = self { *inner } else { self }
    }

    /// What is known of a value that is either of two.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (one, two) if one == two => one,
            (Self::Null, known) | (known, Self::Null) => known.optional(),
            (Self::Optional(one), two) | (two, Self::Optional(one)) => {
                one.or(two.present()).optional()
            }
            (Self::List(one), Self::List(two)) => Self::list(one.or(*two)),
            _ => Self::Unknown,
        }
    }

    /// Whether values of the two types may be compared.
    pub(super) fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unknown | Self::Null, _) | (_, Self::Unknown | Self::Null) => true,
            (Self::Optional(one), two) | (two, Self::Optional(one)) => one.meets(two),
            (Self::List(one), Self::List(two)) => one.meets(two),
            (Self::Object(one), Self::Object(two)) => {
                one.iter().all(|(name, known)| two.get(name).is_none_or(|two| known.meets(two)))
            }
            (one, two) => one == two,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => out.write_str("unknown"),
            Self::Null => out.write_str("null"),
            Self::Bool => out.write_str("bool"),
            Self::Number => out.write_str("number"),
            Self::Text => out.write_str("text"),
            Self::List(items) if **items == Self::Unknown => out.write_str("list"),
            Self::List(items) => write!(out, "list of {items}"),
            Self::Object(_) => out.write_str("object"),
            Self::Optional(inner) => write!(out, "{inner} or null"),
        }
    }
}
