//! `wharf queue create`.

use model::Change;

use super::settings::Settings;
use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::view;

/// Make a queue
///
/// Example: wharf queue create invoices --ttl 24h --at-risk 80 --retries 3
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// The unique name that commands and flows use
    key: String,
    #[command(flatten)]
    settings: Settings,
}

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    let settings = args.settings.of_new(&args.key);
    settings.check()?;
    let schema = args.settings.schema()?.and_then(|schema| schema.0);
    let id = context.new_id();
    let create = Change::CreateQueue { id, settings: Box::new(settings), schema };
    context.store.make(create)?;
    context.output.did(format!("the queue was created: {}", args.key));
    if context.output.is_text() {
        context.output.say(&format!("created the queue `{}`", args.key));
    } else {
        let queue = context.store.queue(&args.key)?;
        context.output.line(&view::queue::object(&queue))?;
    }
    Ok(ExitCode::Ok)
}
