//! The types of a component as types of ours, each defined type once.

use std::collections::HashMap;
use std::sync::Arc;

use engine::Kind;
use wit_parser::{PackageName, Resolve, Type as WitType, TypeDef, TypeDefKind, TypeId, TypeOwner};

use super::limits::{MEMBERS_MAX, TYPE_LEVELS_MAX};
use super::meta::{Item, Meta};
use crate::contract::{self, PACKAGE, TYPES};
use crate::error::{ContractProblem, Error};
use crate::fault::Fault;
use crate::names::{Members, Name, Named};
use crate::types::{Case, Choice, Either, Field, Integer, Origin, Record, Type};
use crate::value;

/// Why a type cannot be used, and where in the type that is, from the inside out.
pub(super) struct Refusal {
    path: String,
    reason: Reason,
}

enum Reason {
    Unsupported(&'static str),
    /// Something that needs no path: a limit, a wrong contract, a bad default.
    Other(Box<Error>),
}

impl Refusal {
    fn unsupported(what: &'static str) -> Self {
        Self { path: String::new(), reason: Reason::Unsupported(what) }
    }

    fn within(mut self, segment: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{segment}{dot}{}", self.path);
        self
    }

    /// The error about a step, of which `part` is a parameter or the result.
    pub(super) fn of(self, step: &str, part: &str) -> Error {
        let path = self.within(part);
        match path.reason {
            Reason::Unsupported(what) => {
                Error::UnsupportedType { step: step.to_owned(), path: path.path, what }
            }
            Reason::Other(error) => *error,
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self { path: String::new(), reason: Reason::Other(error.into()) }
    }
}

/// A type and how many levels it has.
#[derive(Clone)]
struct Leveled {
    ty: Type,
    levels: usize,
}

/// Turns types of a component into types of ours.
pub(super) struct Typing<'r> {
    resolve: &'r Resolve,
    meta: &'r Meta,
    known: HashMap<TypeId, Leveled>,
    /// How many levels there are around the type that is being turned.
    around: usize,
}

impl<'r> Typing<'r> {
    pub(super) fn new(resolve: &'r Resolve, meta: &'r Meta) -> Self {
        Self { resolve, meta, known: HashMap::new(), around: 0 }
    }

    pub(super) fn of(&mut self, ty: &WitType) -> Result<Type, Refusal> {
        self.leveled(ty).map(|leveled| leveled.ty)
    }

    fn leveled(&mut self, ty: &WitType) -> Result<Leveled, Refusal> {
        let ty = match ty {
            WitType::Id(id) => return self.defined(*id),
            WitType::Bool => Type::Bool,
            WitType::S8 => Type::Integer(Integer::S8),
            WitType::S16 => Type::Integer(Integer::S16),
            WitType::S32 => Type::Integer(Integer::S32),
            WitType::S64 => Type::Integer(Integer::S64),
            WitType::U8 => Type::Integer(Integer::U8),
            WitType::U16 => Type::Integer(Integer::U16),
            WitType::U32 => Type::Integer(Integer::U32),
            WitType::U64 => Type::Integer(Integer::U64),
            WitType::F32 => Type::F32,
            WitType::F64 => Type::F64,
            WitType::Char => Type::Char,
            WitType::String => Type::Text,
            WitType::ErrorContext => return Err(Refusal::unsupported("an `error-context`")),
        };
        Ok(Leveled { ty, levels: 1 })
    }

    fn defined(&mut self, id: TypeId) -> Result<Leveled, Refusal> {
        if let Some(known) = self.known.get(&id) {
            return Ok(known.clone());
        }
        let def = &self.resolve.types[id];
        self.around += 1;
        Error::limit("type-levels", self.around, TYPE_LEVELS_MAX)?;
        let mut inside = Inside { typing: self, levels: 0 };
        let ty = inside.kind(def)?;
        let levels = inside.levels + 1;
        self.around -= 1;
        Error::limit("type-levels", levels, TYPE_LEVELS_MAX)?;
        let ty = match host_type(self.resolve, def) {
            Some((package, name)) => recognised(package, name, ty)?,
            None => ty,
        };
        let leveled = Leveled { ty, levels };
        self.known.insert(id, leveled.clone());
        Ok(leveled)
    }

