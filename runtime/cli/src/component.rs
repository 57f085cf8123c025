//! Which component a word of the command line means.

use std::path::Path;

use host::limits::PLUGIN_NAME_BYTES_MAX;
use host::project::{Entry, Project, is_plugin_name};
use host::registry;
use model::similar::closest;

use crate::command::build;
use crate::error::{Error, Result};
use crate::output::Output;
use crate::plugin::Plugin;
use crate::stage::Stage;
use crate::toolchain::{self, Profile};

/// A component, under the name that its grants go by.
pub(crate) struct Component {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// What the project says of a plugin of that name.
    pub(crate) entry: Entry,
}

/// The component that is installed under this name, else that of a file or a folder.
pub(crate) fn find(
    word: &str,
    stage: &Stage<'_>,
    project: &Project,
    output: &mut Output,
) -> Result<Component> {
    let entry = project.plugin(word);
    if let Some(digest) = entry.digest {
        let bytes = stage.registry().component(digest)?;
        return Ok(Component { name: word.to_owned(), bytes, entry });
    }
    let path = Path::new(word);
    if !path.exists() {
        let names = project.plugins.iter().filter(|(_, entry)| entry.digest.is_some());
        let similar = closest(word, names.map(|(name, _)| name.as_str())).map(str::to_owned);
        return Err(Error::NoSuchPlugin { word: word.to_owned(), similar });
    }
    let found = at(path, Profile::Dev, stage, output)?;
    Ok(Component { entry: project.plugin(&found.name), ..found })
}

/// The component of a file, or of a folder, which is built.
pub(crate) fn at(
    path: &Path,
    profile: Profile,
    stage: &Stage<'_>,
    output: &mut Output,
) -> Result<Component> {
    let (name, file) = if path.is_dir() {
        let plugin = Plugin::open(path)?;
        let tools = stage.tools(output);
        toolchain::prepare(std::slice::from_ref(&plugin), &tools)?;
        let built = build::build(&plugin, profile, &tools, output)?;
        (plugin.name, built.file)
    } else {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        (stem.unwrap_or_default(), path.to_owned())
    };
    let bytes = registry::read(&file)?;
    Ok(Component { name: named(&name), bytes, entry: Entry::default() })
}

/// The name of a crate or a file, mended so that it can be that of a plugin.
fn named(text: &str) -> String {
    let plain = |it: char| match it {
        'a'..='z' | '0'..='9' => it,
        'A'..='Z' => it.to_ascii_lowercase(),
        _ => '-',
    };
    let name: String = text.chars().map(plain).collect();
    let start = name.trim_start_matches(|it: char| !it.is_ascii_lowercase());
    let cut = &start[..start.len().min(PLUGIN_NAME_BYTES_MAX)];
    let name = cut.trim_end_matches('-');
    if is_plugin_name(name) { name.to_owned() } else { "plugin".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_lend_their_name() {
        for (stem, name) in [
            ("finance", "finance"),
            ("invoice_checks", "invoice-checks"),
            ("Finance 2", "finance-2"),
            ("2fast", "fast"),
            ("--", "plugin"),
            ("", "plugin"),
            ("é", "plugin"),
        ] {
            assert_eq!(named(stem), name, "{stem}");
        }
        assert_eq!(named(&"a".repeat(65)), "a".repeat(64));
    }
}
