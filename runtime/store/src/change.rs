//! Commits: each change loads what it is about, lets `model` decide, and persists the decision.

pub(crate) mod batch;
mod item;
mod queue;
mod run;

use model::{Change, Done, Error, Fence, Mode, Outcome, run as of_run};

use crate::conform::Prepared;
use crate::error::{Attempt, Fault};
use crate::ledger::Ledger;

/// Applies the changes of one commit. A fence that does not hold refuses all of it.
pub(crate) fn commit(
    ledger: &mut Ledger,
    changes: Vec<Prepared>,
    fences: &[Fence],
    run: Option<of_run::Fence>,
    mode: Mode,
) -> Attempt<Vec<Outcome>> {
    ledger.runs.acting = run.map(|fence| run::check_fence(ledger, fence)).transpose()?;
    let outcomes = apply(ledger, changes, fences, mode);
    ledger.runs.acting = None;
    outcomes
}

fn apply(
    ledger: &mut Ledger,
    changes: Vec<Prepared>,
    fences: &[Fence],
    mode: Mode,
) -> Attempt<Vec<Outcome>> {
    fences.iter().try_for_each(|fence| check_fence(ledger, *fence))?;
    match mode {
        // One change decides before it writes: there is nothing to take back.
        Mode::AllOrNothing if changes.len() > 1 => all_or_nothing(ledger, changes),
        Mode::AllOrNothing | Mode::StopAtFirst => one_by_one(ledger, changes, true),
        Mode::Independent => one_by_one(ledger, changes, false),
    }
}

fn check_fence(ledger: &Ledger, fence: Fence) -> Attempt<()> {
    let head = ledger.head(fence.item)?;
    match head.life.holder {
        Some(holder) if holder.token == fence.token => Ok(()),
        _ => Err(Error::LeaseLost { item: fence.item }.into()),
    }
}

fn all_or_nothing(ledger: &mut Ledger, changes: Vec<Prepared>) -> Attempt<Vec<Outcome>> {
    let saved = ledger.save()?;
    let count = changes.len();
    let outcomes = one_by_one(ledger, changes, true)?;
    let refused = outcomes.iter().position(|outcome| matches!(outcome, Outcome::Refused(_)));
    let Some(refused) = refused else {
        ledger.keep()?;
        return Ok(outcomes);
    };
    ledger.take_back(saved)?;
    let mut kept = vec![Outcome::Skipped; count];
    kept[refused] = outcomes.into_iter().nth(refused).expect("its position was just found");
    Ok(kept)
}

fn one_by_one(ledger: &mut Ledger, changes: Vec<Prepared>, stop: bool) -> Attempt<Vec<Outcome>> {
    let mut outcomes = Vec::with_capacity(changes.len());
    let mut stopped = false;
    for prepared in changes {
        if stopped {
            outcomes.push(Outcome::Skipped);
            continue;
        }
        match one(ledger, prepared) {
            Ok(done) => outcomes.push(Outcome::Done(done)),
            Err(Fault::Refused(error)) => {
                outcomes.push(Outcome::Refused(error));
                stopped = stop;
            }
            Err(fatal) => return Err(fatal),
        }
    }
    Ok(outcomes)
}

fn one(ledger: &mut Ledger, prepared: Prepared) -> Attempt<Done> {
    let Prepared { change, checked, verdict } = prepared;
    checked?;
    match change {
        Change::Add(new) => item::add(ledger, &new, verdict),
        Change::Settle(settlement) => item::settle(ledger, &settlement),
        Change::GiveBack { item, token, begun } => {
            item::plain(ledger, item, &model::life::Event::GiveBack { token, begun }, None)
        }
        Change::Requeue { item, token, delay_until, expires, note, clear_notes } => {
            let event = model::life::Event::Requeue { token, delay_until, expires };
            item::requeue(ledger, item, &event, note.as_deref(), clear_notes)
        }
        Change::Hold { item, note } => {
            item::plain(ledger, item, &model::life::Event::Hold, note.as_deref())
        }
        Change::Release { item, note } => {
            item::plain(ledger, item, &model::life::Event::Release, note.as_deref())
        }
        Change::Edit { item, edit } => item::edit(ledger, item, &edit),
        Change::Note { item, text, clear } => item::note(ledger, item, &text, clear),
        Change::Delete { item } => item::plain(ledger, item, &model::life::Event::Delete, None),
        Change::OpenBatch { batch, queue } => batch::open(ledger, batch, &queue),
        Change::CommitBatch { batch } => batch::decide(ledger, batch, true),
        Change::DiscardBatch { batch } => batch::decide(ledger, batch, false),
        Change::CreateQueue { id, settings, schema } => {
            queue::create(ledger, id, *settings, schema)
        }
        Change::EditQueue { queue, edit } => queue::edit(ledger, &queue, *edit),
        Change::SetQueueState { queue, state } => queue::set_state(ledger, &queue, state),
        Change::DropQueue { queue } => queue::drop(ledger, &queue),
        Change::StartRun(new) => run::start(ledger, &new),
        Change::TakeOverRun(take_over) => run::take_over(ledger, &take_over),
        Change::RenewRun { run, token, lease } => run::renew(ledger, run, token, lease),
        Change::CancelRun { run } => run::cancel(ledger, run),
        Change::Journal(journal) => run::record(ledger, &journal),
        Change::EndRun(end) => run::end(ledger, &end),
    }
}
