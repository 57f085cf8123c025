//! What the store has acknowledged, remembered beside it: each picture of the store must agree.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Change, Done, Entry, Id, Item, Mode, Move, Outcome, QueueState, Reply, Request, Status, Token,
    status,
};

use crate::power::bench::Picture;
use crate::power::runs;

/// The moves that nobody asks for.
const BY_TIME: [Move; 6] =
    [Move::Promote, Move::Expire, Move::Lose, Move::TimeOut, Move::Ready, Move::Discard];

/// What is known of an item.
#[derive(Clone, Debug)]
pub(crate) struct Fact {
    pub(crate) queue: String,
    pub(crate) reference: Option<String>,
    pub(crate) status: Status,
    pub(crate) token: Option<Token>,
    value: String,
    result: Option<String>,
    attempt: u32,
    entries: usize,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub(crate) items: BTreeMap<Id, Fact>,
    /// Whether each batch is still open.
    pub(crate) batches: BTreeMap<Id, bool>,
    pub(crate) queues: BTreeMap<String, QueueState>,
    pub(crate) runs: BTreeMap<Id, runs::Fact>,
}

impl Known {
    /// Learns from an acknowledged request, then looks whether the store shows just that.
    pub(crate) fn learn(
        &mut self,
        request: &Request,
        reply: &Reply,
        picture: &Picture,
    ) -> Result<(), String> {
        match (request, reply) {
            (Request::Commit(commit), Reply::Committed(outcomes)) => {
                check_mode(commit.mode, outcomes)?;
                for (change, outcome) in commit.changes.iter().zip(outcomes) {
                    self.changed_run(change, outcome);
                    if let Outcome::Done(done) = outcome {
                        self.changed(change, *done);
                    }
                }
            }
            (Request::Claim(_), Reply::Claimed(claimed)) => {
                // What time made due happens first: it may give back what is then claimed.
                let ids: Vec<Id> = claimed.iter().map(|claimed| claimed.item.id).collect();
                self.time_passed(picture, &ids)?;
                for claimed in claimed {
                    let fact = self.items.get_mut(&claimed.item.id).ok_or("claimed a ghost")?;
                    fact.token = Some(claimed.token);
                    fact.attempt += 1;
                }
            }
            (Request::Tick, Reply::Ticked(_)) => self.time_passed(picture, &[])?,
            (Request::Sweep { queue, .. }, Reply::Swept(_)) => {
                self.items.retain(|id, fact| fact.queue != *queue || picture.find(*id).is_some());
            }
            _ => {}
        }
        self.agrees(picture)
    }

    fn changed(&mut self, change: &Change, done: Done) {
        match change {
            // An effect that has been before adds nothing.
            Change::Add(new) if new.id != done.id => {}
            Change::Add(new) => {
                let fact = Fact {
                    queue: new.queue.clone(),
                    reference: new.reference.clone(),
                    status: done.status.expect("an item has a status"),
                    token: None,
                    value: new.value.clone(),
                    result: None,
                    attempt: 0,
                    entries: 1,
                };
                self.items.insert(new.id, fact);
            }
            Change::OpenBatch { batch, .. } => drop(self.batches.insert(*batch, true)),
            Change::CommitBatch { batch } | Change::DiscardBatch { batch } => {
                self.batches.insert(*batch, false);
            }
            Change::CreateQueue { settings, .. } => {
                self.queues.insert(settings.key.clone(), QueueState::Active);
            }
            Change::SetQueueState { queue, state } => {
                self.queues.insert(queue.clone(), *state);
            }
            Change::DropQueue { queue } => drop(self.queues.remove(queue)),
            Change::EditQueue { .. }
            | Change::StartRun(_)
            | Change::TakeOverRun(_)
            | Change::RenewRun { .. }
            | Change::CancelRun { .. }
            | Change::Journal(_)
            | Change::EndRun(_) => {}
            about_item => self.moved(about_item, done),
        }
    }

    fn moved(&mut self, change: &Change, done: Done) {
        let Some(status) = done.status else {
            self.items.remove(&done.id);
            return;
        };
        let fact = self.items.get_mut(&done.id).expect("only known items are changed");
        fact.status = status;
        fact.entries += 1;
        if status != Status::Processing {
            fact.token = None;
        }
        match change {
            Change::Settle(settlement) => {
                fact.result = settlement.result.clone().or(fact.result.take());
            }
            Change::GiveBack { begun, .. } => fact.attempt -= u32::from(!begun),
            Change::Edit { edit, .. } => {
                fact.value = edit.value.clone().unwrap_or_else(|| fact.value.clone());
                if let Some(reference) = &edit.reference {
                    fact.reference.clone_from(reference);
                }
            }
            _ => {}
        }
    }

