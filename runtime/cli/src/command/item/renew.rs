//! `wharf item renew`.

use std::time::Duration;

use model::Renewal;

use super::Held;
use crate::args::span;
use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::output::json::Object;

/// Ask for more time on an item you hold, and print when the lease ends now
///
/// Example: wharf item renew "$id" --token "$token" --lease 10m
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    #[command(flatten)]
    held: Held,
    /// How long, from now on [default: the lease of the claim]
    #[arg(long, value_name = "SPAN", value_parser = span)]
    lease: Option<Duration>,
}

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    let Held { item, token } = &args.held;
    let (id, token) = (item.find(context.store)?, *token);
    let renewal = Renewal { item: id, token, lease: args.lease };
    let ends = context.store.renew(vec![renewal])?;
    let lost = model::Error::LeaseLost { item: id };
    let until = ends.into_iter().next().unwrap_or(Err(lost))?;
    if context.output.is_text() {
        context.output.line(&until.to_string())?;
    } else {
        let object = Object::new().text("id", id).time("lease_until", Some(until));
        context.output.line(&object.finish())?;
    }
    Ok(ExitCode::Ok)
}
