//! Runs cargo and reads what it says: one JSON message a line, diagnostics aside on stderr.

use std::path::{Path, PathBuf};

use model::Value;

use crate::error::Result;
use crate::plugin::Plugin;
use crate::toolchain::process::{self, Talk};
use crate::toolchain::{Error, Profile, TARGET, Tools};

/// What a build that succeeded left.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Made {
    pub(super) file: PathBuf,
    /// Cargo found nothing to do.
    pub(super) fresh: bool,
    /// The packages that were built from folders, as cargo names them.
    pub(super) packages: Vec<String>,
}

pub(super) fn build(plugin: &Plugin, profile: Profile, tools: &Tools<'_>) -> Result<Made> {
    let mut arguments = vec!["build", "--target", TARGET];
    arguments.push("--message-format=json-render-diagnostics");
    arguments.extend(["--color", if tools.color { "always" } else { "never" }]);
    if profile == Profile::Release {
        arguments.push("--release");
    }
    if tools.quiet {
        arguments.push("--quiet");
    }
    let ran = process::run("cargo", &arguments, &plugin.folder, Talk::Shown, tools.interrupted)?;
    if !ran.success {
        return Err(Error::NotBuilt { plugins: vec![plugin.name.clone()] }.into());
    }
    made(&ran.said, &plugin.manifest).ok_or_else(|| {
        let what = "cargo reports no file for its library";
        Error::NoComponent { plugin: plugin.name.clone(), what }.into()
    })
}

/// Makes cargo forget what it built of these packages, so that it builds them anew.
pub(super) fn forget(plugin: &Plugin, packages: &[String], tools: &Tools<'_>) -> Result<()> {
    let mut arguments = vec!["clean", "--quiet", "--target", TARGET];
    for package in packages {
        arguments.extend(["--package", package]);
    }
    let ran = process::run("cargo", &arguments, &plugin.folder, Talk::Shown, tools.interrupted)?;
    if ran.success {
        return Ok(());
    }
    let told = "it could not drop what it had built before".into();
    Err(Error::ProgramFailed { command: "cargo clean".into(), told }.into())
}

/// The component of the package with this manifest, out of the messages of a build.
fn made(messages: &str, manifest: &Path) -> Option<Made> {
    let artifacts = messages.lines().filter(|line| line.contains("\"compiler-artifact\""));
    let artifacts: Vec<Value> =
        artifacts.filter_map(|line| model::json::parse(line).ok()).collect();
    let text = |value: &Value, name: &str| Some(value.get(name)?.as_text()?.to_owned());
    let packages = artifacts.iter().filter_map(|artifact| text(artifact, "package_id"));
    let mut packages: Vec<String> = packages.filter(|id| id.starts_with("path+")).collect();
    packages.sort();
    packages.dedup();
    artifacts.iter().find_map(|artifact| {
        let kinds = artifact.get("target")?.get("kind")?.as_list()?;
        let ours = kinds.iter().any(|kind| kind.as_text() == Some("cdylib"))
            && same_file(Path::new(&text(artifact, "manifest_path")?), manifest);
        let mut files = artifact.get("filenames")?.as_list()?.iter().filter_map(Value::as_text);
        let file = files.find(|file| Path::new(file).extension().is_some_and(|it| it == "wasm"))?;
        let fresh = artifact.get("fresh")?.as_bool()?;
        ours.then(|| Made { file: file.into(), fresh, packages: packages.clone() })
    })
}

/// Whether both name the same file, whichever way each goes there.
fn same_file(left: &Path, right: &Path) -> bool {
    left == right || matches!((left.canonicalize(), right.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(manifest: &str, kind: &str, file: &str) -> String {
        format!(
            "{{\"reason\":\"compiler-artifact\",\"package_id\":\"path+file://{manifest}#0.1.0\",\
             \"manifest_path\":\"{manifest}\",\"target\":{{\"kind\":[\"{kind}\"]}},\
             \"filenames\":[\"/t/lib.rlib\",\"{file}\"],\"fresh\":false}}"
        )
    }

    #[test]
    fn component_is_that_of_the_plugin() {
        let messages = [
            r#"{"reason":"build-script-executed"}"#.to_owned(),
            message("/sdk/Cargo.toml", "lib", "/t/wharf.wasm"),
            message("/other/Cargo.toml", "cdylib", "/t/other.wasm"),
            message("/a/Cargo.toml", "bin", "/t/tool.wasm"),
            message("/a/Cargo.toml", "cdylib", "/t/a.wasm"),
            r#"{"reason":"build-finished","success":true}"#.to_owned(),
        ];
        let found = made(&messages.join("\n"), Path::new("/a/Cargo.toml"));
        let found = found.expect("it is among them");
        assert_eq!(found.file, Path::new("/t/a.wasm"));
        assert_eq!(found.packages.len(), 3);
    }

    #[test]
    fn other_files_are_no_component() {
        let manifest = Path::new("/a/Cargo.toml");
        for messages in [
            String::new(),
            "not JSON \"compiler-artifact\"".into(),
            message("/a/Cargo.toml", "cdylib", "/t/liba.so"),
            message("/b/Cargo.toml", "cdylib", "/t/b.wasm"),
        ] {
            assert_eq!(made(&messages, manifest), None, "{messages}");
        }
    }
}
