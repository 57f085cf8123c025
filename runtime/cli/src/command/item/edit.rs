//! `wharf item edit`.

use model::status::Move;
use model::{Change, ItemEdit, Priority};

use super::bulk::{self, Verb};
use crate::args::{OrNone, When, expiry, priority, text_or_none, when_or_none};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::input;
use crate::select::Selection;

/// Change what items carry
///
/// Name, value and reference are changed one item at a time, by its id or its reference.
///
/// Example: wharf item edit --queue invoices --reference I-1001 --name 'Fabrikam, corrected'
///
/// Example: wharf item edit --queue invoices --status queued --priority high --all-matching
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    #[command(flatten)]
    selection: Selection,
    /// What people call the item; an empty text and none take the name away
    #[arg(long, value_name = "TEXT", value_parser = text_or_none(), hide_possible_values = true)]
    name: Option<OrNone<String>>,
    /// The JSON text itself, @FILE, or - for stdin
    #[arg(long, value_name = "JSON")]
    value: Option<String>,
    /// Unique in the queue, or none
    #[arg(long = "set-reference", value_name = "TEXT")]
    #[arg(value_parser = text_or_none(), hide_possible_values = true)]
    set_reference: Option<OrNone<String>>,
    /// high, normal, low or a number; the lower goes first
    #[arg(long, value_name = "PRIORITY", value_parser = priority(), hide_possible_values = true)]
    priority: Option<Priority>,
    /// When it expires: a time, a span such as 7d, or none
    #[arg(long, value_name = "WHEN", value_parser = when_or_none(), hide_possible_values = true)]
    expires: Option<OrNone<When>>,
}

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    let now = context.now();
    let edit = ItemEdit {
        // As when it is added: scripts pass an optional name as an empty text.
        name: args.name.clone().map(|name| name.0.filter(|name| !name.is_empty())),
        value: args.value.as_deref().map(input::text).transpose()?,
        priority: args.priority,
        reference: args.set_reference.clone().map(|reference| reference.0),
        expires: expiry(args.expires.as_ref(), now)?,
    };
    if edit == ItemEdit::default() {
        args.selection.refuse_reference_of_ids()?;
        return Err(Error::usage("there is nothing to change", "such as --priority high"));
    }
    let own = edit.name.is_some() || edit.value.is_some() || edit.reference.is_some();
    if own {
        args.selection.of_one("name, value and reference are changed one item at a time")?;
    }
    edit.check()?;
    let verb = Verb { name: "edit", past: "edited", by: Move::Edit };
    bulk::cmd(&args.selection, verb, context, |item| Change::Edit {
        item,
        edit: Box::new(edit.clone()),
    })
}