    /// What is said about a type, and where it is from.
    fn about(&self, def: &TypeDef) -> (Origin, Option<&'r Item>) {
        let name = def.name.as_deref().unwrap_or_default();
        let interface = match def.owner {
            TypeOwner::Interface(id) => self.resolve.id_of(id),
            TypeOwner::World(_) | TypeOwner::None => None,
        };
        let item = self.meta.ty(interface.as_deref().unwrap_or_default(), name);
        (Origin { interface: interface.map(Arc::from), name: Name::new(name) }, item)
    }
}

/// One type that is being turned, which notes how deep its parts go.
struct Inside<'t, 'r> {
    typing: &'t mut Typing<'r>,
    levels: usize,
}

impl Inside<'_, '_> {
    fn part(&mut self, ty: &WitType, segment: &str) -> Result<Type, Refusal> {
        let part = self.typing.leveled(ty).map_err(|refusal| refusal.within(segment))?;
        self.levels = self.levels.max(part.levels);
        Ok(part.ty)
    }

    fn side(&mut self, ty: Option<&WitType>, segment: &str) -> Result<Option<Type>, Refusal> {
        ty.map(|ty| self.part(ty, segment)).transpose()
    }

    fn kind(&mut self, def: &TypeDef) -> Result<Type, Refusal> {
        Ok(match &def.kind {
            TypeDefKind::Type(other) => self.part(other, "")?,
            TypeDefKind::List(item) => match self.part(item, "[]")? {
                Type::Integer(Integer::U8) => Type::Bytes,
                Type::Tuple(pair) => match &*pair {
                    [Type::Text, content] => Type::Map(Arc::new(content.clone())),
                    _ => Type::List(Arc::new(Type::Tuple(pair))),
                },
                item => Type::List(Arc::new(item)),
            },
            TypeDefKind::Option(inner) => Type::Option(Arc::new(self.part(inner, "")?)),
            TypeDefKind::Tuple(tuple) => {
                let items = tuple.types.iter().enumerate();
                let items = items.map(|(index, item)| self.part(item, &format!("[{index}]")));
                Type::Tuple(items.collect::<Result<Vec<_>, _>>()?.into())
            }
            TypeDefKind::Result(result) => Type::Result(Arc::new(Either {
                ok: self.side(result.ok.as_ref(), "ok")?,
                err: self.side(result.err.as_ref(), "err")?,
            })),
            TypeDefKind::Record(record) => self.record(def, record)?,
            TypeDefKind::Variant(variant) => {
                let cases = variant.cases.iter().map(|case| (&case.name, case.ty.as_ref()));
                Type::Variant(self.choice(def, cases.collect())?)
            }
            TypeDefKind::Enum(choice) => {
                let cases = choice.cases.iter().map(|case| (&case.name, None));
                Type::Enum(self.choice(def, cases.collect())?)
            }
            TypeDefKind::Flags(flags) => {
                let cases = flags.flags.iter().map(|flag| (&flag.name, None));
                Type::Flags(self.choice(def, cases.collect())?)
            }
            TypeDefKind::Resource | TypeDefKind::Handle(_) => {
                return Err(Refusal::unsupported("a resource"));
            }
            TypeDefKind::Future(_) => return Err(Refusal::unsupported("a future")),
            TypeDefKind::Stream(_) => return Err(Refusal::unsupported("a stream")),
            TypeDefKind::Map(..) => {
                return Err(Refusal::unsupported("a `map`; `list<tuple<string, …>>` can be"));
            }
            TypeDefKind::FixedLengthList(..) => {
                return Err(Refusal::unsupported("a list of fixed length"));
            }
            TypeDefKind::Unknown => return Err(Refusal::unsupported("an unknown type")),
        })
    }

    fn record(&mut self, def: &TypeDef, record: &wit_parser::Record) -> Result<Type, Refusal> {
        Error::limit("type-members", record.fields.len(), MEMBERS_MAX)?;
        let (origin, item) = self.typing.about(def);
        let of = format!("type `{}`", origin.name.kebab());
        let mut fields = Vec::with_capacity(record.fields.len());
        for field in &record.fields {
            let name = Name::new(&field.name);
            let ty = self.part(&field.ty, name.snake())?;
            fields.push(described(name, ty, item, &of)?);
        }
        let docs = item.and_then(|item| item.docs.clone());
        let open = item.is_some_and(|item| item.open);
        Ok(Type::Record(Arc::new(Record { origin, docs, open, fields: members(fields)? })))
    }

