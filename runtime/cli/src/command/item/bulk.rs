//! One change for many items: counted first, agreed to, made page by page, reported.

use model::{Change, Commit, Id, Mode, Outcome};

use crate::context::Context;
use crate::error::{Error, Result, model_exit_code};
use crate::exit_code::ExitCode;
use crate::output::json::{self, Object};
use crate::select::{Scan, Selection};
use crate::view::count;

/// How the verb is spoken of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verb {
    /// `hold`
    pub(crate) name: &'static str,
    /// `held`
    pub(crate) past: &'static str,
}

/// Items in one commit.
const PAGE: usize = 500;
/// Refusals that are told one by one.
const TOLD: usize = 20;

/// What became of the items.
#[derive(Debug, Default)]
struct Report {
    matched: u64,
    done: u64,
    refused: u64,
    told: Vec<(Id, model::Error)>,
}

/// Makes the change for every selected item.
pub(crate) fn cmd(
    selection: &Selection,
    verb: Verb,
    context: &mut Context<'_>,
    change: impl Fn(Id) -> Change,
) -> Result<ExitCode> {
    let mut report = Report::default();
    if let Some(mut scan) = selection.scan(context)? {
        report.matched = count_matching(&mut scan, context)?;
        if agreed(selection, verb, report.matched, context)? {
            make_matching(&mut scan, context, &change, &mut report)?;
        }
    } else {
        report.matched = selection.ids.len() as u64;
        if agreed(selection, verb, report.matched, context)? {
            make_given(&selection.ids, context, &change, &mut report)?;
        }
    }
    if selection.dry_run { Ok(ExitCode::Ok) } else { tell(&report, verb, context) }
}

fn count_matching(scan: &mut Scan<'_>, context: &mut Context<'_>) -> Result<u64> {
    let mut matched = 0;
    while let Some(items) = scan.next_page()? {
        context.check_interrupted()?;
        matched += items.len() as u64;
    }
    if let Some(skipped) = scan.skipped() {
        context.output.warn(&skipped);
    }
    scan.rewind();
    Ok(matched)
}

/// Says how many items it is about; an error where that was not agreed to.
fn agreed(
    selection: &Selection,
    verb: Verb,
    matched: u64,
    context: &mut Context<'_>,
) -> Result<bool> {
    let items = count(matched, "item");
    if selection.dry_run {
        if context.output.is_text() {
            context.output.line(&format!("would {} {items}", verb.name))?;
        } else {
            let object = Object::new().text("verb", verb.name).number("matched", matched);
            context.output.line(&object.flag("dry_run", true).finish())?;
        }
        return Ok(false);
    }
    if !selection.ids.is_empty() || selection.all_matching {
        return Ok(true);
    }
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
        let ids: Vec<Id> = items.iter().map(|item| item.id).collect();
        make(&ids, context, change, report)?;
    }
    Ok(())
}

fn make_given(
    ids: &[Id],
    context: &Context<'_>,
    change: &impl Fn(Id) -> Change,
    report: &mut Report,
) -> Result<()> {
    for ids in ids.chunks(PAGE) {
        context.check_interrupted()?;
        make(ids, context, change, report)?;
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
            Outcome::Done(_) => report.done += 1,
            Outcome::Refused(error) => {
                report.refused += 1;
                if report.told.len() < TOLD {
                    report.told.push((*id, error));
                }
            }
            Outcome::Skipped => report.refused += 1,
        }
    }
    Ok(())
}

fn tell(report: &Report, verb: Verb, context: &mut Context<'_>) -> Result<ExitCode> {
    let output = &mut *context.output;
    let first = report.told.first().map(|(_, error)| error);
    if !output.is_text() {
        let refusals = report.told.iter().map(|(id, error)| {
            let object = Object::new().text("id", id).text("code", error.code());
            object.text("message", error).maybe("hint", error.hint()).finish()
        });
        let object = Object::new()
            .text("verb", verb.name)
            .number("matched", report.matched)
            .number("done", report.done)
            .number("refused", report.refused)
            .raw("refusals", &json::list(refusals));
        output.line(&object.finish())?;
    } else if let (1, Some(error)) = (report.matched, first) {
        return Err(error.clone().into());
    } else {
        output.say(&format!("{} {}", verb.past, count(report.done, "item")));
        for (id, error) in &report.told {
            let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
            output.warn(&format!("refused {id}: {error}{hint}"));
        }
        let untold = report.refused - report.told.len() as u64;
        if untold > 0 {
            output.warn(&format!("and {} more refused", count(untold, "item")));
        }
    }
    Ok(first.map_or(ExitCode::Ok, model_exit_code))
}
