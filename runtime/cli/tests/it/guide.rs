//! The commands of the guide to plugins, as a reader types them one after the other.

use std::path::Path;
use std::time::Duration;

use crate::place::{Place, finish_within, start};

const GUIDE: &str = include_str!("../../../../docs/guide/plugins.md");

/// A first build compiles the SDK and what it needs, maybe on a machine that does other things too.
const PATIENCE: Duration = Duration::from_mins(15);

/// The blocks of commands on the page.
fn blocks() -> impl Iterator<Item = &'static str> {
    GUIDE.split("```sh\n").skip(1).filter_map(|rest| Some(rest.split_once("```")?.0))
}

#[test]
fn commands_of_the_guide_run_as_they_stand() {
    let place = Place::new();
    // Builds are kept from run to run; nothing else is there before.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guide");
    let mut outputs = Vec::new();
    for block in blocks() {
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
