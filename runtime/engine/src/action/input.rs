//! Values as actions take them: each type says what it is called and what it makes of a value.

use std::time::Duration;

use flow::expr::{Shape, Type};
use flow::signature::Param;
use indexmap::IndexMap;
use model::similar::closest;
use model::time::parse_span;
use model::{Ending, Expiry, Priority, Timestamp, Value, time};

use super::given::{Given, Misfit};
use crate::datetime::Moment;
use crate::failure::Failure;
use crate::shown::quoted;

/// What can be read out of a value.
pub(super) trait Input: Sized {
    /// What a flow is checked against.
    fn takes() -> Type;

    fn read(value: Value) -> Result<Self, Misfit>;

    /// What it is where nothing is given, if it may be left out.
    fn absent() -> Option<Self> {
        None
    }

    /// Is null the same as nothing?
    fn null_is_none() -> bool {
        true
    }
}

/// Named inputs, as `inputs!` makes them.
pub(super) trait Inputs: Sized {
    fn params() -> IndexMap<String, Param>;

    fn take(given: &mut Given) -> Result<Self, Misfit>;
}

/// Reads everything that an action takes, and refuses everything else.
pub(super) fn read<T: Inputs>(given: IndexMap<String, Value>) -> Result<T, Failure> {
    Ok(read_fields(given)?)
}

pub(super) fn read_fields<T: Inputs>(given: IndexMap<String, Value>) -> Result<T, Misfit> {
    let mut given = Given(given);
    let inputs = T::take(&mut given)?;
    given.finish(&T::params())?;
    Ok(inputs)
}

/// A field as flows write it: `delay-until` for `delay_until`, `type` for `type_`.
pub(super) fn name_of(field: &str) -> String {
    field.trim_end_matches('_').replace('_', "-")
}

/// One input as flows see it.
pub(super) fn param<T: Input>(docs: &[&str], default: Option<Value>) -> Param {
    let required = default.is_none() && T::absent().is_none();
    let docs = docs.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
    Param { takes: T::takes(), required, default, docs }
}

/// The type of an object with these fields.
pub(super) fn object_of(params: IndexMap<String, Param>) -> Type {
    let left_out = params.iter().filter(|(_, param)| !param.required);
    let may_miss = left_out.map(|(name, _)| name.clone()).collect();
    let fields = params.into_iter().map(|(name, param)| (name, param.takes)).collect();
    Type::Object(Shape { fields, may_miss, ..Shape::default() })
}

/// Any value, null included.
impl Input for Value {
    fn takes() -> Type {
        Type::Unknown
    }

    fn read(value: Value) -> Result<Self, Misfit> {
        Ok(value)
    }

    fn null_is_none() -> bool {
        false
    }
}

impl Input for String {
    fn takes() -> Type {
        Type::Text
    }

    fn read(value: Value) -> Result<Self, Misfit> {
        match value {
            Value::Text(text) => Ok(text),
            other => Err(Misfit::type_of(&other, "a text")),
        }
    }
}

impl Input for bool {
    fn takes() -> Type {
        Type::Bool
    }

    fn read(value: Value) -> Result<Self, Misfit> {
        value.as_bool().ok_or_else(|| Misfit::type_of(&value, "true or false"))
    }
}

impl Input for u64 {
    fn takes() -> Type {
        Type::Number
    }

    fn read(value: Value) -> Result<Self, Misfit> {
        let whole = value.as_number().and_then(model::Number::as_u64);
        whole.ok_or_else(|| Misfit::type_of(&value, "a whole number that is not negative"))
    }
}

impl Input for i64 {
    fn takes() -> Type {
        Type::Number
    }

    fn read(value: Value) -> Result<Self, Misfit> {
        let whole = value.as_number().and_then(model::Number::as_i64);
        whole.ok_or_else(|| Misfit::type_of(&value, "a whole number"))
    }
}

impl<T: Input> Input for Option<T> {
    fn takes() -> Type {
        T::takes().optional()
    }

