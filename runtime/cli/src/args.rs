//! The command line: the options of every command, and how their words are read.

mod complaint;
mod misfit;
mod when;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::TypedValueParser;
use clap::{Args, Command as Clap, CommandFactory, FromArgMatches, Parser, ValueEnum};
use model::Status;
use model::limits::{SPAN_MAX, SPAN_MIN};
use model::time::NotASpan;

use crate::command::Command;
use crate::error::Error;
use crate::output::Format;
pub(crate) use misfit::{Misfit, shown, takes};
pub(crate) use when::{When, ahead, expiry};

/// Durable work queues in one binary.
///
/// Items wait in queues, workers claim them, and every change is on disk before it is reported.
///
/// Exit codes: 0 done; 1 disk, lock, lost lease or unknown outcome; 2 wrong command line; 3 a step
/// ended with a business exception; 4 refused by a rule or a check; 5 the queue is paused or
/// stopped; 130 interrupted.
#[derive(Debug, Parser)]
#[command(name = "wharf", version, propagate_version = true, max_term_width = 100)]
#[command(infer_long_args = false)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Args, Debug)]
pub(crate) struct Global {
    /// The data directory [default: `$WHARF_DATA`, else `.wharf` of the project or of this folder]
    #[arg(long, value_name = "DIR", global = true, help_heading = "Everywhere")]
    #[arg(value_hint = clap::ValueHint::DirPath)]
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

/// Why there is nothing to do.
pub(crate) enum Stop {
    /// The help or the version, which was asked for.
    Asked(clap::Error),
    /// The help, because no command was named.
    NoCommand(clap::Error),
    Wrong(Error),
}

/// The words of the command line, or why they are none.
pub(crate) fn parse(arguments: &[OsString]) -> Result<Cli, Stop> {
    let matches = command().try_get_matches_from(arguments);
    matches.and_then(|matches| Cli::from_arg_matches(&matches)).map_err(|error| {
        match error.kind() {
            _ if !error.use_stderr() => Stop::Asked(error),
            clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
                if told::<Format>(arguments, "--output").is_none_or(Format::is_text) =>
            {
                Stop::NoCommand(error)
            }
            _ => Stop::Wrong(complaint::about(&error, arguments)),
        }
    })
}

/// All commands with their options.
pub(crate) fn command() -> Clap {
    let of_queue = |verb: Clap| match verb.get_name() {
        "edit" => without_defaults(verb),
        _ => verb,
    };
    // All are passed on, for those that are changed alone lose their place.
    with_negative_numbers(Cli::command()).mut_subcommands(|noun| match noun.get_name() {
        "queue" => noun.mut_subcommands(of_queue),
        _ => noun,
    })
}

/// The options of a command that leaves as it is what is not given.
fn without_defaults(command: Clap) -> Clap {
    command.mut_args(|argument| {
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        match help.split_once(" [default: ") {
            Some((help, _)) => argument.help(help.to_owned()),
            None => argument,
        }
    })
}

/// What begins with a dash may be meant as a value: then its own parser says what is wrong with it.
/// A text takes numbers only, or it would swallow the option after it.
fn with_negative_numbers(command: Clap) -> Clap {
    let command = command.mut_args(|argument| {
        let names = argument.get_value_names().unwrap_or_default();
        match names.first().map(clap::builder::Str::as_str) {
            _ if !argument.get_action().takes_values() => argument,
            Some("SPAN" | "WHEN" | "N" | "PERCENT" | "PRIORITY") if !argument.is_global_set() => {
                argument.allow_hyphen_values(true)
            }
            _ => argument.allow_negative_numbers(true),
        }
    });
    command.mut_subcommands(with_negative_numbers)
}

/// What an option says, where the command line could not be read as a whole.
pub(crate) fn told<T: ValueEnum>(arguments: &[OsString], option: &str) -> Option<T> {
    let words = arguments.iter().filter_map(|argument| argument.to_str());
    let words: Vec<&str> = words.take_while(|word| *word != "--").collect();
    let value = words.iter().enumerate().rev().find_map(|(at, word)| {
        match word.strip_prefix(option)?.strip_prefix('=') {
            Some(value) => Some(value),
            None if *word == option => words.get(at + 1).copied(),
            None => None,
        }
    });
    value.and_then(|value| T::from_str(value, false).ok())
}

/// A setting that can be taken away with the word `none`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OrNone<T>(pub(crate) Option<T>);

/// A parser for `OrNone` out of a parser for what it may hold.
fn or_none<T: Clone + Send + Sync + 'static>(
    parse: impl Fn(&str) -> Result<T, Misfit> + Clone + Send + Sync + 'static,
) -> impl TypedValueParser<Value = OrNone<T>> {
    let parse = move |text: &str| match text {
        "none" => Ok(OrNone(None)),
        text => parse(text).map(|value| OrNone(Some(value))).map_err(|misfit| {
            let allowed = format!("{}; or none", misfit.allowed);
            Misfit { allowed, ..misfit }
        }),
    };
    takes(parse, ["none"])
}

pub(crate) fn token(text: &str) -> Result<model::Token, Misfit> {
    text.parse().map_err(|_| {
        let problem = format!("`{}` is not a token", shown(text));
        Misfit::new(problem, "a token is 26 letters and digits, as `wharf item claim` printed it")
    })
}

pub(crate) fn span(text: &str) -> Result<Duration, NotASpan> {
    model::time::parse_span(text)
}

