//! `wharf plugin inspect`

use host::registry::Digest;
use host::{Signature, schema};
use model::{Value, json};

use crate::component;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::output::Output;
use crate::stage::Stage;
use crate::view::plugin::{Sight, show};

/// Show the steps of a plugin with their types, what it asks for, and what it was granted
///
/// Nothing of it runs. The folder of a plugin is built first.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// An installed plugin, a .wasm file, or the folder of a plugin
    #[arg(value_name = "FILE|NAME|DIR")]
    plugin: String,
    /// Print the JSON Schema of what a step takes and gives
    #[arg(long, value_name = "STEP")]
    schema: Option<String>,
}

pub(crate) fn cmd(args: &Args, stage: &Stage<'_>, output: &mut Output) -> Result<ExitCode> {
    let project = stage.project()?;
    let component = component::find(&args.plugin, stage, &project, output)?;
    let signature = Signature::decode(&component.bytes)?;
    if let Some(step) = &args.schema {
        let step = signature.step(step)?;
        let parts = [("input", schema::input(step)), ("result", schema::result(step))];
        let both = parts.into_iter().map(|(name, part)| (name.to_owned(), part));
        let both = Value::Object(both.collect());
        let text = if output.is_text() { json::pretty(&both) } else { json::write(&both) };
        output.line(&text)?;
        return Ok(ExitCode::Ok);
    }
    let sight = Sight {
        name: &component.name,
        signature: &signature,
        bytes: component.bytes.len(),
        digest: Digest::of(&component.bytes),
        entry: &component.entry,
        ceiling: stage.ceiling()?,
    };
    show(&sight, output)?;
    Ok(ExitCode::Ok)
}
