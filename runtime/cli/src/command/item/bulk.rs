//! One change for many items: counted first, agreed to, made page by page, reported.

mod report;

use model::status::{Move, Status, targets};
use model::{Change, Commit, Id, Mode, Outcome};

use crate::context::Context;
use crate::error::{Error, Result};
use crate::exit_code::ExitCode;
use crate::select::{Chosen, Scan, Selection};
use crate::view::count;
use report::Report;

/// How the verb is spoken of, and the move it makes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verb {
    /// `hold`
    pub(crate) name: &'static str,
    /// `held`
    pub(crate) past: &'static str,
    pub(crate) by: Move,
}

impl Verb {
    /// Whether items of this status can be changed without being named.
    fn takes(self, status: Status) -> bool {
        // Who requeues what a worker holds needs the token of that claim.
        let held = self.by == Move::Requeue && status == Status::Processing;
        targets(status, self.by).is_some() && !held
    }
}

/// Items in one commit.
const PAGE: usize = 500;

/// Makes the change for every selected item.
pub(crate) fn cmd(
    selection: &Selection,
    verb: Verb,
    context: &mut Context<'_>,
    change: impl Fn(Id) -> Change,
) -> Result<ExitCode> {
    let mut report = Report::new(verb, selection.dry_run);
    let made = match selection.chosen(context)? {
        Chosen::Matching(mut scan) => {
            survey(&mut scan, context, &mut report)?;
            if selection.dry_run {
                Ok(())
            } else {
                agreed(selection, verb, report.done, context)?;
                report.start();
                make_matching(&mut scan, context, &change, &mut report)
            }
        }
        Chosen::Named(ids) if selection.dry_run => look_at(&ids, context, &mut report),
        Chosen::Named(ids) => make_given(&ids, context, &change, &mut report),
    };
    match made {
        Ok(()) => report.tell(context.output),
        Err(error) => {
            // What was done stays done, and is said before what stopped it.
            if !selection.dry_run {
                report.tell_so_far(context.output)?;
            }
            Err(error)
        }
    }
}

/// Counts what matches, and what of that can be changed.
fn survey(scan: &mut Scan<'_>, context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    while let Some(items) = scan.next_page()? {
        context.check_interrupted()?;
        report.matched += items.len() as u64;
        for item in &items {
            report.count(item.life.status);
        }
    }
    scan.check_answered()?;
    if let Some(skipped) = scan.skipped() {
        context.output.warn(&skipped);
    }
    scan.rewind();
    Ok(())
}

/// An error where the change was not agreed to.
fn agreed(
    selection: &Selection,
    verb: Verb,
    possible: u64,
    context: &mut Context<'_>,
) -> Result<()> {
    context.check_interrupted()?;
    if selection.all_matching {
        return Ok(());
    }
    let items = count(possible, "item");
    Err(Error::Consent {
        message: format!("this would {} {items}", verb.name),
        hint: format!("add --all-matching to {} {items}; --dry-run only counts", verb.name),
    })
}

fn make_matching(
    scan: &mut Scan<'_>,
    context: &Context<'_>,
    change: &impl Fn(Id) -> Change,
    report: &mut Report,
) -> Result<()> {
    while let Some(items) = scan.next_page()? {
        context.check_interrupted()?;
        let mut ids = Vec::new();
        for item in &items {
            if report.verb.takes(item.life.status) {
                ids.push(item.id);
            } else {
                report.skip(item.life.status);
            }
        }
        make(&ids, context, change, report)?;
    }
    scan.check_whole()
}

fn make_given(
    ids: &[Id],
    context: &Context<'_>,
    change: &impl Fn(Id) -> Change,
    report: &mut Report,
) -> Result<()> {
    report.matched = ids.len() as u64;
    for ids in ids.chunks(PAGE) {
        context.check_interrupted()?;
        make(ids, context, change, report)?;
    }
    Ok(())
}

/// What would become of the given items. Who names an item is told why it cannot be changed.
fn look_at(ids: &[Id], context: &Context<'_>, report: &mut Report) -> Result<()> {
    report.matched = ids.len() as u64;
    for id in ids {
        context.check_interrupted()?;
        let by = report.verb.by;
        match context.store.item(*id) {
            Ok(item) if targets(item.life.status, by).is_some() => report.done += 1,
            Ok(item) => {
                let from = item.life.status;
                report.refuse(*id, model::Error::NotAllowed { item: *id, from, by });
            }
            Err(error @ model::Error::ItemNotFound { .. }) => report.refuse(*id, error),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

fn make(
    ids: &[Id],
    context: &Context<'_>,
    change: &impl Fn(Id) -> Change,
    report: &mut Report,
) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let changes = ids.iter().map(|id| change(*id)).collect();
    let outcomes = context.store.commit(Commit::of(changes, Mode::Independent)).wait()?;
    for (id, outcome) in ids.iter().zip(outcomes) {
        match outcome {
            Outcome::Done(done) => {
                report.done += 1;
                report.cleared += u64::from(done.cleared);
            }
            Outcome::Refused(error) => report.refuse(*id, error),
            Outcome::Skipped => report.refused += 1,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use clap::Parser;
    use model::Change;
    use model::status::Move;

    use super::{Verb, cmd};
    use crate::command::tests::Place;
    use crate::exit_code::ExitCode;
    use crate::select::Selection;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        selection: Selection,
    }

    #[test]
    fn interrupted_verb_tells_what_it_did() {
        let place = Place::with_items(1_200);
        let line = Line::parse_from(["x", "--queue", "q", "--all-matching"]);
        let verb = Verb { name: "hold", past: "held", by: Move::Hold };
        let ran = place.runs(|context| {
            let flag = context.interrupted;
            cmd(&line.selection, verb, context, |item| {
                // Somebody presses Ctrl-C while the first page is being made.
                flag.store(true, Ordering::Relaxed);
                Change::Hold { item, note: None }
            })
        });
        assert_eq!(
            ran.err,
            "held 500 items\nerror[interrupted]: interrupted\n\
             hint: what was done so far stays done; run it again to go on\n"
        );
        assert_eq!(ran.code, ExitCode::Interrupted);
        place.interrupted.store(false, Ordering::Relaxed);
        let ran = place.run(&["item", "hold", "--queue", "q", "--all-matching"]);
        assert_eq!(ran.err, "held 700 items\nskipped 500 items (500 already on-hold)\n");
        assert_eq!(ran.code, ExitCode::Ok);
    }
}
