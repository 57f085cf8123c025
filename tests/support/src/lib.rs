//! What several tests share: a bench to try a store on, the conformance suite that every store
//! passes, a naive store to compare with, and the pages that tests write.
//!
//! A test binary runs the whole suite with one line: `support::conformance!(path::to::open);`. The
//! path leads to a function of type [`Open`]; each case becomes a test of its own.

mod bench;
pub mod cases;
mod dice;
pub mod driver;
mod game;
mod knob;
mod naive;
mod page;
mod stopwatch;
mod suite;

pub use bench::{Bench, Open, Place, START, fence, secs, settlement};
pub use dice::Dice;
pub use driver::Driver;
pub use game::Game;
pub use knob::knob;
pub use naive::Naive;
pub use page::{with_generated, with_limits};
pub use stopwatch::Stopwatch;
