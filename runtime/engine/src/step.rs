//! A step while it is performed: the room that both doors lead to.
//!
//! Built-in actions and the functions that plugins call do everything through a [`Step`]: it asks
//! for permission, collects what is done to queues, and masks secrets in what is logged.

mod error;
mod logger;

use std::sync::Arc;

use model::{Ending, Id, Item, ItemEdit, NewItem, Value};

pub use error::Error;
pub use logger::Logger;

use crate::datetime::{self, Moment};
use crate::failure::Failure;
use crate::files::Files;
use crate::grant::{Permit, Verb};
use crate::http::{self, Request, Response};
use crate::log::Level;
use crate::secret::{self, Secret};
use crate::work::{Keeper, Requeueing, Work};
use crate::world::World;

/// What is to be performed, and what it may do.
#[derive(Clone, Debug)]
pub struct Order {
    /// What it is called, such as `finance/classify`; its claims are made under this name.
    pub name: String,
    pub permit: Permit,
}

/// A step while it is performed.
#[derive(Debug)]
pub struct Step {
    world: World,
    permit: Permit,
    work: Work,
    logger: Logger,
}

/// Performs a step as one transaction: what it does to queues is kept if it succeeds, and gone if
/// it fails.
pub fn perform_step<T>(
    world: &World,
    order: Order,
    action: impl FnOnce(Step) -> (Step, Result<T, Failure>),
) -> Result<T, Failure> {
    let (mut step, ended) = action(Step::begin(world.clone(), order));
    let ended = ended.and_then(|value| match step.work.keep() {
        Ok(()) => Ok(value),
        Err(error) => Err(Failure::from(error)),
    });
    let ended =
        ended.map_err(|failure| step.logger.masked(|masks| masks.apply_to_failure(failure)));
    if let Err(failure) = &ended {
        step.work.undo(failure.broken_off.then_some(failure.message.as_str()));
    }
    step.logger.finish();
    ended
}

impl Step {
    fn begin(world: World, order: Order) -> Self {
        let Order { name, permit } = order;
        let logger = Logger::new(&world);
        Self { work: Work::new(world.clone(), name), logger, permit, world }
    }

    /// Keeps the leases of the step alive; to be asked every [`crate::limits::STEP_RENEWAL`].
    pub fn keeper(&self) -> Keeper {
        self.work.keeper()
    }

    /// A new item for a queue, with an id of its own.
    pub fn new_item(&self, queue: &str, value: impl Into<String>) -> NewItem {
        NewItem::new(self.world.new_id(), queue, value)
    }

    pub fn now(&self, zone: Option<&str>) -> Result<Moment, datetime::Error> {
        datetime::now(&*self.world.clock, zone)
    }

    /// Writes a line into the log of the run. Secrets that the step has read are masked.
    pub fn log(&self, level: Level, message: &str, data: Option<Value>) {
        self.logger.write(level, message, data);
    }

    /// The log of the step, for whatever else catches what its code says.
    pub fn logger(&self) -> Logger {
        self.logger.clone()
    }

    pub fn secret(&self, name: &str) -> Result<Secret, secret::Error> {
        let secret = secret::read(name, &self.permit, &*self.world.secrets)?;
        self.logger.mask(&secret)?;
        Ok(secret)
    }

    pub fn files(&self) -> Files<'_> {
        Files { folders: &self.world.folders, permit: &self.permit }
    }

    /// A request that is ready to be sent from any thread, for it may take long.
    pub fn request(
        &self,
        request: Request,
    ) -> impl FnOnce() -> Result<Response, http::Error> + Send + use<> {
        let (permit, client) = (self.permit.clone(), Arc::clone(&self.world.http));
        let clock = Arc::clone(&self.world.clock);
        move || http::send(request, &permit, &*client, &*clock)
    }
}

/// What a step does to queues.
impl Step {
    pub fn add(&mut self, new: NewItem) -> Result<Id, Error> {
        self.may(&new.queue, Verb::Add)?;
        Ok(self.work.add(new)?)
    }

    /// Hands out the most urgent item of a queue.
    pub fn process(&mut self, queue: &str) -> Result<Option<Item>, Error> {
        self.may(queue, Verb::Process)?;
        Ok(self.work.process(queue)?)
    }

    /// Ends the work on an item that the step holds.
    pub fn settle(
        &mut self,
        item: Id,
        ending: Ending,
        result: Option<String>,
    ) -> Result<(), Error> {
        Ok(self.work.settle(item, ending, result)?)
    }

    /// Puts an item that the step holds back into its queue, to be handed out anew.
    pub fn requeue_held(&mut self, item: Id, how: Requeueing) -> Result<(), Error> {
        self.work.held(item)?;
        Ok(self.work.requeue(item, how)?)
    }

    /// Lets go of an item that the step holds.
    pub fn give_back(&mut self, item: Id) -> Result<(), Error> {
        Ok(self.work.give_back(item)?)
    }

    /// Writes a note about an item that the step holds.
    pub fn note_held(&mut self, item: Id, text: String) -> Result<(), Error> {
        self.work.held(item)?;
        Ok(self.work.note(item, text)?)
    }

    /// An item that the step holds.
    pub fn held(&self, item: Id) -> Result<Item, Error> {
        Ok(self.work.held(item)?)
    }

    pub fn get(&self, item: Id) -> Result<Item, Error> {
        self.seen(item, Verb::Read)
    }

    pub fn find(&mut self, queue: &str, reference: &str) -> Result<Option<Item>, Error> {
        self.may(queue, Verb::Read)?;
        Ok(self.work.find(queue, reference)?)
    }

    pub fn update(&mut self, item: Id, edit: ItemEdit) -> Result<(), Error> {
        self.seen(item, Verb::Update)?;
        Ok(self.work.update(item, edit)?)
    }

    pub fn requeue(&mut self, item: Id, how: Requeueing) -> Result<(), Error> {
        self.seen(item, Verb::Requeue)?;
        Ok(self.work.requeue(item, how)?)
    }

    pub fn note(&mut self, item: Id, text: String) -> Result<(), Error> {
        self.seen(item, Verb::Note)?;
        Ok(self.work.note(item, text)?)
    }

    /// Makes what the step did so far durable.
    pub fn commit(&mut self) -> Result<(), Error> {
        Ok(self.work.commit()?)
    }

    /// Grants name queues by their keys, steps by key, name or id. Who may not use a queue does not
    /// learn whether there is one.
    fn may(&mut self, queue: &str, verb: Verb) -> Result<(), Error> {
        match self.work.queue(queue) {
            Ok(known) => Ok(self.permit.queue(&known.settings.key, verb)?),
            Err(error) => {
                self.permit.queue(queue, verb)?;
                Err(error.into())
            }
        }
    }

    /// The item, if the step may do this to items of its queue.
    fn seen(&self, item: Id, verb: Verb) -> Result<Item, Error> {
        let item = self.work.get(item)?;
        self.permit.queue(&item.queue, verb)?;
        Ok(item)
    }
}
