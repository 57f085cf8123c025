//! The command line: the options of every command, and how their words are read.

mod when;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, ValueEnum};

use crate::command::Command;
use crate::output::Format;
pub(crate) use when::When;

/// Durable work queues in one binary.
///
/// Items wait in queues, workers claim them, and every change is on disk before it is reported.
///
/// Exit codes: 0 done; 1 disk, lock, lost lease or unknown outcome; 2 wrong command line; 4 refused
/// by a rule or a check; 5 the queue is paused or stopped; 130 interrupted.
#[derive(Debug, Parser)]
#[command(name = "wharf", version, propagate_version = true, max_term_width = 100)]
#[command(infer_long_args = false, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Args, Debug)]
pub(crate) struct Global {
    /// The data directory [default: `$WHARF_DATA`, else `.wharf`]
    #[arg(long, value_name = "DIR", global = true, help_heading = "Everywhere")]
    pub(crate) data: Option<PathBuf>,
    /// The form of the data on stdout.
    #[arg(long, value_enum, value_name = "FORM", default_value_t, global = true)]
    #[arg(help_heading = "Everywhere", hide_possible_values = true)]
    #[arg(help = "text, json (one document) or jsonl (one object a line)")]
    pub(crate) output: Format,
    /// Say nothing but data, warnings and errors
    #[arg(short, long, global = true, help_heading = "Everywhere")]
    pub(crate) quiet: bool,
    /// auto, always or never; `NO_COLOR` is obeyed
    #[arg(long, value_enum, value_name = "WHEN", default_value_t, global = true)]
    #[arg(help_heading = "Everywhere", hide_possible_values = true)]
    pub(crate) color: Color,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

/// A setting that can be taken away with the word `none`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OrNone<T>(pub(crate) Option<T>);

/// A parser for `OrNone` out of a parser for what it may hold.
fn or_none<T, E>(text: &str, parse: impl FnOnce(&str) -> Result<T, E>) -> Result<OrNone<T>, E> {
    if text == "none" { Ok(OrNone(None)) } else { parse(text).map(|value| OrNone(Some(value))) }
}

pub(crate) fn span(text: &str) -> Result<Duration, model::time::NotASpan> {
    model::time::parse_span(text)
}

pub(crate) fn span_or_none(text: &str) -> Result<OrNone<Duration>, model::time::NotASpan> {
    or_none(text, span)
}

pub(crate) fn percent_or_none(text: &str) -> Result<OrNone<u8>, String> {
    or_none(text, |text| {
        let number = text.strip_suffix('%').unwrap_or(text).parse().ok();
        let percent = number.filter(|percent| (1..=100).contains(percent));
        percent.ok_or_else(|| format!("`{text}` is not a percentage from 1 to 100"))
    })
}

pub(crate) fn path_or_none(text: &str) -> Result<OrNone<PathBuf>, String> {
    or_none(text, |text| Ok(PathBuf::from(text)))
}

pub(crate) fn text_or_none(text: &str) -> Result<OrNone<String>, String> {
    or_none(text, |text| Ok(text.to_owned()))
}

pub(crate) fn when_or_none(text: &str) -> Result<OrNone<When>, when::NotATime> {
    or_none(text, str::parse)
}

/// The refusals of the model carry their advice apart; on the command line both are one sentence.
pub(crate) fn priority(text: &str) -> Result<model::Priority, String> {
    text.parse().map_err(|error: model::Error| match error.hint() {
        Some(hint) => format!("{error}: {hint}"),
        None => error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn none_takes_a_setting_away() {
        assert_eq!(span_or_none("none"), Ok(OrNone(None)));
        assert_eq!(span_or_none("5m"), Ok(OrNone(Some(Duration::from_mins(5)))));
        assert_eq!(percent_or_none("80%"), Ok(OrNone(Some(80))));
        for text in ["0", "101", "x", "-1", ""] {
            assert!(percent_or_none(text).is_err(), "{text}");
        }
    }
}
