//! `wharf queue`: what queues accept and the rules their items live by.

mod clear;
mod create;
mod delete;
mod edit;
mod export;
mod import;
mod list;
mod settings;
mod show;
mod state;
mod stats;

use clap::Subcommand;
use model::QueueState;

use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Make a queue
    Create(create::Args),
    /// List the queues, with what is in them
    List,
    /// Show the settings of a queue
    Show(show::Args),
    /// Change the settings of a queue
    Edit(edit::Args),
    /// Take nothing in and hand nothing out; claimed items go on
    Pause(state::Args),
    /// Work again
    Resume(state::Args),
    /// As pause, and leases are not renewed, so that running work winds down
    Stop(state::Args),
    /// Delete all items of a queue
    Clear(clear::Args),
    /// Delete a queue for good
    Delete(delete::Args),
    /// Count the items of a queue by status
    Stats(stats::Args),
    /// Make or change queues as a file says
    Import(import::Args),
    /// Write the settings of queues in the form that import reads
    Export(export::Args),
}

pub(crate) fn cmd(verb: &Verb, context: &mut Context<'_>) -> Result<ExitCode> {
    match verb {
        Verb::Create(args) => create::cmd(args, context),
        Verb::List => list::cmd(context),
        Verb::Show(args) => show::cmd(args, context),
        Verb::Edit(args) => edit::cmd(args, context),
        Verb::Pause(args) => state::cmd(args, QueueState::Paused, context),
        Verb::Resume(args) => state::cmd(args, QueueState::Active, context),
        Verb::Stop(args) => state::cmd(args, QueueState::Stopped, context),
        Verb::Clear(args) => clear::cmd(args, context),
        Verb::Delete(args) => delete::cmd(args, context),
        Verb::Stats(args) => stats::cmd(args, context),
        Verb::Import(args) => import::cmd(args, context),
        Verb::Export(args) => export::cmd(args, context),
    }
}
