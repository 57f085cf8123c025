//! What this host offers to plugins: the interfaces of `sdk/wit` and those of WASI 0.2.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use wit_parser::{PackageName, Resolve};

/// The namespace and the name of the package that plugins import.
pub(crate) const PACKAGE: (&str, &str) = ("wharf", "host");
/// The interface with the types that are recognised by their origin.
pub(crate) const TYPES: &str = "types";

/// The text of the package; the file that names it comes first.
const TEXT: &str = concat!(
    include_str!("../../../sdk/wit/host-1.0.0/types.wit"),
    include_str!("../../../sdk/wit/host-1.0.0/datetime.wit"),
    include_str!("../../../sdk/wit/host-1.0.0/files.wit"),
    include_str!("../../../sdk/wit/host-1.0.0/http.wit"),
    include_str!("../../../sdk/wit/host-1.0.0/json.wit"),
    include_str!("../../../sdk/wit/host-1.0.0/log.wit"),
    include_str!("../../../sdk/wit/host-1.0.0/secrets.wit"),
    include_str!("../../../sdk/wit/host-1.0.0/work-queue.wit"),
    include_str!("../../../sdk/wit/host-1.0.0/world.wit"),
);

/// The interfaces of WASI 0.2 that are there for every component, by package.
const WASI: &[(&str, &[&str])] = &[
    (
        "cli",
        &[
            "environment",
            "exit",
            "stderr",
            "stdin",
            "stdout",
            "terminal-input",
            "terminal-output",
            "terminal-stderr",
            "terminal-stdin",
            "terminal-stdout",
        ],
    ),
    ("clocks", &["monotonic-clock", "wall-clock"]),
    ("filesystem", &["preopens", "types"]),
    ("io", &["error", "poll", "streams"]),
    ("random", &["insecure", "insecure-seed", "random"]),
];

/// The package as it is offered.
#[derive(Debug)]
pub(crate) struct Contract {
    pub(crate) major: u64,
    pub(crate) minor: u64,
    /// As the package is called, `wharf:host@1.0.0`.
    pub(crate) name: String,
    /// The functions of each interface.
    pub(crate) interfaces: BTreeMap<String, BTreeSet<String>>,
}

/// What this host offers of `wharf:host`.
pub(crate) fn offered() -> &'static Contract {
    static OFFERED: LazyLock<Contract> = LazyLock::new(read);
    &OFFERED
}

/// Whether an interface belongs to what every component finds, whoever it is.
pub(crate) fn is_wasi(package: &PackageName, interface: &str) -> bool {
    let version = package.version.as_ref();
    let interfaces = WASI.iter().find(|(name, _)| *name == package.name);
    package.namespace == "wasi"
        && version.is_some_and(|version| (version.major, version.minor) == (0, 2))
        && interfaces.is_some_and(|(_, interfaces)| interfaces.contains(&interface))
}

fn read() -> Contract {
    let mut resolve = Resolve::default();
    let package = resolve.push_source("host.wit", TEXT);
    let package = package.expect("the contract is checked in, and complete in itself");
    let package = &resolve.packages[package];
    let version = package.name.version.as_ref().expect("the contract has a version");
    let interfaces = package.interfaces.iter().map(|(name, id)| {
        let functions = resolve.interfaces[*id].functions.keys().cloned();
        (name.clone(), functions.collect())
    });
    Contract {
        major: version.major,
        minor: version.minor,
        name: package.name.to_string(),
        interfaces: interfaces.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contract_is_read_from_text() {
        let contract = offered();
        assert_eq!(contract.name, "wharf:host@1.0.0");
        let names = contract.interfaces.keys().map(String::as_str).collect::<Vec<_>>();
        let expected =
            ["datetime", "files", "http", "json", "log", "secrets", "types", "work-queue"];
        assert_eq!(names, expected);
        assert!(contract.interfaces["work-queue"].contains("[method]claimed.item"));
        assert!(contract.interfaces["types"].is_empty());
    }

    #[test]
    fn wasi_is_known_by_version() {
        let package = |text: &str| {
            let (name, version) = text.split_once('@').map_or((text, None), |(name, version)| {
                (name, Some(version.parse().expect("a test writes versions")))
            });
            let (namespace, name) = name.split_once(':').expect("a test writes names");
            PackageName { namespace: namespace.into(), name: name.into(), version }
        };
        for (name, interface, known) in [
            ("wasi:io@0.2.0", "streams", true),
            ("wasi:io@0.2.9", "streams", true),
            ("wasi:io@0.3.0", "streams", false),
            ("wasi:io", "streams", false),
            ("wasi:io@0.2.0", "stdout", false),
            ("wasi:sockets@0.2.0", "tcp", false),
            ("wasi:http@0.2.0", "types", false),
            ("other:io@0.2.0", "streams", false),
        ] {
            assert_eq!(is_wasi(&package(name), interface), known, "{name}/{interface}");
        }
    }
}
