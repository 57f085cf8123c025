//! Work queues.
//!
//! What a step does here is kept together when the step succeeds, and is gone when it fails;
//! [`commit`] keeps what was done so far.
//!
//! ```no_run
//! # fn main() -> wharf::Result<()> {
//! use wharf::queue::{self, NewItem};
//!
//! queue::add("invoices", NewItem::new(&1001).name("Invoice 1001").reference("1001"))?;
//! while let Some(claimed) = queue::process("invoices")? {
//!     let number: u32 = claimed.item().value.read()?;
//!     claimed.processed(format!("paid {number}"))?;
//! }
//! # Ok(())
//! # }
//! ```

mod claimed;
mod item;

pub use claimed::Claimed;
pub use item::{Ending, Expiry, Item, ItemChange, NewItem, Priority, Requeueing};

use crate::host;
use crate::problem::refusals;

refusals! {
    /// Why a queue refused something.
    Error {
        /// There is no such queue, or no such item.
        NotFound => generic,
        /// The queue is paused, stopped or being deleted.
        Closed => it,
        /// Somebody put the item on hold.
        OnHold => it,
        /// The claim on the item is gone: whatever is done about it has no effect.
        LeaseLost => it,
        /// The queue already has an item with this reference.
        Duplicate => business,
        /// The value, the reference, a time or a size is not acceptable.
        Invalid => generic,
        /// The step was not granted this.
        Denied => generic,
        Other => it,
    }
}

/// Adds an item, and says its id.
pub fn add(queue: &str, item: NewItem) -> Result<String, Error> {
    host::queue::add(queue, item)
}

/// Adds many; each is accepted or refused for itself.
pub fn add_many(
    queue: &str,
    items: impl IntoIterator<Item = NewItem>,
) -> Result<Vec<Result<String, Error>>, Error> {
    host::queue::add_many(queue, items.into_iter().collect())
}

/// Hands out the most urgent item, or none when nothing waits.
pub fn process(queue: &str) -> Result<Option<Claimed>, Error> {
    host::queue::process(queue).map(|claimed| claimed.map(Claimed))
}

/// The item with this id.
pub fn get(id: &str) -> Result<Item, Error> {
    host::queue::get(id)
}

/// The item of the queue that has this reference.
pub fn find(queue: &str, reference: &str) -> Result<Option<Item>, Error> {
    host::queue::find(queue, reference)
}

/// Changes an item that nobody holds.
pub fn update(id: &str, change: ItemChange) -> Result<(), Error> {
    host::queue::update(id, change)
}

/// Puts an item that has ended, or waits, into the queue anew.
pub fn requeue(id: &str, how: Requeueing) -> Result<(), Error> {
    host::queue::requeue(id, how)
}

/// Writes a note into an item's history.
pub fn note(id: &str, text: &str) -> Result<(), Error> {
    host::queue::note(id, text)
}

/// Makes everything done so far in this step durable. A step that fails later does not undo it.
pub fn commit() -> Result<(), Error> {
    host::queue::commit()
}
