//! An item as it will be when the work of a step is kept.

use model::item::Life;
use model::life::{self, Event};
use model::{Error, Item, ItemEdit, NewItem, Queue, Rules, Timestamp};

#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) item: Item,
    rules: Rules,
}

impl Draft {
    pub(super) fn new(item: Item, queue: &Queue) -> Self {
        Self { item, rules: queue.settings.rules.clone() }
    }

    /// The item that will be made of a new one.
    pub(super) fn of_new(
        new: &NewItem,
        queue: &Queue,
        life: Life,
        schema_version: Option<u32>,
        now: Timestamp,
    ) -> Self {
        let item = Item {
            id: new.id,
            queue: queue.settings.key.clone(),
            name: new.name.clone(),
            reference: new.reference.clone(),
            priority: new.priority,
            value: new.value.clone(),
            life,
            result: None,
            schema_version,
            batch: new.batch,
            created: now,
            modified: now,
        };
        Self::new(item, queue)
    }

    /// Lets the event happen, or says why it cannot.
    pub(super) fn apply(&mut self, event: &Event, now: Timestamp) -> Result<(), Error> {
        let from = self.item.life.status;
        life::apply(&mut self.item.life, &self.rules, event, now)
            .map_err(|refusal| life::explain(refusal, self.item.id, from, now))?;
        self.item.modified = now;
        Ok(())
    }

    pub(super) fn edit(&mut self, edit: &ItemEdit) {
        let item = &mut self.item;
        if let Some(name) = &edit.name {
            item.name.clone_from(name);
        }
        if let Some(value) = &edit.value {
            item.value.clone_from(value);
        }
        if let Some(priority) = edit.priority {
            item.priority = priority;
        }
        if let Some(reference) = &edit.reference {
            item.reference.clone_from(reference);
        }
    }
}
