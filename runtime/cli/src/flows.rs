//! The flows of a project: where they lie, and what is wrong with them.

mod catalog;
mod find;
mod load;
pub(crate) mod runnable;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use flow::{Diagnostic, Source};

use crate::error::{Error, Result};
use crate::stage::Stage;
pub(crate) use catalog::Known;
pub(crate) use find::read_bounded;
pub(crate) use load::{Broken, Loaded, load, pinned};

/// The folder of a project in which its flows are.
pub(crate) const FLOWS: &str = "flows";

/// Flows that were looked for and checked.
pub(crate) struct Found {
    /// How many files they are.
    pub(crate) files: usize,
    /// What is told of them, file by file and in the order of their texts.
    pub(crate) problems: Vec<Diagnostic>,
}

/// Checks the flows in these files and folders, together with the flows of the project, which they
/// may call.
pub(crate) fn check(paths: &[PathBuf], stage: &Stage<'_>) -> Result<Found> {
    let wanted = find::flows(paths)?;
    let known = Known::of(stage)?;
    let others = others(&wanted, stage)?;
    let mut flows = Vec::new();
    let mut read = Vec::new();
    for path in wanted.iter().chain(&others) {
        let (flow, problems) = flow::read(source(path)?);
        read.push((flow.is_some(), problems));
        flows.extend(flow);
    }
    let mut checked = flow::check_all(&mut flows, &known).into_iter().map(|it| it.diagnostics);
    let mut problems = Vec::new();
    for (index, (is_flow, read)) in read.into_iter().enumerate() {
        let found = if is_flow { checked.next().unwrap_or_default() } else { Vec::new() };
        // The others are there to be called, and their problems are theirs.
        if index < wanted.len() {
            problems.extend(flow::together(read, found));
        }
    }
    Ok(Found { files: wanted.len(), problems })
}

/// The flows of the project beside those that are wanted.
fn others(wanted: &[PathBuf], stage: &Stage<'_>) -> Result<Vec<PathBuf>> {
    let folder = stage.root().join(FLOWS);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let wanted = wanted.iter().map(|path| real(path)).collect::<BTreeSet<_>>();
    let all = find::within(&folder)?;
    Ok(all.into_iter().filter(|path| !wanted.contains(&real(path))).collect())
}

fn source(path: &Path) -> Result<std::sync::Arc<Source>> {
    let bytes = read_bounded(path, flow::limits::FLOW_FILE_BYTES_MAX)?;
    let text = String::from_utf8(bytes).map_err(|error| Error::NotUtf8 {
        what: format!("`{}`", path.display()),
        offset: error.utf8_error().valid_up_to(),
    })?;
    Ok(Source::new(path.display().to_string(), text))
}
