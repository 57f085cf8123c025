//! `work-queue`: items in and out of queues.

use engine::Step;
use engine::step::Error;
use engine::work::Requeueing;
use model::{Ending, Error as Refusal, Expiry, Id, ItemEdit, Priority, Timestamp};
use wasmtime::Result;
use wasmtime::component::Resource;

use super::contract::types::Problem;
use super::contract::work_queue::{
    Ending as Ended, Expiry as When, Host, HostClaimed, Item, ItemChange, NewItem, QueueError,
    Requeueing as HowToRequeue,
};
use super::{Held, problem, told};
use crate::state::State;

type Answer<T> = std::result::Result<T, QueueError>;

impl Host for State<Step> {
    fn add(&mut self, queue: String, item: NewItem) -> Result<Answer<String>> {
        Ok(add(&mut self.step, &queue, item))
    }

    fn add_many(
        &mut self,
        queue: String,
        items: Vec<NewItem>,
    ) -> Result<Answer<Vec<Answer<String>>>> {
        let added = items.into_iter().map(|item| add(&mut self.step, &queue, item));
        Ok(Ok(added.collect()))
    }

    fn process(&mut self, queue: String) -> Result<Answer<Option<Resource<Held>>>> {
        match self.step.process(&queue) {
            Ok(Some(item)) => Ok(Ok(Some(self.table().push(Held { item: item.id })?))),
            Ok(None) => Ok(Ok(None)),
            Err(error) => Ok(Err(error.into())),
        }
    }

    fn get(&mut self, id: String) -> Result<Answer<Item>> {
        Ok(named(&id).and_then(|id| Ok(shown(self.step.get(id)?))))
    }

    fn find(&mut self, queue: String, reference: String) -> Result<Answer<Option<Item>>> {
        let found = self.step.find(&queue, &reference);
        Ok(found.map(|item| item.map(shown)).map_err(QueueError::from))
    }

    fn update(&mut self, id: String, change: ItemChange) -> Result<Answer<()>> {
        Ok(named(&id).and_then(|id| update(&mut self.step, id, change)))
    }

    fn requeue(&mut self, id: String, how: HowToRequeue) -> Result<Answer<()>> {
        let how = named(&id).and_then(|id| Ok((id, requeueing(how)?)));
        Ok(how.and_then(|(id, how)| Ok(self.step.requeue(id, how)?)))
    }

    fn note(&mut self, id: String, text: String) -> Result<Answer<()>> {
        Ok(named(&id).and_then(|id| Ok(self.step.note(id, text)?)))
    }

    fn commit(&mut self) -> Result<Answer<()>> {
        Ok(self.step.commit().map_err(QueueError::from))
    }
}

impl HostClaimed for State<Step> {
    fn item(&mut self, claimed: Resource<Held>) -> Result<Item> {
        let id = self.table().get(&claimed)?.item;
        Ok(shown(self.step.held(id)?))
    }

    fn note(&mut self, claimed: Resource<Held>, text: String) -> Result<Answer<()>> {
        let id = self.table().get(&claimed)?.item;
        Ok(self.step.note_held(id, text).map_err(QueueError::from))
    }

    fn settle(
        &mut self,
        claimed: Resource<Held>,
        ending: Ended,
        outcome: Option<String>,
    ) -> Result<Answer<()>> {
        let Held { item } = self.table().delete(claimed)?;
        let ending = match ending {
            Ended::Processed => Ending::Processed,
            Ended::BusinessException => Ending::BusinessException,
            Ended::ItException => Ending::ItException,
            Ended::GenericException => Ending::GenericException,
        };
        Ok(self.step.settle(item, ending, outcome).map_err(QueueError::from))
    }

    fn requeue(&mut self, claimed: Resource<Held>, how: HowToRequeue) -> Result<Answer<()>> {
        let Held { item } = self.table().delete(claimed)?;
        Ok(requeueing(how).and_then(|how| Ok(self.step.requeue_held(item, how)?)))
    }

    /// Whoever drops an item without ending it lets it go. There is nobody left to hear that
    /// somebody else has decided about it in the meantime.
    fn drop(&mut self, claimed: Resource<Held>) -> Result<()> {
        let Held { item } = self.table().delete(claimed)?;
        let _nobody_hears = self.step.give_back(item);
        Ok(())
    }
}

