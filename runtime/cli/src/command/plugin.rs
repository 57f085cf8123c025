//! `wharf plugin`: the plugins of a project, and what they may do.

mod grant;
mod grants;
mod inspect;
mod install;
mod list;
mod revoke;

use clap::Subcommand;

use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::output::Output;
use crate::stage::Stage;
pub(crate) use grants::words;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Install(install::Args),
    List(list::Args),
    Inspect(inspect::Args),
    Grant(grant::Args),
    Revoke(revoke::Args),
}

pub(crate) fn cmd(verb: &Verb, stage: &Stage<'_>, output: &mut Output) -> Result<ExitCode> {
    match verb {
        Verb::Install(args) => install::cmd(args, stage, output),
        Verb::List(args) => list::cmd(args, stage, output),
        Verb::Inspect(args) => inspect::cmd(args, stage, output),
        Verb::Grant(args) => grant::cmd(args, stage, output),
        Verb::Revoke(args) => revoke::cmd(args, stage, output),
    }
}

/// Refuses what flows could not name.
fn check_name(name: &str) -> Result<()> {
    if host::project::is_plugin_name(name) {
        return Ok(());
    }
    Err(Error::PluginName { name: crate::args::shown(name) })
}
