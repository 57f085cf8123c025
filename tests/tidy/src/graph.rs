//! The dependency graph, as cargo tells it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value;

use crate::tree::{cargo, root};

/// A package of the graph, ours or not.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) licence: String,
    /// Its folder from the root, if it is ours.
    pub(crate) folder: Option<String>,
    pub(crate) needs: Vec<Need>,
    pub(crate) integration_binaries: usize,
}

/// A dependency as a manifest writes it.
#[derive(Debug)]
pub(crate) struct Need {
    pub(crate) name: String,
    /// Its folder from the root, if it is ours.
    pub(crate) folder: Option<String>,
    pub(crate) for_tests: bool,
}

static PACKAGES: LazyLock<Vec<Package>> = LazyLock::new(|| {
    let text = cargo(&["metadata", "--format-version=1", "--locked"]);
    let metadata: Value = serde_json::from_str(&text).expect("cargo prints JSON");
    array(&metadata["packages"]).iter().map(package).collect()
});

/// Every package of the lock file, for any platform.
pub(crate) fn packages() -> &'static [Package] {
    &PACKAGES
}

/// The packages of the workspace, each with its folder.
pub(crate) fn members() -> impl Iterator<Item = (&'static str, &'static Package)> {
    packages().iter().filter_map(|package| Some((package.folder.as_deref()?, package)))
}

/// The names of all packages a product build of this one pulls in, on any platform.
pub(crate) fn tree_of(package: &str) -> BTreeSet<String> {
    let product = ["--edges=normal,build", "--target=all"];
    let shape = ["--prefix=none", "--format={p}", "--locked"];
    let text = cargo(&[&["tree", "--package", package], &product[..], &shape[..]].concat());
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

fn package(value: &Value) -> Package {
    let manifest = string(&value["manifest_path"]);
    let targets = array(&value["targets"]).iter();
    let tests = targets.filter(|target| target["kind"][0].as_str() == Some("test"));
    Package {
        name: string(&value["name"]).to_owned(),
        licence: value["license"].as_str().unwrap_or_default().to_owned(),
        folder: from_root(manifest.trim_end_matches("Cargo.toml")),
        needs: array(&value["dependencies"]).iter().map(need).collect(),
        integration_binaries: tests.count(),
    }
}

fn need(value: &Value) -> Need {
    Need {
        name: string(&value["name"]).to_owned(),
        folder: value["path"].as_str().and_then(from_root),
        for_tests: value["kind"].as_str() == Some("dev"),
    }
}

fn from_root(path: &str) -> Option<String> {
    let inside = std::path::Path::new(path).strip_prefix(root()).ok()?;
    Some(inside.to_str()?.replace('\\', "/"))
}

fn string(value: &Value) -> &str {
    value.as_str().expect("cargo metadata has a string here")
}

fn array(value: &Value) -> &[Value] {
    value.as_array().expect("cargo metadata has a list here")
}
