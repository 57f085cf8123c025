//! `wharf check`

mod github;
mod sarif;

use std::collections::HashSet;
use std::path::PathBuf;

use clap::ValueEnum;
use flow::{Diagnostic, Severity};

use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::flows::{self, FLOWS, Found};
use crate::output::Output;
use crate::stage::Stage;
use crate::view::{count, problem};

/// Check flows: their names and types, and what can never work
///
/// All problems are told at once, each with its place and what to do. `wharf explain CODE` tells
/// more about one. Flows may call those in the folder `flows` of the project, and use the steps of
/// installed plugins. Exits with 4 if a flow cannot run; warnings and notes alone exit with 0.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Flows, or folders to look for them in
    #[arg(value_name = "PATH", default_value = FLOWS, value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    /// human, json, sarif (for code scanning) or github (for the log of a workflow)
    #[arg(long, value_enum, value_name = "FORM", default_value_t, hide_possible_values = true)]
    format: Form,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Form {
    #[default]
    Human,
    Json,
    Sarif,
    Github,
}

pub(crate) fn cmd(args: &Args, stage: &Stage<'_>, output: &mut Output) -> Result<ExitCode> {
    let found = flows::check(&args.paths, stage)?;
    match args.format {
        Form::Sarif => output.line(&sarif::document(&found.problems))?,
        Form::Github => {
            found.problems.iter().try_for_each(|it| output.line(&github::line(it)))?;
        }
        Form::Human if output.is_text() => {
            for it in &found.problems {
                output.line(&problem::excerpt(it, output.color.0, output.columns))?;
                output.line("")?;
            }
            output.say(&summary(&found));
        }
        Form::Human | Form::Json => output.objects(found.problems.iter().map(problem::object))?,
    }
    let refused = found.problems.iter().any(|it| it.severity == Severity::Error);
    Ok(if refused { ExitCode::Refused } else { ExitCode::Ok })
}

/// How many problems of which kind there are, and in how many of the flows.
fn summary(found: &Found) -> String {
    let counts = [Severity::Error, Severity::Warning, Severity::Note].map(|severity| {
        let of_it = found.problems.iter().filter(|it| it.severity == severity);
        (of_it.count() as u64, severity.name())
    });
    let told = counts.into_iter().filter(|(number, _)| *number > 0);
    let told = told.map(|(number, name)| count(number, name)).collect::<Vec<_>>().join(", ");
    let all = count(found.files as u64, "flow");
    if told.is_empty() {
        return format!("no problems in {all}");
    }
    let name = |it: &Diagnostic| it.at.source.name().to_owned();
    let touched = found.problems.iter().map(name).collect::<HashSet<_>>().len();
    format!("{told} in {touched} of {all}")
}