    /// Time moves items although nobody asks: what it did, before these were claimed, must be in
    /// the table of moves.
    fn time_passed(&mut self, picture: &Picture, claimed: &[Id]) -> Result<(), String> {
        let gone: Vec<Id> =
            self.items.keys().filter(|id| picture.find(**id).is_none()).copied().collect();
        for id in gone {
            let fact = self.items.remove(&id).expect("its key was just read");
            if fact.status != Status::Staged {
                return Err(format!("{id} was {} and is gone", fact.status));
            }
        }
        for (id, fact) in &mut self.items {
            let (item, history) = picture.find(*id).expect("the others were removed");
            for entry in history.get(fact.entries..).unwrap_or_default() {
                follow(fact, entry, claimed.contains(id))
                    .map_err(|problem| format!("{id}: {problem}"))?;
            }
            if item.life.status != Status::Processing {
                fact.token = None;
            }
        }
        Ok(())
    }

    pub(crate) fn agrees(&self, picture: &Picture) -> Result<(), String> {
        if self.items.len() != picture.items.len() {
            return Err(format!("{} items, not {}", picture.items.len(), self.items.len()));
        }
        for (id, fact) in &self.items {
            let (item, history) = picture.find(*id).ok_or_else(|| format!("{id} is missing"))?;
            fact.agrees(item, history)
                .map_err(|what| format!("{id}: {what}: {item:?} {fact:?}"))?;
        }
        let states =
            picture.stats.iter().map(|stats| (stats.queue.settings.key.clone(), stats.queue.state));
        if states.collect::<BTreeMap<_, _>>() != self.queues {
            return Err(format!("the queues are not {:?}", self.queues));
        }
        self.runs_agree(&picture.runs)?;
        sound(picture)
    }
}

fn follow(fact: &mut Fact, entry: &Entry, claimed: bool) -> Result<(), String> {
    let by = entry.by.filter(|by| BY_TIME.contains(by) || claimed && *by == Move::Claim);
    let targets = by.and_then(|by| status::targets(fact.status, by)).unwrap_or_default();
    if !targets.contains(&entry.status) {
        return Err(format!("{} became {} by {:?}", fact.status, entry.status, entry.by));
    }
    fact.status = entry.status;
    fact.entries += 1;
    Ok(())
}

impl Fact {
    fn agrees(&self, item: &Item, history: &[Entry]) -> Result<(), &'static str> {
        let token = item.life.holder.as_ref().map(|holder| holder.token);
        for (same, what) in [
            (self.queue == item.queue, "another queue"),
            (self.reference == item.reference, "another reference"),
            (self.status == item.life.status, "another status"),
            (self.value == item.value, "another value"),
            (self.result == item.result, "another result"),
            (self.token == token, "another token"),
            (self.attempt == item.life.attempt, "another attempt"),
            (self.entries == history.len(), "another history"),
        ] {
            if !same {
                return Err(what);
            }
        }
        Ok(())
    }
}

/// All or nothing is just that.
fn check_mode(mode: Mode, outcomes: &[Outcome]) -> Result<(), String> {
    let done = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Done(_))).count();
    if mode == Mode::AllOrNothing && done != 0 && done != outcomes.len() {
        return Err(format!("{done} of {} were done", outcomes.len()));
    }
    Ok(())
}

/// What holds of every picture: counts, unique references, one history entry for each move.
fn sound(picture: &Picture) -> Result<(), String> {
    let mut references = BTreeSet::new();
    for (item, history) in picture.items.iter().zip(&picture.histories) {
        let numbered = history.iter().zip(1..).all(|(entry, number)| entry.number == number);
        let last = history.last().map(|entry| entry.status);
        if !numbered || last != Some(item.life.status) {
            return Err(format!("the history of {} does not lead to its status", item.id));
        }
        let named = item.reference.as_ref().map(|reference| (&item.queue, reference));
        if named.is_some_and(|named| !references.insert(named)) {
            return Err(format!("the reference of {} is there twice", item.id));
        }
    }
    for stats in &picture.stats {
        for status in Status::ALL {
            let of_queue = |item: &&Item| item.queue == stats.queue.settings.key;
            let items = picture.items.iter().filter(of_queue);
            let there = items.filter(|item| item.life.status == status).count() as u64;
            if there != stats.count(status) {
                return Err(format!("{there} items {status}, not {}", stats.count(status)));
            }
        }
    }
    Ok(())
}
