//! `wharf item`: the life of items, for workers, for people and for scripts.

mod add;
mod bulk;
mod claim;
mod edit;
mod export;
mod history;
pub(crate) mod import;
mod list;
mod note;
mod renew;
mod repair;
mod settle;
mod show;

use clap::Subcommand;
use model::Token;

use crate::args::token;
use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::select::OneItem;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Add(add::Args),
    Import(import::Args),
    Claim(claim::Args),
    Renew(renew::Args),
    Settle(settle::Args),
    Requeue(repair::Requeue),
    Hold(repair::Hold),
    Release(repair::Release),
    Edit(edit::Args),
    Delete(repair::Delete),
    Note(note::Args),
    Show(show::Args),
    List(list::Args),
    History(history::Args),
    Export(export::Args),
}

/// An item that a worker holds, and the proof.
#[derive(clap::Args, Clone, Debug)]
struct Held {
    #[command(flatten)]
    item: OneItem,
    /// What the claim printed
    #[arg(long, value_parser = token)]
    token: Token,
}

pub(crate) fn cmd(verb: &Verb, context: &mut Context<'_>) -> Result<ExitCode> {
    match verb {
        Verb::Add(args) => add::cmd(args, context),
        Verb::Import(args) => import::cmd(args, context),
        Verb::Claim(args) => claim::cmd(args, context),
        Verb::Renew(args) => renew::cmd(args, context),
        Verb::Settle(args) => settle::cmd(args, context),
        Verb::Requeue(args) => repair::requeue(args, context),
        Verb::Hold(args) => repair::hold(args, context),
        Verb::Release(args) => repair::release(args, context),
        Verb::Edit(args) => edit::cmd(args, context),
        Verb::Delete(args) => repair::delete(args, context),
        Verb::Note(args) => note::cmd(args, context),
        Verb::Show(args) => show::cmd(args, context),
        Verb::List(args) => list::cmd(args, context),
        Verb::History(args) => history::cmd(args, context),
        Verb::Export(args) => export::cmd(args, context),
    }
}

impl Verb {
    pub(crate) fn makes_store(&self) -> bool {
        matches!(self, Self::Import(args) if args.create)
    }
}
