//! `wharf item requeue`, `hold`, `release` and `delete`: one change for one item or many.

use model::status::Move;
use model::{Change, Token};

use super::bulk::{self, Verb};
use crate::args::{OrNone, When, ahead, expiry, token, when_or_none};
use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::select::Selection;

/// Put items into the queue again
///
/// They get all their retries back, and a new time where theirs has expired.
///
/// Example: wharf item requeue --queue invoices --status it-exception --dry-run
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Requeue {
    #[command(flatten)]
    selection: Selection,
    /// What the claim printed, where a worker holds the item
    #[arg(long, value_parser = token)]
    token: Option<Token>,
    /// Not handed out before: a span such as 5m, or a time
    #[arg(long, value_name = "WHEN", visible_alias = "delay-until")]
    delay: Option<When>,
    /// When it expires: a time, a span such as 7d, or none
    #[arg(long, value_name = "WHEN", value_parser = when_or_none(), hide_possible_values = true)]
    expires: Option<OrNone<When>>,
    /// A note on it
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Take all notes so far away, whichever verb wrote them
    #[arg(long)]
    clear_notes: bool,
}

/// Keep items back
///
/// Nobody gets them until they are released. A worker that holds one loses it.
///
/// Example: wharf item hold --queue invoices --where 'number(value.Amount) > 5000' --dry-run
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Hold {
    #[command(flatten)]
    selection: Selection,
    /// A note on it
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// Let held items go on
///
/// Example: wharf item release --queue invoices --all-matching --status on-hold
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Release {
    #[command(flatten)]
    selection: Selection,
    /// A note on it
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// Delete items for good, with their history
///
/// Example: wharf item delete --queue invoices --status processed --older-than 30d --dry-run
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Delete {
    #[command(flatten)]
    selection: Selection,
}

pub(crate) fn requeue(args: &Requeue, context: &mut Context<'_>) -> Result<ExitCode> {
    let verb = Verb { name: "requeue", past: "requeued", by: Move::Requeue };
    if args.token.is_some() {
        args.selection.of_one("a token belongs to one item")?;
    }
    let now = context.now();
    let (delay_until, expires) = (ahead(args.delay, now)?, expiry(args.expires.as_ref(), now)?);
    bulk::cmd(&args.selection, verb, context, |item| Change::Requeue {
        item,
        token: args.token,
        delay_until,
        expires,
        note: args.note.clone(),
        clear_notes: args.clear_notes,
    })
}

pub(crate) fn hold(args: &Hold, context: &mut Context<'_>) -> Result<ExitCode> {
    let verb = Verb { name: "hold", past: "held", by: Move::Hold };
    let note = &args.note;
    bulk::cmd(&args.selection, verb, context, |item| Change::Hold { item, note: note.clone() })
}

pub(crate) fn release(args: &Release, context: &mut Context<'_>) -> Result<ExitCode> {
    let verb = Verb { name: "release", past: "released", by: Move::Release };
    let note = &args.note;
    bulk::cmd(&args.selection, verb, context, |item| Change::Release { item, note: note.clone() })
}

pub(crate) fn delete(args: &Delete, context: &mut Context<'_>) -> Result<ExitCode> {
    let verb = Verb { name: "delete", past: "deleted", by: Move::Delete };
    bulk::cmd(&args.selection, verb, context, |item| Change::Delete { item })
}