fn add(step: &mut Step, queue: &str, item: NewItem) -> Answer<String> {
    let expires = expiry(item.expires)?;
    let priority = item.priority.map(Priority::try_from).transpose().map_err(Error::from)?;
    let new = model::NewItem {
        name: item.name,
        reference: item.reference,
        priority: priority.unwrap_or(Priority::NORMAL),
        expires,
        delay_until: moment(item.delay_until.as_deref())?,
        hold: item.hold,
        note: item.note,
        ..step.new_item(queue, item.value)
    };
    Ok(step.add(new)?.to_string())
}

fn update(step: &mut Step, item: Id, change: ItemChange) -> Answer<()> {
    let ItemChange { name, value, priority, expires } = change;
    let priority = priority.map(Priority::try_from).transpose().map_err(Error::from)?;
    let expires = expires.map(expiry).transpose()?;
    let name = name.map(Some);
    let edit = ItemEdit { name, value, priority, reference: None, expires };
    Ok(step.update(item, edit)?)
}

fn requeueing(how: HowToRequeue) -> Answer<Requeueing> {
    Ok(Requeueing {
        delay_until: moment(how.delay_until.as_deref())?,
        expires: how.expires.map(expiry).transpose()?,
        note: how.note,
    })
}

fn expiry(expires: When) -> Answer<Expiry> {
    Ok(match expires {
        When::OfQueue => Expiry::OfQueue,
        When::Never => Expiry::Never,
        When::At(text) => Expiry::At(read(&text)?),
    })
}

fn named(id: &str) -> Answer<Id> {
    let missing = || Error::Store(Refusal::ItemNotFound { item: engine::visible(id) });
    id.parse().map_err(|_| missing().into())
}

fn moment(text: Option<&str>) -> Answer<Option<Timestamp>> {
    text.map(read).transpose()
}

fn read(text: &str) -> Answer<Timestamp> {
    let moment = engine::datetime::parse(text, None, None);
    moment
        .map(|moment| moment.timestamp())
        .map_err(|error| QueueError::Invalid(problem(error.code(), &error, error.hint())))
}

fn shown(item: model::Item) -> Item {
    Item {
        id: item.id.to_string(),
        queue: item.queue,
        name: item.name,
        reference: item.reference,
        value: item.value,
        status: item.life.status.name().into(),
        priority: item.priority.number(),
        attempt: item.life.attempt,
        retries: item.life.retries,
        result: item.result,
        created: told(item.created),
        expires: item.life.expires.map(told),
        delay_until: item.life.delay_until.map(told),
    }
}

/// The case says what a plugin may want to tell apart, the problem everything else.
impl From<Error> for QueueError {
    fn from(error: Error) -> Self {
        let case: fn(Problem) -> Self = match &error {
            Error::Denied(_) => Self::Denied,
            Error::Store(refusal) => case_of(refusal),
        };
        case(problem(error.code(), &error, error.hint()))
    }
}

fn case_of(refusal: &Refusal) -> fn(Problem) -> QueueError {
    match refusal {
        Refusal::QueueNotFound { .. }
        | Refusal::QueueAmbiguous { .. }
        | Refusal::ItemNotFound { .. } => QueueError::NotFound,
        Refusal::QueueClosed { .. } => QueueError::Closed,
        Refusal::NotAllowed { from: model::Status::OnHold, .. } => QueueError::OnHold,
        Refusal::LeaseLost { .. } => QueueError::LeaseLost,
        // Only one that is sure to stay is a duplicate; one of a batch that is not decided may
        // still go, so `queue/reference-pending` is among the causes that pass.
        Refusal::DuplicateReference { .. } => QueueError::Duplicate,
        Refusal::InvalidJson { .. }
        | Refusal::SchemaViolation { .. }
        | Refusal::OverLimit { .. }
        | Refusal::UnderLimit { .. }
        | Refusal::BeyondTime { .. }
        | Refusal::Blank { .. }
        | Refusal::BadName { .. }
        | Refusal::BadPriority { .. }
        | Refusal::ExpiryInPast { .. } => QueueError::Invalid,
        _ => QueueError::Other,
    }
}
