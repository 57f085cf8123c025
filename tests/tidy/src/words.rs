//! What is not written: unfinished work, silenced checks, SQL outside the store, this machine.

use crate::rust::{Source, says};
use crate::tree::{expect_none, files, root, sources};

/// Notes to self, in code and comments.
const UNFINISHED: &[&str] = &["FIXME", "XXX", "HACK", "todo!", "unimplemented!", "dbg!"];

/// Ways to make a check stop speaking.
const SILENCERS: &[&str] = &["#[ignore", "#[should_panic", "#[allow(", "#![allow(", ", allow("];

/// How a statement begins, as it stands in a literal.
const SQL: &[&str] = &[
    "SELECT ",
    "INSERT INTO",
    "UPDATE OR ",
    "DELETE FROM",
    "CREATE TABLE",
    "CREATE INDEX",
    "DROP TABLE",
    "PRAGMA ",
    "BEGIN IMMEDIATE",
];
const SQL_HOME: &str = "runtime/store/";

/// Paths and hosts of one machine or one network; written so that this file does not hold them.
const PLACES: &[&str] = &[
    concat!("/ro", "ot/"),
    concat!("/wo", "rk/"),
    concat!("/Us", "ers/"),
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("proxy.", "golang.org"),
    concat!("registry.", "npmjs.org"),
    concat!("replace", "-with"),
];

#[test]
fn nothing_is_left_unfinished() {
    let rule = "finish it or write it down where work is planned; code is not a list of wishes";
    expect_none(rule, sources().iter().flat_map(unfinished).collect());
}

#[test]
fn no_check_is_silenced() {
    let rule = "a test that is ignored is no test, a panic that is expected proves too little, and \
                `#[expect(lint, reason = …)]` goes stale loudly where `allow` goes stale in silence";
    expect_none(rule, sources().iter().flat_map(silencers).collect());
}

#[test]
fn only_store_writes_sql() {
    let rule = "SQL lives in runtime/store, so that another database is one crate away";
    expect_none(rule, sources().iter().flat_map(sql).collect());
}

#[test]
fn no_place_is_written_down() {
    let rule = "the tree builds anywhere: no path of one machine, no host of one network";
    let mut found = Vec::new();
    for path in files() {
        let bytes = std::fs::read(root().join(path)).expect("the file was listed");
        found.extend(places(path, &String::from_utf8_lossy(&bytes)));
    }
    expect_none(rule, found);
}

fn found(
    path: &str,
    lines: &[String],
    is_said: impl Fn(&str) -> Option<&'static str>,
) -> Vec<String> {
    let said = lines.iter().enumerate().filter_map(|(at, line)| Some((at, is_said(line)?)));
    said.map(|(at, word)| format!("{path}:{}: `{word}`", at + 1)).collect()
}

fn unfinished(source: &Source) -> Vec<String> {
    found(&source.path, &source.prose, |line| first(UNFINISHED, |word| says(line, word)))
}

fn silencers(source: &Source) -> Vec<String> {
    found(&source.path, &source.code, |line| first(SILENCERS, |word| line.contains(word)))
}

fn sql(source: &Source) -> Vec<String> {
    if source.path.starts_with(SQL_HOME) || source.is_test {
        return Vec::new();
    }
    let production: Vec<String> =
        source.text.lines().take(source.production_lines()).map(str::to_owned).collect();
    found(&source.path, &production, |line| first(SQL, |word| line.contains(word)))
}

fn places(path: &str, text: &str) -> Vec<String> {
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    found(path, &lines, |line| first(PLACES, |place| holds(line, place)))
}

/// A folder of that name may lie deeper in a path; at the start it is a machine's.
fn holds(line: &str, place: &str) -> bool {
    let inner = |c: char| c.is_alphanumeric() || "._-}*".contains(c);
    line.match_indices(place).any(|(at, _)| !place.starts_with('/') || !line[..at].ends_with(inner))
}

/// One word a line is enough to go and look.
fn first(words: &[&'static str], is_said: impl Fn(&str) -> bool) -> Option<&'static str> {
    words.iter().copied().find(|word| is_said(word))
}

#[test]
fn catches_unfinished_and_silenced() {
    let source = |text: &str| Source::new("runtime/cli/src/a.rs", text);
    assert_eq!(unfinished(&source("// FIXME later")), ["runtime/cli/src/a.rs:1: `FIXME`"]);
    assert_eq!(unfinished(&source("f(\"FIXME\")")), [""; 0]);
    assert_eq!(silencers(&source("#[ignore = \"slow\"]")).len(), 1);
    assert_eq!(silencers(&source("#[cfg_attr(test, allow(dead_code))]")).len(), 1);
    assert_eq!(silencers(&source("#[expect(dead_code, reason = \"#[allow(\")]")), [""; 0]);
}

#[test]
fn catches_sql_and_places() {
    let select = "f(\"SELECT 1\");";
    assert_eq!(sql(&Source::new("runtime/cli/src/a.rs", select)).len(), 1);
    assert_eq!(sql(&Source::new("runtime/store/src/a.rs", select)), [""; 0]);
    assert_eq!(sql(&Source::new("tests/it/src/a.rs", select)), [""; 0]);

    let home = PLACES[0];
    assert_eq!(places("a.md", &format!("see {home}x")), [format!("a.md:1: `{home}`")]);
    assert_eq!(places("a.md", &format!("see some{home}x")), [""; 0]);
}
