//! `wharf:host/work-queue`

use super::bindings::wharf::host::work_queue as wire;
use super::refused;
use crate::queue::{Ending, Error, Expiry, Item, ItemChange, NewItem, Priority, Requeueing};
use crate::{DateTime, Json};

refused!(wire::QueueError => Error {
    NotFound Closed OnHold LeaseLost Duplicate Invalid Denied Other
});

#[derive(Debug)]
pub(crate) struct Claimed(wire::Claimed);

impl Claimed {
    pub(crate) fn item(&self) -> Item {
        item(self.0.item())
    }

    pub(crate) fn note(&self, text: &str) -> Result<(), Error> {
        Ok(self.0.note(text)?)
    }

    pub(crate) fn settle(self, ending: Ending, result: Option<&str>) -> Result<(), Error> {
        let ending = match ending {
            Ending::Processed => wire::Ending::Processed,
            Ending::BusinessException => wire::Ending::BusinessException,
            Ending::ItException => wire::Ending::ItException,
            Ending::GenericException => wire::Ending::GenericException,
        };
        Ok(wire::Claimed::settle(self.0, ending, result)?)
    }

    pub(crate) fn requeue(self, how: Requeueing) -> Result<(), Error> {
        Ok(wire::Claimed::requeue(self.0, &requeueing(how))?)
    }
}

pub(crate) fn add(queue: &str, item: NewItem) -> Result<String, Error> {
    Ok(wire::add(queue, &new_item(item))?)
}

pub(crate) fn add_many(
    queue: &str,
    items: Vec<NewItem>,
) -> Result<Vec<Result<String, Error>>, Error> {
    let items: Vec<_> = items.into_iter().map(new_item).collect();
    let outcomes = wire::add_many(queue, &items)?;
    Ok(outcomes.into_iter().map(|outcome| outcome.map_err(Error::from)).collect())
}

pub(crate) fn process(queue: &str) -> Result<Option<Claimed>, Error> {
    Ok(wire::process(queue)?.map(Claimed))
}

pub(crate) fn get(id: &str) -> Result<Item, Error> {
    Ok(item(wire::get(id)?))
}

pub(crate) fn find(queue: &str, reference: &str) -> Result<Option<Item>, Error> {
    Ok(wire::find(queue, reference)?.map(item))
}

pub(crate) fn update(id: &str, change: ItemChange) -> Result<(), Error> {
    let ItemChange { name, value, priority, expires } = change;
    let change = wire::ItemChange {
        name,
        value: value.map(String::from),
        priority: priority.map(|priority| priority.0),
        expires: expires.map(expiry),
    };
    Ok(wire::update(id, &change)?)
}

pub(crate) fn requeue(id: &str, how: Requeueing) -> Result<(), Error> {
    Ok(wire::requeue(id, &requeueing(how))?)
}

pub(crate) fn note(id: &str, text: &str) -> Result<(), Error> {
    Ok(wire::note(id, text)?)
}

pub(crate) fn commit() -> Result<(), Error> {
    Ok(wire::commit()?)
}

fn expiry(expires: Expiry) -> wire::Expiry {
    match expires {
        Expiry::OfQueue => wire::Expiry::OfQueue,
        Expiry::Never => wire::Expiry::Never,
        Expiry::At(moment) => wire::Expiry::At(moment.into()),
    }
}

fn new_item(item: NewItem) -> wire::NewItem {
    let NewItem { value, name, reference, priority, expires, delay_until, hold, note } = item;
    wire::NewItem {
        value: value.into(),
        name,
        reference,
        priority: priority.map(|priority| priority.0),
        expires: expiry(expires),
        delay_until: delay_until.map(String::from),
        hold,
        note,
    }
}

fn requeueing(how: Requeueing) -> wire::Requeueing {
    let Requeueing { delay_until, expires, note } = how;
    wire::Requeueing {
        delay_until: delay_until.map(String::from),
        expires: expires.map(expiry),
        note,
    }
}

fn item(item: wire::Item) -> Item {
    let moment = |text: String| DateTime::of_host(&text);
    Item {
        id: item.id,
        queue: item.queue,
        name: item.name,
        reference: item.reference,
        value: Json::from(item.value),
        status: item.status,
        priority: Priority(item.priority),
        attempt: item.attempt,
        retries: item.retries,
        result: item.result,
        created: moment(item.created),
        expires: item.expires.map(moment),
        delay_until: item.delay_until.map(moment),
    }
}
