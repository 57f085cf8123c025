//! Actions on files in the folders of the project.

mod list;
mod place;
pub(super) mod read;
mod wait;
pub(super) mod write;

pub(super) use list::LIST;
pub(super) use place::{COPY, DELETE, MOVE};
pub(super) use wait::WAIT;
