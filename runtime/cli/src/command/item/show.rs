//! `wharf item show`.

use model::status::WITH_NOTE;
use model::{Entry, Id, Item};

use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::select::one_id;
use crate::view::item::Items;

/// Show items with all their fields, value and notes
///
/// Example: wharf item show --queue invoices --reference I-1001
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// The items
    #[arg(value_name = "ID", value_parser = one_id, required_unless_present = "reference")]
    ids: Vec<Id>,
    /// Instead of an id: the queue in which the reference is unique
    #[arg(long, value_name = "QUEUE", requires = "reference", conflicts_with = "ids")]
    queue: Option<String>,
    /// Instead of an id: the reference
    #[arg(long, value_name = "TEXT", requires = "queue", conflicts_with = "ids")]
    reference: Option<String>,
}

pub(crate) fn cmd(args: &Args, context: &mut Context<'_>) -> Result<ExitCode> {
    let store = context.store;
    let mut found = Vec::new();
    if let (Some(queue), Some(reference)) = (&args.queue, &args.reference) {
        found.push(store.item_by_reference(queue, reference)?);
    }
    for id in &args.ids {
        found.push(store.item(*id)?);
    }
    let mut items = Items::new(store, context.now());
    if !context.output.is_text() {
        let mut objects = Vec::new();
        for item in &found {
            objects.push(items.object_with_notes(item, &notes(item, context)?)?);
        }
        context.output.objects(objects)?;
        return Ok(ExitCode::Ok);
    }
    for (number, item) in found.iter().enumerate() {
        let page = items.page(item, &notes(item, context)?)?;
        context.output.write(if number == 0 { "" } else { "\n" })?;
        context.output.write(&page)?;
    }
    Ok(ExitCode::Ok)
}

/// The entries of the history that hold what people wrote. The text of a settlement is the result.
fn notes(item: &Item, context: &Context<'_>) -> Result<Vec<Entry>> {
    let mut notes = super::history::entries(item.id, context.store)?;
    notes.retain(|entry| WITH_NOTE.contains(&entry.by) && entry.text.is_some());
    Ok(notes)
}
