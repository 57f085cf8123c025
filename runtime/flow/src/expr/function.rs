//! The functions of the language. What is not listed here does not exist: no clock, no randomness,
//! no dates (`datetime.*` steps do those), nothing that reaches outside.

#[expect(clippy::unnecessary_wraps, reason = "some bodies cannot fail, all have one shape")]
mod body;

use std::borrow::Cow;

use model::Value;

use super::Type;
use super::decimal::Calculated;

#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) usage: &'static str,
    /// What each argument must be, the optional ones last.
    pub(super) takes: &'static [Want],
    /// How many arguments there must be.
    pub(super) needs: usize,
    pub(super) gives: fn(&[Type]) -> Type,
    pub(super) body: Body,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    Any,
    Number,
    Text,
    List,
    Object,
    /// A text, a list or an object.
    Sized,
    /// A text or a list.
    Holder,
}

#[derive(Debug)]
pub(super) enum Body {
    Plain(fn(&[Cow<'_, Value>]) -> Calculated<Value>),
    /// Evaluates the second argument for each item of the first.
    Each(Each),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Each {
    All,
    Filter,
    Map,
    Some,
}

impl Function {
    pub(super) fn count(&self) -> String {
        match (self.needs, self.takes.len()) {
            (1, 1) => "1 argument".to_owned(),
            (least, most) if least == most => format!("{most} arguments"),
            (least, most) => format!("{least} to {most} arguments"),
        }
    }
}

impl Want {
    pub(super) fn accepts(self, value: &Value) -> bool {
        match self {
            Self::Any => true,
            Self::Number => matches!(value, Value::Number(_)),
            Self::Text => matches!(value, Value::Text(_)),
            Self::List => matches!(value, Value::List(_)),
            Self::Object => matches!(value, Value::Object(_)),
            Self::Sized => matches!(value, Value::Text(_) | Value::List(_) | Value::Object(_)),
            Self::Holder => matches!(value, Value::Text(_) | Value::List(_)),
        }
    }

    pub(super) fn admits(self, known: &Type) -> bool {
        match known {
            Type::Unknown => true,
            Type::Number => matches!(self, Self::Any | Self::Number),
            Type::Text => matches!(self, Self::Any | Self::Text | Self::Sized | Self::Holder),
            Type::List(_) => matches!(self, Self::Any | Self::List | Self::Sized | Self::Holder),
            Type::Object(_) => matches!(self, Self::Any | Self::Object | Self::Sized),
            Type::Null | Type::Bool | Type::Optional(_) => self == Self::Any,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Any => "any value",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::List => "a list",
            Self::Object => "an object",
            Self::Sized => "a text, a list or an object",
            Self::Holder => "a text or a list",
        }
    }
}

macro_rules! plain {
    ($usage:literal, $name:ident[$($want:ident),+] $needs:literal, $gives:expr) => {
        Function {
            name: stringify!($name),
            usage: $usage,
            takes: &[$(Want::$want),+],
            needs: $needs,
            gives: $gives,
            body: Body::Plain(body::$name),
        }
    };
}

macro_rules! each {
    ($usage:literal, $name:literal, $each:ident, $gives:expr) => {
        Function {
            name: $name,
            usage: $usage,
            takes: &[Want::List, Want::Any],
            needs: 2,
            gives: $gives,
            body: Body::Each(Each::$each),
        }
    };
}

pub(super) const FUNCTIONS: &[Function] = &[
    plain!("abs(number)", abs[Number] 1, |_| Type::Number),
    each!("all(list, condition on #)", "all", All, |_| Type::Bool),
    plain!("ceil(number)", ceil[Number] 1, |_| Type::Number),
    plain!("contains(text or list, part)", contains[Holder, Any] 2, |_| Type::Bool),
    plain!("ends_with(text, end)", ends_with[Text, Text] 2, |_| Type::Bool),
    each!("filter(list, condition on #)", "filter", Filter, |types| types[0].clone()),
    plain!("floor(number)", floor[Number] 1, |_| Type::Number),
    plain!("join(texts, between)", join[List, Text] 2, |_| Type::Text),
    plain!("keys(object)", keys[Object] 1, |_| Type::list(Type::Text)),
    plain!("len(text, list or object)", len[Sized] 1, |_| Type::Number),
    plain!("lower(text)", lower[Text] 1, |_| Type::Text),
    each!("map(list, value from #)", "map", Map, |types| Type::list(types[1].clone())),
    plain!("max(numbers)", max[List] 1, |_| Type::Number),
    plain!("min(numbers)", min[List] 1, |_| Type::Number),
    plain!("number(text)", number[Any] 1, |_| Type::Number),
    plain!("replace(text, old, new)", replace[Text, Text, Text] 3, |_| Type::Text),
    plain!("round(number, places)", round[Number, Number] 1, |_| Type::Number),
    each!("some(list, condition on #)", "some", Some, |_| Type::Bool),
    plain!("split(text, between)", split[Text, Text] 2, |_| Type::list(Type::Text)),
    plain!("starts_with(text, start)", starts_with[Text, Text] 2, |_| Type::Bool),
    plain!("sum(numbers)", sum[List] 1, |_| Type::Number),
    plain!("text(value)", text[Any] 1, |_| Type::Text),
    plain!("trim(text)", trim[Text] 1, |_| Type::Text),
    plain!("upper(text)", upper[Text] 1, |_| Type::Text),
    plain!("values(object)", values[Object] 1, |_| Type::list(Type::Unknown)),
];
