//! `wharf queue edit`.

use model::{Change, QueueEdit};

use super::settings::Settings;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::view;

/// Change the settings of a queue; what is not given stays
///
/// Example: wharf queue edit invoices --retries 5 --ttl none
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// Key, name or id
    queue: String,
    #[command(flatten)]
    settings: Settings,
}

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    if args.settings == Settings::default() {
        return Err(Error::usage(
            "there is nothing to change",
            format!("`wharf queue show {}` shows what is set", model::word(&args.queue)),
        ));
    }
    let settings = context.store.queue(&args.queue)?.settings;
    let rules = args.settings.over(settings.rules.clone());
    rules.check()?;
    let edit = QueueEdit {
        name: args.settings.name(&settings.key),
        description: args.settings.description(),
        rules: (rules != settings.rules).then_some(rules),
        schema: args.settings.schema()?.map(|schema| schema.0),
    };
    // What is so already is as it was asked for; a script may ask again.
    if edit != QueueEdit::default() {
        let queue = args.queue.clone();
        context.store.make(Change::EditQueue { queue, edit: Box::new(edit) })?;
    }
    context.output.did(format!("the queue was edited: {}", settings.key));
    if context.output.is_text() {
        context.output.say(&format!("edited the queue `{}`", settings.key));
    } else {
        let queue = context.store.queue(&args.queue)?;
        context.output.line(&view::queue::object(&queue))?;
    }
    Ok(ExitCode::Ok)
}
