//! What each change does.

use model::item::{ItemEdit, NewItem};
use model::life::{self, Event};
use model::{
    Change, Done, Entry, Error, Id, Item, Move, Queue, QueueEdit, QueueSettings, QueueState, Status,
};

use super::{Batch, Kept, Known, Naive};

/// The schemas that the game uses, and which values conform to them.
fn conforms(schema: &str, value: &str) -> bool {
    match schema {
        "true" => true,
        "{\"type\":\"integer\"}" => value.parse::<i64>().is_ok(),
        "{\"type\":\"string\"}" => value.starts_with('"'),
        other => panic!("the naive store does not know the schema {other}"),
    }
}

impl Naive {
    pub(super) fn change(&mut self, change: Change) -> Result<Done, Error> {
        change.check()?;
        match change {
            Change::Add(mut new) => match new.effect.take() {
                None => self.add(*new),
                Some(effect) => self.add_once(*new, effect),
            },
            Change::Settle(settlement) => {
                let (token, ending, retry) =
                    (settlement.token, settlement.ending, settlement.retry);
                let event = Event::Settle { token, ending, retry };
                self.plain(settlement.item, &event, settlement.result.as_deref(), None)
            }
            Change::GiveBack { item, token, begun } => {
                self.plain(item, &Event::GiveBack { token, begun }, None, None)
            }
            Change::Requeue { item, token, delay_until, expires, note, clear_notes } => {
                let event = Event::Requeue { token, delay_until, expires };
                let done = self.plain(item, &event, None, note.as_deref())?;
                Ok(if clear_notes { self.clear_notes(item, done) } else { done })
            }
            Change::Hold { item, note } => self.plain(item, &Event::Hold, None, note.as_deref()),
            Change::Release { item, note } => {
                self.plain(item, &Event::Release, None, note.as_deref())
            }
            Change::Edit { item, edit } => self.edit_item(item, *edit),
            Change::Note { item, text, clear } => {
                let text = Some(text.as_str()).filter(|text| !text.is_empty());
                let done = self.plain(item, &Event::Note, None, text)?;
                Ok(if clear { self.clear_notes(item, done) } else { done })
            }
            Change::Delete { item } => self.plain(item, &Event::Delete, None, None),
            Change::OpenBatch { batch, queue } => self.open_batch(batch, &queue),
            Change::CommitBatch { batch } => self.decide(batch, true),
            Change::DiscardBatch { batch } => self.decide(batch, false),
            Change::CreateQueue { id, settings, schema } => {
                self.create_queue(id, *settings, schema)
            }
            Change::EditQueue { queue, edit } => self.edit_queue(&queue, *edit),
            Change::SetQueueState { queue, state } => self.set_state(&queue, state),
            Change::DropQueue { queue } => self.drop_queue(&queue),
            Change::StartRun(new) => self.start_run(*new),
            Change::TakeOverRun(wanted) => self.take_over(*wanted),
            Change::RenewRun { run, token, lease } => self.renew_run(run, token, lease),
            Change::CancelRun { run } => self.cancel_run(run),
            Change::Journal(journal) => self.record(journal),
            Change::EndRun(end) => self.end_run(*end),
        }
    }

    fn plain(
        &mut self,
        item: Id,
        event: &Event,
        result: Option<&str>,
        note: Option<&str>,
    ) -> Result<Done, Error> {
        let number = self.number(item)?;
        self.happen(number, event, result, note)
    }

    /// Takes the texts of the notes before the last entry away.
    fn clear_notes(&mut self, item: Id, done: Done) -> Done {
        let number = self.number(item).expect("it has just moved");
        let kept = self.items.get_mut(&number).expect("just found");
        let (_, before) = kept.history.split_last_mut().expect("it has just moved");
        let kept_back = [Some(Move::Settle), Some(Move::Edit)];
        let notes = before.iter_mut().filter(|entry| !kept_back.contains(&entry.by));
        let cleared = notes.filter_map(|entry| entry.text.take()).count() as u32;
        Done { cleared, ..done }
    }

