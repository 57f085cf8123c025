//! `wharf runs`: what flows did, and runs that are not over.

mod cancel;
mod list;
mod resume;
mod show;

use clap::Subcommand;
use model::Id;

use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    List(list::Args),
    Show(show::Args),
    Resume(resume::Args),
    Cancel(cancel::Args),
}

/// Which run is meant.
#[derive(clap::Args, Debug)]
pub(crate) struct OneRun {
    /// The id of the run, or `last` for the one that was started last
    #[arg(value_name = "RUN")]
    run: String,
}

impl OneRun {
    pub(crate) fn find(&self, store: &dyn model::Store) -> Result<Id> {
        if self.run != "last" {
            let id = self.run.parse::<Id>();
            return id.map_err(|_| {
                let message = format!("RUN: `{}` is not an id", crate::args::shown(&self.run));
                let hint = "`wharf runs list` shows the ids of runs; `last` is the newest";
                crate::error::Error::usage(message, hint)
            });
        }
        let query = model::run::Query { limit: 1, ..model::run::Query::default() };
        let newest = store.runs(query)?.runs.into_iter().next();
        newest.map(|run| run.id).ok_or(crate::error::Error::NoRuns)
    }
}

pub(crate) fn cmd(verb: &Verb, context: &mut Context<'_>) -> Result<ExitCode> {
    match verb {
        Verb::List(args) => list::cmd(args, context),
        Verb::Show(args) => show::cmd(args, context),
        Verb::Cancel(args) => cancel::cmd(args, context),
        Verb::Resume(_) => unreachable!("it opens the store by itself"),
    }
}

pub(crate) use resume::cmd as resume;
