//! `wharf plugin install`

use std::path::{Path, PathBuf};

use host::project::{Entry, Project};
use host::registry::Digest;
use host::{Need, Signature};

use crate::component;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::output::Output;
use crate::stage::{Stage, inactive};
use crate::toolchain::Profile;
use crate::view::plugin::{self, Sight};

/// Install a plugin: keep its component, compile it, and pin it in the project file
///
/// The folder of a plugin is built for use first. Flows and `wharf call` then know it by its name,
/// and run exactly this component. A version that asks for more than the one before loses its
/// grants until they are given again.
///
/// Example: wharf plugin install plugins/finance
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// A .wasm file, or the folder of a plugin
    #[arg(value_name = "FILE|DIR")]
    source: PathBuf,
    /// What flows call it [default: the name of its file or crate]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Let its grants count, though it asks for more than before
    #[arg(long)]
    accept: bool,
}

pub(crate) fn cmd(args: &Args, stage: &Stage<'_>, output: &mut Output) -> Result<ExitCode> {
    if let Some(name) = &args.name {
        super::check_name(name)?;
    }
    let project = stage.project()?;
    let mut component = component::at(&args.source, Profile::Release, stage, output)?;
    if let Some(name) = &args.name {
        component.name.clone_from(name);
    }
    // Whatever cannot be loaded is not installed.
    let steps = stage.load(&stage.host(false)?, &component, output)?;
    let (name, signature) = (&component.name, steps.signature());
    let digest = stage.registry().keep(&component.bytes)?;
    let before = project.plugin(name);
    let news = news(&before, signature, args.accept);
    let imports = Need::interfaces(signature);
    let imports = news.is_empty().then_some(&imports);
    let source = written(&stage.here.join(&args.source), stage.root());
    let after = Project::edit(stage.root(), |draft| draft.pin(name, &source, &digest, imports))?;
    said(name, before.digest, digest, output);
    if !news.is_empty() {
        output.warn(&inactive(name, &news));
    }
    let entry = after.plugin(name);
    let sight = Sight {
        name,
        signature,
        bytes: component.bytes.len(),
        digest,
        entry: &entry,
        ceiling: stage.ceiling()?,
    };
    plugin::show(&sight, output)?;
    Ok(ExitCode::Ok)
}

/// What the component asks for and the one before did not. There is nothing to lose where nothing
/// is granted.
fn news(before: &Entry, signature: &Signature, accept: bool) -> Vec<String> {
    let has_grants = before.grants != engine::grant::Grants::default();
    if accept || !has_grants {
        return Vec::new();
    }
    before.news(signature).into_iter().collect()
}

/// The path as the project file has it: from its folder where it lies in there.
fn written(path: &Path, root: &Path) -> String {
    let inside = path.strip_prefix(root).unwrap_or(path);
    let plain: PathBuf = inside.components().collect();
    plain.display().to_string()
}

fn said(name: &str, before: Option<Digest>, now: Digest, output: &mut Output) {
    output.say(&match before {
        None => format!("installed `{name}`"),
        Some(before) if before == now => format!("`{name}` was installed already, as it is"),
        Some(before) => {
            let (before, now) = (plugin::short(before), plugin::short(now));
            format!("replaced `{name}`: {before} by {now}")
        }
    });
}
