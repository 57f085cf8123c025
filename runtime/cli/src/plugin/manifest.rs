//! `Cargo.toml` of a plugin: what a build has to know of it, and where it says the SDK is.

use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, TableLike, Value};

use crate::error::{Error as CliError, Result};
use crate::input;
use crate::toolchain::Error;

/// The kind of library that becomes a component.
const CDYLIB: &str = "cdylib";

/// A manifest that was read.
#[derive(Debug)]
pub(crate) struct Manifest {
    file: PathBuf,
    document: DocumentMut,
}

/// A path to an SDK that some wharf unpacked: `…/.wharf/sdk/DIGEST/rust`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SdkPath {
    /// The folder with a folder for each SDK, as the manifest names it.
    pub(crate) store: PathBuf,
    pub(crate) digest: String,
}

impl Manifest {
    pub(crate) fn read(file: &Path) -> Result<Self> {
        let document = input::file_text(file)?.parse::<DocumentMut>().map_err(|error| {
            let problem = error.to_string().trim_end().to_owned();
            Error::BadManifest { file: file.to_owned(), problem }
        })?;
        Ok(Self { file: file.to_owned(), document })
    }

    pub(crate) fn section(&self, name: &str) -> Option<&dyn TableLike> {
        self.document.get(name)?.as_table_like()
    }

    /// The name of the package, if it is a plugin's.
    pub(crate) fn plugin_name(&self) -> Result<String> {
        let file = || self.file.clone();
        let Some(package) = self.section("package") else {
            if self.section("workspace").is_some() {
                return Err(Error::NotAPackage { file: file() }.into());
            }
            return Err(self.bad("it has no `[package]`").into());
        };
        let name = package.get("name").and_then(Item::as_str);
        let name = name.ok_or_else(|| self.bad("the package has no name"))?.to_owned();
        let library = self.section("lib");
        let kinds = ["crate-type", "crate_type"]
            .into_iter()
            .find_map(|key| Some((key, library?.get(key)?.as_value()?)));
        match kinds {
            Some((_, kinds)) if lists(kinds, CDYLIB) => Ok(name),
            _ => {
                let crate_type = kinds.map(|(key, kinds)| format!("{key} ={kinds}"));
                Err(Error::NotACdylib { name, file: file(), crate_type }.into())
            }
        }
    }

    fn bad(&self, problem: &str) -> Error {
        Error::BadManifest { file: self.file.clone(), problem: problem.into() }
    }

    /// Where the SDK is, if it is one that was unpacked.
    pub(crate) fn sdk(&self) -> Option<SdkPath> {
        let path = self.section("dependencies")?.get("wharf")?.as_table_like()?.get("path")?;
        SdkPath::parse(path.as_str()?)
    }

    /// Makes the manifest name another SDK, and writes it; everything else stays as it is.
    pub(crate) fn use_sdk(&mut self, sdk: &SdkPath) -> Result<()> {
        let path = self.document.get_mut("dependencies").and_then(|it| it.get_mut("wharf"));
        if let Some(path) = path.and_then(|it| it.get_mut("path")).and_then(Item::as_value_mut) {
            let decor = path.decor().clone();
            *path = Value::from(sdk.to_text());
            *path.decor_mut() = decor;
        }
        fs::write(&self.file, self.document.to_string())
            .map_err(CliError::file("write", &self.file))
    }
}

impl SdkPath {
    fn parse(path: &str) -> Option<Self> {
        let (store, digest) = path.strip_suffix("/rust")?.rsplit_once('/')?;
        let is_digest = !digest.is_empty() && digest.chars().all(|c| c.is_ascii_hexdigit());
        let ours = is_digest && Path::new(store).ends_with(".wharf/sdk");
        ours.then(|| Self { store: store.into(), digest: digest.into() })
    }

    /// As manifests have it.
    pub(crate) fn to_text(&self) -> String {
        format!("{}/{}/rust", self.store.display(), self.digest)
    }
}

/// Whether a list holds this text.
fn lists(list: &Value, text: &str) -> bool {
    list.as_array().is_some_and(|list| list.iter().any(|item| item.as_str() == Some(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(text: &str) -> Result<Manifest> {
        let folder = tempfile::tempdir().expect("space");
        let file = folder.path().join("Cargo.toml");
        fs::write(&file, text).expect("space");
        Manifest::read(&file)
    }

    #[test]
    fn only_cdylibs_are_plugins() {
        let name = |text: &str| manifest(text).and_then(|it| it.plugin_name());
        let package = "[package]\nname = \"a\"\n";
        for kinds in ["crate-type = [\"cdylib\", \"rlib\"]", "crate_type = ['cdylib']"] {
            let text = format!("{package}[lib]\n{kinds}\n");
            assert_eq!(name(&text).expect(kinds), "a");
        }
        for (text, code, hint) in [
            (package.to_owned(), "plugin/not-a-cdylib", "add to"),
            (format!("{package}lib.crate-type = ['rlib']"), "plugin/not-a-cdylib", "`crate-type"),
            ("[workspace]\n".into(), "plugin/bad-manifest", "members"),
            ("[package]\n".into(), "plugin/bad-manifest", "correct"),
            ("a = 1\n".into(), "plugin/bad-manifest", "correct"),
            ("[package\n".into(), "plugin/bad-manifest", "correct"),
        ] {
            let error = name(&text).expect_err(&text);
            assert_eq!(error.code(), code, "{text}");
            assert!(error.hint().contains(hint), "{text}: {error}");
        }
    }

    #[test]
    fn sdk_is_named_by_its_path() {
        for (path, store) in [
            ("../../.wharf/sdk/0123abcd/rust", Some("../../.wharf/sdk")),
            (".wharf/sdk/0/rust", Some(".wharf/sdk")),
            ("../../sdk/rust", None),
            ("../.wharf/sdk/rust", None),
            ("../.wharf/sdk/xyz/rust", None),
            ("../.wharf/sdk/0123abcd", None),
        ] {
            let found = SdkPath::parse(path);
            assert_eq!(found.as_ref().map(|it| it.store.as_path()), store.map(Path::new), "{path}");
            assert!(found.is_none_or(|it| it.to_text() == path), "{path}");
        }
    }

    #[test]
    fn naming_another_sdk_keeps_the_rest() {
        let folder = tempfile::tempdir().expect("space");
        let file = folder.path().join("Cargo.toml");
        let text = |digest: &str| {
            format!("# mine\n[dependencies]\nwharf = {{path=  \".wharf/sdk/{digest}/rust\"}} # x\n")
        };
        fs::write(&file, text("aa")).expect("space");
        let mut manifest = Manifest::read(&file).expect("a manifest");
        let sdk = manifest.sdk().expect("it names one");
        manifest.use_sdk(&SdkPath { digest: "bb".into(), ..sdk }).expect("space");
        assert_eq!(fs::read_to_string(&file).expect("it is there"), text("bb"));
    }
}
