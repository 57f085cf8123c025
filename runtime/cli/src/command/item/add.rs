//! `wharf item add`.

use model::{Change, NewItem, Priority};

use crate::args::{OrNone, When, ahead, expiry, priority, text_or_none, when_or_none};
use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::input;
use crate::output::json::Object;
use crate::select::OneQueue;

/// Add an item to a queue, and print its id
///
/// Example: wharf item add invoices --value '{"Amount": 12.50}' --reference I-1001
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment, override_usage = "wharf item add [OPTIONS] --value <JSON> <QUEUE>")]
pub(crate) struct Args {
    #[command(flatten)]
    queue: OneQueue,
    /// The JSON text itself, @FILE, or - for stdin
    #[arg(long, value_name = "JSON")]
    value: String,
    /// What people call the item; an empty text and none are no name
    #[arg(long, value_name = "TEXT", value_parser = text_or_none(), hide_possible_values = true)]
    name: Option<OrNone<String>>,
    /// Unique in the queue: adding it again is refused; none is no reference
    #[arg(long, value_name = "TEXT", value_parser = text_or_none(), hide_possible_values = true)]
    reference: Option<OrNone<String>>,
    /// high, normal, low or a number; the lower goes first
    #[arg(long, value_name = "PRIORITY", default_value = "normal", value_parser = priority())]
    #[arg(hide_possible_values = true)]
    priority: Priority,
    /// When it expires: a time, a span such as 7d, or none [default: after the queue's ttl]
    #[arg(long, value_name = "WHEN", value_parser = when_or_none(), hide_possible_values = true)]
    expires: Option<OrNone<When>>,
    /// Not handed out before: a span such as 5m, or a time
    #[arg(long, value_name = "WHEN", visible_alias = "delay-until")]
    delay: Option<When>,
    /// Keep it back until it is released
    #[arg(long)]
    hold: bool,
    /// A note on it
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    let now = context.now();
    let item = NewItem {
        id: context.new_id(),
        queue: args.queue.name().to_owned(),
        // Scripts pass an optional name as an empty text.
        name: args.name.clone().and_then(|name| name.0).filter(|name| !name.is_empty()),
        reference: args.reference.clone().and_then(|reference| reference.0),
        priority: args.priority,
        value: input::text(&args.value)?,
        expires: expiry(args.expires.as_ref(), now)?.unwrap_or_default(),
        delay_until: ahead(args.delay, now)?,
        hold: args.hold,
        batch: None,
        note: args.note.clone(),
        effect: None,
    };
    item.check()?;
    let done = context.store.make(Change::Add(Box::new(item)))?;
    context.output.did(format!("the item was added: {}", done.id));
    if context.output.is_text() {
        context.output.line(&done.id.to_string())?;
    } else {
        let object = Object::new().text("id", done.id).maybe("status", done.status);
        context.output.line(&object.finish())?;
    }
    Ok(ExitCode::Ok)
}
