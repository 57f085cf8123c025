//! The queues of the fake host. What a step does is drafted, and kept as a whole or not at all;
//! claims are outside of that, as they are in the real host.

mod stored;

use std::collections::BTreeMap;

use super::refusal::{self, check_bytes};
use crate::DateTime;
use crate::queue::{Ending, Error, Item, ItemChange, NewItem, Requeueing};
pub(super) use stored::{Status, Stored};

/// A queue, apart from its items.
#[derive(Debug, Default)]
struct Shelf {
    paused: bool,
    retries: u32,
}

#[derive(Debug, Default)]
pub(crate) struct Work {
    shelves: BTreeMap<String, Shelf>,
    /// As everybody sees them.
    kept: BTreeMap<String, Stored>,
    /// As they will be when the step is kept.
    drafts: BTreeMap<String, Stored>,
    in_step: bool,
    /// The claims of this step, settled or not.
    taken: Vec<(String, u64)>,
    /// Why nothing of this step is kept.
    refused: Option<Error>,
    /// Ids, tokens and places in line come from here.
    last: u64,
}

/// What a test does.
impl Work {
    pub(super) fn make(&mut self, queue: &str) {
        self.shelves.entry(queue.to_owned()).or_default();
    }

    pub(super) fn pause(&mut self, queue: &str, paused: bool) {
        self.shelves.entry(queue.to_owned()).or_default().paused = paused;
    }

    pub(super) fn set_retries(&mut self, queue: &str, retries: u32) {
        self.shelves.entry(queue.to_owned()).or_default().retries = retries;
    }

    /// What everybody sees of a queue, in the order of handing out.
    pub(super) fn seen(&mut self, queue: &str, now: &DateTime) -> Vec<Item> {
        self.pass_time(now);
        let mut seen: Vec<&Stored> =
            self.kept.values().filter(|stored| stored.item.queue == queue).collect();
        seen.sort_by_key(|stored| stored.rank());
        seen.into_iter().map(Stored::shown).collect()
    }

    pub(super) fn notes(&self, id: &str) -> Vec<String> {
        self.kept.get(id).map_or_else(Vec::new, |stored| stored.notes.clone())
    }

    pub(super) fn hold(&mut self, id: &str, on_hold: bool) {
        self.last += 1;
        if let Some(stored) = self.kept.get_mut(id) {
            stored.token = None;
            stored.place = self.last;
            stored.status = if on_hold { Status::OnHold } else { Status::Queued };
        }
    }

    pub(super) fn lose_leases(&mut self) {
        for stored in self.kept.values_mut().filter(|stored| stored.token.is_some()) {
            stored.back();
        }
    }

    pub(super) fn begin(&mut self) {
        assert!(!self.in_step, "a step does not run inside of another");
        self.in_step = true;
    }

    /// Ends a step that succeeded.
    pub(super) fn keep(&mut self, now: &DateTime) -> Result<(), Error> {
        for (id, token) in self.taken.clone() {
            self.give_back(&id, token, now);
        }
        let kept = self.commit(now);
        self.undo();
        kept
    }

    /// Ends a step of which nothing more is kept; what it holds goes back.
    pub(super) fn undo(&mut self) {
        self.in_step = false;
        self.refused = None;
        self.drafts.clear();
        for (id, token) in std::mem::take(&mut self.taken) {
            let held = self.kept.get_mut(&id).filter(|stored| stored.token == Some(token));
            if let Some(stored) = held {
                stored.back();
            }
        }
    }
}

/// What a step does.
impl Work {
    pub(super) fn open(&self, queue: &str) -> Result<(), Error> {
        let known = self.shelves.get(queue).ok_or_else(|| refusal::no_queue(queue))?;
        if known.paused { Err(refusal::paused(queue)) } else { Ok(()) }
    }

    pub(super) fn add(
        &mut self,
        queue: &str,
        new: NewItem,
        now: &DateTime,
    ) -> Result<String, Error> {
        self.open(queue)?;
        stored::check(&new, now)?;
        if let Some(reference) = &new.reference
            && let Some(known) = self.find(queue, reference)?
        {
            return Err(refusal::duplicate(queue, reference, &known.id));
        }
        self.last += 1;
        let id = format!("item-{}", self.last);
        let stored = Stored::new(id.clone(), queue, new, self.last, now);
        self.draft(stored, now)?;
        Ok(id)
    }

    /// The id and the token of the most urgent item; those added by this step are not among them.
    pub(super) fn process(
        &mut self,
        queue: &str,
        now: &DateTime,
    ) -> Result<Option<(String, u64)>, Error> {
        self.open(queue)?;
        self.pass_time(now);
        let waiting = self
            .kept
            .values_mut()
            .filter(|stored| stored.item.queue == queue && stored.status == Status::Queued);
        let Some(first) = waiting.min_by_key(|stored| stored.rank()) else { return Ok(None) };
        self.last += 1;
        first.status = Status::Processing;
        first.item.attempt += 1;
        first.token = Some(self.last);
        let (id, token) = (first.item.id.clone(), self.last);
        self.drafts.remove(&id);
        self.taken.push((id.clone(), token));
        Ok(Some((id, token)))
    }

