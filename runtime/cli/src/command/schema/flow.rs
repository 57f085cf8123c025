//! `wharf schema flow`

use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::flows::Known;
use crate::output::Output;
use crate::stage::Stage;

/// Print the JSON Schema of flows, for editors
///
/// It knows the steps of the plugins that are installed in the project, so print it again when
/// these change.
///
/// Example: wharf schema flow > .wharf/flow.schema.json
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {}

pub(crate) fn cmd(_: &Args, stage: &Stage<'_>, output: &mut Output) -> Result<ExitCode> {
    let known = Known::of(stage)?;
    super::print(&flow::grammar::schema(&known), output)
}
