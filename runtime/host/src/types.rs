//! The types of what steps take and give, as a tree that is cheap to share.

use std::fmt;
use std::sync::Arc;

use model::Value;

use crate::names::{Members, Name, Named};

/// A type. What it looks like as a value is told in `sdk/wit/README.md`.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    Bool,
    Integer(Integer),
    F32,
    F64,
    Char,
    Text,
    /// `decimal` of `wharf:host/types`: text that is a number.
    Decimal,
    /// `datetime` of `wharf:host/types`: text that is a moment.
    DateTime,
    /// `json` of `wharf:host/types`: text that is any value.
    Json,
    /// `list<u8>`.
    Bytes,
    List(Arc<Type>),
    /// `list<tuple<string, T>>`.
    Map(Arc<Type>),
    Tuple(Arc<[Type]>),
    Option(Arc<Type>),
    Result(Arc<Either>),
    Record(Arc<Record>),
    Enum(Arc<Choice>),
    Variant(Arc<Choice>),
    Flags(Arc<Choice>),
}

/// The whole numbers of the component model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integer {
    S8,
    S16,
    S32,
    S64,
    U8,
    U16,
    U32,
    U64,
}

impl Integer {
    /// The least and the greatest of them.
    pub fn range(self) -> (i64, u64) {
        match self {
            Self::S8 => (i8::MIN.into(), i8::MAX as u64),
            Self::S16 => (i16::MIN.into(), i16::MAX as u64),
            Self::S32 => (i32::MIN.into(), i32::MAX as u64),
            Self::S64 => (i64::MIN, i64::MAX as u64),
            Self::U8 => (0, u8::MAX.into()),
            Self::U16 => (0, u16::MAX.into()),
            Self::U32 => (0, u32::MAX.into()),
            Self::U64 => (0, u64::MAX),
        }
    }
}

/// `result<ok, err>`; a side may carry nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Either {
    pub ok: Option<Type>,
    pub err: Option<Type>,
}

/// Where a type was defined: what tells `invoice` of one interface from that of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The full name, such as `plugin:finance/finance`; none for a type defined outside interfaces.
    pub interface: Option<Arc<str>>,
    pub name: Name,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub origin: Origin,
    pub docs: Option<String>,
    /// Takes objects with more fields than these.
    pub open: bool,
    pub fields: Members<Field>,
}

/// A field of a record, or a parameter of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub name: Name,
    pub docs: Option<String>,
    pub ty: Type,
    /// What stands in where the field is missing.
    pub default: Option<Value>,
}

impl Field {
    /// Whether a value without it is in order.
    pub fn may_be_missing(&self) -> bool {
        self.default.is_some() || matches!(self.ty, Type::Option(_))
    }
}

impl Named for Field {
    fn name(&self) -> &Name {
        &self.name
    }
}

/// An enum, a variant or flags: names to choose from.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    pub origin: Origin,
    pub docs: Option<String>,
    pub cases: Members<Case>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    pub name: Name,
    pub docs: Option<String>,
    /// What it carries; only cases of variants do.
    pub payload: Option<Type>,
}

impl Named for Case {
    fn name(&self) -> &Name {
        &self.name
    }
}

impl Type {
    /// Where it was defined, for types that have a name.
    pub fn origin(&self) -> Option<&Origin> {
        match self {
            Self::Record(record) => Some(&record.origin),
            Self::Enum(choice) | Self::Variant(choice) | Self::Flags(choice) => {
                Some(&choice.origin)
            }
            _ => None,
        }
    }

    /// The types it is made of, in order.
    pub fn parts(&self) -> Vec<&Type> {
        match self {
            Self::List(inner) | Self::Map(inner) | Self::Option(inner) => vec![inner],
            Self::Tuple(items) => items.iter().collect(),
            Self::Result(either) => either.ok.iter().chain(&either.err).collect(),
            Self::Record(record) => record.fields.iter().map(|field| &field.ty).collect(),
            Self::Variant(choice) => {
                choice.cases.iter().filter_map(|case| case.payload.as_ref()).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Writes the type in the notation of WIT, named types by their name.
impl fmt::Display for Type {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => out.write_str("bool"),
            Self::Integer(integer) => write!(out, "{integer}"),
            Self::F32 => out.write_str("f32"),
            Self::F64 => out.write_str("f64"),
            Self::Char => out.write_str("char"),
            Self::Text => out.write_str("string"),
            Self::Decimal => out.write_str("decimal"),
            Self::DateTime => out.write_str("datetime"),
            Self::Json => out.write_str("json"),
            Self::Bytes => out.write_str("list<u8>"),
            Self::List(item) => write!(out, "list<{item}>"),
            Self::Map(item) => write!(out, "list<tuple<string, {item}>>"),
            Self::Option(inner) => write!(out, "option<{inner}>"),
            Self::Tuple(items) => {
                out.write_str("tuple<")?;
                for (index, item) in items.iter().enumerate() {
                    write!(out, "{}{item}", if index == 0 { "" } else { ", " })?;
                }
                out.write_str(">")
            }
            Self::Result(either) => write!(out, "{either}"),
            Self::Record(record) => out.write_str(record.origin.name.kebab()),
            Self::Enum(choice) | Self::Variant(choice) | Self::Flags(choice) => {
                out.write_str(choice.origin.name.kebab())
            }
        }
    }
}

impl fmt::Display for Either {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.ok, &self.err) {
            (None, None) => out.write_str("result"),
            (Some(ok), None) => write!(out, "result<{ok}>"),
            (None, Some(err)) => write!(out, "result<_, {err}>"),
            (Some(ok), Some(err)) => write!(out, "result<{ok}, {err}>"),
        }
    }
}

impl fmt::Display for Integer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::S8 => "s8",
            Self::S16 => "s16",
            Self::S32 => "s32",
            Self::S64 => "s64",
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::U64 => "u64",
        })
    }
}
