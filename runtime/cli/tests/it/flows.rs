//! Flows as their authors run them: those in the folder `flows`, and what is told where they fail.

mod examples;
mod invoices;
mod refusals;
mod secrets;
mod stops;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use model::Value;

use crate::place::{Place, list, text};

/// The folder of all examples.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../flows").canonicalize().unwrap()
}

/// The plugin `finance`, built once.
pub(crate) fn finance() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--release", "--locked", "-p", "finance"]);
        cargo.args(["--target", "wasm32-wasip2"]).current_dir(folder());
        assert!(cargo.status().unwrap().success());
        // This binary lies in `target/release/deps`.
        let target = std::env::current_exe().unwrap();
        target.ancestors().nth(3).unwrap().join("wasm32-wasip2/release/finance.wasm")
    })
}

/// A place with a copy of this example.
fn example(name: &str) -> Place {
    let place = Place::new();
    copy(&folder().join(name), &place.path(""));
    place
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            std::fs::copy(from, to).unwrap();
        }
    }
}

/// The invoices, with their plugin and both queues.
fn invoices() -> Place {
    let place = example("vendor-invoices");
    place.ok(&format!("plugin install {}", finance().display()));
    place.ok("queue create vendor-invoices --retries 2");
    place.ok("queue create invoices-for-the-manager");
    place
}

/// The items of a queue.
fn items(place: &Place, queue: &str) -> Vec<Value> {
    list(&place.json(&format!("item list {queue} --limit 100"))).to_vec()
}

/// How many items of the queue are in this status.
fn count(place: &Place, queue: &str, status: &str) -> usize {
    items(place, queue).iter().filter(|item| text(item, "status") == status).count()
}

/// Puts a flow into the project.
fn put(place: &Place, name: &str, steps: &str) {
    std::fs::create_dir_all(place.path("flows")).unwrap();
    place.file(&format!("flows/{name}.yaml"), format!("flow: {name}\n{steps}"));
}
