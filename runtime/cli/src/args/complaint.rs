//! What is wrong with a command line, and what is allowed instead: the errors of the parser in the
//! form of all others.

use std::error::Error as _;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};
use model::similar::one_of;

use super::{Misfit, shown};
use crate::error::Error;

/// The error about these words.
pub(super) fn about(error: &clap::Error, arguments: &[OsString]) -> Error {
    let mut command = super::command();
    command.build();
    let place = Place::find(&command, arguments);
    let told = |kind| told(error, kind);
    let argument = told(ContextKind::InvalidArg).join(", ");
    match error.kind() {
        ErrorKind::ValueValidation | ErrorKind::InvalidValue => bad_value(error, &argument, &place),
        ErrorKind::TooManyValues => one_too_many(&told(ContextKind::InvalidValue).concat(), &place),
        ErrorKind::UnknownArgument => {
            let meant = told(ContextKind::SuggestedArg);
            unknown_argument(&argument, meant.first(), arguments, &place)
        }
        ErrorKind::InvalidSubcommand => {
            let word = told(ContextKind::InvalidSubcommand).concat();
            let problem = format!("there is no command `{}`", shown(&word));
            match place.commands().as_slice() {
                [] => Error::usage(problem, "`wharf help` names all commands"),
                known => Error::usage(problem, one_of(&word, known)),
            }
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Error::usage("no command is named", one_of("", &place.commands()))
        }
        ErrorKind::MissingRequiredArgument => {
            Error::usage(format!("{argument} is missing"), place.explain(&argument))
        }
        ErrorKind::ArgumentConflict => {
            let others = told(ContextKind::PriorArg).join(", ");
            if others.is_empty() || others == argument {
                return Error::usage(format!("{argument} is given twice"), "give it once");
            }
            let problem = format!("{argument} cannot stand together with {others}");
            Error::usage(problem, format!("leave one of them out; {}", place.usage()))
        }
        ErrorKind::InvalidUtf8 => {
            let hint = "only names of files may be something else; --value @FILE reads a text";
            Error::usage("a word of the command line is not UTF-8", hint)
        }
        _ => Error::usage(first_line(error), place.usage()),
    }
}

/// A value that does not fit its option.
fn bad_value(error: &clap::Error, argument: &str, place: &Place<'_>) -> Error {
    let name = option_name(argument);
    let value = told(error, ContextKind::InvalidValue).concat();
    if let Some(misfit) = misfit(error) {
        // The next option was taken for the value.
        if value.starts_with("--") {
            return no_value(&name, argument, place);
        }
        return Error::usage(format!("{name}: {misfit}"), misfit.allowed);
    }
    let known = told(error, ContextKind::ValidValue);
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    match (value.as_str(), known.is_empty()) {
        ("", _) => no_value(&name, argument, place),
        (value, false) => {
            let misfit = Misfit::unknown(value, "possible here", &known);
            Error::usage(format!("{name}: {misfit}"), misfit.allowed)
        }
        (value, true) => {
            let problem = format!("{name}: `{}` is not possible here", shown(value));
            Error::usage(problem, place.explain(argument))
        }
    }
}

fn no_value(name: &str, argument: &str, place: &Place<'_>) -> Error {
    Error::usage(format!("{name} has no value"), place.explain(argument))
}

/// What the parser of the value said, if it was one of ours.
fn misfit(error: &clap::Error) -> Option<Misfit> {
    let source = error.source()?;
    None.or_else(|| source.downcast_ref().cloned())
        .or_else(|| source.downcast_ref().map(|it: &model::NotAnId| it.clone().into()))
        .or_else(|| source.downcast_ref().map(|it: &model::time::NotASpan| it.clone().into()))
}

fn unknown_argument(
    argument: &str,
    meant: Option<&String>,
    arguments: &[OsString],
    place: &Place<'_>,
) -> Error {
    // Of short options that stand together, the parser names the one that is not there.
    let is_meant = |word: &&OsString| {
        let word = word.to_str().unwrap_or_default();
        let short = argument.strip_prefix('-').filter(|name| name.chars().count() == 1);
        let among =
            |short: &str| word.starts_with('-') && !word.starts_with("--") && word.contains(short);
        word == argument || short.is_some_and(among)
    };
    let at = arguments.iter().position(|word| is_meant(&word));
    let argument = at.and_then(|at| arguments[at].to_str()).unwrap_or(argument);
    let before = |steps: usize| {
        let word = arguments.get(at?.checked_sub(steps)?)?.to_str()?;
        place.option(word).filter(|option| option.get_action().takes_values())
    };
    if !argument.starts_with('-') {
        // The option before it was taken for the value of the one before that.
        if let (Some(_), Some(option)) = (before(1), before(2)) {
            let option = option.to_string();
            return no_value(&option_name(&option), &option, place);
        }
        return one_too_many(argument, place);
    }
    let problem = format!("there is no option `{}` here", shown(argument));
    let hint = match (before(1), meant) {
        (_, Some(meant)) => format!("did you mean `{meant}`? {}", place.options()),
        (Some(option), None) => {
            let (option, value) = (option_name(&option.to_string()), shown(argument));
            format!("as the value of {option} it is joined to it: {option}={value}")
        }
        (None, None) => place.options(),
    };
    Error::usage(problem, hint)
}

