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

use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Add an item to a queue
    Add(add::Args),
    /// Add an item for each row of a CSV or JSON Lines file
    Import(import::Args),
    /// Take items to work on
    Claim(claim::Args),
    /// Ask for more time on an item you hold
    Renew(renew::Args),
    /// Say how the work on an item you hold ended
    Settle(settle::Args),
    /// Put items into the queue again
    Requeue(repair::Requeue),
    /// Keep items back
    Hold(repair::Hold),
    /// Let held items go on
    Release(repair::Release),
    /// Change what items carry
    Edit(edit::Args),
    /// Delete items for good, with their history
    Delete(repair::Delete),
    /// Write a note on an item
    Note(note::Args),
    /// Show items with all their fields, value and notes
    Show(show::Args),
    /// List items
    List(list::Args),
    /// Show what happened to an item
    History(history::Args),
    /// Write items in the form that import reads
    Export(export::Args),
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
