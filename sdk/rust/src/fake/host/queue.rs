//! Work queues.

use crate::fake::world::with;
use crate::queue::{Ending, Error, Item, ItemChange, NewItem, Requeueing};

/// An item that is held, until this is dropped.
#[derive(Debug)]
pub(crate) struct Claimed {
    id: String,
    token: u64,
}

impl Claimed {
    pub(crate) fn item(&self) -> Item {
        with(|world| world.work.get(&self.id)).expect("what is held is there")
    }

    pub(crate) fn note(&self, text: &str) -> Result<(), Error> {
        with(|world| world.work.note(&self.id, text, &world.now))
    }

    pub(crate) fn settle(self, ending: Ending, result: Option<&str>) -> Result<(), Error> {
        with(|world| world.work.settle(&self.id, self.token, ending, result, &world.now))
    }

    pub(crate) fn requeue(self, how: Requeueing) -> Result<(), Error> {
        with(|world| world.work.requeue(&self.id, Some(self.token), how, &world.now))
    }
}

impl Drop for Claimed {
    fn drop(&mut self) {
        with(|world| world.work.give_back(&self.id, self.token, &world.now));
    }
}

pub(crate) fn add(queue: &str, item: NewItem) -> Result<String, Error> {
    with(|world| world.work.add(queue, item, &world.now))
}

pub(crate) fn add_many(
    queue: &str,
    items: Vec<NewItem>,
) -> Result<Vec<Result<String, Error>>, Error> {
    with(|world| {
        world.work.open(queue)?;
        Ok(items.into_iter().map(|item| world.work.add(queue, item, &world.now)).collect())
    })
}

pub(crate) fn process(queue: &str) -> Result<Option<Claimed>, Error> {
    let claimed = with(|world| world.work.process(queue, &world.now))?;
    Ok(claimed.map(|(id, token)| Claimed { id, token }))
}

pub(crate) fn get(id: &str) -> Result<Item, Error> {
    with(|world| world.work.get(id))
}

pub(crate) fn find(queue: &str, reference: &str) -> Result<Option<Item>, Error> {
    with(|world| world.work.find(queue, reference))
}

pub(crate) fn update(id: &str, change: ItemChange) -> Result<(), Error> {
    with(|world| world.work.update(id, change, &world.now))
}

pub(crate) fn requeue(id: &str, how: Requeueing) -> Result<(), Error> {
    with(|world| world.work.requeue(id, None, how, &world.now))
}

pub(crate) fn note(id: &str, text: &str) -> Result<(), Error> {
    with(|world| world.work.note(id, text, &world.now))
}

pub(crate) fn commit() -> Result<(), Error> {
    with(|world| world.work.commit(&world.now))
}
