//! `wharf plugin list`

use engine::grant::Grants;
use host::Signature;
use host::project::Entry;

use super::grants::words;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::output::json::{self, Object};
use crate::output::{Output, Table};
use crate::stage::Stage;
use crate::view::plugin::short;

/// List the plugins of the project
#[derive(clap::Args, Debug)]
pub(crate) struct Args {}

/// A plugin, and how it is with it.
struct Row<'r> {
    name: &'r str,
    entry: &'r Entry,
    steps: Option<usize>,
    state: &'static str,
}

pub(crate) fn cmd(_: &Args, stage: &Stage<'_>, output: &mut Output) -> Result<ExitCode> {
    let project = stage.project()?;
    let rows: Vec<Row<'_>> =
        project.plugins.iter().map(|(name, entry)| row(name, entry, stage)).collect();
    if !output.is_text() {
        output.objects(rows.iter().map(object))?;
        return Ok(ExitCode::Ok);
    }
    let mut table = Table::new(["NAME", "STATE", "STEPS", "GRANTS", "DIGEST", "SOURCE"], &[]);
    for row in &rows {
        table.row([
            row.name.to_owned(),
            row.state.to_owned(),
            row.steps.map(|count| count.to_string()).unwrap_or_default(),
            words(&row.entry.grants).len().to_string(),
            row.entry.digest.map(short).unwrap_or_default(),
            row.entry.source.clone().unwrap_or_default(),
        ]);
    }
    output.table(&table)?;
    if rows.is_empty() {
        output.say("no plugins; `wharf plugin install FILE|DIR` installs one");
    }
    Ok(ExitCode::Ok)
}

fn row<'r>(name: &'r str, entry: &'r Entry, stage: &Stage<'_>) -> Row<'r> {
    let (steps, condition) = match entry.digest.map(|digest| stage.registry().component(digest)) {
        None => (None, "not installed"),
        Some(Err(host::registry::Error::Changed { .. })) => (None, "changed"),
        Some(Err(_)) => (None, "not here"),
        Some(Ok(component)) => match Signature::decode(&component) {
            Err(_) => (None, "not usable"),
            Ok(signature) => {
                let lost = entry.grants != Grants::default() && !entry.news(&signature).is_empty();
                let condition = if lost { "grants do not count" } else { "ready" };
                (Some(signature.steps.len()), condition)
            }
        },
    };
    Row { name, entry, steps, state: condition }
}

fn object(row: &Row<'_>) -> String {
    let grants = words(&row.entry.grants);
    Object::new()
        .text("plugin", row.name)
        .text("state", row.state)
        .maybe_number("steps", row.steps)
        .raw("grants", &json::list(grants.iter().map(|word| json::quoted(word))))
        .maybe("digest", row.entry.digest)
        .maybe("source", row.entry.source.as_ref())
        .finish()
}
