//! `wharf schema infer`

use std::path::{Path, PathBuf};

use flow::sample;
use model::{Value, json};

use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::flows::read_bounded;
use crate::output::Output;

/// The largest file of samples.
const SAMPLES_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Work out a JSON Schema from samples
///
/// What one of the samples has as null may be null, and what one of them lacks may be missing. A
/// file that ends in .jsonl has a sample on each line.
///
/// Example: wharf schema infer samples/*.json > invoice.schema.json
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// Files with JSON
    #[arg(value_name = "FILE", required = true, value_hint = clap::ValueHint::FilePath)]
    files: Vec<PathBuf>,
}

pub(crate) fn cmd(args: &Args, output: &mut Output) -> Result<ExitCode> {
    let mut samples = Vec::new();
    for file in &args.files {
        samples.extend(read(file)?);
    }
    super::print(&sample::document(&sample::infer(&samples)), output)
}

fn read(file: &Path) -> Result<Vec<Value>> {
    let name = file.display();
    let bytes = read_bounded(file, SAMPLES_BYTES_MAX)?;
    if bytes.len() > SAMPLES_BYTES_MAX {
        let message = format!("`{name}` has more than {SAMPLES_BYTES_MAX} bytes");
        return Err(Error::usage(message, "a few samples are enough"));
    }
    let text = String::from_utf8(bytes).map_err(|error| Error::NotUtf8 {
        what: format!("`{name}`"),
        offset: error.utf8_error().valid_up_to(),
    })?;
    let by_line = file.extension().is_some_and(|it| it == "jsonl" || it == "ndjson");
    let parts = if by_line { text.lines().collect() } else { vec![text.as_str()] };
    let parts = parts.iter().enumerate().filter(|(_, part)| !by_line || !part.trim().is_empty());
    let sample = |(index, part): (usize, &&str)| {
        json::parse(part).map_err(|error| {
            let line = if by_line { format!(", line {}", index + 1) } else { String::new() };
            let message = format!("`{name}`{line} is not JSON: {error}");
            Error::usage(message, "a sample is one JSON document")
        })
    };
    parts.map(sample).collect()
}
