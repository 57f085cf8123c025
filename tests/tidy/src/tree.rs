//! The files of the tree, and how a rule reports what it found in them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use crate::rust::Source;

/// Folders that are never part of the tree when there is no git to ask.
const NOT_OURS: &[&str] = &[".git", ".wharf", "target"];

static FILES: LazyLock<Vec<String>> = LazyLock::new(list_files);
static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(read_sources);

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("tidy lies two folders below the root").to_path_buf()
}

/// Every file of the tree, tracked or about to be, as a path from the root.
pub(crate) fn files() -> &'static [String] {
    &FILES
}

/// Every Rust file of the tree, read and lexed.
pub(crate) fn sources() -> &'static [Source] {
    &SOURCES
}

/// The text of a file that must exist and be UTF-8.
pub(crate) fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The paths and texts of all files whose name ends so.
pub(crate) fn texts(ending: &str) -> Vec<(&'static str, String)> {
    let wanted = files().iter().filter(|path| path.ends_with(ending));
    wanted.map(|path| (path.as_str(), text(path))).collect()
}

/// Is there a repository, or only an unpacked archive of one?
pub(crate) fn has_history() -> bool {
    root().join(".git").exists()
}

/// What `git` prints. The checkout may belong to another user, as in a container.
pub(crate) fn git(arguments: &[&str]) -> String {
    run(Command::new("git").args(["-c", "safe.directory=*"]).args(arguments))
}

/// What `cargo` prints: the one that built this test.
pub(crate) fn cargo(arguments: &[&str]) -> String {
    run(Command::new(env!("CARGO")).args(arguments))
}

/// Fails with every finding and the reason for the rule.
#[track_caller]
pub(crate) fn expect_none(rule: &str, mut findings: Vec<String>) {
    findings.sort();
    let list = findings.join("\n  ");
    assert!(findings.is_empty(), "{} findings\n  {list}\nrule: {rule}\n", findings.len());
}

fn run(command: &mut Command) -> String {
    let output = command.current_dir(root()).output();
    let output = output.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let talk = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}\n{talk}", output.status);
    String::from_utf8(output.stdout).expect("git and cargo print UTF-8")
}

fn list_files() -> Vec<String> {
    let mut files = if has_history() {
        let listing = git(&["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        listing.split_terminator('\0').map(str::to_owned).collect()
    } else {
        let mut found = Vec::new();
        walk(&root(), &mut found);
        found
    };
    files.retain(|path| root().join(path).is_file());
    files.sort();
    files.dedup();
    assert!(files.iter().any(|path| path == "Cargo.toml"), "the list of files lacks Cargo.toml");
    files
}

fn walk(folder: &Path, found: &mut Vec<String>) {
    let entries = std::fs::read_dir(folder).expect("a folder of the tree is readable");
    for entry in entries {
        let path = entry.expect("a folder of the tree is readable").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("names are UTF-8");
        if path.is_dir() && !NOT_OURS.contains(&name) {
            walk(&path, found);
        } else if path.is_file() {
            let inside = path.strip_prefix(root()).expect("the walk starts at the root");
            found.push(inside.to_str().expect("names are UTF-8").replace('\\', "/"));
        }
    }
}

fn read_sources() -> Vec<Source> {
    let mut sources: Vec<Source> =
        texts(".rs").into_iter().map(|(path, text)| Source::new(path, &text)).collect();
    let tests: Vec<String> = sources.iter().flat_map(Source::test_modules).collect();
    for source in &mut sources {
        let stem = source.path.trim_end_matches(".rs");
        if tests.iter().any(|test| stem == test || stem.starts_with(&format!("{test}/"))) {
            source.is_test = true;
        }
    }
    sources
}

#[test]
fn finds_itself_in_the_tree() {
    assert!(files().iter().any(|path| path == "tests/tidy/src/tree.rs"));
    let itself = sources().iter().find(|source| source.path == "tests/tidy/src/tree.rs");
    assert!(itself.is_some_and(|source| source.is_test));
}

#[test]
#[cfg(unix)]
fn walks_a_tree_without_git() {
    let mut found = Vec::new();
    walk(&root().join("tests/tidy"), &mut found);
    assert!(found.iter().any(|path| path == "tests/tidy/src/tree.rs"), "{found:?}");
}
