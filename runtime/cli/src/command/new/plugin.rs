//! `wharf new plugin`: a crate with a step in it, which builds at once and without a network.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::output::{Output, json};
use crate::plugin::{Around, Place, SdkSource, check_name, way};
use crate::sdk::{self, Sdk};

/// Make a plugin: a crate with one step, its tests, and the SDK it needs
///
/// It goes to `plugins/NAME` where there is a folder `plugins` or a project file `wharf.toml`, else
/// to `./NAME`. Nothing that exists is overwritten, and nothing is fetched.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Lowercase words joined by `-`, such as `invoice-checks`
    name: String,
    /// The folder to make, instead of the usual one
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// What was made.
struct Made {
    place: Place,
    /// The crate of the SDK.
    sdk: PathBuf,
    around: Option<Around>,
}

pub(crate) fn cmd(args: &Args, here: &Path, output: &mut Output) -> Result<ExitCode> {
    check_name(&args.name)?;
    let place = Place::of(&args.name, here, args.dir.as_deref())?;
    if place.folder.exists() {
        return Err(Error::file_exists(shown(&place.folder, here)));
    }
    let around = Around::find(&place.folder)?;
    let made = make(&args.name, place, around, here)?;
    report(&args.name, &made, here, output)?;
    Ok(ExitCode::Ok)
}

/// The path as a person at `here` would write it.
fn shown(path: &Path, here: &Path) -> PathBuf {
    let inside = path.strip_prefix(here);
    inside.map_or_else(|_| path.to_owned(), Path::to_owned)
}

/// Makes the folder; a half-made one is taken away again.
fn make(name: &str, place: Place, around: Option<Around>, here: &Path) -> Result<Made> {
    let made = fs::create_dir_all(&place.folder);
    made.map_err(Error::file("create", shown(&place.folder, here)))?;
    let filled = fill(name, &place, around.as_ref());
    let sdk = filled.inspect_err(|_| {
        // The first error is the one to tell.
        let _left = fs::remove_dir_all(&place.folder);
    })?;
    Ok(Made { place, sdk, around })
}

/// Writes all files; where the SDK is.
fn fill(name: &str, place: &Place, around: Option<&Around>) -> Result<PathBuf> {
    let sdk = match &place.sdk {
        SdkSource::Checkout(sdk) => sdk.clone(),
        SdkSource::Carried(store) => Sdk::carried().unpack(store)?.join("rust"),
    };
    let is_member = around.is_some_and(|around| around.takes_in);
    let way = way(&place.folder, &sdk).display().to_string();
    for (file, text) in files(name, &way, is_member) {
        sdk::write(&place.folder.join(file), text.as_bytes())?;
    }
    Ok(sdk)
}

/// The files of a plugin. A member of a workspace has its profiles and its lock file from there.
fn files(name: &str, sdk: &str, is_member: bool) -> Vec<(&'static str, String)> {
    const MANIFEST: &str = include_str!("../../../templates/plugin/Cargo.toml.txt");
    const ALONE: &str = include_str!("../../../templates/plugin/alone.txt");
    let manifest = if is_member { MANIFEST.to_owned() } else { format!("{MANIFEST}{ALONE}") };
    let named = |text: &str| text.replace("NAME", name);
    let module = name.replace('-', "_");
    let mut files = vec![
        ("Cargo.toml", named(&manifest).replace("\"SDK\"", &format!("\"{sdk}\""))),
        ("README.md", named(include_str!("../../../templates/plugin/README.md"))),
        (".gitignore", include_str!("../../../templates/plugin/gitignore.txt").to_owned()),
        ("src/lib.rs", include_str!("../../../templates/plugin/lib.rs").replace("MODULE", &module)),
    ];
    // The versions that the SDK was tested with; cargo strikes out what a plugin does not need.
    if let Some(lock) = sdk::source("Cargo.lock").filter(|_| !is_member) {
        files.push(("Cargo.lock", lock.to_owned()));
    }
    files
}

fn report(name: &str, made: &Made, here: &Path, output: &mut Output) -> Result<()> {
    let folder = shown(&made.place.folder, here);
    let workspace = made.around.as_ref().filter(|around| around.takes_in);
    if !output.is_text() {
        let object = json::Object::new()
            .text("plugin", name)
            .text("folder", made.place.folder.display())
            .text("sdk", made.sdk.display())
            .maybe("workspace", workspace.map(|around| around.manifest.display()));
        return output.line(&object.finish());
    }
    let folder = folder.display();
    output.say(&format!("made the plugin `{name}` in `{folder}`"));
    output.say(&match &made.place.sdk {
        SdkSource::Checkout(sdk) => {
            format!("its SDK is that of this checkout, `{}`", shown(sdk, here).display())
        }
        SdkSource::Carried(store) => {
            format!("its SDK is in `{}`", shown(store, here).display())
        }
    });
    if let Some(around) = &made.around {
        let manifest = shown(&around.manifest, here);
        let manifest = manifest.display();
        output.say(&if around.takes_in {
            format!("it is a member of the workspace `{manifest}`, and has its profiles")
        } else {
            format!("the workspace `{manifest}` does not take it in: it is one of its own")
        });
    }
    output.say(&format!(
        "\nnext:\n  wharf build {folder}\n  wharf call {folder} decide --input \
         '{{\"order\":{{\"customer\":\"Fabrikam\",\"total\":1253.78}}}}'"
    ));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn member_has_no_profile_and_lock() {
        let text = |is_member: bool, name: &str| {
            let files = files("a-b", "../sdk", is_member).into_iter();
            files.filter(|(file, _)| *file == name).map(|(_, text)| text).collect::<String>()
        };
        assert!(text(false, "Cargo.toml").contains("[workspace]"));
        assert!(text(false, "Cargo.lock").contains("wit-bindgen"));
        assert!(!text(true, "Cargo.toml").contains("[workspace]"));
        assert_eq!(text(true, "Cargo.lock"), "");
        for is_member in [false, true] {
            let manifest = text(is_member, "Cargo.toml");
            assert!(manifest.contains("name = \"a-b\"") && manifest.contains("path = \"../sdk\""));
            assert!(text(is_member, "src/lib.rs").contains("pub mod a_b {"));
        }
    }
}
