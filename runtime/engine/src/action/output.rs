//! Values as actions give them, with the types that flows know them by.

use flow::expr::Type;
use flow::signature::Output as Gives;
use indexmap::IndexMap;
use model::{Number, Status, Timestamp, Value};

use super::Output;
use crate::datetime::Moment;

/// What becomes a value.
pub(super) trait Answer {
    fn gives() -> Type;

    fn value(self) -> Value;
}

/// The output of an action, for its signature.
pub(super) fn of<T: Answer>() -> Gives {
    Gives::Of(T::gives())
}

pub(super) fn nothing() -> Gives {
    Gives::Nothing
}

pub(super) fn given(answer: impl Answer) -> Output {
    Output::Value(answer.value())
}

impl Answer for Value {
    fn gives() -> Type {
        Type::Unknown
    }

    fn value(self) -> Value {
        self
    }
}

impl Answer for String {
    fn gives() -> Type {
        Type::Text
    }

    fn value(self) -> Value {
        self.into()
    }
}

impl Answer for bool {
    fn gives() -> Type {
        Type::Bool
    }

    fn value(self) -> Value {
        self.into()
    }
}

impl Answer for u64 {
    fn gives() -> Type {
        Type::Number
    }

    fn value(self) -> Value {
        self.into()
    }
}

impl Answer for Number {
    fn gives() -> Type {
        Type::Number
    }

    fn value(self) -> Value {
        self.into()
    }
}

impl Answer for Moment {
    fn gives() -> Type {
        Type::Datetime
    }

    fn value(self) -> Value {
        self.to_string().into()
    }
}

impl Answer for Timestamp {
    fn gives() -> Type {
        Moment::gives()
    }

    fn value(self) -> Value {
        Moment::from(self).value()
    }
}

impl<T: Answer> Answer for Option<T> {
    fn gives() -> Type {
        T::gives().optional()
    }

    fn value(self) -> Value {
        self.map_or(Value::Null, T::value)
    }
}

impl<T: Answer> Answer for Vec<T> {
    fn gives() -> Type {
        Type::list(T::gives())
    }

    fn value(self) -> Value {
        Value::List(self.into_iter().map(T::value).collect())
    }
}

/// Any names. Which ones is known when it runs.
impl<T: Answer> Answer for IndexMap<String, T> {
    fn gives() -> Type {
        Type::map(T::gives())
    }

    fn value(self) -> Value {
        Value::Object(self.into_iter().map(|(name, value)| (name, value.value())).collect())
    }
}

impl Answer for Status {
    fn gives() -> Type {
        Type::word(Self::ALL.map(Self::name))
    }

    fn value(self) -> Value {
        self.name().into()
    }
}
