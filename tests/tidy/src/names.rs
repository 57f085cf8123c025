//! What files, modules and tests are called, and that every file is part of a crate.

use crate::rust::Source;
use crate::tree::{expect_none, files, sources};

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] =
    &["base", "common", "helper", "helpers", "manager", "misc", "util", "utils"];

/// What may lie in the tree.
const ENDINGS: &[&str] = &[
    "csv", "json", "jsonl", "lock", "md", "rs", "sh", "sql", "stderr", "toml", "txt", "wasm",
    "wat", "wit", "yaml",
];
const NAMES: &[&str] =
    &[".gitattributes", ".gitignore", "LICENSE-APACHE", "LICENSE-MIT", ".ci/run", "tests/run"];

#[test]
fn modules_say_what_they_hold() {
    let rule = "a module is a noun for what it holds; in a drawer called util things get lost";
    expect_none(rule, sources().iter().flat_map(empty_names).collect());
}

#[test]
fn module_files_carry_their_name() {
    let rule =
        "`name.rs` beside `name/`, not `name/mod.rs`: an editor full of mod.rs tells nothing";
    let unnamed = files().iter().filter(|path| path.ends_with("/mod.rs"));
    expect_none(rule, unnamed.cloned().collect());
}

#[test]
fn every_file_is_compiled() {
    let rule = "a file without a `mod` line is dead, and its tests never run";
    expect_none(rule, orphans(sources()));
}

#[test]
fn tests_are_named_as_sentences() {
    let rule = "a test is named by what it shows (`rejects_unclosed_quote`); `test_` says nothing";
    expect_none(rule, sources().iter().flat_map(prefixed_tests).collect());
}

#[test]
fn files_are_of_known_kinds() {
    let rule = "ENDINGS and NAMES list the kinds of file; a new kind is a decision";
    let strange = files().iter().filter(|path| !is_known(path));
    expect_none(rule, strange.cloned().collect());
}

fn empty_names(source: &Source) -> Vec<String> {
    let parts = source.path.trim_end_matches(".rs").split('/');
    let in_path = parts.filter(|part| EMPTY_NAMES.contains(part));
    let mut found: Vec<String> =
        in_path.map(|part| format!("{}:1: `{part}`", source.path)).collect();
    for (at, line) in source.code.iter().enumerate() {
        let inline = line.split_once("mod ").and_then(|(_, rest)| rest.split([' ', ';']).next());
        let empty = inline.filter(|name| EMPTY_NAMES.contains(name));
        found.extend(empty.map(|name| format!("{}:{}: `{name}`", source.path, at + 1)));
    }
    found
}

fn orphans(sources: &[Source]) -> Vec<String> {
    let declared: Vec<String> = sources
        .iter()
        .flat_map(|source| source.modules().into_iter().map(|name| source.folder() + &name + ".rs"))
        .collect();
    let orphans =
        sources.iter().filter(|source| !source.is_root() && !declared.contains(&source.path));
    orphans.map(|source| source.path.clone()).collect()
}

fn prefixed_tests(source: &Source) -> Vec<String> {
    let tests = source.functions().into_iter().filter(|f| f.is_test);
    let prefixed = tests.filter(|f| f.name.starts_with("test_") || f.name == "test");
    prefixed.map(|f| format!("{}:{}: `{}`", source.path, f.line, f.name)).collect()
}

fn is_known(path: &str) -> bool {
    let name = path.rsplit('/').next().expect("a split has a part");
    let ending = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty());
    NAMES.contains(&path)
        || NAMES.contains(&name)
        || ending.is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}

#[test]
fn catches_names_and_orphans() {
    let source = |path: &str, text: &str| Source::new(path, text);
    assert_eq!(empty_names(&source("a/src/util.rs", "")), ["a/src/util.rs:1: `util`"]);
    let found = ["a/src/lib.rs:1: `common`"];
    assert_eq!(empty_names(&source("a/src/lib.rs", "pub(crate) mod common {")), found);
    assert_eq!(prefixed_tests(&source("a/src/b.rs", "#[test]\nfn test_it() {}")).len(), 1);

    let tree = [
        source("a/build.rs", ""),
        source("a/src/lib.rs", "pub mod b;\n// mod c;\nmod build;"),
        source("a/src/build.rs", "mod e;"),
        source("a/src/build/e.rs", ""),
        source("a/src/b.rs", "mod d;"),
        source("a/src/b/d.rs", ""),
        source("a/src/c.rs", ""),
    ];
    assert_eq!(orphans(&tree), ["a/src/c.rs"]);
}

#[test]
fn catches_unknown_kinds() {
    for (path, known) in [
        ("docs/a.md", true),
        (".gitignore", true),
        ("tests/run", true),
        ("plugins/run", false),
        ("logo.png", false),
        (".hidden", false),
    ] {
        assert_eq!(is_known(path), known, "{path}");
    }
}
