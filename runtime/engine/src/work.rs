//! What a step does to work queues: judged at once, written together.
//!
//! Each call is judged against the store and what the step has done before, by the same functions
//! of `model` that the store asks when all of it is written. So a step hears at once what would be
//! refused, and the store still has the last word.
//!
//! Claims are outside of that: an item is handed out durably, and a lease gives it back should
//! the step vanish.

mod draft;
mod held;

use std::collections::HashMap;
use std::sync::Arc;

use model::life::{self, Event};
use model::{
    Change, Claim, Claimed, Commit, Ending, Error, Expiry, Fence, Id, Item, ItemEdit, Mode,
    NewItem, Outcome, Queue, QueueState, Settlement, Status, Timestamp, Token, run,
};

use crate::limits::{STEP_CLAIMS_MAX, STEP_LEASE};
use crate::world::World;
use draft::Draft;
pub use held::Keeper;
use held::{Held, Whose};

/// How an item is put back into its queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requeueing {
    pub delay_until: Option<Timestamp>,
    /// None leaves it as it is, unless it has passed.
    pub expires: Option<Expiry>,
    pub note: Option<String>,
}

/// The work of one step on queues, until it is kept.
#[derive(Debug)]
pub struct Work {
    world: World,
    /// The name the step claims under.
    worker: String,
    changes: Vec<Change>,
    bytes: usize,
    /// The items this work has touched, as they will be.
    drafts: HashMap<Id, Draft>,
    /// References of items that will be added, by queue.
    references: HashMap<(Id, String), Id>,
    queues: HashMap<String, Arc<Queue>>,
    held: Held,
    /// Why the store refused a commit: nothing more of this step is kept.
    refused: Option<Error>,
}

impl Work {
    pub fn new(world: World, worker: impl Into<String>) -> Self {
        Self {
            held: Held::new(Arc::clone(&world.store)),
            world,
            worker: worker.into(),
            changes: Vec::new(),
            bytes: 0,
            drafts: HashMap::new(),
            references: HashMap::new(),
            queues: HashMap::new(),
            refused: None,
        }
    }

    /// Keeps the leases of this work alive; to be asked from time to time while the step runs.
    pub fn keeper(&self) -> Keeper {
        self.held.keeper()
    }

    /// Adds an item.
    pub fn add(&mut self, new: NewItem) -> Result<Id, Error> {
        new.check()?;
        let queue = self.open_queue(&new.queue)?;
        let schema_version = match queue.schema_version {
            Some(_) => self.world.store.conforms(&new.queue, &new.value)?,
            None => None,
        };
        let now = self.world.now();
        let expires = new.expires.at_add(&queue.settings.rules, now)?;
        if let Some(reference) = &new.reference {
            self.check_reference(&queue, reference, new.id)?;
        }
        let life = life::born(new.hold, new.batch.is_some(), new.delay_until, expires, now);
        let id = new.id;
        let draft = Draft::of_new(&new, &queue, life, schema_version, now);
        self.push(Change::Add(Box::new(new)))?;
        if let Some(reference) = &draft.item.reference {
            self.references.insert((queue.id, reference.clone()), id);
        }
        self.drafts.insert(id, draft);
        Ok(id)
    }

    /// Hands out the most urgent item of a queue. What this step adds is not among them before it
    /// is kept.
    pub fn process(&mut self, queue: &str) -> Result<Option<Item>, Error> {
        Ok(self.claim(queue, Whose::Step)?.map(|claimed| claimed.item))
    }

    /// Hands out the most urgent item of a queue, which stays claimed when the step has succeeded.
    pub fn take(&mut self, queue: &str) -> Result<Option<Claimed>, Error> {
        self.claim(queue, Whose::Taken)
    }

    /// Works on an item under a claim that was made before this step, and outlasts it.
    pub fn resume(&mut self, item: Id, token: Token) {
        if self.held.token(item) != Ok(token) {
            self.held.take(item, token, Whose::Run);
        }
    }

    fn claim(&mut self, queue: &str, whose: Whose) -> Result<Option<Claimed>, Error> {
        let open = self.held.open().count() + 1;
        Error::limit("step-claims", open, STEP_CLAIMS_MAX)?;
        let claimed = self.world.store.claim(Claim {
            queue: queue.into(),
            count: 1,
            lease: STEP_LEASE,
            worker: self.worker.clone(),
        })?;
        let Some(claimed) = claimed.into_iter().next() else { return Ok(None) };
        self.held.take(claimed.item.id, claimed.token, whose);
        let queue = self.queue(&claimed.item.queue)?;
        let item = claimed.item.clone();
        self.drafts.insert(item.id, Draft::new(item, &queue));
        Ok(Some(claimed))
    }

