//! The vocabulary of wharf and every decision it takes, as pure functions.
//!
//! Nothing here reads a clock, rolls dice, or touches a file, a socket or a terminal: time and
//! randomness come in through `Clock` and `Entropy`, and what lasts goes out through `Store`.

mod change;
mod entropy;
mod error;
mod id;
pub mod item;
pub mod json;
pub mod life;
pub mod limits;
pub mod queue;
pub mod run;
pub mod similar;
pub mod spelling;
pub mod status;
pub mod store;
pub mod time;
pub mod value;

pub use change::{Change, Commit, Done, Fence, Mode, Outcome, Settlement};
pub use entropy::{Entropy, SeededEntropy};
pub use error::{Error, plain, word};
pub use id::{Id, NotAnId, Token};
pub use item::{Expiry, Item, ItemEdit, NewItem, Priority, Sla};
pub use life::Ending;
pub use queue::{Queue, QueueEdit, QueueSettings, QueueState, Rules};
pub use run::{NewRun, Run};
pub use status::{Move, Status};
pub use store::{
    Checked, Claim, Claimed, Entry, ItemQuery, Page, Pending, Renewal, Reply, Request, Stats,
    Store, Ticked,
};
pub use time::{Clock, ManualClock, Timestamp};
pub use value::{Number, Value};