    fn choice(
        &mut self,
        def: &TypeDef,
        cases: Vec<(&String, Option<&WitType>)>,
    ) -> Result<Arc<Choice>, Refusal> {
        Error::limit("type-members", cases.len(), MEMBERS_MAX)?;
        let (origin, item) = self.typing.about(def);
        let mut read = Vec::with_capacity(cases.len());
        for (name, payload) in cases {
            let docs = item.and_then(|item| item.member(name)?.docs.clone());
            let name = Name::new(name);
            let payload = self.side(payload, name.snake())?;
            read.push(Case { name, docs, payload });
        }
        let docs = item.and_then(|item| item.docs.clone());
        Ok(Arc::new(Choice { origin, docs, cases: members(read)? }))
    }
}

/// Members whose names differ as values spell them, too.
pub(super) fn members<T: Named>(list: Vec<T>) -> Result<Members<T>, Error> {
    let members = Members::new(list);
    let mut names = members.names().collect::<Vec<_>>();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => {
            let problem = format!("two names are `{}`", pair[0]);
            Err(Fault::Invalid { problem }.into())
        }
        None => Ok(members),
    }
}

/// A field or parameter with what is said about it; its default must be a value of its type. `of`
/// tells what it belongs to.
pub(super) fn described(
    name: Name,
    ty: Type,
    item: Option<&Item>,
    of: &str,
) -> Result<Field, Error> {
    let member = item.and_then(|item| item.member(name.kebab()));
    let docs = member.and_then(|member| member.docs.clone());
    let default = member.and_then(|member| member.default.clone());
    if let Some(default) = &default {
        value::check(&ty, default).map_err(|mismatch| Error::BadDefault {
            of: of.to_owned(),
            mismatch: mismatch.within_name(name.snake()),
        })?;
    }
    Ok(Field { name, docs, ty, default })
}

/// The package and the name of a type that belongs to `wharf:host/types`, of any version.
fn host_type<'r>(resolve: &'r Resolve, def: &'r TypeDef) -> Option<(&'r PackageName, &'r str)> {
    let TypeOwner::Interface(id) = def.owner else { return None };
    let interface = &resolve.interfaces[id];
    let package = &resolve.packages[interface.package?].name;
    let is_host = (&*package.namespace, &*package.name) == PACKAGE
        && interface.name.as_deref() == Some(TYPES);
    Some((package, def.name.as_deref()?)).filter(|_| is_host)
}

/// The type of `wharf:host/types` of that name; an error if it is not what it is here.
fn recognised(package: &PackageName, name: &str, ty: Type) -> Result<Type, Error> {
    match (name, &ty) {
        ("decimal", Type::Text) => Ok(Type::Decimal),
        ("datetime", Type::Text) => Ok(Type::DateTime),
        ("json", Type::Text) => Ok(Type::Json),
        ("failure", ty) if is_failure(ty) => Ok(ty.clone()),
        ("decimal" | "datetime" | "json" | "failure", _) => Err(Error::WrongContract {
            built_for: package.to_string(),
            offered: contract::offered().name.clone(),
            problem: ContractProblem::Redefined { name: name.to_owned() },
        }),
        _ => Ok(ty),
    }
}

/// Whether a type, which may be from anywhere, is the `failure` of `wharf:host/types`.
pub(super) fn is_host_failure(ty: &Type) -> bool {
    let types = format!("{}:{}/{TYPES}@", PACKAGE.0, PACKAGE.1);
    let origin = ty.origin().filter(|origin| origin.name.kebab() == "failure");
    let interface = origin.and_then(|origin| origin.interface.as_deref());
    interface.is_some_and(|interface| interface.starts_with(&types))
}

/// Whether it is the record by which steps fail.
fn is_failure(ty: &Type) -> bool {
    let Type::Record(record) = ty else { return false };
    let fields = record.fields.iter().map(|field| (field.name.kebab(), &field.ty));
    match fields.collect::<Vec<_>>()[..] {
        [
            ("kind", Type::Enum(kind)),
            ("code", Type::Text),
            ("message", Type::Text),
            ("hint", Type::Option(hint)),
            ("data", Type::Option(data)),
        ] => {
            **hint == Type::Text
                && **data == Type::Json
                && kind.cases.names().eq(Kind::ALL.map(Kind::name))
        }
        _ => false,
    }
}
