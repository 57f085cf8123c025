//! What is heavy is compiled once: `cargo run` and `cargo test --workspace` ask the same of it.

use std::collections::BTreeSet;

use crate::graph::tree_of;
use crate::tree::cargo;

/// Takes minutes to compile, and again for whatever of its needs is compiled in another form.
const HEAVY: &str = "wasmtime";

/// What a build compiles, each package with its features.
fn compiled(selection: &[&str]) -> String {
    let shape = ["tree", "--edges=normal,build", "--prefix=none", "--format={p}|{f}", "--locked"];
    cargo(&[&shape[..], selection].concat())
}

/// The packages that one of the builds compiles with other features than the other one.
fn drifted(alone: &str, whole: &str, needed: &BTreeSet<String>) -> Vec<String> {
    let lines = |tree: &str| -> BTreeSet<String> {
        let lines = tree.lines().map(|line| line.trim_end_matches(" (*)").to_owned());
        let is_needed = |line: &String| needed.contains(line.split(' ').next().unwrap_or_default());
        lines.filter(is_needed).collect()
    };
    lines(alone).symmetric_difference(&lines(whole)).cloned().collect()
}

#[test]
fn running_and_testing_share_heavy_packages() {
    let drifted = drifted(&compiled(&[]), &compiled(&["--workspace"]), &tree_of(HEAVY));
    assert!(
        drifted.is_empty(),
        "everything behind {HEAVY} would be compiled twice; make the features of these alike, \
         with `default-members` or in the root manifest: {drifted:#?}"
    );
}

#[test]
fn finds_features_that_drift_apart() {
    let needed = BTreeSet::from(["syn".to_owned()]);
    let (alone, whole) = ("syn v2.0.0|full (*)\nfoo v1.0.0|a\n", "syn v2.0.0|full\nfoo v1.0.0|b\n");
    assert_eq!(drifted(alone, whole, &needed), [""; 0]);
    let whole = "syn v2.0.0|full,visit\n";
    assert_eq!(drifted(alone, whole, &needed), ["syn v2.0.0|full", "syn v2.0.0|full,visit"]);
}
