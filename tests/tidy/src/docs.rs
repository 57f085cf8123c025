//! Documentation is there, and what it points at exists.

use std::collections::BTreeMap;
use std::path::Path;

use crate::rust::Source;
use crate::tree::{expect_none, root, sources, text, texts};

/// The pages whose tables map each requirement to the tests that show it.
const EVIDENCE_PAGES: &[&str] = &["docs/states.md", "docs/guide/plugins.md"];
const EVIDENCE_HEADING: &str = "## Evidence";

/// Pages that must be there.
const PAGES: &[&str] = &[
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "docs/ARCHITECTURE.md",
    "docs/STYLE.md",
    "docs/glossary.md",
    "docs/guide/plugins.md",
    "docs/limits.md",
    "docs/states.md",
    "docs/decisions/README.md",
];

#[test]
fn modules_begin_with_their_purpose() {
    let rule = "the first line of a Rust file is `//!` and says what the file is for";
    let silent = sources().iter().filter(|source| !source.text.starts_with("//! "));
    expect_none(rule, silent.map(|source| format!("{}:1: no `//!`", source.path)).collect());
}

#[test]
fn pages_of_the_house_exist() {
    let rule = "these pages are part of the product";
    let missing = PAGES.iter().filter(|page| !root().join(page).is_file());
    expect_none(rule, missing.map(|page| format!("{page} is missing")).collect());
}

#[test]
fn links_lead_somewhere() {
    let rule = "a relative link names a file that exists, its `#part` a heading of that file";
    let pages = texts(".md").into_iter();
    expect_none(rule, pages.flat_map(|(path, page)| broken_links(path, &page)).collect());
}

#[test]
fn evidence_names_real_tests() {
    let rule = "each row under `## Evidence` names, in backticks, tests that exist";
    let missing = EVIDENCE_PAGES.iter().flat_map(|path| {
        let page = text(path);
        assert!(page.contains(EVIDENCE_HEADING), "{path} has no `{EVIDENCE_HEADING}`");
        missing_evidence(path, &page, sources())
    });
    expect_none(rule, missing.collect());
}

fn broken_links(path: &str, page: &str) -> Vec<String> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut found = Vec::new();
    for (at, line) in prose_lines(page) {
        for target in targets(line).filter(|target| !target.contains("://")) {
            let (file, part) = target.split_once('#').unwrap_or((target, ""));
            let there = match file {
                "" => root().join(path),
                _ => root().join(folder).join(file),
            };
            let has_part =
                part.is_empty() || headings(&there).iter().any(|heading| heading == part);
            let whole = there.exists() && has_part;
            if !whole {
                found.push(format!("{path}:{at}: {target}"));
            }
        }
    }
    found
}

/// The lines outside fenced code, numbered from 1.
fn prose_lines(page: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    let lines = page.lines().enumerate().filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    });
    lines.map(|(at, line)| (at + 1, line))
}

/// The targets of `[text](target)` in a line.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0.trim()))
}

/// The headings of a page, as a link names them.
fn headings(page: &Path) -> Vec<String> {
    let page = std::fs::read_to_string(page).unwrap_or_default();
    let lines = prose_lines(&page).filter(|(_, line)| line.starts_with('#'));
    lines.map(|(_, line)| anchor(line.trim_start_matches('#').trim())).collect()
}

fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

fn missing_evidence(path: &str, page: &str, sources: &[Source]) -> Vec<String> {
    let tests = uses_in_tests(sources);
    let mut found = Vec::new();
    let table = page.lines().enumerate().skip_while(|(_, line)| *line != EVIDENCE_HEADING).skip(1);
    let rows = table.take_while(|(_, line)| !line.starts_with("## "));
    let rows: Vec<_> = rows.filter(|(_, line)| line.starts_with('|')).skip(2).collect();
    if rows.is_empty() {
        found.push(format!("{path}: the table is empty"));
    }
    for (at, row) in rows {
        let place = format!("{path}:{}", at + 1);
        let last = row.trim_end_matches([' ', '|']).rsplit('|').next().unwrap_or_default();
        let names: Vec<&str> = last.split('`').skip(1).step_by(2).collect();
        if names.is_empty() {
            found.push(format!("{place}: names no test"));
        }
        let missing = names.iter().filter(|name| {
            !tests.get(name.rsplit("::").next().unwrap_or_default()).copied().unwrap_or(false)
        });
        found.extend(missing.map(|name| format!("{place}: no test `{name}` is run")));
    }
    found
}

/// The functions of test code, and whether they run: as `#[test]`, or because a suite names them.
fn uses_in_tests(sources: &[Source]) -> BTreeMap<String, bool> {
    let mut found = BTreeMap::new();
    let mut words: BTreeMap<&str, usize> = BTreeMap::new();
    for source in sources {
        let from = source.production_lines();
        for function in source.functions().into_iter().filter(|f| f.line > from) {
            *found.entry(function.name).or_insert(false) |= function.is_test;
        }
        let lines = source.code.iter().skip(from);
        let part = |c: char| !c.is_alphanumeric() && c != '_';
        for word in lines.flat_map(|line| line.split(part)) {
            *words.entry(word).or_insert(0) += 1;
        }
    }
    for (name, run) in &mut found {
        *run |= words.get(name.as_str()).is_some_and(|times| *times > 1);
    }
    found
}

#[test]
fn catches_broken_links() {
    let page = "[a](ARCHITECTURE.md) [b](gone.md)\n```\n[c](gone.md)\n```\n[d](#part)\n";
    let targets: Vec<_> = prose_lines(page).flat_map(|(_, line)| targets(line)).collect();
    assert_eq!(targets, ["ARCHITECTURE.md", "gone.md", "#part"]);
    assert_eq!(anchor("A heading, & with `code`"), "a-heading--with-code");
    assert_eq!(broken_links("docs/x.md", "[b](gone.md)"), ["docs/x.md:1: gone.md"]);
    assert_eq!(broken_links("docs/x.md", "[b](../Cargo.toml)"), [""; 0]);
}

#[test]
fn catches_missing_evidence() {
    let page = "\
## Evidence
| line | tests |
|---|---|
| one | `a_test`, `store::suite::in_a_suite` |
| two | `never_run` |
| three | `no_such_test` |
| four | |
";
    let text =
        "fn in_a_suite() {}\nfn never_run() {}\n#[test]\nfn a_test() {}\nsuite!(in_a_suite);";
    let tests = [Source::new("tests/it/src/a.rs", text)];
    let found = [
        "docs/states.md:5: no test `never_run` is run",
        "docs/states.md:6: no test `no_such_test` is run",
        "docs/states.md:7: names no test",
    ];
    assert_eq!(missing_evidence("docs/states.md", page, &tests), found);
    assert_eq!(missing_evidence("docs/states.md", "## Evidence\n", &tests).len(), 1);
}
