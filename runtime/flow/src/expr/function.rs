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
    Numbers,
    Texts,
    Object,
    /// A text, a list or an object.
    Sized,
    /// A text, a number or a bool.
    Plain,
    /// A text or a number.
    Numeric,
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
            Self::Numbers => every(value, |item| matches!(item, Value::Number(_))),
            Self::Texts => every(value, |item| matches!(item, Value::Text(_))),
            Self::Object => matches!(value, Value::Object(_)),
            Self::Sized => matches!(value, Value::Text(_) | Value::List(_) | Value::Object(_)),
            Self::Plain => matches!(value, Value::Text(_) | Value::Number(_) | Value::Bool(_)),
            Self::Numeric => matches!(value, Value::Text(_) | Value::Number(_)),
        }
    }

    pub(super) fn admits(self, known: &Type) -> bool {
        match known {
            _ if self == Self::Any => true,
            Type::Unknown => true,
            Type::Bool => self == Self::Plain,
            Type::Number => matches!(self, Self::Number | Self::Plain | Self::Numeric),
            Type::Numeric => matches!(self, Self::Plain | Self::Numeric),
            known if known.is_text() => {
                matches!(self, Self::Text | Self::Sized | Self::Plain | Self::Numeric)
            }
            Type::List(items) => match self {
                Self::List | Self::Sized => true,
                Self::Numbers => matches!(**items, Type::Number | Type::Unknown),
                Self::Texts => items.is_text() || **items == Type::Unknown,
                _ => false,
            },
            Type::Object(_) | Type::Map(_) => matches!(self, Self::Object | Self::Sized),
            _ => false,
        }
    }

    /// Says what is there instead, down to the item of a list.
    pub(super) fn found(self, value: &Value) -> String {
        let item = match self {
            Self::Numbers => Self::Number,
            _ => Self::Text,
        };
        let odd = |items: &[Value]| items.iter().position(|value| !item.accepts(value));
        match value.as_list().map(|items| (items, odd(items))) {
            Some((items, Some(index))) if matches!(self, Self::Numbers | Self::Texts) => {
                format!("a list with {} at item {index}", items[index].type_name())
            }
            _ => value.type_name().to_owned(),
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Any => "any value",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::List => "a list",
            Self::Numbers => "a list of numbers",
            Self::Texts => "a list of texts",
            Self::Object => "an object",
            Self::Sized => "a text, a list or an object",
            Self::Plain => "a text, a number or a bool",
            Self::Numeric => "a text or a number",
        }
    }
}

fn every(value: &Value, accepts: impl Fn(&Value) -> bool) -> bool {
    value.as_list().is_some_and(|items| items.iter().all(accepts))
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
    plain!("contains(text, part)", contains[Text, Text] 2, |_| Type::Bool),
    plain!("ends_with(text, end)", ends_with[Text, Text] 2, |_| Type::Bool),
    each!("filter(list, condition on #)", "filter", Filter, |types| listed(&types[0])),
    plain!("floor(number)", floor[Number] 1, |_| Type::Number),
    plain!("join(texts, between)", join[Texts, Text] 2, |_| Type::Text),
    plain!("keys(object)", keys[Object] 1, |_| Type::list(Type::Text)),
    plain!("len(text, list or object)", len[Sized] 1, |_| Type::Number),
    plain!("lower(text)", lower[Text] 1, |_| Type::Text),
    each!("map(list, value from #)", "map", Map, |types| Type::list(types[1].clone())),
    plain!("max(numbers)", max[Numbers] 1, |_| Type::Number),
    plain!("min(numbers)", min[Numbers] 1, |_| Type::Number),
    plain!("number(text)", number[Numeric] 1, |_| Type::Number),
    plain!("replace(text, old, new)", replace[Text, Text, Text] 3, |_| Type::Text),
    plain!("round(number, places)", round[Number, Number] 1, |_| Type::Number),
    each!("some(list, condition on #)", "some", Some, |_| Type::Bool),
    plain!("split(text, between)", split[Text, Text] 2, |_| Type::list(Type::Text)),
    plain!("starts_with(text, start)", starts_with[Text, Text] 2, |_| Type::Bool),
    plain!("sum(numbers)", sum[Numbers] 1, |_| Type::Number),
    plain!("text(value)", text[Plain] 1, |_| Type::Text),
    plain!("trim(text)", trim[Text] 1, |_| Type::Text),
    plain!("upper(text)", upper[Text] 1, |_| Type::Text),
    plain!("values(object)", values[Object] 1, |types| inside(&types[0])),
];

/// What `filter` gives of what it is given.
fn listed(known: &Type) -> Type {
    if matches!(known, Type::List(_)) { known.clone() } else { Type::list(Type::Unknown) }
}

/// What `values` gives of what it is given.
fn inside(known: &Type) -> Type {
    Type::list(match known {
        Type::Map(values) => (**values).clone(),
        _ => Type::Unknown,
    })
}
