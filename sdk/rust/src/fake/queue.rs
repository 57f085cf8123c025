//! A queue that tests set up and look at.

use super::world::with;
use crate::queue::{Error, Item, NewItem};

/// A queue of the fake host.
#[derive(Clone, Debug)]
pub struct Queue(String);

impl Queue {
    pub(super) fn of(name: &str) -> Self {
        with(|world| world.work.make(name));
        Self(name.to_owned())
    }

    /// Adds an item, as somebody else than the step, and says its id.
    pub fn add(&self, item: NewItem) -> Result<String, Error> {
        with(|world| world.work.add(&self.0, item, &world.now))
    }

    /// What is kept in it, in the order of handing out. What a step did is there when it is over.
    pub fn items(&self) -> Vec<Item> {
        with(|world| world.work.seen(&self.0, &world.now))
    }

    /// The notes in the history of an item.
    pub fn notes(&self, id: &str) -> Vec<String> {
        with(|world| world.work.notes(id))
    }

    /// How often an IT exception is tried again; never unless this says so.
    #[must_use]
    pub fn retries(self, retries: u32) -> Self {
        with(|world| world.work.set_retries(&self.0, retries));
        self
    }

    /// Takes nothing in and hands nothing out, until it is resumed.
    pub fn pause(&self) {
        with(|world| world.work.pause(&self.0, true));
    }

    pub fn resume(&self) {
        with(|world| world.work.pause(&self.0, false));
    }

    /// Puts an item on hold, whoever has it.
    pub fn hold(&self, id: &str) {
        with(|world| world.work.hold(id, true));
    }

    /// Lets an item go on that is on hold.
    pub fn release(&self, id: &str) {
        with(|world| world.work.hold(id, false));
    }
}
