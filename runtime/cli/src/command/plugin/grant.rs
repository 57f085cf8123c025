//! `wharf plugin grant`

use std::collections::BTreeSet;

use engine::grant::Grants;
use host::project::{Entry, Project};
use host::{Need, Signature};
use model::similar::closest;

use super::grants::{Change, What};
use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::output::Output;
use crate::stage::Stage;

/// Let a plugin use a queue, a folder, a host or a secret
///
/// Writes it into the project file `wharf.toml`. Names of queues, folders and secrets may end in
/// `*`. Without options it gives a plugin its grants again, after a version that asks for more
/// came.
///
/// Example: wharf plugin grant finance --queue invoices=process,add --files ledger=read-write
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// An installed plugin, or what a file or folder for `wharf call` is called
    name: String,
    #[command(flatten)]
    what: What,
}

pub(crate) fn cmd(args: &Args, stage: &Stage<'_>, output: &mut Output) -> Result<ExitCode> {
    let name = &args.name;
    super::check_name(name)?;
    let project = stage.project()?;
    let entry = project.plugin(name);
    let imports = imports(&entry, stage)?;
    let again = imports.is_some() && imports != entry.imports;
    if args.what.is_empty() && !again {
        return Err(Error::usage(
            "nothing to grant",
            "name it with --queue, --files, --http or --secret",
        ));
    }
    let granted = args.what.grants(None)?;
    let after = joined(&entry.grants, &granted)?;
    let ceiling = stage.ceiling()?;
    Project::edit(stage.root(), |draft| {
        draft.grant(name, &after);
        if let Some(imports) = &imports {
            draft.accept(name, imports);
        }
    })?;
    let ceiling = ceiling.as_ref();
    Change { plugin: name, before: &entry.grants, after: &after, ceiling }.show(output)?;
    if again && entry.grants != Grants::default() {
        output.say(&format!("all grants of `{name}` count again"));
    }
    advise(name, &project, &granted, output);
    Ok(ExitCode::Ok)
}

/// What the installed component asks for; `None` where none is installed.
fn imports(entry: &Entry, stage: &Stage<'_>) -> Result<Option<BTreeSet<String>>> {
    let Some(digest) = entry.digest else { return Ok(None) };
    let component = stage.registry().component(digest)?;
    Ok(Some(Need::interfaces(&Signature::decode(&component)?)))
}

/// Both together. What is granted on a folder replaces what was granted there.
fn joined(present: &Grants, granted: &Grants) -> Result<Grants> {
    let mut all = present.clone();
    for (queue, verbs) in &granted.queues {
        all.queues.entry(queue.clone()).or_default().extend(verbs);
    }
    all.files.extend(granted.files.clone());
    all.http.extend(granted.http.iter().cloned());
    all.secrets.extend(granted.secrets.iter().cloned());
    // Together they may be more than there may be.
    Grants::parse(&all.table()).map_err(|errors| Error::Grants { errors })
}

/// Says what keeps a grant from meaning what somebody may think.
fn advise(name: &str, project: &Project, granted: &Grants, output: &mut Output) {
    let installed = project.plugins.iter().filter(|(_, entry)| entry.digest.is_some());
    let installed: Vec<&str> = installed.map(|(name, _)| name.as_str()).collect();
    if !installed.contains(&name) {
        let meant = closest(name, installed.iter().copied());
        let meant = meant.map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
        output.say(&format!(
            "`{name}` is not installed: this counts for a file or a folder of that name{meant}"
        ));
    }
    for folder in granted.table().files.keys().filter(|folder| !folder.ends_with('*')) {
        if !project.folders.contains_key(folder) {
            output.warn(&format!(
                "warning: the project has no folder `{folder}` yet: say in wharf.toml, under \
                 `[folders]`, where it is: `{}`",
                engine::files::folder_line(folder)
            ));
        }
    }
}