/// A span in which something can happen.
pub(crate) fn time_limit(text: &str) -> Result<Duration, Misfit> {
    let span = span(text)?;
    if span < SPAN_MIN {
        let (actual, limit) = (span.as_millis() as u64, SPAN_MIN.as_millis() as u64);
        return Err(model::Error::UnderLimit { what: "span-min".into(), actual, limit }.into());
    }
    let longest = SPAN_MAX.as_secs() as usize;
    model::Error::limit("span", span.as_secs() as usize, longest)?;
    Ok(span)
}

pub(crate) fn span_or_none() -> impl TypedValueParser<Value = OrNone<Duration>> {
    or_none(|text| Ok(span(text)?))
}

pub(crate) fn percent_or_none() -> impl TypedValueParser<Value = OrNone<u8>> {
    or_none(|text| {
        let number = text.strip_suffix('%').unwrap_or(text).parse().ok();
        let percent = number.filter(|percent| (1..=100).contains(percent));
        percent.ok_or_else(|| {
            let problem = format!("`{}` is not a percentage", shown(text));
            Misfit::new(problem, "a whole number from 1 to 100, such as 80")
        })
    })
}

/// A file, with or without the `@` of other options; its shell offers files, not the word.
pub(crate) fn path_or_none() -> impl TypedValueParser<Value = OrNone<PathBuf>> {
    |text: &str| {
        if text.trim_start().starts_with('{') {
            let problem = format!("`{}` is JSON, not the name of a file", shown(text));
            return Err(Misfit::new(
                problem,
                "write it to a file, and give FILE or @FILE; or none",
            ));
        }
        let path = text.strip_prefix('@').unwrap_or(text);
        Ok(OrNone((text != "none").then(|| PathBuf::from(path))))
    }
}

pub(crate) fn text_or_none() -> impl TypedValueParser<Value = OrNone<String>> {
    or_none(|text| Ok(text.to_owned()))
}

pub(crate) fn when_or_none() -> impl TypedValueParser<Value = OrNone<When>> {
    or_none(str::parse)
}

pub(crate) fn priority() -> impl TypedValueParser<Value = model::Priority> {
    takes(
        |text: &str| text.parse::<model::Priority>().map_err(Misfit::from),
        ["high", "normal", "low"],
    )
}

pub(crate) fn status() -> impl TypedValueParser<Value = Status> {
    takes(|text: &str| text.parse::<Status>().map_err(Misfit::from), Status::ALL.map(Status::name))
}

/// A switch that may be told which way.
pub(crate) fn yes_or_no() -> impl TypedValueParser<Value = bool> {
    let parse = |text: &str| match text {
        "yes" | "true" => Ok(true),
        "no" | "false" => Ok(false),
        _ => {
            let problem = format!("`{}` is neither yes nor no", shown(text));
            Err(Misfit::new(problem, "write yes or no, or put the option behind everything else"))
        }
    };
    takes(parse, ["yes", "no"])
}

/// A whole number from `least` to `most`.
pub(crate) fn from_to(
    least: u32,
    most: u32,
) -> impl Fn(&str) -> Result<u32, Misfit> + Clone + Send + Sync + 'static {
    move |text| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.then(|| text.parse().ok()).flatten();
        number
            .filter(|number| (least..=most).contains(number))
            .ok_or_else(|| outside(text, least, most))
    }
}

fn outside(text: &str, least: u32, most: u32) -> Misfit {
    let example = if (least..=most).contains(&3) { 3 } else { least };
    let problem = format!("`{}` is not a whole number in the range", shown(text));
    Misfit::new(problem, format!("from {least} to {most}, such as {example}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_line_is_consistent() {
        command().debug_assert();
    }

    fn read<P: TypedValueParser>(parser: &P, text: &str) -> Option<P::Value> {
        parser.parse_ref(&command(), None, text.as_ref()).ok()
    }

    #[test]
    fn none_takes_a_setting_away() {
        assert_eq!(read(&span_or_none(), "none"), Some(OrNone(None)));
        assert_eq!(read(&span_or_none(), "5m"), Some(OrNone(Some(Duration::from_mins(5)))));
        assert_eq!(read(&percent_or_none(), "80%"), Some(OrNone(Some(80))));
        for text in ["0", "101", "x", "-1", ""] {
            assert_eq!(read(&percent_or_none(), text), None, "{text}");
        }
    }

    #[test]
    fn numbers_know_their_range() {
        for (text, number) in [
            ("0", None),
            ("1", Some(1)),
            ("20", Some(20)),
            ("21", None),
            ("99999999999999999999", None),
            ("-1", None),
            ("+1", None),
            ("1.0", None),
            ("", None),
        ] {
            assert_eq!(from_to(1, 20)(text).ok(), number, "{text}");
        }
        let misfit = from_to(1, 20)("0").expect_err("it is too small");
        assert_eq!(misfit.allowed, "from 1 to 20, such as 3");
    }

    #[test]
    fn options_are_found_in_broken_lines() {
        let told = |line: &str| {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            told::<Format>(&words, "--output")
        };
        assert_eq!(told("wharf --output json item lst"), Some(Format::Json));
        assert_eq!(told("wharf item lst --output=jsonl"), Some(Format::Jsonl));
        assert_eq!(told("wharf item lst --output yaml"), None);
        assert_eq!(told("wharf item add -- --output json"), None);
        assert_eq!(told("wharf --outputs json"), None);
    }
}
