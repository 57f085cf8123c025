//! What actions mean, and how a step is performed.
//!
//! A step is a transaction: what it does to queues is collected, judged at once and written when it
//! has succeeded. The logic of every action lives here, once; built-in actions are one door to it,
//! the functions that `host` offers to plugins the other.

pub mod action;
pub mod csv;
pub mod datetime;
pub mod driver;
mod failure;
pub mod files;
pub mod grant;
pub mod http;
pub mod journal;
pub mod json;
pub mod limits;
pub mod log;
pub mod machine;
pub mod secret;
mod shown;
pub mod step;
pub mod url;
pub mod vault;
pub mod work;
mod world;

pub use failure::{Failure, Kind};
pub use shown::visible;
pub use step::{Order, Step, perform_step};
pub use work::Work;
pub use world::World;
