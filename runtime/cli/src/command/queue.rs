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
    Create(create::Args),
    /// List the queues, with what is in them
    List,
    Show(show::Args),
    Edit(edit::Args),
    /// Take nothing in and hand nothing out; claimed items go on
    Pause(state::Args),
    /// Work again
    Resume(state::Args),
    /// As pause, and leases are not renewed, so that running work winds down
    Stop(state::Args),
    Clear(clear::Args),
    Delete(delete::Args),
    Stats(stats::Args),
    Import(import::Args),
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

impl Verb {
    pub(crate) fn makes_store(&self) -> bool {
        matches!(self, Self::Create(_) | Self::Import(_))
    }
}
