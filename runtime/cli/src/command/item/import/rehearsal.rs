//! What an import would do: everything is read and checked, nothing is written.

use std::fs::File;

use model::NewItem;

use super::plan::Plan;
use super::report::Report;
use super::types::Typing;
use crate::context::Context;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::import::Reader;

/// So many items are shown.
const SHOWN: usize = 2;

pub(super) fn rehearse(
    reader: &mut Reader<&File>,
    plan: &Plan,
    typing: &Typing,
    context: &mut Context<'_>,
) -> Result<ExitCode> {
    let mut report = Report::new(None);
    let mut shown: Vec<NewItem> = Vec::new();
    while let Some(row) = reader.next_row()? {
        context.check_interrupted()?;
        match row.and_then(|row| plan.item(context.new_id(), &row, typing)) {
            Ok(item) => {
                report.accepted += 1;
                if shown.len() < SHOWN {
                    shown.push(item);
                }
            }
            Err(reject) => report.reject(reject)?,
        }
    }
    report.tell_rehearsed(&shown, context.output)
}