    /// Ends the work on a claimed item. An IT exception is tried again while retries remain.
    pub fn settle(
        &mut self,
        item: Id,
        ending: Ending,
        result: Option<String>,
    ) -> Result<(), Error> {
        let token = self.held.token(item)?;
        let settlement = Settlement { item, token, ending, result, retry: true };
        self.change(item, &Event::Settle { token, ending, retry: true }, |draft| {
            draft.item.result = settlement.result.clone().or(draft.item.result.take());
            Change::Settle(settlement)
        })?;
        self.held.end(item);
        Ok(())
    }

    /// Lets go of a claimed item, on which work had begun.
    pub fn give_back(&mut self, item: Id) -> Result<(), Error> {
        let token = self.held.token(item)?;
        self.change(item, &Event::GiveBack { token, begun: true }, |_| Change::GiveBack {
            item,
            token,
            begun: true,
        })?;
        self.held.end(item);
        Ok(())
    }

    /// Puts an item into its queue anew, be it one that this step holds or one that nobody does.
    pub fn requeue(&mut self, item: Id, how: Requeueing) -> Result<(), Error> {
        let token = self.held.token(item).ok();
        let Requeueing { delay_until, expires, note } = how;
        let event = Event::Requeue { token, delay_until, expires };
        let clear_notes = false;
        self.change(item, &event, |_| Change::Requeue {
            item,
            token,
            delay_until,
            expires,
            note,
            clear_notes,
        })?;
        self.held.end(item);
        Ok(())
    }

    /// An item that the step holds, as it will be when this work is kept.
    pub fn held(&self, item: Id) -> Result<Item, Error> {
        self.held.token(item)?;
        self.get(item)
    }

    /// The queue with this key, name or id, as it was when this work first asked for it.
    pub fn queue(&mut self, queue: &str) -> Result<Arc<Queue>, Error> {
        if let Some(known) = self.queues.get(queue) {
            return Ok(Arc::clone(known));
        }
        let found = Arc::new(self.world.store.queue(queue)?);
        self.queues.insert(queue.to_owned(), Arc::clone(&found));
        Ok(found)
    }

    /// Refuses a queue that takes nothing in.
    pub fn check_open(&mut self, queue: &str) -> Result<(), Error> {
        self.open_queue(queue).map(drop)
    }

    /// Writes a note into the history of an item.
    pub fn note(&mut self, item: Id, text: impl Into<String>) -> Result<(), Error> {
        let text = text.into();
        self.change(item, &Event::Note, |_| Change::Note { item, text, clear: false })
    }

    /// Takes the notes of an item away, and writes this one unless it is empty.
    pub fn replace_notes(&mut self, item: Id, text: String) -> Result<(), Error> {
        self.change(item, &Event::Note, |_| Change::Note { item, text, clear: true })
    }

    /// Changes what an item carries.
    pub fn update(&mut self, item: Id, edit: ItemEdit) -> Result<(), Error> {
        edit.check()?;
        let queue = self.draft(item)?.item.queue.clone();
        if let Some(value) = &edit.value
            && self.queue(&queue)?.schema_version.is_some()
        {
            self.world.store.conforms(&queue, value)?;
        }
        let content = edit.name.is_some() || edit.value.is_some() || edit.reference.is_some();
        let event = Event::Edit { content, expires: edit.expires };
        self.change(item, &event, |draft| {
            draft.edit(&edit);
            Change::Edit { item, edit: Box::new(edit) }
        })
    }

    /// The item as it will be when this work is kept.
    pub fn get(&self, item: Id) -> Result<Item, Error> {
        match self.drafts.get(&item) {
            Some(draft) => Ok(draft.item.clone()),
            None => self.world.store.item(item),
        }
    }

