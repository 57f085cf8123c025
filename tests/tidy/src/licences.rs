//! What the packages of the lock file are and where they come from, by the lists of `deny.toml`.

use crate::graph::packages;
use crate::tree::{expect_none, text};

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

#[test]
fn every_licence_is_allowed() {
    let rule = "deny.toml lists the licences a dependency may have";
    let allow = strings_of(&text("deny.toml"), "allow = [");
    assert!(allow.iter().any(|licence| licence == "MIT"), "deny.toml allows {allow:?}");
    let foreign = packages().iter().filter(|package| !permits(&package.licence, &allow));
    let named = foreign.map(|package| format!("{}: `{}`", package.name, package.licence));
    expect_none(rule, named.collect());
}

#[test]
fn no_banned_package_is_locked() {
    let rule = "deny.toml bans it and says why";
    let banned = banned_of(&text("deny.toml"));
    assert!(banned.iter().any(|name| name == "openssl-sys"), "deny.toml bans {banned:?}");
    let locked = packages().iter().filter(|package| banned.contains(&package.name));
    expect_none(rule, locked.map(|package| package.name.clone()).collect());
}

#[test]
fn every_package_is_from_crates_io() {
    let rule = "anyone can build from crates.io alone: no other registry, no git, no mirror";
    expect_none(rule, foreign_sources(&text("Cargo.lock")));
}

/// May it be used under the allowed licences alone? `/` is an old `OR`; `AND` binds tighter.
fn permits(expression: &str, allow: &[String]) -> bool {
    let expression = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = expression.split_whitespace().collect();
    let (permitted, rest) = any_of(&words, allow);
    permitted && rest.is_empty()
}

fn any_of<'a, 'b>(words: &'b [&'a str], allow: &[String]) -> (bool, &'b [&'a str]) {
    let (mut permitted, mut rest) = all_of(words, allow);
    while let ["OR", after @ ..] = rest {
        let (next, left) = all_of(after, allow);
        (permitted, rest) = (permitted | next, left);
    }
    (permitted, rest)
}

fn all_of<'a, 'b>(words: &'b [&'a str], allow: &[String]) -> (bool, &'b [&'a str]) {
    let (mut permitted, mut rest) = one(words, allow);
    while let ["AND", after @ ..] = rest {
        let (next, left) = one(after, allow);
        (permitted, rest) = (permitted & next, left);
    }
    (permitted, rest)
}

fn one<'a, 'b>(words: &'b [&'a str], allow: &[String]) -> (bool, &'b [&'a str]) {
    let listed = |name: &str| allow.iter().any(|licence| licence == name);
    match words {
        ["(", inner @ ..] => match any_of(inner, allow) {
            (permitted, [")", rest @ ..]) => (permitted, rest),
            (_, rest) => (false, rest),
        },
        [name, "WITH", exception, rest @ ..] => (listed(&format!("{name} WITH {exception}")), rest),
        [name, rest @ ..] => (listed(name), rest),
        [] => (false, words),
    }
}

/// The strings of a list that starts with this line.
fn strings_of(toml: &str, opening: &str) -> Vec<String> {
    let lines = toml.lines().skip_while(|line| *line != opening).skip(1);
    let items = lines.take_while(|line| *line != "]");
    items.map(|line| line.trim().trim_matches([',', '"']).to_owned()).collect()
}

fn banned_of(toml: &str) -> Vec<String> {
    let entries = toml.lines().filter_map(|line| line.trim().strip_prefix("{ crate = \""));
    entries.filter_map(|entry| Some(entry.split_once('"')?.0.to_owned())).collect()
}

fn foreign_sources(lock: &str) -> Vec<String> {
    let lines = lock.lines().enumerate();
    let sources = lines.filter_map(|(at, line)| Some((at, line.strip_prefix("source = ")?)));
    let foreign = sources.filter(|(_, source)| source.trim_matches('"') != CRATES_IO);
    foreign.map(|(at, source)| format!("Cargo.lock:{}: {source}", at + 1)).collect()
}

#[test]
fn reads_licence_expressions() {
    let allow = ["MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned);
    for (expression, permitted) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("", false),
        ("MIT OR GPL-3.0", true),
        ("GPL-3.0/MIT", true),
        ("MIT AND GPL-3.0", false),
        ("GPL-3.0 OR MIT AND Zlib", true),
        ("(GPL-3.0 OR MIT) AND Zlib", true),
        ("(MIT OR Zlib) AND GPL-3.0", false),
        ("(MIT", false),
        ("MIT)", false),
        ("Apache-2.0", false),
        ("Apache-2.0 WITH LLVM-exception", true),
    ] {
        assert_eq!(permits(expression, &allow), permitted, "{expression}");
    }
}

#[test]
fn catches_sources_beside_crates_io() {
    let lock = format!("source = \"{CRATES_IO}\"\nsource = \"git+https://example.org/a\"\n");
    assert_eq!(foreign_sources(&lock), ["Cargo.lock:2: \"git+https://example.org/a\""]);
}
