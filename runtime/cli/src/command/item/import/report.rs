//! What became of the rows, told at the end; the rejected ones also in a file as they come.

use std::path::Path;

use model::{Expiry, NewItem, Status};

use super::rejects::Rejects;
use crate::error::Result;
use crate::exit_code::ExitCode;
use crate::import::Reject;
use crate::output::Output;
use crate::output::json::{self, Object};
use crate::view::count;

/// Rejected rows that are told one by one; a file takes them all.
const TOLD: usize = 20;

pub(super) struct Report {
    pub(super) accepted: u64,
    pub(super) duplicate: u64,
    rejected: u64,
    told: Vec<Reject>,
    rejects: Option<Rejects>,
}

impl Report {
    pub(super) fn new(rejects: Option<Rejects>) -> Self {
        Self { accepted: 0, duplicate: 0, rejected: 0, told: Vec::new(), rejects }
    }

    /// Whether there were no rows.
    pub(super) fn is_empty(&self) -> bool {
        self.accepted + self.duplicate + self.rejected == 0
    }

    /// Whether rejected rows are written, so that rows have to be kept until they are accepted.
    pub(super) fn keeps(&self) -> bool {
        self.rejects.is_some()
    }

    pub(super) fn reject(&mut self, reject: Reject) -> Result<()> {
        self.rejected += 1;
        if let Some(rejects) = &mut self.rejects {
            rejects.write(&reject)?;
        }
        if self.told.len() < TOLD {
            self.told.push(Reject { kept: None, ..reject });
        }
        Ok(())
    }

    /// Says what became of the rows.
    pub(super) fn tell(mut self, output: &mut Output) -> Result<ExitCode> {
        let file = self.rejects.take().map(Rejects::finish).transpose()?.flatten();
        if output.is_text() {
            self.tell_text(file.as_deref(), output)?;
        } else {
            output.line(&self.object())?;
        }
        Ok(if self.rejected == 0 { ExitCode::Ok } else { ExitCode::Refused })
    }

    fn tell_text(&self, file: Option<&Path>, output: &mut Output) -> Result<()> {
        let Self { accepted, duplicate, rejected, .. } = self;
        Reject::tell_all(&self.told, output);
        let untold = rejected - self.told.len() as u64;
        match file {
            Some(path) if *rejected > 0 => {
                output.say(&format!("`{}` has all rejected rows", path.display()));
            }
            None if untold > 0 => {
                let rows = count(untold, "row");
                output.warn(&format!("and {rows} more; --rejects FILE writes all of them"));
            }
            _ => {}
        }
        output.line(&format!("accepted {accepted}, duplicate {duplicate}, rejected {rejected}"))
    }

    /// Says what would become of the rows, and how the first items would look.
    pub(super) fn tell_rehearsed(self, items: &[NewItem], output: &mut Output) -> Result<ExitCode> {
        if output.is_text() {
            for item in items {
                output.line(&object(item))?;
            }
            Reject::tell_all(&self.told, output);
            let Self { accepted, duplicate, rejected, .. } = self;
            output.line(&format!(
                "would accept {accepted}, duplicate {duplicate}, reject {rejected}"
            ))?;
            output.say("the import itself also checks the schema of the queue");
        } else {
            let object = Object::new()
                .flag("dry_run", true)
                .number("accepted", self.accepted)
                .number("duplicate", self.duplicate)
                .number("rejected", self.rejected)
                .raw("rejects", &json::list(self.rejects_told()))
                .raw("items", &json::list(items.iter().map(object)));
            output.line(&object.finish())?;
        }
        Ok(if self.rejected == 0 { ExitCode::Ok } else { ExitCode::Refused })
    }

    fn rejects_told(&self) -> impl Iterator<Item = String> {
        self.told.iter().map(Reject::object)
    }

    fn object(&self) -> String {
        Object::new()
            .number("accepted", self.accepted)
            .number("duplicate", self.duplicate)
            .number("rejected", self.rejected)
            .raw("rejects", &json::list(self.rejects_told()))
            .finish()
    }
}

/// An item as it would be added.
fn object(item: &NewItem) -> String {
    let expires = match item.expires {
        Expiry::At(at) => Some(at),
        // The rehearsal has asked the queue.
        Expiry::OfQueue | Expiry::Never => None,
    };
    Object::new()
        .text("queue", &item.queue)
        .maybe("name", item.name.as_ref())
        .maybe("reference", item.reference.as_ref())
        .text("status", if item.hold { Status::OnHold } else { Status::Queued })
        .number("priority", item.priority.number())
        .time("expires", expires)
        .time("delay_until", item.delay_until)
        .maybe("note", item.note.as_ref())
        .raw("value", &item.value)
        .finish()
}