    /// The item of a queue that has this reference, those included that this step adds.
    pub fn find(&mut self, queue: &str, reference: &str) -> Result<Option<Item>, Error> {
        let known = self.queue(queue)?;
        if let Some(added) = self.references.get(&(known.id, reference.to_owned())) {
            return self.get(*added).map(Some);
        }
        match self.world.store.item_by_reference(queue, reference) {
            Ok(found) => self.get(found.id).map(Some),
            Err(Error::ItemNotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Is there something that is not written yet?
    pub fn is_pending(&self) -> bool {
        !self.changes.is_empty()
    }

    /// Makes everything done so far durable, or nothing of it.
    pub fn commit(&mut self) -> Result<(), Error> {
        self.commit_with(None, Vec::new())
    }

    /// As `commit`, together with other changes, which are made in any case.
    fn commit_with(&mut self, run: Option<run::Fence>, more: Vec<Change>) -> Result<(), Error> {
        if let Some(error) = &self.refused {
            return Err(error.clone());
        }
        if self.changes.is_empty() && more.is_empty() {
            return Ok(());
        }
        let fences = self.held.open().map(|(item, token)| Fence { item, token }).collect();
        let mut changes = std::mem::take(&mut self.changes);
        if run.is_none() {
            // Effects have names within a run only.
            changes.iter_mut().for_each(Change::forget_effect);
        }
        changes.extend(more);
        self.bytes = 0;
        let commit = Commit { fences, run, ..Commit::of(changes, Mode::AllOrNothing) };
        let written = self.world.store.commit(commit).wait().and_then(first_refusal);
        if let Err(error) = written {
            self.refused = Some(error.clone());
            return Err(error);
        }
        self.held.forget_ended();
        self.references.clear();
        self.drafts.retain(|item, _| self.held.token(*item).is_ok());
        Ok(())
    }

    /// Is there anything that would be written, or given back?
    pub(crate) fn has_done(&self) -> bool {
        self.is_pending() || self.held.left_over().next().is_some()
    }

    /// Ends the work of a step that succeeded: what is still held is let go, the rest is kept.
    pub fn keep(&mut self) -> Result<(), Error> {
        self.keep_with(None, Vec::new())
    }

    /// As `keep`, in one commit with changes that a run makes.
    pub(crate) fn keep_with(
        &mut self,
        run: Option<run::Fence>,
        more: Vec<Change>,
    ) -> Result<(), Error> {
        let left_over: Vec<Id> = self.held.left_over().collect();
        for item in left_over {
            match self.give_back(item) {
                // Somebody else has decided about it: there is nothing to give back.
                Ok(()) | Err(Error::LeaseLost { .. } | Error::NotAllowed { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        self.commit_with(run, more)
    }

    /// Ends the work of a step that failed: nothing of it is kept, and what it claimed goes back.
    /// Items whose step broke off have used up a retry.
    pub fn undo(&mut self, broke_off: Option<&str>) {
        self.changes.clear();
        self.bytes = 0;
        let back = |(item, token)| match broke_off {
            Some(why) => Change::Settle(Settlement {
                item,
                token,
                ending: Ending::ItException,
                result: Some(why.to_owned()),
                retry: true,
            }),
            None => Change::GiveBack { item, token, begun: true },
        };
        let changes: Vec<Change> = self.held.made_here().map(back).collect();
        if !changes.is_empty() {
            // Whatever cannot be given back now comes back when its lease has run out.
            let _leases_do_it =
                self.world.store.commit(Commit::of(changes, Mode::Independent)).wait();
        }
        self.held.forget_all();
    }
}

/// What the calls above are made of.
impl Work {
    /// Judges an event about an item; if it may happen, collects the change that makes it happen.
    fn change(
        &mut self,
        item: Id,
        event: &Event,
        change: impl FnOnce(&mut Draft) -> Change,
    ) -> Result<(), Error> {
        let now = self.world.now();
        let mut draft = self.draft(item)?.clone();
        draft.apply(event, now)?;
        let change = change(&mut draft);
        change.check()?;
        self.push(change)?;
        self.drafts.insert(item, draft);
        Ok(())
    }

    fn push(&mut self, change: Change) -> Result<(), Error> {
        if let Some(error) = &self.refused {
            return Err(error.clone());
        }
        let bytes = self.bytes + change.bytes();
        Commit::check_size(self.changes.len() + 1, bytes)?;
        self.changes.push(change);
        self.bytes = bytes;
        Ok(())
    }

    fn draft(&mut self, item: Id) -> Result<&Draft, Error> {
        if !self.drafts.contains_key(&item) {
            let found = self.world.store.item(item)?;
            let queue = self.queue(&found.queue)?;
            self.drafts.insert(item, Draft::new(found, &queue));
        }
        Ok(&self.drafts[&item])
    }

    fn open_queue(&mut self, queue: &str) -> Result<Arc<Queue>, Error> {
        let known = self.queue(queue)?;
        match known.state {
            QueueState::Active => Ok(known),
            state => Err(Error::QueueClosed { queue: known.settings.key.clone(), state }),
        }
    }

    fn check_reference(&self, queue: &Queue, reference: &str, of: Id) -> Result<(), Error> {
        let key = queue.settings.key.clone();
        let reference = reference.to_owned();
        if let Some(item) = self.references.get(&(queue.id, reference.clone())) {
            return Err(Error::DuplicateReference { queue: key, reference, item: *item });
        }
        match self.world.store.item_by_reference(&key, &reference) {
            // The same effect has been before: it is not repeated.
            Ok(item) if item.id == of => Ok(()),
            Ok(item) if item.life.status == Status::Staged => {
                Err(Error::ReferencePending { queue: key, reference, item: item.id })
            }
            Ok(item) => Err(Error::DuplicateReference { queue: key, reference, item: item.id }),
            Err(Error::ItemNotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

fn first_refusal(outcomes: Vec<Outcome>) -> Result<(), Error> {
    let refusal = outcomes.into_iter().find_map(|outcome| match outcome {
        Outcome::Refused(error) => Some(error),
        Outcome::Done(_) | Outcome::Skipped => None,
    });
    refusal.map_or(Ok(()), Err)
}
