//! Measures how long something really takes.

use std::time::{Duration, Instant};

/// Starts when it is made.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests measure real time, and decide nothing by it"
    )]
    #[expect(clippy::new_without_default, reason = "a stopwatch starts when somebody starts it")]
    pub fn new() -> Self {
        Self(Instant::now())
    }

    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
