//! The bytes of a component as a signature.

use std::panic::{AssertUnwindSafe, catch_unwind};

use wit_parser::{
    Function, FunctionKind, Resolve, Type as WitType, TypeDefKind, WorldId, WorldItem, WorldKey,
};

use super::limits::{PARAMS_MAX, STEPS_MAX};
use super::meta::{Item, Meta};
use super::typing::{Typing, described, is_host_failure, members};
use super::{Outcome, Signature, StepError, StepSignature, binary, imports, naming};
use crate::error::Error;
use crate::fault::Fault;
use crate::found::Found;
use crate::names::{Members, Name};
use crate::types::Field;

/// Reads what the component of these bytes offers.
pub(super) fn decode(bytes: &[u8]) -> Result<Signature, Error> {
    let sections = binary::meta_sections(bytes)?;
    let (resolve, world) = interfaces(bytes)?;
    let imports = imports::read(&resolve, world)?;
    let known = resolve.interfaces.iter().filter_map(|(id, _)| resolve.id_of(id));
    let meta = Meta::read(&sections, &known.collect::<Vec<_>>())?;
    let exports = exports(&resolve, world);
    if exports.is_empty() {
        return Err(Error::NoSteps);
    }
    Error::limit("steps", exports.len(), STEPS_MAX)?;
    let mut sources =
        exports.iter().filter_map(|export| export.interface.as_deref()).collect::<Vec<_>>();
    sources.dedup();
    let interfaces = sources.into_iter().map(|name| meta.interface(name)).collect();
    let steps = steps(&exports, &resolve, &meta)?;
    Ok(Signature { interfaces, steps, imports })
}

/// What the component imports and exports.
fn interfaces(bytes: &[u8]) -> Result<(Resolve, WorldId), Error> {
    // The library asserts what holds for components of its own making; others can be valid, too.
    let decoded = catch_unwind(AssertUnwindSafe(|| wit_component::decode(bytes)));
    let decoded = decoded.map_err(|_| Fault::Invalid {
        problem: "it names its interfaces as no component does".to_owned(),
    })?;
    match decoded {
        Ok(wit_component::DecodedWasm::Component(resolve, world)) => Ok((resolve, world)),
        Ok(wit_component::DecodedWasm::WitPackage(..)) => {
            Err(Fault::NotAComponent { found: Found::WitPackage }.into())
        }
        Err(error) => Err(match error.downcast_ref() {
            Some(error) => binary::damaged(error),
            None => Fault::Invalid { problem: format!("{error:#}") }.into(),
        }),
    }
}

/// A function that is a step.
struct Export<'r> {
    interface: Option<String>,
    function: &'r Function,
}

/// Functions of interfaces with a full name, and those that are exported directly. Other
/// interfaces belong to tools.
fn exports(resolve: &Resolve, world: WorldId) -> Vec<Export<'_>> {
    let mut exports = Vec::new();
    for (key, item) in &resolve.worlds[world].exports {
        match (key, item) {
            (_, WorldItem::Function(function)) => {
                exports.push(Export { interface: None, function });
            }
            (WorldKey::Interface(_), WorldItem::Interface { id, .. }) => {
                let functions = resolve.interfaces[*id].functions.values();
                exports.extend(
                    functions.map(|function| Export { interface: resolve.id_of(*id), function }),
                );
            }
            _ => {}
        }
    }
    exports
}

fn steps(
    exports: &[Export<'_>],
    resolve: &Resolve,
    meta: &Meta,
) -> Result<Vec<StepSignature>, Error> {
    let places = exports.iter().map(|export| (export.interface.as_deref(), &*export.function.name));
    let names = naming::names(&places.collect::<Vec<_>>());
    let mut typing = Typing::new(resolve, meta);
    let pairs = exports.iter().zip(names);
    pairs.map(|(export, name)| step(name, export, resolve, meta, &mut typing)).collect()
}

fn step(
    name: String,
    export: &Export<'_>,
    resolve: &Resolve,
    meta: &Meta,
    typing: &mut Typing<'_>,
) -> Result<StepSignature, Error> {
    let function = export.function;
    let is_async = match function.kind {
        FunctionKind::Freestanding => false,
        FunctionKind::AsyncFreestanding => true,
        _ => {
            let path = "it".to_owned();
            let what = "a function of a resource";
            return Err(Error::UnsupportedType { step: name, path, what });
        }
    };
    let item = meta.step(export.interface.as_deref().unwrap_or_default(), &function.name);
    let params = params(&name, function, item, typing)?;
    let outcome = outcome(&name, function, resolve, typing)?;
    Ok(StepSignature {
        interface: export.interface.clone(),
        function: function.name.clone(),
        is_async,
        docs: item.and_then(|item| item.docs.clone()),
        params,
        outcome,
        infallible: item.is_some_and(|item| item.infallible),
        source: item.and_then(|item| item.source.clone()),
        name,
    })
}

fn params(
    step: &str,
    function: &Function,
    item: Option<&Item>,
    typing: &mut Typing<'_>,
) -> Result<Members<Field>, Error> {
    Error::limit("step-params", function.params.len(), PARAMS_MAX)?;
    let of = format!("step `{step}`");
    let mut params = Vec::with_capacity(function.params.len());
    for param in &function.params {
        let name = Name::new(&param.name);
        let ty = typing.of(&param.ty).map_err(|refusal| refusal.of(step, name.snake()))?;
        params.push(described(name, ty, item, &of)?);
    }
    members(params)
}

fn outcome(
    step: &str,
    function: &Function,
    resolve: &Resolve,
    typing: &mut Typing<'_>,
) -> Result<Outcome, Error> {
    let mut read = |ty: Option<&WitType>, path| {
        ty.map(|ty| typing.of(ty).map_err(|refusal| refusal.of(step, path))).transpose()
    };
    let Some(result) = function.result.as_ref().and_then(|ty| result_of(resolve, ty)) else {
        return read(function.result.as_ref(), "result").map(Outcome::Value);
    };
    let ok = read(result.ok.as_ref(), "result")?;
    let err = read(result.err.as_ref(), "error")?;
    let err = match err {
        Some(err) if is_host_failure(&err) => StepError::Failure(err),
        err => StepError::Other(err),
    };
    Ok(Outcome::Fallible { ok, err })
}

/// The `result` that a type is, if it is one, however often renamed.
fn result_of<'r>(resolve: &'r Resolve, mut ty: &'r WitType) -> Option<&'r wit_parser::Result_> {
    while let WitType::Id(id) = ty {
        match &resolve.types[*id].kind {
            TypeDefKind::Result(result) => return Some(result),
            TypeDefKind::Type(other) => ty = other,
            _ => return None,
        }
    }
    None
}
