//! The commands of the guides, as a reader types them one after the other.

use std::path::Path;
use std::time::Duration;

use crate::flows::finance;
use crate::place::{Place, finish, finish_within, list, start, text};

const PLUGINS: &str = include_str!("../../../../docs/guide/plugins.md");
const README: &str = include_str!("../../../../README.md");
const FLOWS: &str = include_str!("../../../../docs/guide/flows.md");

/// A first build compiles the SDK and what it needs, maybe on a machine that does other things too.
const PATIENCE: Duration = Duration::from_mins(15);

/// The blocks of a language on a page.
fn blocks(page: &'static str, language: &str) -> Vec<&'static str> {
    let parts = page.split(&format!("```{language}\n")).skip(1).collect::<Vec<_>>();
    parts.into_iter().filter_map(|rest| Some(rest.split_once("\n```")?.0)).collect()
}

#[test]
fn commands_of_the_guide_run_as_they_stand() {
    let place = Place::new();
    // Builds are kept from run to run; nothing else is there before.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guide");
    let mut outputs = Vec::new();
    for block in blocks(PLUGINS, "sh") {
        let mut shell = place.shell(&format!("set -e\n{block}"));
        for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
            shell.env_remove(name);
        }
        let ran = finish_within(start(shell.env("CARGO_TARGET_DIR", &target)), PATIENCE);
        assert_eq!(ran.code, 0, "{block}: {ran:?}");
        outputs.push(ran.out);
    }
    let [first, grants] = &outputs[..] else { panic!("two blocks: {outputs:?}") };
    assert!(first.contains(r#"{"needs_review":{"reason":"6000 of Fabrikam is over 5000"}}"#));
    assert!(
        first.contains("\ndecide(order: order, limit: decimal = 5000) -> decision\n"),
        "{first}"
    );
    assert!(first.contains("\nrecord order\n") && first.ends_with("\"approved\"\n"), "{first}");
    assert!(grants.contains("+ files ledger=read-write\n"), "{grants}");
    assert!(place.path(".wharf").is_dir() && !place.path("plugins/checks/.wharf").exists());
}

#[test]
fn commands_of_the_guide_to_flows_run() {
    let place = Place::new();
    let mut outputs = Vec::new();
    for block in blocks(FLOWS, "sh") {
        let ran = finish(start(&mut place.shell(&format!("set -e\n{block}"))));
        assert_eq!(ran.code, 0, "{block}: {ran:?}");
        outputs.push(ran);
    }
    let [first, checked, inputs, recorded, secrets] = &outputs[..] else {
        panic!("five blocks: {outputs:?}")
    };
    let told = blocks(FLOWS, "text")[0];
    assert!(first.out.contains(told), "{told} in {first:?}");
    assert!(first.out.contains("6875.54") || first.out.contains("O-1003"), "{first:?}");
    assert!(first.out.contains("✓ work/") || first.out.contains("✓ work["), "{first:?}");
    assert!(checked.out.contains("error[flow/unknown-action]"), "{checked:?}");
    assert!(checked.out.contains("\nexit code 4\n"), "{checked:?}");
    assert!(checked.err.contains("Hello"), "{checked:?}");
    assert_eq!(
        inputs.out, "{\"all\":\"Dear Ann! Dear Ann! \"}\n{\"all\":\"Dear Bob! \"}\n",
        "{inputs:?}"
    );
    assert!(recorded.out.contains("decide-orders"), "{recorded:?}");
    assert!(secrets.out.ends_with("it is nowhere\n"), "{secrets:?}");

    // The flows that the page shows are ones, too.
    place.ok(&format!("plugin install {}", finance().display()));
    let mut names = Vec::new();
    for flow in blocks(FLOWS, "yaml") {
        let name = flow.lines().next().and_then(|line| line.strip_prefix("flow: ")).unwrap();
        place.file(&format!("flows/{name}.yaml"), flow);
        names.push(name);
    }
    let problems = place.json("check");
    for problem in list(&problems) {
        assert_eq!(text(problem, "code"), "flow/untyped", "{problem}");
    }
    for flow in blocks(README, "yaml") {
        place.file("readme.yaml", flow);
        place.ok("check readme.yaml");
    }
    for name in &names {
        place.ok(&format!("run {name}"));
    }
    assert_eq!(names.len(), 6);
    assert_eq!(place.ok("run classify"), "{\"decision\":\"approved\"}\n");
}