    pub(super) fn settle(
        &mut self,
        id: &str,
        token: u64,
        ending: Ending,
        result: Option<&str>,
        now: &DateTime,
    ) -> Result<(), Error> {
        check_bytes("item-result", result.map_or(0, str::len), refusal::ITEM_RESULT_BYTES_MAX)?;
        let mut stored = self.held(id, token)?;
        let retries = self.shelves.get(&stored.item.queue).map_or(0, |shelf| shelf.retries);
        stored.settle(ending, result, retries);
        self.draft(stored, now)
    }

    /// Gives an item back, unless its claim has ended.
    pub(super) fn give_back(&mut self, id: &str, token: u64, now: &DateTime) {
        if let Ok(mut stored) = self.held(id, token) {
            stored.back();
            let drafted = self.draft(stored, now);
            drafted.expect("a draft is refused only when the step ends");
        }
    }

    pub(super) fn requeue(
        &mut self,
        id: &str,
        token: Option<u64>,
        how: Requeueing,
        now: &DateTime,
    ) -> Result<(), Error> {
        refusal::check_expiry(how.expires.as_ref(), now)?;
        refusal::check_moment(how.delay_until.as_ref())?;
        let mut stored = match token {
            Some(token) => self.held(id, token)?,
            None => self.free(id)?,
        };
        self.last += 1;
        stored.requeue(how, self.last, now);
        self.draft(stored, now)
    }

    pub(super) fn update(
        &mut self,
        id: &str,
        change: ItemChange,
        now: &DateTime,
    ) -> Result<(), Error> {
        let mut stored = self.view(id)?.clone();
        stored.change(change, now)?;
        self.draft(stored, now)
    }

    pub(super) fn note(&mut self, id: &str, text: &str, now: &DateTime) -> Result<(), Error> {
        check_bytes("note", text.len(), refusal::NOTE_BYTES_MAX)?;
        let mut stored = self.view(id)?.clone();
        stored.notes.push(text.to_owned());
        self.draft(stored, now)
    }

    pub(super) fn get(&self, id: &str) -> Result<Item, Error> {
        self.view(id).map(Stored::shown)
    }

    pub(super) fn find(&self, queue: &str, reference: &str) -> Result<Option<Item>, Error> {
        if !self.shelves.contains_key(queue) {
            return Err(refusal::no_queue(queue));
        }
        let is_it = |stored: &&Stored| {
            stored.item.queue == queue && stored.item.reference.as_deref() == Some(reference)
        };
        let mut all = self.drafts.values().chain(self.kept.values());
        Ok(all.find(is_it).map(Stored::shown))
    }

    pub(super) fn commit(&mut self, now: &DateTime) -> Result<(), Error> {
        if let Some(error) = &self.refused {
            return Err(error.clone());
        }
        self.pass_time(now);
        // Outside of a step each call has looked at its own claim.
        let mut taken = self.taken.iter().filter(|_| self.in_step);
        let lost =
            taken.find(|(id, token)| self.kept.get(id).is_none_or(|it| it.token != Some(*token)));
        if let Some((id, _)) = lost {
            let error = refusal::lease_lost(id);
            self.refused = Some(error.clone());
            return Err(error);
        }
        self.kept.extend(std::mem::take(&mut self.drafts));
        let kept = &self.kept;
        self.taken.retain(|(id, token)| kept[id].token == Some(*token));
        Ok(())
    }
}

/// What these are made of.
impl Work {
    fn view(&self, id: &str) -> Result<&Stored, Error> {
        let found = self.drafts.get(id).or_else(|| self.kept.get(id));
        found.ok_or_else(|| refusal::no_item(id))
    }

    /// An item that is held under this token.
    fn held(&self, id: &str, token: u64) -> Result<Stored, Error> {
        let (seen, kept) = (self.view(id)?, self.kept.get(id));
        if kept.is_some_and(|kept| kept.status == Status::OnHold) {
            return Err(refusal::on_hold(id));
        }
        let held = |stored: &Stored| stored.token == Some(token);
        if held(seen) && kept.is_some_and(held) {
            return Ok(seen.clone());
        }
        Err(refusal::lease_lost(id))
    }

    /// An item that nobody holds.
    fn free(&self, id: &str) -> Result<Stored, Error> {
        let seen = self.view(id)?;
        match seen.status {
            Status::Processing => Err(refusal::held(id)),
            Status::OnHold => Err(refusal::on_hold(id)),
            _ => Ok(seen.clone()),
        }
    }

    /// Notes how an item will be; outside of a step that is kept at once.
    fn draft(&mut self, stored: Stored, now: &DateTime) -> Result<(), Error> {
        self.drafts.insert(stored.item.id.clone(), stored);
        if self.in_step { Ok(()) } else { self.commit(now) }
    }

    fn pass_time(&mut self, now: &DateTime) {
        for stored in self.kept.values_mut() {
            self.last += 1;
            stored.pass_time(now, self.last);
        }
    }
}
