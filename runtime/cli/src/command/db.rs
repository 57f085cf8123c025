//! `wharf db`: the data directory as a whole.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::output::{Output, fields, json};

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Check that everything stored is whole; exits 1 when it is not
    Check,
    /// Write a copy of the whole store to a new file, while work goes on
    Backup {
        /// The file to write; it must not exist.
        file: PathBuf,
    },
    /// Put a backup in the place of the store, which is kept beside it
    Restore {
        /// The file that `wharf db backup` wrote.
        file: PathBuf,
    },
}

pub(crate) fn cmd(verb: &Verb, context: &mut Context<'_>) -> Result<ExitCode> {
    match verb {
        Verb::Check => check(context),
        Verb::Backup { file } => backup(file, context),
        Verb::Restore { .. } => unreachable!("a restore does not open the store"),
    }
}

fn check(context: &mut Context<'_>) -> Result<ExitCode> {
    let checked = context.store.check()?;
    let output = &mut *context.output;
    if output.is_text() {
        output.write(&fields(&[
            ("queues", checked.queues.to_string()),
            ("items", checked.items.to_string()),
            ("size", format!("{} bytes", checked.bytes)),
            ("format", checked.format.to_string()),
            ("problems", checked.problems.len().to_string()),
        ]))?;
        for problem in &checked.problems {
            output.line(&format!("- {problem}"))?;
        }
    } else {
        let problems = json::list(checked.problems.iter().map(|problem| json::quoted(problem)));
        let object = json::Object::new()
            .number("queues", checked.queues)
            .number("items", checked.items)
            .number("bytes", checked.bytes)
            .number("format", checked.format)
            .raw("problems", &problems);
        output.line(&object.finish())?;
    }
    match checked.problems.len() {
        0 => Ok(ExitCode::Ok),
        problems => Err(Error::Unsound { problems }),
    }
}

/// The process that writes the file may run in another directory: the path has to be absolute.
fn backup(file: &Path, context: &mut Context<'_>) -> Result<ExitCode> {
    let path = std::path::absolute(file).map_err(Error::file("write", file))?;
    if path.exists() {
        return Err(Error::file_exists(file));
    }
    let folder = path.parent().unwrap_or(&path);
    if !folder.is_dir() {
        return Err(Error::file("write to", folder)(std::io::ErrorKind::NotFound.into()));
    }
    let Some(text) = path.to_str() else {
        return Err(Error::usage("the path is not UTF-8", "choose another name"));
    };
    context.store.backup(text)?;
    context.output.say(&format!("backed up to `{}`", file.display()));
    Ok(ExitCode::Ok)
}

pub(crate) fn restore(dir: &Path, file: &Path, output: &mut Output) -> Result<ExitCode> {
    std::fs::metadata(file).map_err(Error::file("open", file))?;
    let kept = store::restore(dir, file)?;
    output.say(&format!("restored `{}` into `{}`", file.display(), dir.display()));
    if let Some(kept) = kept {
        output.say(&format!("the store before that is kept as `{}`", kept.display()));
    }
    Ok(ExitCode::Ok)
}
