//! `wharf plugin revoke`

use engine::grant::Grants;
use host::project::Project;

use super::grants::{Change, What, words};
use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::output::Output;
use crate::stage::Stage;

/// Take grants from a plugin
///
/// A queue or folder alone stands for everything that is granted on it.
///
/// Example: wharf plugin revoke finance --queue invoices=add --secret portal-token
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The plugin
    name: String,
    #[command(flatten)]
    what: What,
    /// Everything that it was granted
    #[arg(long, conflicts_with_all = ["queue", "files", "http", "secret"])]
    all: bool,
}

pub(crate) fn cmd(args: &Args, stage: &Stage<'_>, output: &mut Output) -> Result<ExitCode> {
    let name = &args.name;
    super::check_name(name)?;
    if args.what.is_empty() && !args.all {
        return Err(Error::usage(
            "nothing to revoke",
            "name it with --queue, --files, --http or --secret, or take everything with --all",
        ));
    }
    let project = stage.project()?;
    let before = project.plugin(name).grants;
    let after = if args.all {
        if before == Grants::default() {
            return Err(Error::NotGranted { what: vec![name.clone()] });
        }
        Grants::default()
    } else {
        without(&before, &args.what.grants(Some(&before.table()))?)?
    };
    let ceiling = stage.ceiling()?;
    Project::edit(stage.root(), |draft| draft.grant(name, &after))?;
    let ceiling = ceiling.as_ref();
    Change { plugin: name, before: &before, after: &after, ceiling }.show(output)?;
    Ok(ExitCode::Ok)
}

/// The grants without these, all of which must be there.
fn without(before: &Grants, revoked: &Grants) -> Result<Grants> {
    let (present, asked) = (words(before), words(revoked));
    let missing: Vec<String> = asked.difference(&present).cloned().collect();
    if !missing.is_empty() {
        return Err(Error::NotGranted { what: missing });
    }
    let mut after = before.clone();
    for (queue, verbs) in &revoked.queues {
        if let Some(left) = after.queues.get_mut(queue) {
            left.retain(|verb| !verbs.contains(verb));
        }
    }
    after.queues.retain(|_, verbs| !verbs.is_empty());
    after.files.retain(|folder, _| !revoked.files.contains_key(folder));
    after.http.retain(|origin| !revoked.http.contains(origin));
    after.secrets.retain(|name| !revoked.secrets.contains(name));
    Ok(after)
}
