//! `wharf db`: the data directory as a whole.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::output::{Output, fields, json};
use crate::view::count;

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
    let counts = [checked.queues, checked.items, checked.bytes, checked.format.into()];
    tell(counts.map(Some), &checked.problems, context.output)
}

/// What there is to say about a store that cannot be opened.
pub(crate) fn examine(dir: &Path, error: Error, output: &mut Output) -> Result<ExitCode> {
    match store::examine(dir) {
        Ok(problems) if !problems.is_empty() => tell([None; 4], &problems, output),
        _ => Err(error.checked()),
    }
}

/// The counts of queues, items and bytes, the format, and the problems.
fn tell(counts: [Option<u64>; 4], problems: &[String], output: &mut Output) -> Result<ExitCode> {
    let [queues, items, bytes, format] = counts;
    if output.is_text() {
        let number = |number: Option<u64>| number.map_or_else(|| "-".into(), |it| it.to_string());
        output.write(&fields(&[
            ("queues", number(queues)),
            ("items", number(items)),
            ("size", bytes.map_or_else(|| "-".into(), |bytes| count(bytes, "byte"))),
            ("format", number(format)),
            ("problems", problems.len().to_string()),
        ]))?;
        for problem in problems {
            output.line(&format!("- {}", engine::visible(problem)))?;
        }
    } else {
        let object = json::Object::new()
            .maybe_number("queues", queues)
            .maybe_number("items", items)
            .maybe_number("bytes", bytes)
            .maybe_number("format", format)
            .raw("problems", &json::list(problems.iter().map(|problem| json::quoted(problem))));
        output.line(&object.finish())?;
    }
    match problems.len() {
        0 => Ok(ExitCode::Ok),
        problems => Err(Error::Unsound { problems }),
    }
}

/// The process that writes the file may run in another directory: the path has to be absolute.
fn backup(file: &Path, context: &mut Context<'_>) -> Result<ExitCode> {
    if file.as_os_str() == "-" {
        let hint = "name a new file; a store is no text, and is written at one go";
        return Err(Error::usage("a backup cannot be written to stdout", hint));
    }
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
    context.output.did(format!("the store was backed up to `{}`", file.display()));
    if context.output.is_text() {
        context.output.say(&format!("backed up to `{}`", file.display()));
    } else {
        context.output.line(&json::Object::new().text("file", text).finish())?;
    }
    Ok(ExitCode::Ok)
}

pub(crate) fn restore(dir: &Path, file: &Path, output: &mut Output) -> Result<ExitCode> {
    std::fs::metadata(file).map_err(Error::file("open", file))?;
    let kept = store::restore(dir, file)?;
    output.did(format!("`{}` was restored", file.display()));
    if !output.is_text() {
        let object = json::Object::new().text("file", file.display());
        let kept = kept.as_ref().map(|kept| kept.display());
        output.line(&object.text("data", dir.display()).maybe("kept", kept).finish())?;
        return Ok(ExitCode::Ok);
    }
    output.say(&format!("restored `{}` into `{}`", file.display(), dir.display()));
    if let Some(kept) = kept {
        output.say(&format!("the store before that is kept as `{}`", kept.display()));
    }
    Ok(ExitCode::Ok)
}
