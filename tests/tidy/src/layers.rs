//! Dependencies point one way, and each heavy one has a single owner.

use std::collections::BTreeSet;

use crate::graph::{Package, members, tree_of};
use crate::rust::{Source, says};
use crate::tree::{expect_none, sources, texts};

/// Who may depend on whom, in the product. What is not written here is forbidden.
const LAYERS: &[(&str, &[&str])] = &[
    ("runtime/model", &[]),
    ("runtime/rows", &[]),
    ("runtime/flow", &["runtime/model"]),
    ("runtime/store", &["runtime/model"]),
    ("runtime/engine", &["runtime/flow", "runtime/model", "runtime/rows"]),
    ("runtime/host", &["runtime/engine", "runtime/flow", "runtime/model"]),
    ("runtime/service", &["runtime/engine", "runtime/model"]),
    (
        "runtime/cli",
        &[
            "runtime/engine",
            "runtime/flow",
            "runtime/host",
            "runtime/model",
            "runtime/rows",
            "runtime/service",
            "runtime/store",
        ],
    ),
    ("plugins/finance", &["sdk/rust"]),
    ("plugins/text", &["sdk/rust"]),
    ("sdk/rust", &["sdk/rust-macros"]),
    ("sdk/rust-macros", &[]),
    ("sdk/rust/tests/guest", &["sdk/rust"]),
    ("tests/guide", &["sdk/rust"]),
    (
        "tests/it",
        &[
            "runtime/flow",
            "runtime/model",
            "runtime/rows",
            "runtime/service",
            "runtime/store",
            "tests/support",
        ],
    ),
    ("tests/probe", &["sdk/rust"]),
    ("tests/programs", &[]),
    ("tests/support", &["runtime/model"]),
    ("tests/tidy", &[]),
];

/// What tests of a crate may use beyond that.
const TEST_LAYERS: &[(&str, &[&str])] = &[
    ("runtime/engine", &["runtime/store", "tests/support"]),
    ("runtime/host", &["runtime/store", "tests/support"]),
    ("runtime/model", &["tests/support"]),
    ("runtime/service", &["runtime/store"]),
    ("runtime/store", &["tests/support"]),
];

/// The one crate that may name a dependency; whoever depends on that crate has it in its tree.
const OWNERS: &[(&str, &str)] = &[
    ("annotate-snippets", "runtime/cli"),
    ("clap", "runtime/cli"),
    ("clap_complete", "runtime/cli"),
    ("csv-core", "runtime/rows"),
    ("encoding_rs", "runtime/rows"),
    ("granit-parser", "runtime/flow"),
    ("indicatif", "runtime/cli"),
    ("jsonschema", "runtime/store"),
    ("libsqlite3-sys", "runtime/store"),
    ("rusqlite", "runtime/store"),
    ("signal-hook", "runtime/cli"),
    ("rust_decimal", "runtime/flow"),
    ("ureq", "runtime/service"),
    ("wasmtime", "runtime/host"),
];

/// What a crate builds without naming it, because something that it owns does.
const BROUGHT: &[(&str, &str)] = &[("runtime/host", "encoding_rs")];

/// Crates that know no operating system, and what they therefore never write.
const PURE: &[&str] = &["runtime/model/", "runtime/flow/", "runtime/rows/"];
const IMPURE: &[&str] = &[
    "std::env",
    "std::fs",
    "std::net",
    "std::os",
    "std::process",
    "std::thread",
    "SystemTime",
    "Instant",
];
/// Packages a pure crate has nowhere in its tree.
const IMPURE_PACKAGES: &[&str] = &["mio", "rustix", "tokio"];

/// Words that belong to one crate: the words, the crate, the reason.
const VOCABULARY: &[(&[&str], &str, &str)] = &[
    (
        &["println!", "eprintln!", "print!", "eprint!"],
        "runtime/cli/",
        "only cli speaks to a person",
    ),
    (&["std::net", "UnixListener", "UnixStream"], "runtime/service/", "only service has sockets"),
];

