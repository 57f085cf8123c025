//! An item of the fake host, and what may become of it.

use crate::DateTime;
use crate::fake::refusal::{
    self, ITEM_NAME_BYTES_MAX, NOTE_BYTES_MAX, check_bytes, check_expiry, check_moment,
    check_priority, check_reference, check_value,
};
use crate::queue::{Ending, Error, Expiry, Item, ItemChange, NewItem, Priority, Requeueing};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Scheduled,
    Queued,
    Processing,
    Processed,
    BusinessException,
    ItException,
    GenericException,
    OnHold,
    Expired,
}

impl Status {
    fn name(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Queued => "queued",
            Self::Processing => "processing",
            Self::Processed => "processed",
            Self::BusinessException => "business-exception",
            Self::ItException => "it-exception",
            Self::GenericException => "generic-exception",
            Self::OnHold => "on-hold",
            Self::Expired => "expired",
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Stored {
    /// Its `status` is the one beside it.
    pub(crate) item: Item,
    pub(crate) status: Status,
    pub(crate) notes: Vec<String>,
    /// Of the claim that holds it.
    pub(crate) token: Option<u64>,
    /// Where it stands among those of its priority.
    pub(crate) place: u64,
}

/// Everything that can be said about a new item by itself.
pub(crate) fn check(new: &NewItem, now: &DateTime) -> Result<(), Error> {
    check_bytes("item-name", new.name.as_deref().map_or(0, str::len), ITEM_NAME_BYTES_MAX)?;
    check_bytes("note", new.note.as_deref().map_or(0, str::len), NOTE_BYTES_MAX)?;
    new.reference.as_deref().map_or(Ok(()), check_reference)?;
    new.priority.map_or(Ok(()), |priority| check_priority(priority.0))?;
    check_expiry(Some(&new.expires), now)?;
    check_moment(new.delay_until.as_ref())?;
    check_value(new.value.as_str())
}

impl Stored {
    pub(crate) fn new(id: String, queue: &str, new: NewItem, place: u64, now: &DateTime) -> Self {
        let NewItem { value, name, reference, priority, expires, delay_until, hold, note } = new;
        let status = if hold { Status::OnHold } else { waiting(delay_until.as_ref(), now) };
        let item = Item {
            id,
            queue: queue.to_owned(),
            name,
            reference,
            value,
            status: String::new(),
            priority: priority.unwrap_or(Priority::NORMAL),
            attempt: 0,
            retries: 0,
            result: None,
            created: now.clone(),
            expires: moment(expires),
            delay_until: delay_until.filter(|moment| hold || moment > now),
        };
        Self { item, status, notes: note.into_iter().collect(), token: None, place }
    }

    pub(crate) fn shown(&self) -> Item {
        Item { status: self.status.name().to_owned(), ..self.item.clone() }
    }

    /// The lower is handed out first.
    pub(crate) fn rank(&self) -> (Priority, u64) {
        (self.item.priority, self.place)
    }

    /// Goes back to where it was.
    pub(crate) fn back(&mut self) {
        self.token = None;
        self.status = Status::Queued;
    }

    pub(crate) fn settle(&mut self, ending: Ending, result: Option<&str>, retries: u32) {
        self.token = None;
        self.item.result = result.map(str::to_owned).or(self.item.result.take());
        self.status = match ending {
            Ending::ItException if self.item.retries < retries => {
                self.item.retries += 1;
                Status::Queued
            }
            Ending::Processed => Status::Processed,
            Ending::BusinessException => Status::BusinessException,
            Ending::ItException => Status::ItException,
            Ending::GenericException => Status::GenericException,
        };
    }

    pub(crate) fn requeue(&mut self, how: Requeueing, place: u64, now: &DateTime) {
        let Requeueing { delay_until, expires, note } = how;
        self.token = None;
        self.place = place;
        self.status = waiting(delay_until.as_ref(), now);
        self.item.delay_until = delay_until.filter(|moment| moment > now);
        let left = self.item.expires.take().filter(|expires| expires > now);
        self.item.expires = expires.map_or(left, moment);
        self.notes.extend(note);
    }

    pub(crate) fn change(&mut self, change: ItemChange, now: &DateTime) -> Result<(), Error> {
        let ItemChange { name, value, priority, expires } = change;
        let id = &self.item.id;
        match self.status {
            Status::Processing if name.is_some() || value.is_some() => {
                return Err(refusal::held(id));
            }
            Status::Processed => return Err(refusal::not_allowed(id, self.status.name(), "edit")),
            _ => {}
        }
        check_bytes("item-name", name.as_deref().map_or(0, str::len), ITEM_NAME_BYTES_MAX)?;
        value.as_ref().map_or(Ok(()), |value| check_value(value.as_str()))?;
        priority.map_or(Ok(()), |priority| check_priority(priority.0))?;
        check_expiry(expires.as_ref(), now)?;
        let item = &mut self.item;
        item.name = name.or(item.name.take());
        item.value = value.unwrap_or_else(|| item.value.clone());
        item.priority = priority.unwrap_or(item.priority);
        item.expires = expires.map_or(item.expires.take(), moment);
        Ok(())
    }

    /// Lets happen what is due; `place` is at the end of the line.
    pub(crate) fn pass_time(&mut self, now: &DateTime, place: u64) {
        let passed = |moment: &Option<DateTime>| moment.as_ref().is_some_and(|it| it <= now);
        match self.status {
            Status::Scheduled | Status::Queued if passed(&self.item.expires) => {
                self.status = Status::Expired;
            }
            Status::Scheduled if passed(&self.item.delay_until) => {
                self.status = Status::Queued;
                self.item.delay_until = None;
                self.place = place;
            }
            _ => {}
        }
    }
}

/// Queues of the fake host leave their items all the time in the world.
fn moment(expires: Expiry) -> Option<DateTime> {
    match expires {
        Expiry::OfQueue | Expiry::Never => None,
        Expiry::At(moment) => Some(moment),
    }
}

fn waiting(delay_until: Option<&DateTime>, now: &DateTime) -> Status {
    let later = delay_until.is_some_and(|moment| moment > now);
    if later { Status::Scheduled } else { Status::Queued }
}