/// A word that has no place here, and where it may belong.
fn one_too_many(word: &str, place: &Place<'_>) -> Error {
    let problem = format!("`{}` is one word too many", shown(word));
    let is_value = word.starts_with(['{', '[', '"']) || model::json::check(word).is_ok();
    let hint = match place.name.as_str() {
        _ if is_value && place.option("--value").is_some() => {
            format!("the value is given as --value '{}'", shown(word))
        }
        "wharf item note" => "a note with blanks stands in quotes".to_owned(),
        "wharf item import" | "wharf queue import" => "one file is imported at a time".to_owned(),
        _ => "a value with blanks stands in quotes".to_owned(),
    };
    Error::usage(problem, format!("{hint}; {}", place.usage()))
}

/// The command that the words name.
struct Place<'c> {
    command: &'c Command,
    /// As it is typed: `wharf item add`.
    name: String,
}

impl<'c> Place<'c> {
    fn find(root: &'c Command, arguments: &[OsString]) -> Self {
        let mut place = Self { command: root, name: "wharf".into() };
        for word in arguments.iter().skip(1).filter_map(|word| word.to_str()) {
            if let Some(inner) = place.command.find_subcommand(word) {
                place.command = inner;
                place.name = format!("{} {word}", place.name);
            }
        }
        place
    }

    fn commands(&self) -> Vec<&'c str> {
        self.command.get_subcommands().map(Command::get_name).collect()
    }

    fn usage(&self) -> String {
        let usage = self.command.clone().render_usage().to_string();
        let usage = usage.trim_start_matches("Usage: ").lines().map(str::trim).collect::<Vec<_>>();
        format!("the usage is `{}`", usage.join(" "))
    }

    fn options(&self) -> String {
        let shown = self.command.get_arguments().filter(|argument| !argument.is_hide_set());
        let options = shown.filter_map(Arg::get_long).map(|name| format!("--{name}"));
        let options = options.collect::<Vec<_>>().join(", ");
        format!("the options are {options}; `{} --help` explains them", self.name)
    }

    fn option(&self, word: &str) -> Option<&'c Arg> {
        let long = word.strip_prefix("--")?;
        self.command.get_arguments().find(|argument| argument.get_long() == Some(long))
    }

    /// What the arguments are for, and an example.
    fn explain(&self, arguments: &str) -> String {
        let meant = |argument: &&Arg| {
            arguments.split(", ").any(|name| bare(name) == bare(&argument.to_string()))
        };
        let told = self.command.get_arguments().filter(meant).filter_map(|argument| {
            let help = argument.get_help()?.to_string();
            Some(format!("{}: {}", option_name(&argument.to_string()), help.trim()))
        });
        let told: Vec<String> = told.collect();
        let told = if told.is_empty() { self.usage() } else { told.join("; ") };
        match self.example() {
            Some(example) => format!("{told}; as in: {example}"),
            None => told,
        }
    }

    /// The first example of the help.
    fn example(&self) -> Option<String> {
        let helps = [self.command.get_long_about(), self.command.get_after_help()];
        let help = helps.into_iter().flatten().map(ToString::to_string).collect::<Vec<_>>();
        let help = help.join("\n");
        let (_, example) = help.split_once("Example: ")?;
        let mut lines = example.lines().map(str::trim);
        lines.find(|line| line.starts_with("wharf ")).map(str::to_owned)
    }
}

/// `--status` of `--status <STATUS>`, `ID` of `[ID]...`.
fn option_name(argument: &str) -> String {
    let name = argument.split([' ', '=']).next().unwrap_or(argument);
    if name.starts_with('-') { name.trim_end_matches('[').into() } else { bare(argument) }
}

/// The name of an argument without what shows how often it may stand there.
fn bare(argument: &str) -> String {
    argument.chars().filter(|character| !"<>[].…".contains(*character)).collect()
}

/// What the parser says about its error.
fn told(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}

fn first_line(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let line = text.lines().next().unwrap_or_default();
    line.trim_start_matches("error: ").to_owned()
}
