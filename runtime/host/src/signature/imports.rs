//! What a component asks for, held against what is offered.

use wit_parser::{Interface, PackageName, Resolve, TypeDefKind, WorldId, WorldItem, WorldKey};

use super::{Import, Provider};
use crate::contract::{self, Contract, PACKAGE};
use crate::error::{ContractProblem, Error};
use crate::fault::Fault;

/// The imports of a component; one that nobody offers is an error.
pub(super) fn read(resolve: &Resolve, world: WorldId) -> Result<Vec<Import>, Error> {
    let mut imports = Vec::new();
    for (key, item) in &resolve.worlds[world].imports {
        match (key, item) {
            (WorldKey::Interface(_), WorldItem::Interface { id, .. }) => {
                let interface = &resolve.interfaces[*id];
                if is_foreign_types(resolve, interface) {
                    continue;
                }
                let functions = interface.functions.keys().map(String::as_str);
                let package = interface.package.map(|id| &resolve.packages[id].name);
                let name = resolve.id_of(*id).unwrap_or_default();
                let (Some(package), Some(short)) = (package, interface.name.as_deref()) else {
                    return Err(unknown(name));
                };
                imports.push(interface_import(name, package, short, functions.collect())?);
            }
            (_, WorldItem::Type { .. }) => {}
            (key, _) => {
                return Err(unknown(resolve.name_world_key(key)));
            }
        }
    }
    Ok(imports)
}

fn unknown(import: String) -> Error {
    Fault::Import { import, problem: None }.into()
}

/// Whether an interface of others holds types alone: such an import is how interfaces share types,
/// and asks for nothing.
fn is_foreign_types(resolve: &Resolve, interface: &Interface) -> bool {
    let package = interface.package.map(|id| &resolve.packages[id].name);
    let is_ours = package.is_some_and(|name| (&*name.namespace, &*name.name) == PACKAGE);
    let mut types = interface.types.values();
    let has_resource = types.any(|id| matches!(resolve.types[*id].kind, TypeDefKind::Resource));
    interface.functions.is_empty() && !has_resource && !is_ours
}

fn interface_import(
    name: String,
    package: &PackageName,
    interface: &str,
    functions: Vec<&str>,
) -> Result<Import, Error> {
    let from = if (package.namespace.as_str(), package.name.as_str()) == PACKAGE {
        let contract = contract::offered();
        let refused = |problem| Error::WrongContract {
            built_for: package.to_string(),
            offered: contract.name.clone(),
            problem,
        };
        judge(contract, package, interface, &functions).map_err(refused)?;
        Provider::Host(interface.to_owned())
    } else if contract::is_wasi(package, interface) {
        Provider::Wasi
    } else {
        return Err(unknown(name));
    };
    let functions = functions.into_iter().map(plain).collect();
    Ok(Import { name, from, functions })
}

/// Whether this host has what is asked for.
fn judge(
    contract: &Contract,
    package: &PackageName,
    interface: &str,
    functions: &[&str],
) -> Result<(), ContractProblem> {
    let Some(version) = &package.version else { return Err(ContractProblem::NoVersion) };
    if version.major != contract.major || !version.pre.is_empty() {
        return Err(ContractProblem::OtherMajor);
    }
    if version.minor > contract.minor {
        return Err(ContractProblem::Newer);
    }
    let missing = |what: String| ContractProblem::Missing { what };
    let Some(known) = contract.interfaces.get(interface) else {
        return Err(missing(format!("interface `{interface}`")));
    };
    match functions.iter().find(|function| !known.contains(**function)) {
        Some(function) => Err(missing(format!("function `{interface}.{}`", plain(function)))),
        None => Ok(()),
    }
}

/// `claimed.note` for `[method]claimed.note`.
fn plain(function: &str) -> String {
    function.rsplit_once(']').map_or(function, |(_, name)| name).to_owned()
}
