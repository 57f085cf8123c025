//! The cargo workspace that a new plugin would stand in: cargo looks for one in every folder above,
//! and refuses a crate that is neither a member nor on its own.

use std::path::{Path, PathBuf};

use toml_edit::{Item, TableLike};

use crate::error::Result;
use crate::plugin::Manifest;

/// A workspace above a folder.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Around {
    /// Its manifest.
    pub(crate) manifest: PathBuf,
    /// Whether its `members` take the folder in.
    pub(crate) takes_in: bool,
}

impl Around {
    /// The workspace that is nearest above a folder, which need not exist.
    pub(crate) fn find(folder: &Path) -> Result<Option<Self>> {
        for above in folder.ancestors().skip(1) {
            let file = above.join("Cargo.toml");
            if !file.is_file() {
                continue;
            }
            let manifest = Manifest::read(&file)?;
            let Some(workspace) = manifest.section("workspace") else { continue };
            let inside = folder.strip_prefix(above).unwrap_or(folder);
            let takes_in = takes_in(workspace, inside);
            return Ok(Some(Self { manifest: file, takes_in }));
        }
        Ok(None)
    }
}

fn takes_in(workspace: &dyn TableLike, folder: &Path) -> bool {
    let list = |key: &str| -> Vec<String> {
        let items = workspace.get(key).and_then(Item::as_array).into_iter().flatten();
        items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
    };
    let parts: Vec<_> = folder.iter().map(|part| part.to_string_lossy()).collect();
    let excluded = list("exclude").iter().any(|path| folder.starts_with(path));
    !excluded
        && list("members").iter().any(|pattern| {
            let wanted: Vec<&str> = pattern.trim_start_matches("./").split('/').collect();
            wanted.len() == parts.len()
                && wanted.iter().zip(&parts).all(|(wanted, part)| matches(wanted, part))
        })
}

/// Whether a name is as a pattern with `*` and `?` wants it.
fn matches(pattern: &str, name: &str) -> bool {
    let mut rest = pattern.chars();
    match rest.next() {
        None => name.is_empty(),
        Some('*') => {
            let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
            ends.into_iter().any(|at| matches(rest.as_str(), &name[at..]))
        }
        Some(wanted) => {
            let mut name = name.chars();
            let fits = |found| wanted == '?' || wanted == found;
            name.next().is_some_and(fits) && matches(rest.as_str(), name.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(manifest: &str, plugin: &str) -> Option<bool> {
        let folder = tempfile::tempdir().expect("space");
        std::fs::write(folder.path().join("Cargo.toml"), manifest).expect("space");
        let found = Around::find(&folder.path().join(plugin)).expect("a manifest");
        found.map(|around| around.takes_in)
    }

    #[test]
    fn workspace_takes_in_its_members() {
        for (members, plugin, taken) in [
            ("members = ['plugins/*']", "plugins/a", true),
            ("members = ['./plugins/*']", "plugins/a", true),
            ("members = ['plugins/a']", "plugins/a", true),
            ("members = ['*/p?u*-x']", "plugins/plu-x", true),
            ("members = ['plugins/*']", "a", false),
            ("members = ['plugins/*']", "plugins/a/b", false),
            ("members = ['plugins/b']", "plugins/a", false),
            ("members = ['plugins/*']\nexclude = ['plugins/a']", "plugins/a", false),
            ("members = ['plugins/*']\nexclude = ['plugins/a']", "plugins/ab", true),
            ("", "plugins/a", false),
        ] {
            let manifest = format!("[workspace]\n{members}\n");
            assert_eq!(around(&manifest, plugin), Some(taken), "{members} {plugin}");
        }
    }

    #[test]
    fn lone_package_is_no_workspace() {
        assert_eq!(around("[package]\nname = 'a'\n", "plugins/a"), None);
    }
}
