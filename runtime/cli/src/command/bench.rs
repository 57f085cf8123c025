//! `wharf bench`: how fast this machine does it, beside a raw baseline from the same run.

mod queue;
mod work;

use std::path::Path;
use std::sync::Arc;

use clap::Subcommand;
use model::{Clock, Entropy};

use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Queue(queue::Args),
}

/// Runs in a store of its own, beside the data directory.
pub(crate) fn cmd(
    verb: &Verb,
    data: &Path,
    clock: &Arc<dyn Clock>,
    entropy: &Arc<dyn Entropy>,
    output: &mut Output,
) -> Result<ExitCode> {
    match verb {
        Verb::Queue(args) => queue::cmd(args, data, clock, entropy, output),
    }
}
