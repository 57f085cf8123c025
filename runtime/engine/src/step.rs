//! A step while it is performed: the room that both doors lead to.
//!
//! Built-in actions and the functions that plugins call do everything through a [`Step`]: it asks
//! for permission, collects what is done to queues, and masks secrets in what is logged.

mod error;
mod logger;
mod origin;

use std::sync::Arc;

use model::{
    Change, Claimed, Commit, Ending, Id, Item, ItemEdit, ItemQuery, Mode, NewItem, Outcome, Page,
    Token, Value, run,
};

pub use error::Error;
pub use logger::Logger;
pub(crate) use origin::Origin;

use crate::datetime::{self, Moment};
use crate::failure::Failure;
use crate::files::Files;
use crate::grant::{Permit, Verb};
use crate::http::{self, Request, Response};
use crate::limits::Exceeded;
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
    /// What the run works on.
    item: Option<Id>,
    /// What it does is named by this, where it belongs to a run.
    origin: Option<Origin>,
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
    pub(crate) fn begin(world: World, order: Order) -> Self {
        let Order { name, permit } = order;
        let logger = Logger::new(&world);
        Self {
            work: Work::new(world.clone(), name),
            logger,
            permit,
            world,
            item: None,
            origin: None,
        }
    }

    /// Keeps the leases of the step alive; to be asked every [`crate::limits::STEP_RENEWAL`].
    pub fn keeper(&self) -> Keeper {
        self.work.keeper()
    }

    /// A new item for a queue, with an id of its own.
    pub fn new_item(&mut self, queue: &str, value: impl Into<String>) -> NewItem {
        match &mut self.origin {
            Some(origin) => {
                let (effect, id) = origin.next();
                NewItem { effect: Some(effect), ..NewItem::new(id, queue, value) }
            }
            None => NewItem::new(self.world.new_id(), queue, value),
        }
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

    /// Keeps a text that was made of a secret out of what the step says.
    pub fn mask(&self, text: &str) -> Result<(), Exceeded> {
        self.logger.mask(&Secret::new(text))
    }

    /// Keeps the texts in these values out of what the step says, as many of them as there is room
    /// for.
    pub(crate) fn keep_to_itself<'v>(&self, values: impl IntoIterator<Item = &'v Value>) {
        let mut left: Vec<&Value> = values.into_iter().collect();
        while let Some(value) = left.pop() {
            match value {
                Value::Text(text) if self.mask(text).is_err() => return,
                Value::List(items) => left.extend(items),
                Value::Object(fields) => left.extend(fields.values()),
                _ => {}
            }
        }
    }

    /// The value without the secrets that the step has read.
    pub fn masked(&self, value: Value) -> Value {
        self.logger.masked(|masks| masks.apply_to(value))
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

/// The end of a step that belongs to a run, where what it does is kept with what the run records.
impl Step {
    /// Says what the effects of the step are named by.
    pub(crate) fn comes_from(&mut self, origin: Origin) {
        self.origin = Some(origin);
    }

    /// Is there anything to keep?
    pub(crate) fn has_done(&self) -> bool {
        self.work.has_done()
    }

    /// Keeps what the step did together with changes to its run.
    pub(crate) fn keep(&mut self, run: run::Fence, records: Change) -> Result<(), model::Error> {
        self.work.keep_with(Some(run), vec![records])
    }

    /// Takes back what the step did; the failure comes back without the secrets it has read.
    pub(crate) fn undo(&mut self, failure: Failure) -> Failure {
        let failure = self.logger.masked(|masks| masks.apply_to_failure(failure));
        self.work.undo(failure.broken_off.then_some(failure.message.as_str()));
        failure
    }

    /// Nothing more is said.
    pub(crate) fn finish(self) {
        self.logger.finish();
    }

    /// Whether the step still may decide about the item.
    pub(crate) fn holds(&self, item: Id) -> bool {
        self.work.held(item).is_ok()
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

    /// Hands out the most urgent item of a queue, to be held until its lease runs out or somebody
    /// ends the work on it.
    pub fn take(&mut self, queue: &str) -> Result<Option<Claimed>, Error> {
        self.may(queue, Verb::Process)?;
        Ok(self.work.take(queue)?)
    }

    /// Refuses a queue that this step could not add to.
    pub fn check_open(&mut self, queue: &str) -> Result<(), Error> {
        self.may(queue, Verb::Add)?;
        Ok(self.work.check_open(queue)?)
    }

    /// Says which item the run works on, and under which claim.
    pub fn work_on(&mut self, item: Id, token: Token) {
        self.work.resume(item, token);
        self.item = Some(item);
    }

    /// The item that the run works on.
    pub fn item(&self) -> Option<Id> {
        self.item
    }

    /// Lets the step act under a claim that was made before it.
    pub fn resume(&mut self, item: Id, token: Token) {
        self.work.resume(item, token);
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

    /// Takes the notes of an item away, and writes this one unless it is empty.
    pub fn replace_notes(&mut self, item: Id, text: String) -> Result<(), Error> {
        self.seen(item, Verb::Note)?;
        Ok(self.work.replace_notes(item, text)?)
    }

    /// Is there something that is not written yet? Lists would not show it.
    pub fn is_pending(&self) -> bool {
        self.work.is_pending()
    }

    /// A page of the items of a queue, as they are in the store.
    pub fn list(&mut self, queue: &str, query: ItemQuery) -> Result<Page, Error> {
        self.may(queue, Verb::Read)?;
        Ok(self.world.store.items(ItemQuery { queue: Some(queue.into()), ..query })?)
    }

    /// Deletes items at once, be the step kept or not, and says how many there were. One that is
    /// gone already, or that a batch holds, is passed over.
    pub fn delete(&mut self, queue: &str, items: Vec<Id>) -> Result<u64, Error> {
        self.may(queue, Verb::Update)?;
        let changes = items.into_iter().map(|item| Change::Delete { item }).collect();
        let outcomes = self.world.store.commit(Commit::of(changes, Mode::Independent)).wait()?;
        Ok(outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Done(_))).count() as u64)
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