    pub(super) fn add(&mut self, new: NewItem) -> Result<Done, Error> {
        let now = self.now();
        let home = self.find_open(&new.queue)?;
        let schema_version = self.check_schema(home, &new.value)?;
        let known = &self.queues[&home];
        let expires = new.expires.at_add(&known.queue.settings.rules, now)?;
        if let Some(batch) = new.batch {
            self.check_batch(batch, home)?;
        }
        if let Some(reference) = &new.reference {
            self.check_reference(home, reference)?;
        }
        if self.number(new.id).is_ok() {
            return Err(Error::DuplicateId { item: new.id });
        }
        let life = life::born(new.hold, new.batch.is_some(), new.delay_until, expires, now);
        self.last_item += 1;
        let (id, status) = (new.id, life.status);
        if status == Status::Queued {
            self.last_seq += 1;
        }
        let (by, worker, text) = (None, None, new.note);
        let entry = Entry { number: 1, at: now, by, status, attempt: 0, worker, text };
        let item = Item {
            id,
            queue: known.queue.settings.key.clone(),
            name: new.name,
            reference: new.reference,
            priority: new.priority,
            value: new.value,
            life,
            result: None,
            schema_version,
            batch: new.batch,
            created: now,
            modified: now,
        };
        let kept = Kept { item, home, seq: self.last_seq, history: vec![entry] };
        self.items.insert(self.last_item, kept);
        Ok(Done::new(id, Some(status)))
    }

    pub(super) fn check_schema(&self, home: u64, value: &str) -> Result<Option<u32>, Error> {
        let known = &self.queues[&home];
        let Some(version) = known.queue.schema_version else { return Ok(None) };
        if conforms(&known.schemas[version as usize - 1], value) {
            return Ok(Some(version));
        }
        let queue = known.queue.settings.key.clone();
        let (path, problem) = (String::new(), String::new());
        Err(Error::SchemaViolation { queue, version, path, problem })
    }

    fn check_reference(&self, home: u64, reference: &str) -> Result<(), Error> {
        let owns =
            |kept: &&Kept| kept.home == home && kept.item.reference.as_deref() == Some(reference);
        let Some(owner) = self.items.values().find(owns) else { return Ok(()) };
        let batch = owner.item.batch.and_then(|batch| self.batches.get(&batch));
        let sure = batch.is_some_and(|batch| batch.decision == Some(true));
        let queue = self.queues[&home].queue.settings.key.clone();
        let (reference, item) = (reference.to_owned(), owner.item.id);
        if owner.item.life.status == Status::Staged && !sure {
            return Err(Error::ReferencePending { queue, reference, item });
        }
        Err(Error::DuplicateReference { queue, reference, item })
    }

    fn edit_item(&mut self, item: Id, edit: ItemEdit) -> Result<Done, Error> {
        let (now, number) = (self.now(), self.number(item)?);
        let home = self.items[&number].home;
        let checked = match &edit.value {
            Some(value) => Some(self.check_schema(home, value)?),
            None => None,
        };
        if let Some(Some(reference)) = &edit.reference
            && self.items[&number].item.reference.as_ref() != Some(reference)
        {
            self.check_reference(home, reference)?;
        }
        let content = edit.name.is_some() || edit.value.is_some() || edit.reference.is_some();
        let event = Event::Edit { content, expires: edit.expires };
        let done = self.happen(number, &event, None, Some(&edit.fields()))?;
        let kept = self.items.get_mut(&number).expect("it was edited");
        let changed = &mut kept.item;
        changed.name = edit.name.unwrap_or(changed.name.take());
        changed.priority = edit.priority.unwrap_or(changed.priority);
        changed.schema_version = checked.unwrap_or(changed.schema_version);
        if let Some(value) = edit.value {
            changed.value = value;
        }
        if let Some(reference) = edit.reference {
            changed.reference = reference;
        }
        changed.modified = now;
        // Somebody edits, not the worker.
        kept.history.last_mut().expect("an entry was written").worker = None;
        Ok(done)
    }