    fn read(value: Value) -> Result<Self, Misfit> {
        T::read(value).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Input> Input for Vec<T> {
    fn takes() -> Type {
        Type::list(T::takes())
    }

    fn read(value: Value) -> Result<Self, Misfit> {
        let Value::List(items) = value else { return Err(Misfit::type_of(&value, "a list")) };
        let item = |(index, item)| T::read(item).map_err(|misfit: Misfit| misfit.at(index));
        items.into_iter().enumerate().map(item).collect()
    }
}

/// Any names, and what stands under each.
impl<T: Input> Input for IndexMap<String, T> {
    fn takes() -> Type {
        Type::map(T::takes())
    }

    fn read(value: Value) -> Result<Self, Misfit> {
        let Value::Object(fields) = value else { return Err(Misfit::type_of(&value, "an object")) };
        let field = |(name, value): (String, Value)| match T::read(value) {
            Ok(value) => Ok((name, value)),
            Err(misfit) => Err(misfit.within(&name)),
        };
        fields.into_iter().map(field).collect()
    }
}

impl Input for Moment {
    fn takes() -> Type {
        Type::Datetime
    }

    fn read(value: Value) -> Result<Self, Misfit> {
        let text = text_of(value, "a datetime such as `2026-04-06T09:30:00Z`")?;
        text.parse().map_err(|error: crate::datetime::Error| {
            Misfit::new(format!("is no datetime: {error}"), error.hint())
        })
    }
}

/// A moment that the store keeps.
impl Input for Timestamp {
    fn takes() -> Type {
        Moment::takes()
    }

    fn read(value: Value) -> Result<Self, Misfit> {
        let told = Moment::read(value)?.timestamp();
        let kept = time::of_microsecond(told.as_microsecond());
        time::check_moment(kept).map_err(|error| Misfit::new(error.to_string(), error.hint()))?;
        Ok(kept)
    }
}

impl Input for Duration {
    fn takes() -> Type {
        Type::Duration
    }

    fn read(value: Value) -> Result<Self, Misfit> {
        let text = text_of(value, "a length of time such as `5m`")?;
        let wrong = |_| {
            let problem = format!("is `{}`, which is not a length of time", quoted(&text));
            Misfit::new(problem, time::NotASpan::HINT)
        };
        parse_span(&text).map_err(wrong)
    }
}

/// A word or a number.
impl Input for Priority {
    fn takes() -> Type {
        Type::Unknown
    }

    fn read(value: Value) -> Result<Self, Misfit> {
        let wrong = |error: model::Error| Misfit::new(format!("is wrong: {error}"), error.hint());
        match &value {
            Value::Text(text) => text.parse().map_err(wrong),
            Value::Number(number) => number.as_str().parse().map_err(wrong),
            other => Err(Misfit::type_of(other, "`high`, `normal`, `low` or a number")),
        }
    }
}

impl Input for Expiry {
    fn takes() -> Type {
        Type::Text
    }

    fn read(value: Value) -> Result<Self, Misfit> {
        match value.as_text() {
            Some("never") => Ok(Self::Never),
            Some("of-queue") => Ok(Self::OfQueue),
            _ => Timestamp::read(value).map(Self::At),
        }
    }
}

fn text_of(value: Value, wanted: &str) -> Result<String, Misfit> {
    match value {
        Value::Text(text) => Ok(text),
        other => Err(Misfit::type_of(&other, wanted)),
    }
}

/// One of some words.
pub(super) fn word<T: Copy>(
    value: &Value,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Result<T, Misfit> {
    let known = || all.iter().map(|one| name(*one));
    let listed = || known().collect::<Vec<_>>().join(", ");
    let Some(text) = value.as_text() else {
        return Err(Misfit::type_of(value, &format!("one of {}", listed())));
    };
    all.iter().copied().find(|one| name(*one) == text).ok_or_else(|| {
        let hint = match closest(text, known()) {
            Some(similar) => format!("did you mean `{similar}`?"),
            None => format!("there is {}", listed()),
        };
        Misfit::new(format!("is `{}`, which is none of its words", quoted(text)), hint)
    })
}

/// Lets enums with `ALL` and `name` be inputs.
macro_rules! words {
    ($($Word:ty),* $(,)?) => {
        $(impl $crate::action::input::Input for $Word {
            fn takes() -> flow::expr::Type {
                flow::expr::Type::word(Self::ALL.map(Self::name))
            }

            fn read(value: model::Value) -> Result<Self, $crate::action::given::Misfit> {
                $crate::action::input::word(&value, &Self::ALL, Self::name)
            }
        })*
    };
}
pub(super) use words;

words!(crate::datetime::Span, crate::log::Level, crate::http::Method, model::Status,);

impl Input for Ending {
    fn takes() -> Type {
        Type::word(Self::ALL.map(|ending| ending.status().name()))
    }

    fn read(value: Value) -> Result<Self, Misfit> {
        word(&value, &Self::ALL, |ending| ending.status().name())
    }
}