#[test]
fn dependencies_point_one_way() {
    let rule = "LAYERS draws the crates; an edge not drawn needs a reason and a line there";
    let ours = members().flat_map(|(folder, package)| upward_edges(folder, package));
    expect_none(rule, ours.collect());
}

#[test]
fn heavy_dependencies_have_one_owner() {
    let rule = "what OWNERS gives to one crate no other names: ask that crate for what you need";
    let named = members().flat_map(|(folder, package)| foreign_needs(folder, package));
    expect_none(rule, named.collect());
}

#[test]
fn absent_dependencies_stay_absent() {
    let rule = "a crate that does not reach the owner does not build the dependency either";
    let mut found = Vec::new();
    for (folder, package) in members().filter(|(folder, _)| folder.starts_with("runtime/")) {
        let tree = tree_of(&package.name);
        assert!(tree.contains(&package.name), "cargo tree lists {} itself", package.name);
        found.extend(strangers(folder, &tree));
    }
    expect_none(rule, found);
}

#[test]
fn pure_crates_name_no_machine() {
    let rule = "files, sockets, processes, threads, the clock and the environment are injected: \
                take a value or a trait";
    expect_none(rule, sources().iter().flat_map(impure_words).collect());
}

#[test]
fn words_stay_in_their_crate() {
    let rule = "a concern lives in one crate";
    expect_none(rule, sources().iter().flat_map(foreign_words).collect());
}

#[test]
fn crates_have_one_integration_binary() {
    let rule = "each test binary links everything again: add a module to tests/it/main.rs";
    let many = members().filter(|(_, package)| package.integration_binaries > 1);
    let many = many.map(|(folder, p)| format!("{folder}: {} binaries", p.integration_binaries));
    expect_none(rule, many.collect());
}

#[test]
fn manifests_defer_to_the_workspace() {
    let rule = "lints and versions are chosen once, in the root: `[lints] workspace = true` and \
                `name.workspace = true`";
    let inner = texts("/Cargo.toml").into_iter();
    expect_none(rule, inner.flat_map(|(path, text)| own_choices(path, &text)).collect());
}

fn allowed(table: &'static [(&str, &[&str])], folder: &str) -> Option<&'static [&'static str]> {
    table.iter().find(|(from, _)| *from == folder).map(|(_, to)| *to)
}

fn upward_edges(folder: &str, package: &Package) -> Vec<String> {
    let Some(product) = allowed(LAYERS, folder) else {
        return vec![format!("{folder}: is not drawn in LAYERS")];
    };
    let tests = allowed(TEST_LAYERS, folder).unwrap_or_default();
    let needs = package.needs.iter().filter_map(|need| Some((need, need.folder.as_deref()?)));
    let wrong = needs.filter(|(need, to)| {
        !(product.contains(to) || *to == folder || need.for_tests && tests.contains(to))
    });
    wrong.map(|(_, to)| format!("{folder}/Cargo.toml: depends on {to}")).collect()
}

fn foreign_needs(folder: &str, package: &Package) -> Vec<String> {
    // What is made for plugins, or for tests, is not part of the product.
    if !folder.starts_with("runtime/") {
        return Vec::new();
    }
    let owned = package.needs.iter().filter_map(|need| {
        let (_, owner) = OWNERS.iter().find(|(name, _)| *name == need.name)?;
        (*owner != folder)
            .then(|| format!("{folder}/Cargo.toml: `{}` belongs to {owner}", need.name))
    });
    owned.collect()
}

/// The crates that a crate may depend on, and those that they may.
fn reach(folder: &str) -> BTreeSet<&'static str> {
    let near = allowed(LAYERS, folder).unwrap_or_default();
    near.iter().flat_map(|near| reach(near).into_iter().chain([*near])).collect()
}

fn strangers(folder: &str, tree: &BTreeSet<String>) -> Vec<String> {
    let reach = reach(folder);
    let owned = OWNERS.iter().filter(|(_, owner)| *owner != folder && !reach.contains(owner));
    let pure = PURE.iter().any(|pure| pure.trim_end_matches('/') == folder);
    let impure = IMPURE_PACKAGES.iter().filter(|_| pure);
    let brought = |name: &&&str| BROUGHT.contains(&(folder, **name));
    let absent = owned.map(|(name, _)| name).chain(impure).filter(|name| !brought(name));
    absent
        .filter(|name| tree.contains(**name))
        .map(|name| format!("{folder}: builds {name}"))
        .collect()
}

