//! `wharf bench`: how fast this machine does it, beside a raw baseline from the same run.

mod plugin;
mod queue;
mod report;
mod work;

use std::path::Path;

use clap::Subcommand;

use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::output::Output;
use crate::stage::Stage;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Queue(queue::Args),
    Plugin(plugin::Args),
}

/// Runs in a store of its own, beside the data directory.
pub(crate) fn cmd(verb: &Verb, stage: &Stage<'_>, output: &mut Output) -> Result<ExitCode> {
    match verb {
        Verb::Queue(args) => queue::cmd(args, &stage.data, &stage.clock, &stage.entropy, output),
        Verb::Plugin(args) => plugin::cmd(args, stage, output),
    }
}

/// A folder beside the data directory, on the same disk; it goes when this is dropped.
fn folder(data: &Path) -> Result<tempfile::TempDir> {
    let parent = data.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    let dir = tempfile::Builder::new().prefix(".wharf-bench-").tempdir_in(parent);
    dir.map_err(Error::file("create", parent.join(".wharf-bench")))
}
