//! An item that is held.

use super::{Ending, Error, Item, Requeueing};
use crate::host;

/// An item that is held by this step. Dropping it without ending it gives it back.
#[derive(Debug)]
#[must_use = "dropping a claimed item gives it back"]
pub struct Claimed(pub(super) host::queue::Claimed);

impl Claimed {
    pub fn item(&self) -> Item {
        self.0.item()
    }

    /// Writes a note into the item's history.
    pub fn note(&self, text: &str) -> Result<(), Error> {
        self.0.note(text)
    }

    /// The work is done.
    pub fn processed(self, result: impl AsRef<str>) -> Result<(), Error> {
        self.settle(Ending::Processed, Some(result.as_ref()))
    }

    /// The case itself is not in order; a person decides about it.
    pub fn business_exception(self, result: impl AsRef<str>) -> Result<(), Error> {
        self.settle(Ending::BusinessException, Some(result.as_ref()))
    }

    /// Something around it did not work: it is tried again while retries remain.
    pub fn it_exception(self, result: impl AsRef<str>) -> Result<(), Error> {
        self.settle(Ending::ItException, Some(result.as_ref()))
    }

    /// Ends the work on the item.
    pub fn settle(self, ending: Ending, result: Option<&str>) -> Result<(), Error> {
        self.0.settle(ending, result)
    }

    /// Puts the item back into the queue, to be handed out anew.
    pub fn requeue(self, how: Requeueing) -> Result<(), Error> {
        self.0.requeue(how)
    }
}
