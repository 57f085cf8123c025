//! `wharf item note`.

use model::{Change, Id};

use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::input;
use crate::output::json::Object;

/// Write a note on an item; its status stays
///
/// Example: wharf item note "$id" 'the vendor was asked for a new invoice'
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// The item
    id: Id,
    /// The note itself, @FILE, or - for stdin
    #[arg(required_unless_present = "clear")]
    text: Option<String>,
    /// Take the notes so far away
    #[arg(long)]
    clear: bool,
}

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    let text = args.text.as_deref().map(input::text).transpose()?.unwrap_or_default();
    let change = Change::Note { item: args.id, text, clear: args.clear };
    change.check()?;
    let done = context.store.make(change)?;
    if context.output.is_text() {
        context.output.say(&format!("noted on {}", done.id));
    } else {
        let object = Object::new().text("id", done.id).maybe("status", done.status);
        context.output.line(&object.finish())?;
    }
    Ok(ExitCode::Ok)
}
