//! Two types at once: of a value that is either, and of two values that are compared.

use super::{Shape, Type};

/// The most words that are kept apart; more of them are any text.
const WORDS: usize = 64;

impl Type {
    /// What is known of a value that is either of two.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (one, two) if one == two => one,
            (Self::Null, known) | (known, Self::Null) => known.optional(),
            (Self::Optional(one), two) | (two, Self::Optional(one)) => {
                one.or(two.present()).optional()
            }
            (Self::List(one), Self::List(two)) => Self::list(one.or(*two)),
            (Self::Map(one), Self::Map(two)) => Self::map(one.or(*two)),
            (Self::Object(one), Self::Object(two)) => Self::Object(one.or(two)),
            (Self::Word(one), Self::Word(two)) => either(one, two),
            (one, two) if one.is_text() && two.is_text() => Self::Text,
            _ => Self::Unknown,
        }
    }

    /// Whether values of the two types may be compared.
    pub(in crate::expr) fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unknown | Self::Null, _) | (_, Self::Unknown | Self::Null) => true,
            (Self::Optional(one), two) | (two, Self::Optional(one)) => one.meets(two),
            (Self::List(one), Self::List(two)) | (Self::Map(one), Self::Map(two)) => one.meets(two),
            (Self::Map(values), Self::Object(shape)) | (Self::Object(shape), Self::Map(values)) => {
                shape.fields.values().all(|known| known.meets(values))
            }
            (Self::Object(one), Self::Object(two)) => one
                .fields
                .iter()
                .all(|(name, known)| two.fields.get(name).is_none_or(|two| known.meets(two))),
            (one, two) => one == two || one.is_text() && two.is_text(),
        }
    }
}

impl Shape {
    /// A field that only one of two has may be missing.
    fn or(self, mut other: Self) -> Self {
        let mut both = Self {
            open: self.open || other.open,
            loose: self.loose && other.loose,
            may_miss: &self.may_miss | &other.may_miss,
            ..Self::default()
        };
        for (name, known) in self.fields {
            let known = match other.fields.shift_remove(&name) {
                Some(two) => known.or(two),
                None => both.missing_from(other.open, &name, known),
            };
            both.fields.insert(name, known);
        }
        for (name, known) in other.fields {
            let known = both.missing_from(self.open, &name, known);
            both.fields.insert(name, known);
        }
        both
    }

    /// Nothing is known of what an open object has at a name that it does not list.
    fn missing_from(&mut self, open: bool, name: &str, known: Type) -> Type {
        self.may_miss.insert(name.to_owned());
        if open { Type::Unknown } else { known }
    }
}

fn either(mut one: Vec<String>, two: Vec<String>) -> Type {
    for word in two {
        if !one.contains(&word) {
            one.push(word);
        }
    }
    if one.len() > WORDS { Type::Text } else { Type::Word(one) }
}
