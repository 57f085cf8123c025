//! Every code is explained, and the examples of the page are what it says they are.

use std::collections::BTreeSet;
use std::path::Path;

use flow::{Severity, Source, explain};

use crate::catalog::World;

/// What is told of an example: a flow, or the steps of one.
fn codes(example: &str) -> Vec<(Severity, &'static str)> {
    let steps = example.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n");
    let whole = example.contains("flow: ") && !example.starts_with('-');
    let text = if whole || example.starts_with('#') {
        example.to_owned()
    } else {
        format!("flow: example\nsteps:\n{steps}\n")
    };
    let (flow, read) = flow::read(Source::new("example.yaml", text));
    let found = flow.map(|mut flow| flow::check(&mut flow, &World::new())).unwrap_or_default();
    flow::together(read, found).iter().map(|it| (it.severity, it.code)).collect()
}

#[test]
fn examples_show_what_they_explain() {
    let mut wrong_ones = Vec::new();
    for it in explain::all() {
        let Some((wrong, right)) = it.examples() else { continue };
        let found = codes(wrong);
        if !found.iter().any(|(_, code)| *code == it.code) {
            wrong_ones.push(format!("{}: {found:?}", it.code));
        }
        let found = codes(right);
        if !found.is_empty() {
            wrong_ones.push(format!("{}, right: {found:?}", it.code));
        }
    }
    assert!(wrong_ones.is_empty(), "{}", wrong_ones.join("\n"));
}

#[test]
fn every_code_is_explained() {
    let explained: BTreeSet<&str> = explain::all().map(|it| it.code).collect();
    let mut named = BTreeSet::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut |text| {
        for family in ["flow", "yaml", "expr"] {
            for part in text.split(&format!("\"{family}/")).skip(1) {
                let code = part.split('"').next().unwrap_or_default();
                if code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
                    named.insert(format!("{family}/{code}"));
                }
            }
        }
    });
    let known = |code: &String| explained.contains(code.as_str());
    let missing: Vec<&String> = named.iter().filter(|code| !known(code)).collect();
    assert!(missing.is_empty(), "not explained: {missing:?}");
    let stale: Vec<_> = explained.iter().filter(|code| !named.contains(**code)).collect();
    assert!(stale.is_empty(), "explained and never told: {stale:?}");
}

fn sources(folder: &Path, visit: &mut dyn FnMut(&str)) {
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("tests") {
            sources(&path, visit);
        } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("tests.rs") {
            visit(&std::fs::read_to_string(&path).expect("a source"));
        }
    }
}