fn impure_words(source: &Source) -> Vec<String> {
    let pure = PURE.iter().any(|folder| source.path.starts_with(folder));
    if pure { production_words(source, IMPURE) } else { Vec::new() }
}

fn foreign_words(source: &Source) -> Vec<String> {
    if !source.path.starts_with("runtime/") {
        return Vec::new();
    }
    let foreign = VOCABULARY.iter().filter(|(_, home, _)| !source.path.starts_with(home));
    foreign
        .flat_map(|(words, _, why)| {
            production_words(source, words).into_iter().map(move |found| format!("{found}: {why}"))
        })
        .collect()
}

/// Where production code of this file says one of these, as a whole word.
fn production_words(source: &Source, words: &[&str]) -> Vec<String> {
    let lines = source.code.iter().take(source.production_lines()).enumerate();
    let found = lines.flat_map(|(at, line)| {
        let said = words.iter().filter(|word| says(line, word));
        said.map(move |word| format!("{}:{}: `{word}`", source.path, at + 1))
    });
    found.collect()
}

fn own_choices(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !text.contains("[lints]\nworkspace = true\n") {
        found.push(format!("{path}: has lints of its own"));
    }
    let mut section = "";
    for (at, line) in text.lines().enumerate() {
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']);
        } else if section.ends_with("dependencies")
            && !line.is_empty()
            && !line.starts_with('#')
            && !line.contains("workspace = true")
        {
            found.push(format!("{path}:{}: `{line}`", at + 1));
        }
    }
    found
}

#[test]
fn catches_edges_and_foreign_names() {
    let need = |name: &str, folder: Option<&str>, for_tests| crate::graph::Need {
        name: name.to_owned(),
        folder: folder.map(str::to_owned),
        for_tests,
    };
    let package = |needs| Package {
        name: "service".to_owned(),
        licence: String::new(),
        folder: None,
        needs,
        integration_binaries: 1,
    };
    let store = |for_tests| package(vec![need("store", Some("runtime/store"), for_tests)]);
    assert_eq!(upward_edges("runtime/service", &store(false)).len(), 1);
    assert_eq!(upward_edges("runtime/service", &store(true)), [""; 0]);
    assert_eq!(upward_edges("runtime/new", &store(false)), ["runtime/new: is not drawn in LAYERS"]);

    let sql = package(vec![need("rusqlite", None, true)]);
    assert_eq!(foreign_needs("runtime/service", &sql).len(), 1);
    assert_eq!(foreign_needs("runtime/store", &sql), [""; 0]);

    let tree = ["tokio", "rust_decimal", "rusqlite"].map(str::to_owned).into();
    let found = ["runtime/flow: builds rusqlite", "runtime/flow: builds tokio"];
    assert_eq!(strangers("runtime/flow", &tree), found);
}

#[test]
fn catches_words_and_own_choices() {
    let text =
        "use std::fs;\nlet instant = Instants;\n// std::fs\n#[cfg(test)]\nmod tests {\nstd::fs\n";
    let model = Source::new("runtime/model/src/a.rs", text);
    assert_eq!(impure_words(&model), ["runtime/model/src/a.rs:1: `std::fs`"]);
    assert_eq!(impure_words(&Source::new("runtime/cli/src/a.rs", text)), [""; 0]);
    let talk = Source::new("runtime/store/src/a.rs", "eprintln!(1);");
    assert_eq!(foreign_words(&talk).len(), 1);

    let manifest = "[lints]\nworkspace = true\n\n[dependencies]\na.workspace = true\nb = \"1\"\n";
    assert_eq!(own_choices("x/Cargo.toml", manifest), ["x/Cargo.toml:6: `b = \"1\"`"]);
    assert_eq!(own_choices("x/Cargo.toml", "[package]\n").len(), 1);
}
