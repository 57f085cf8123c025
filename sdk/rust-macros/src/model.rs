//! What a module offers: its steps and their types, as read from the source.

use proc_macro2::Ident;
use syn::Type;

use crate::defaults::Literal;

/// A name in Rust and in the interface.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub(crate) ident: Ident,
    /// In `kebab-case`.
    pub(crate) wire: String,
}

impl Name {
    pub(crate) fn new(ident: &Ident) -> syn::Result<Self> {
        Ok(Self { wire: crate::words::wire_name(ident)?, ident: ident.clone() })
    }

    /// As JSON has it.
    pub(crate) fn json(&self) -> String {
        crate::words::snake(&self.wire)
    }
}

/// A whole module.
#[derive(Debug)]
pub(crate) struct Interface {
    pub(crate) name: Name,
    pub(crate) docs: String,
    pub(crate) steps: Vec<Step>,
    /// In the order of the source.
    pub(crate) types: Vec<Named>,
    pub(crate) failures: Vec<Failures>,
}

impl Interface {
    pub(crate) fn named(&self, ident: &str) -> Option<&Named> {
        self.types.iter().find(|named| named.name.ident == ident)
    }

    /// The types that are part of the interface; others are only values.
    pub(crate) fn exported(&self) -> impl Iterator<Item = &Named> {
        self.types.iter().filter(|named| named.exported)
    }
}

#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) name: Name,
    pub(crate) docs: String,
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) params: Vec<Field>,
    pub(crate) returns: Returns,
    pub(crate) is_async: bool,
}

/// What a step gives back.
#[derive(Debug)]
pub(crate) struct Returns {
    /// None for nothing.
    pub(crate) value: Option<(Type, Shape)>,
    pub(crate) fails: Fails,
}

/// Whether a step can fail, and how.
#[derive(Debug)]
pub(crate) enum Fails {
    Never,
    /// `Result<T>`: an alias that names its error.
    ByAlias,
    With(Box<Type>),
}

/// A parameter or a field.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: Name,
    pub(crate) docs: String,
    pub(crate) ty: Type,
    pub(crate) shape: Shape,
    pub(crate) default: Option<Literal>,
}

/// A type of the module.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) name: Name,
    pub(crate) docs: String,
    pub(crate) kind: Kind,
    /// Do steps take or return it?
    pub(crate) exported: bool,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Record {
        fields: Vec<Field>,
        open: bool,
    },
    /// Cases, with or without payload.
    Choice(Vec<Case>),
    /// `struct Id(String)`: another name, and a type of its own in Rust.
    Newtype(Type, Shape),
    /// `type Amount = Decimal`.
    Alias(Type, Shape),
}

impl Kind {
    /// A choice none of whose cases carries anything.
    pub(crate) fn is_enum(&self) -> bool {
        let Self::Choice(cases) = self else { return false };
        cases.iter().all(|case| matches!(case.payload, Payload::None))
    }
}

#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: Name,
    pub(crate) docs: String,
    pub(crate) payload: Payload,
}

#[derive(Debug)]
pub(crate) enum Payload {
    None,
    One(Box<Type>, Shape),
    /// Named fields: a record of its own in the interface.
    Fields {
        record: String,
        fields: Vec<Field>,
    },
}

/// An enum whose cases are ways to fail.
#[derive(Debug)]
pub(crate) struct Failures {
    pub(crate) ident: Ident,
    pub(crate) cases: Vec<Failure>,
}

#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) case: Case,
    /// The constructor of `wharf::Error` for its kind.
    pub(crate) kind: Ident,
    /// A format string; the docs, or the name, where none is given.
    pub(crate) message: syn::LitStr,
}

/// A type as the interface and JSON see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Bool,
    Int {
        signed: bool,
        bits: u32,
    },
    Float(u32),
    Char,
    Text,
    Decimal,
    DateTime,
    Json,
    Bytes,
    List(Box<Self>),
    Map(Box<Self>),
    Option(Box<Self>),
    Result(Option<Box<Self>>, Option<Box<Self>>),
    Tuple(Vec<Self>),
    /// A type of the module, by its name in Rust.
    Own(String),
}

impl Shape {
    /// What it is made of.
    pub(crate) fn parts(&self) -> Vec<&Self> {
        match self {
            Self::List(item) | Self::Map(item) | Self::Option(item) => vec![item],
            Self::Result(ok, err) => [ok, err].into_iter().flatten().map(AsRef::as_ref).collect(),
            Self::Tuple(items) => items.iter().collect(),
            _ => Vec::new(),
        }
    }

    /// The types of the module in it.
    pub(crate) fn owns(&self) -> Vec<&str> {
        match self {
            Self::Own(name) => vec![name],
            _ => self.parts().into_iter().flat_map(Self::owns).collect(),
        }
    }
}

impl Named {
    /// What it is made of, each part with its place in the source.
    pub(crate) fn parts(&self) -> Vec<(&Type, &Shape)> {
        match &self.kind {
            Kind::Record { fields, .. } => fields.iter().map(|f| (&f.ty, &f.shape)).collect(),
            Kind::Newtype(ty, shape) | Kind::Alias(ty, shape) => vec![(ty, shape)],
            Kind::Choice(cases) => cases.iter().flat_map(|case| case.payload.parts()).collect(),
        }
    }
}

impl Payload {
    pub(crate) fn parts(&self) -> Vec<(&Type, &Shape)> {
        match self {
            Self::None => Vec::new(),
            Self::One(ty, shape) => vec![(ty, shape)],
            Self::Fields { fields, .. } => fields.iter().map(|f| (&f.ty, &f.shape)).collect(),
        }
    }
}
