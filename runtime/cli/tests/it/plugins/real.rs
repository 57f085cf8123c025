//! The template with the real tool chain.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Once;
use std::time::Duration;

use wit_component::DecodedWasm;
use wit_parser::WorldItem;

use crate::place::{Place, Ran, WHARF, finish_within, start};

/// A first build compiles the SDK and what it needs, maybe on a machine that does other things too.
const PATIENCE: Duration = Duration::from_mins(10);

/// A project whose builds are kept from run to run, so that only the first one takes long.
///
/// It is a project of its own within the tree: `wharf.toml` ends the search for a checkout.
pub(super) fn project() -> PathBuf {
    static MADE: Once = Once::new();
    let project = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("plugins");
    MADE.call_once(|| {
        fs::create_dir_all(&project).unwrap();
        fs::write(project.join("wharf.toml"), "").unwrap();
        let _none_yet = fs::remove_dir_all(project.join("plugins"));
    });
    project
}

/// A command in the project; nothing in the environment tells cargo what to do.
pub(super) fn command(program: &str, words: &str) -> Command {
    let mut command = Command::new(program);
    command.args(words.split_whitespace()).current_dir(project());
    for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET", "WHARF_DATA"] {
        command.env_remove(name);
    }
    command.env("CARGO_TARGET_DIR", project().join("target"));
    command
}

pub(super) fn run(words: &str) -> Ran {
    finish_within(start(&mut command(WHARF, words)), PATIENCE)
}

#[track_caller]
pub(super) fn ok(words: &str) -> String {
    let ran = run(words);
    assert_eq!(ran.code, 0, "{words}: {ran:?}");
    ran.out
}

#[test]
fn template_makes_typed_component() {
    ok("new plugin template-one");
    let out = ok("build plugins/template-one");
    let file = out.trim();
    assert!(file.ends_with("wasm32-wasip2/debug/template_one.wasm"), "{file}");
    let Ok(DecodedWasm::Component(resolve, world)) =
        wit_component::decode(&fs::read(file).unwrap())
    else {
        panic!("no component")
    };
    let world = &resolve.worlds[world];
    let exports: Vec<String> =
        world.exports.keys().map(|key| resolve.name_world_key(key)).collect();
    assert_eq!(exports, ["plugin:template-one/template-one"]);
    let Some(WorldItem::Interface { id, .. }) = world.exports.values().next() else {
        panic!("no interface")
    };
    let steps: Vec<&str> = resolve.interfaces[*id].functions.keys().map(String::as_str).collect();
    assert_eq!(steps, ["decide"]);
    // It asks the host for nothing but words; what every Rust program asks for is no capability.
    let asks = world.imports.keys().map(|key| resolve.name_world_key(key));
    let asks: Vec<String> = asks.filter(|name| !name.starts_with("wasi:")).collect();
    assert_eq!(asks, ["wharf:host/types@1.0.0"]);
}

#[test]
fn template_passes_its_own_tests() {
    ok("new plugin template-two");
    let mut tests =
        command("cargo", "test --quiet --manifest-path plugins/template-two/Cargo.toml");
    let ran = finish_within(start(&mut tests), PATIENCE);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("3 passed"), "{ran:?}");
}

#[test]
fn broken_source_leaves_no_component() {
    ok("new plugin broken");
    let source = project().join("plugins/broken/src/lib.rs");
    let right = fs::read_to_string(&source).unwrap();
    ok("build plugins/broken");
    fs::write(&source, right.replace("order.total > limit", "order.sum > limit")).unwrap();
    let ran = run("build plugins/broken");
    assert_eq!((ran.code, ran.out.trim()), (4, ""), "{ran:?}");
    for told in ["no field `sum` on type", "src/lib.rs:", "error[build/failed]: `broken` does not"]
    {
        assert!(ran.err.contains(told), "{told}: {ran:?}");
    }
    fs::write(&source, right).unwrap();
    assert!(ok("build plugins/broken").contains("broken.wasm"));
}

/// A copy that keeps its times looks old to cargo, which then finds nothing to do.
#[test]
fn old_times_hide_no_edit() {
    ok("new plugin restored");
    let source = project().join("plugins/restored/src/lib.rs");
    let first = fs::read_to_string(&source).unwrap();
    let times = fs::metadata(&source).unwrap().modified().unwrap();
    let build = || fs::read(ok("build plugins/restored").trim()).unwrap();
    let holds = |wasm: &[u8], text: &str| wasm.windows(text.len()).any(|at| at == text.as_bytes());
    assert!(holds(&build(), "it says: "));
    fs::write(&source, first.replace("it says: ", "it tells: ")).unwrap();
    assert!(holds(&build(), "it tells: "));
    fs::write(&source, first).unwrap();
    fs::File::options().write(true).open(&source).unwrap().set_modified(times).unwrap();
    let restored = build();
    assert!(holds(&restored, "it says: ") && !holds(&restored, "it tells: "));
}

#[test]
fn plugin_fits_into_workspaces() {
    for (members, told) in [
        ("plugins/*", "it is a member of the workspace `Cargo.toml`"),
        ("other/*", "the workspace `Cargo.toml` does not take it in"),
    ] {
        let place = Place::new();
        let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = [\"{members}\"]\n");
        place.file("Cargo.toml", manifest);
        fs::create_dir(place.path("plugins")).unwrap();
        let ran = place.run("new plugin inside");
        assert!(ran.code == 0 && ran.err.contains(told), "{ran:?}");
        let mut metadata = place.program("cargo");
        metadata.args(["metadata", "--no-deps", "--format-version", "1", "--offline"]);
        metadata.args(["--manifest-path", "plugins/inside/Cargo.toml"]);
        let ran = finish_within(start(&mut metadata), PATIENCE);
        assert!(ran.code == 0 && ran.out.contains("\"name\":\"inside\""), "{ran:?}");
        assert!(!ran.err.contains("warning"), "{ran:?}");
    }
}

#[test]
fn data_directory_may_hold_sdks() {
    let place = Place::new();
    fs::create_dir(place.path("plugins")).unwrap();
    place.ok("new plugin beside");
    let missing = place.run("queue list");
    missing.assert_refused(4, "store/not-found", "wharf queue create");
    place.ok("queue create orders");
    place.ok("item add orders --value 1");
    place.assert_sound();
}
