//! Whether what is given fits what is wanted, and if not, which part of it does not and why.

use std::fmt;

use model::similar::{closest, one_of};
use model::spelling::meant;
use model::time::{parse_moment, parse_span};
use model::{Number, Value};

use super::{Shape, Type};

/// The first part of a type that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// From the whole to the part, such as `.lines[…].amount`; empty for the whole.
    pub path: String,
    pub problem: String,
    pub hint: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.trim_start_matches('.') {
            "" => out.write_str(&self.problem),
            path => write!(out, "`{path}`: {}", self.problem),
        }
    }
}

impl Mismatch {
    pub(crate) fn new(problem: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { path: String::new(), problem: problem.into(), hint: hint.into() }
    }

    fn types(wanted: &Type, found: &Type) -> Self {
        let hint = super::super::eval::towards(&wanted.to_string(), &found.to_string());
        Self::new(format!("expected {wanted}, found {found}"), hint)
    }

    fn within(mut self, part: &str) -> Self {
        self.path.insert_str(0, part);
        self
    }

    fn at(self, name: &str) -> Self {
        self.within(&format!(".{name}"))
    }
}

type Fit = Result<(), Mismatch>;

impl Type {
    /// Whether a value of the type `given` may stand where this type is wanted. A text may stand
    /// for a certain text: it is judged when it runs, unless it is known.
    pub fn accepts(&self, given: &Self) -> Fit {
        match (self, given) {
            (Self::Stream(wanted), Self::Stream(rows)) => wanted.accepts(rows),
            (_, Self::Stream(_)) => {
                let hint = "only `for-each` reads a stream: `for-each: ${{ rows }}`";
                Err(Mismatch::new("a stream cannot be kept or passed on", hint))
            }
            (Self::Unknown, _)
            | (_, Self::Unknown)
            | (Self::Optional(_), Self::Null)
            | (Self::Numeric, Self::Number | Self::Text)
            | (Self::Datetime | Self::Duration | Self::Word(_), Self::Text) => Ok(()),
            (Self::Optional(wanted), given) => match given {
                Self::Optional(inner) => wanted.accepts(inner),
                given => wanted.accepts(given),
            },
            (wanted, Self::Optional(inner)) => {
                wanted.accepts(inner)?;
                let hint = "give a default for null with `??`";
                Err(Mismatch::new(format!("expected {wanted}, and this may be null"), hint))
            }
            (wanted, Self::Word(words)) => words.iter().try_for_each(|word| wanted.takes(word)),
            (Self::Text, given) if given.is_text() => Ok(()),
            (Self::List(wanted), Self::List(given)) => {
                wanted.accepts(given).map_err(|mismatch| mismatch.within("[…]"))
            }
            (Self::Map(wanted), Self::Map(given)) => {
                wanted.accepts(given).map_err(|mismatch| mismatch.within("[…]"))
            }
            (Self::Map(wanted), Self::Object(given)) => given
                .fields
                .iter()
                .try_for_each(|(name, it)| wanted.accepts(it).map_err(|fault| fault.at(name))),
            (Self::Object(wanted), Self::Object(given)) => wanted.accepts(given),
            (Self::Object(wanted), Self::Map(values)) => wanted.accepts_any(values),
            (wanted, given) if wanted == given => Ok(()),
            (wanted, given) => Err(Mismatch::types(wanted, given)),
        }
    }

    /// Whether that very text may stand where this type is wanted.
    pub(crate) fn takes(&self, text: &str) -> Fit {
        let shown = || text.chars().take(60).collect::<String>();
        match self {
            Self::Unknown | Self::Text => Ok(()),
            Self::Optional(inner) => inner.takes(text),
            Self::Datetime if matches!(parse_moment(text), Some(Ok(_))) => Ok(()),
            Self::Datetime => Err(Mismatch::new(
                format!("`{}` is not a moment", shown()),
                "a moment is written as `2026-01-31T08:00:00Z`; `now` is this one",
            )),
            Self::Duration if parse_span(text).is_ok() => Ok(()),
            Self::Duration => Err(Mismatch::new(
                format!("`{}` is not a span of time", shown()),
                "a span is written as `30s`, `5m`, `1h30m` or `7d`",
            )),
            Self::Numeric if Number::new(text.trim()).is_some() => Ok(()),
            Self::Number | Self::Numeric if Number::new(text.trim()).is_none() => {
                let hint = "a number is written as `12`, `-0.5` or `1e3`";
                Err(Mismatch::new(format!("`{}` is not a number", shown()), hint))
            }
            Self::Word(words) => {
                let words = words.iter().map(String::as_str).collect::<Vec<_>>();
                if words.contains(&text) {
                    return Ok(());
                }
                let problem = format!("`{}` is none of the words that are allowed", shown());
                Err(Mismatch::new(problem, one_of(text, &words)))
            }
            wanted => Err(Mismatch::types(wanted, &Self::Text)),
        }
    }

