//! `wharf new`: things that begin from a template.

mod plugin;

use std::path::Path;

use clap::Subcommand;

use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Plugin(plugin::Args),
}

pub(crate) fn cmd(verb: &Verb, here: &Path, output: &mut Output) -> Result<ExitCode> {
    match verb {
        Verb::Plugin(args) => plugin::cmd(args, here, output),
    }
}
