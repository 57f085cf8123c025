//! Where a new plugin goes, and from where it takes its SDK.

use std::path::{Component, Path, PathBuf};

use host::project::{FILE as PROJECT_FILE, PLUGINS};

use crate::error::Result;
use crate::plugin::Manifest;

/// The crate of the SDK within a checkout of wharf.
const CHECKOUT_SDK: &str = "sdk/rust";
/// The folder for SDKs within a project.
const SDK_STORE: &str = ".wharf/sdk";

/// A place for a plugin. All paths are absolute.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) folder: PathBuf,
    pub(crate) sdk: SdkSource,
}

/// Where the SDK of a plugin comes from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SdkSource {
    /// The crate of a checkout of wharf, which is worked on beside the plugin.
    Checkout(PathBuf),
    /// The one that this program carries, unpacked below this folder.
    Carried(PathBuf),
}

impl Place {
    /// The place of a plugin in a project, or in the folder `here` where that is none.
    pub(crate) fn of(name: &str, here: &Path, wanted: Option<&Path>) -> Result<Self> {
        let is_project = here.join(PROJECT_FILE).is_file() || here.join(PLUGINS).is_dir();
        let folder = match wanted {
            Some(wanted) => straight(&here.join(wanted)),
            None if is_project => here.join(PLUGINS).join(name),
            None => here.join(name),
        };
        let sdk = match checkout(&folder)? {
            Some(sdk) => SdkSource::Checkout(sdk),
            // Plugins of a project share it; one that stands alone has it inside, and can be moved.
            None => SdkSource::Carried(project(&folder).join(SDK_STORE)),
        };
        Ok(Self { folder, sdk })
    }
}

/// The project that a folder belongs to; a folder without one is its own.
fn project(folder: &Path) -> &Path {
    let has_file = |above: &&Path| above.join(PROJECT_FILE).is_file();
    let by_file = folder.ancestors().skip(1).find(has_file);
    let by_place = || folder.parent().filter(|parent| parent.ends_with(PLUGINS))?.parent();
    by_file.or_else(by_place).unwrap_or(folder)
}

/// The SDK of the checkout that a folder lies in. A project does not look beyond itself.
fn checkout(folder: &Path) -> Result<Option<PathBuf>> {
    for above in folder.ancestors().skip(1) {
        let sdk = above.join(CHECKOUT_SDK);
        let manifest = sdk.join("Cargo.toml");
        if manifest.is_file() {
            let manifest = Manifest::read(&manifest)?;
            let name = manifest.section("package").and_then(|it| it.get("name")?.as_str());
            if name == Some("wharf") {
                return Ok(Some(sdk));
            }
        }
        if above.join(PROJECT_FILE).is_file() {
            break;
        }
    }
    Ok(None)
}

/// The path without `.` and `..`, by its text: it need not exist.
fn straight(path: &Path) -> PathBuf {
    let mut found = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                found.pop();
            }
            other => found.push(other),
        }
    }
    found
}

/// How to get from one folder to another, in the way manifests write paths.
pub(crate) fn way(from: &Path, to: &Path) -> PathBuf {
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// The folder of the plugin and its SDK, from the folder where the command runs.
    fn placed(there: &[&str], wanted: Option<&str>) -> (String, String) {
        let root = tempfile::tempdir().expect("space");
        for path in there {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().expect("it is inside")).expect("space");
            match path.extension() {
                Some(_) => fs::write(&path, "[package]\nname = \"wharf\"\n").expect("space"),
                None => fs::create_dir(&path).expect("space"),
            }
        }
        let here = root.path().join("here");
        fs::create_dir_all(&here).expect("space");
        let place = Place::of("a", &here, wanted.map(Path::new)).expect("a place");
        let (SdkSource::Checkout(sdk) | SdkSource::Carried(sdk)) = &place.sdk;
        let from_here = |path: &Path| way(&here, path).display().to_string();
        (from_here(&place.folder), from_here(sdk))
    }

    #[test]
    fn plugin_goes_where_project_says() {
        for (there, wanted, folder, sdk) in [
            (&[][..], None, "a", "a/.wharf/sdk"),
            (&["here/wharf.toml"], None, "plugins/a", ".wharf/sdk"),
            (&["here/plugins"], None, "plugins/a", ".wharf/sdk"),
            (&["here/wharf.toml"], Some("deep/er"), "deep/er", ".wharf/sdk"),
            (&["here/plugins"], Some("else"), "else", "else/.wharf/sdk"),
            (&["wharf.toml"], None, "a", "../.wharf/sdk"),
            (&[], Some("../b/./c"), "../b/c", "../b/c/.wharf/sdk"),
            (&["sdk/rust/Cargo.toml"], None, "a", "../sdk/rust"),
            (&["sdk/rust/Cargo.toml", "here/plugins"], None, "plugins/a", "../sdk/rust"),
            (&["sdk/rust/Cargo.toml", "here/wharf.toml"], None, "plugins/a", ".wharf/sdk"),
            (&["sdk/rust/Cargo.toml", "wharf.toml"], None, "a", "../sdk/rust"),
        ] {
            let expected = (folder.to_owned(), sdk.to_owned());
            assert_eq!(placed(there, wanted), expected, "{there:?} {wanted:?}");
        }
    }

    #[test]
    fn ways_go_up_and_down() {
        for (from, to, expected) in [
            ("/p/plugins/a", "/p/.wharf/sdk", "../../.wharf/sdk"),
            ("/p/a", "/p/a/.wharf", ".wharf"),
            ("/a", "/b/c", "../b/c"),
            ("/a", "/a", ""),
        ] {
            assert_eq!(way(Path::new(from), Path::new(to)), Path::new(expected), "{from} {to}");
        }
    }
}