    /// Whether that very value may stand where this type is wanted.
    pub fn takes_value(&self, value: &Value) -> Fit {
        self.accepts(&Self::of(value))
    }

    /// Everything that is known of a value that is at hand.
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Bool,
            Value::Number(_) => Self::Number,
            Value::Text(text) => Self::word([text.as_str()]),
            Value::List(items) => {
                Self::list(items.iter().map(Self::of).reduce(Self::or).unwrap_or_default())
            }
            Value::Object(fields) => {
                Self::object(fields.iter().map(|(name, field)| (name.as_str(), Self::of(field))))
            }
        }
    }
}

impl Shape {
    fn accepts(&self, given: &Self) -> Fit {
        let mut found = Vec::with_capacity(given.fields.len());
        for (name, known) in &given.fields {
            let Some(meant) = self.meant(name) else {
                if self.open {
                    continue;
                }
                return Err(self.unknown(name));
            };
            if found.contains(&meant) {
                let problem = format!("`{meant}` is given twice, in two spellings");
                return Err(Mismatch::new(problem, "keep one of them").at(name));
            }
            found.push(meant);
            let wanted = &self.fields[meant];
            wanted.accepts(known).map_err(|mismatch| mismatch.at(name))?;
            if given.may_miss.contains(name) && self.must_have(meant, wanted) {
                let hint = "give it a default with `??` where the object is made";
                return Err(Mismatch::new("it may be missing", hint).at(name));
            }
        }
        let missing = self
            .fields
            .iter()
            .find(|(name, wanted)| !found.contains(&name.as_str()) && self.must_have(name, wanted));
        match missing {
            Some((name, wanted)) if !given.open => Err(missing_field(name, wanted)),
            _ => Ok(()),
        }
    }

    /// The field that is meant by a name.
    pub(crate) fn meant(&self, name: &str) -> Option<&str> {
        let exact = self.fields.get_key_value(name).map(|(name, _)| name.as_str());
        let loose = || meant(name, &self.fields.keys().map(String::as_str));
        exact.or_else(|| if self.loose { loose() } else { None })
    }

    /// Whether an object without that field is none of these.
    pub(crate) fn must_have(&self, name: &str, wanted: &Type) -> bool {
        let may_be_null = matches!(wanted, Type::Optional(_) | Type::Unknown | Type::Null);
        !may_be_null && !self.may_miss.contains(name)
    }

    pub(crate) fn unknown(&self, name: &str) -> Mismatch {
        let known = self.fields.keys().map(String::as_str);
        let hint = match closest(name, known.clone()) {
            Some(close) => format!("did you mean `{close}`?"),
            None if self.fields.is_empty() => "leave it out".to_owned(),
            None => format!("known here: {}", known.collect::<Vec<_>>().join(", ")),
        };
        Mismatch::new("there is no such field", hint).at(name)
    }

    fn accepts_any(&self, values: &Type) -> Fit {
        for (name, wanted) in &self.fields {
            if self.must_have(name, wanted) {
                let hint = "make an object of the fields that are needed";
                let problem = format!("expected {wanted}, and nobody knows whether it is there");
                return Err(Mismatch::new(problem, hint).at(name));
            }
            wanted.accepts(values).map_err(|mismatch| mismatch.at(name))?;
        }
        Ok(())
    }
}

pub(crate) fn missing_field(name: &str, wanted: &Type) -> Mismatch {
    Mismatch::new("it is missing", format!("give {wanted}")).at(name)
}
