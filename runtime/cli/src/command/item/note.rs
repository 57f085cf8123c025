//! `wharf item note`.

use model::{Change, Id, Store};

use crate::args::{Misfit, shown};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::input;
use crate::output::json::Object;
use crate::select::one_id;
use crate::view::count;

/// Write a note on an item; its status stays
///
/// Example: wharf item note --queue invoices --reference I-1001 'paid twice'
///
/// Example: wharf item note "$id" 'the vendor was asked for a new invoice'
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// The item, and the note itself, @FILE, or - for stdin
    // The item may be named by its reference instead: the first word is then the note.
    #[arg(value_names = ["ID", "TEXT"], num_args = 0..=2)]
    words: Vec<String>,
    /// Instead of an id: the queue in which the reference is unique
    #[arg(long, value_name = "QUEUE", requires = "reference")]
    queue: Option<String>,
    /// Instead of an id: the reference
    #[arg(long, value_name = "TEXT", requires = "queue")]
    reference: Option<String>,
    /// Take all notes so far away, whichever verb wrote them
    #[arg(long)]
    clear: bool,
}

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    let (item, text) = item_and_text(args, context.store)?;
    let text = text.map(input::text).transpose()?.unwrap_or_default();
    let noted = !text.is_empty();
    let change = Change::Note { item, text, clear: args.clear };
    change.check()?;
    let done = context.store.make(change)?;
    context.output.did(format!("the note was written: {}", done.id));
    if context.output.is_text() {
        if args.clear {
            let taken = count(done.cleared.into(), "note");
            context.output.say(&format!("took {taken} of {} away", done.id));
        }
        if noted {
            context.output.say(&format!("noted on {}", done.id));
        }
    } else {
        let object = Object::new().text("id", done.id).maybe("status", done.status);
        context.output.line(&object.finish())?;
    }
    Ok(ExitCode::Ok)
}

/// The item, and what is to be written on it.
fn item_and_text<'a>(args: &'a Args, store: &dyn Store) -> Result<(Id, Option<&'a str>)> {
    let mut words = args.words.iter().map(String::as_str);
    let item = if let (Some(queue), Some(reference)) = (&args.queue, &args.reference) {
        store.item_by_reference(queue, reference)?.id
    } else {
        let hint = "give its id, or --queue QUEUE --reference TEXT";
        let word = words.next().ok_or_else(|| Error::usage("no item is chosen", hint))?;
        let misfit = |misfit: Misfit| Error::usage(format!("ID: {misfit}"), misfit.allowed);
        one_id(word).map_err(misfit)?
    };
    let text = words.next();
    if let Some(more) = words.next() {
        let problem = format!("`{}` is one word too many", shown(more));
        return Err(Error::usage(problem, "a note with blanks stands in quotes"));
    }
    if text.is_none() && !args.clear {
        let hint = "write it behind the item; --clear takes the notes so far away";
        return Err(Error::usage("the text of the note is missing", hint));
    }
    Ok((item, text))
}
