//! Actions on work queues.

pub(super) mod add;
pub(super) mod add_many;
pub(super) mod clear;
pub(super) mod get;
mod item;
pub(super) mod list;
pub(super) mod note;
pub(super) mod requeue;
pub(super) mod take;
mod target;
pub(super) mod update;

pub use item::{item_of, type_of_item};