    fn check_batch(&self, batch: Id, home: u64) -> Result<(), Error> {
        match self.batches.get(&batch) {
            Some(Batch { decision: Some(_), .. }) => Err(Error::BatchDecided { batch }),
            Some(known) if known.home == home => Ok(()),
            _ => Err(Error::BatchNotFound { batch }),
        }
    }

    fn open_batch(&mut self, batch: Id, queue: &str) -> Result<Done, Error> {
        let home = self.find_open(queue)?;
        self.batches.entry(batch).or_insert(Batch { home, decision: None });
        self.check_batch(batch, home)?;
        Ok(Done::new(batch, None))
    }

    fn decide(&mut self, batch: Id, commit: bool) -> Result<Done, Error> {
        let known = self.batches.get_mut(&batch).ok_or(Error::BatchNotFound { batch })?;
        match known.decision {
            None => {
                known.decision = Some(commit);
                self.decided.push(batch);
            }
            Some(before) if before == commit => {}
            Some(_) => return Err(Error::BatchDecided { batch }),
        }
        Ok(Done::new(batch, None))
    }

    fn create_queue(
        &mut self,
        id: Id,
        settings: QueueSettings,
        schema: Option<String>,
    ) -> Result<Done, Error> {
        let now = self.now();
        if self.queues.values().any(|known| known.queue.settings.key == settings.key) {
            return Err(Error::QueueExists { key: settings.key });
        }
        let queue = Queue {
            id,
            settings,
            state: QueueState::Active,
            schema_version: schema.as_ref().map(|_| 1),
            created: now,
            modified: now,
        };
        self.last_queue += 1;
        let schemas = schema.into_iter().collect();
        self.queues.insert(self.last_queue, Known { queue, schemas });
        Ok(Done::new(id, None))
    }

    fn edit_queue(&mut self, queue: &str, edit: QueueEdit) -> Result<Done, Error> {
        let (now, home) = (self.now(), self.find(queue)?);
        let known = self.queues.get_mut(&home).expect("just found");
        let settings = &mut known.queue.settings;
        let mut changed = settings.clone();
        changed.name = edit.name.unwrap_or(changed.name);
        changed.description = edit.description.unwrap_or(changed.description);
        changed.rules = edit.rules.unwrap_or(changed.rules);
        changed.check()?;
        *settings = changed;
        match edit.schema {
            None => {}
            Some(None) => known.queue.schema_version = None,
            Some(Some(text)) => {
                known.schemas.push(text);
                known.queue.schema_version = Some(known.schemas.len() as u32);
            }
        }
        known.queue.modified = now;
        Ok(Done::new(known.queue.id, None))
    }

    fn set_state(&mut self, queue: &str, state: QueueState) -> Result<Done, Error> {
        let (now, home) = (self.now(), self.find(queue)?);
        let known = &mut self.queues.get_mut(&home).expect("just found").queue;
        if known.state == QueueState::Deleting && state != QueueState::Deleting {
            let (queue, state) = (known.settings.key.clone(), known.state);
            return Err(Error::QueueClosed { queue, state });
        }
        (known.state, known.modified) = (state, now);
        Ok(Done::new(known.id, None))
    }

    fn drop_queue(&mut self, queue: &str) -> Result<Done, Error> {
        let home = self.find(queue)?;
        let items = self.items.values().filter(|kept| kept.home == home).count() as u64;
        let known = &self.queues[&home].queue;
        if items > 0 {
            let queue = known.settings.key.clone();
            return Err(Error::QueueNotEmpty { queue, items });
        }
        let id = known.id;
        self.queues.remove(&home);
        self.batches.retain(|_, batch| batch.home != home);
        Ok(Done::new(id, None))
    }
}
