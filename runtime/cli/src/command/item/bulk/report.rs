//! What became of many items, and how it is told.

use std::collections::BTreeMap;

use model::Id;
use model::status::{Status, TABLE};

use super::Verb;
use crate::error::{Error, Result, model_exit_code};
use crate::exit_code::ExitCode;
use crate::output::Output;
use crate::output::json::{self, Object};
use crate::view::count;

/// Refusals that are told one by one.
const TOLD: usize = 20;

/// The counts, and the first refusals.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) verb: Verb,
    dry_run: bool,
    pub(super) matched: u64,
    /// Changed; on a dry run, what could be.
    pub(super) done: u64,
    pub(super) refused: u64,
    /// Notes that were taken away.
    pub(super) cleared: u64,
    /// Matched, but of a status that the verb does not take.
    skipped: BTreeMap<Status, u64>,
    told: Vec<(Id, model::Error)>,
}

impl Report {
    pub(super) fn new(verb: Verb, dry_run: bool) -> Self {
        let skipped = BTreeMap::new();
        let told = Vec::new();
        Self { verb, dry_run, matched: 0, done: 0, refused: 0, cleared: 0, skipped, told }
    }

    /// Counts a matching item by what could be done with it.
    pub(super) fn count(&mut self, status: Status) {
        if self.verb.takes(status) {
            self.done += 1;
        } else {
            self.skip(status);
        }
    }

    pub(super) fn skip(&mut self, status: Status) {
        *self.skipped.entry(status).or_default() += 1;
    }

    pub(super) fn refuse(&mut self, id: Id, error: model::Error) {
        self.refused += 1;
        if self.told.len() < TOLD {
            self.told.push((id, error));
        }
    }

    /// From counting to doing: what matched stays known.
    pub(super) fn start(&mut self) {
        self.done = 0;
        self.skipped.clear();
    }

    /// Everything, and the exit code that follows from it.
    pub(super) fn tell(&self, output: &mut Output) -> Result<ExitCode> {
        let first = self.told.first().map(|(_, error)| error);
        if let (1, Some(error), true) = (self.matched, first, output.is_text()) {
            return Err(Error::from(error.clone()));
        }
        self.tell_so_far(output)?;
        Ok(first.map_or(ExitCode::Ok, model_exit_code))
    }

    pub(super) fn tell_so_far(&self, output: &mut Output) -> Result<()> {
        let items = count(self.done, "item");
        if !self.dry_run {
            output.did(format!("{} {items}", self.verb.past));
        }
        if !output.is_text() {
            return output.line(&self.object());
        }
        if self.dry_run {
            output.line(&format!("would {} {items}", self.verb.name))?;
        } else {
            output.say(&format!("{} {items}", self.verb.past));
        }
        if self.cleared > 0 {
            output.say(&format!("took {} away", count(self.cleared, "note")));
        }
        if !self.skipped.is_empty() {
            output.say(&self.skipped_text());
        }
        for (id, error) in &self.told {
            output.warn(&format!("refused {id}: {error}; {}", error.hint()));
        }
        let untold = self.refused - self.told.len() as u64;
        if untold > 0 {
            output.warn(&format!("and {} more refused", count(untold, "item")));
        }
        Ok(())
    }

    fn object(&self) -> String {
        let refusals = self.told.iter().map(|(id, error)| {
            let object = Object::new().text("id", id).text("code", error.code());
            object.text("message", error).text("hint", error.hint()).finish()
        });
        let object = Object::new()
            .text("verb", self.verb.name)
            .number("matched", self.matched)
            .number(if self.dry_run { "possible" } else { "done" }, self.done)
            .number("skipped", self.skipped.values().sum::<u64>())
            .number("refused", self.refused)
            .raw("refusals", &json::list(refusals));
        if self.dry_run { object.flag("dry_run", true).finish() } else { object.finish() }
    }

    /// `skipped 3 items (2 already on-hold, 1 staged)`.
    fn skipped_text(&self) -> String {
        let each = self.skipped.iter().map(|(status, number)| {
            let leads_to =
                TABLE.iter().any(|row| row.by == self.verb.by && row.to.contains(status));
            format!("{number} {}{status}", if leads_to { "already " } else { "" })
        });
        let each: Vec<String> = each.collect();
        let items = count(self.skipped.values().sum(), "item");
        format!("skipped {items} ({})", each.join(", "))
    }
}
