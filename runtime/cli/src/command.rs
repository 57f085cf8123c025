//! The commands: one module for each noun, one file for each verb.

pub(crate) mod bench;
pub(crate) mod build;
pub(crate) mod call;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod db;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod item;
pub(crate) mod new;
pub(crate) mod plugin;
pub(crate) mod queue;
pub(crate) mod run;
pub(crate) mod runs;
pub(crate) mod schema;

use clap::Subcommand;

/// What to do. Each verb has its own help: `wharf item claim --help`.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Queues: what they accept and the rules their items live by
    #[command(subcommand)]
    Queue(queue::Verb),
    /// Items: add, claim, settle, look, repair
    #[command(subcommand)]
    Item(item::Verb),
    /// The data directory: check, back up, restore
    #[command(subcommand)]
    Db(db::Verb),
    /// Benchmarks: what this machine reaches, beside a raw baseline
    #[command(subcommand)]
    Bench(bench::Verb),
    /// New things from a template: a plugin
    #[command(subcommand)]
    New(new::Verb),
    Build(build::Args),
    /// Plugins: install, look, grant
    #[command(subcommand)]
    Plugin(plugin::Verb),
    Call(call::Args),
    Run(run::Args),
    /// Runs: what flows did; go on with one, end one
    #[command(subcommand)]
    Runs(runs::Verb),
    Check(check::Args),
    Explain(explain::Args),
    /// JSON Schemas: of flows for editors, of samples for flows
    #[command(subcommand)]
    Schema(schema::Verb),
    Doctor(doctor::Args),
    /// Print the completions of a shell
    Completions(completions::Args),
}

#[cfg(test)]
pub(crate) mod tests;

impl Command {
    /// Whether the command begins something. The others look for what is there: a mistyped
    /// directory must not look like an empty store.
    pub(crate) fn makes_store(&self) -> bool {
        match self {
            Self::Queue(verb) => verb.makes_store(),
            Self::Item(verb) => verb.makes_store(),
            Self::Db(_)
            | Self::Bench(_)
            | Self::New(_)
            | Self::Build(_)
            | Self::Plugin(_)
            | Self::Call(_)
            | Self::Run(_)
            | Self::Runs(_)
            | Self::Check(_)
            | Self::Explain(_)
            | Self::Schema(_)
            | Self::Doctor(_)
            | Self::Completions(_) => false,
        }
    }
}
