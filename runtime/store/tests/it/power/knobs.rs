//! What the environment may ask of these tests, and how long they took.

use std::time::{Duration, Instant};

/// A number from the environment.
#[expect(clippy::disallowed_methods, reason = "a test has no other way to be told how much to do")]
pub(crate) fn number(name: &str) -> Option<usize> {
    std::env::var(name).ok()?.parse().ok()
}

/// Numbers parted by colons.
#[expect(clippy::disallowed_methods, reason = "a test has no other way to be told what to repeat")]
pub(crate) fn numbers(name: &str) -> Option<Vec<u64>> {
    std::env::var(name).ok()?.split(':').map(|part| part.parse().ok()).collect()
}

/// Measures how long a test takes, which decides nothing but when a sample is large enough.
#[derive(Clone, Copy)]
pub(crate) struct Watch(Instant);

impl Watch {
    #[expect(clippy::disallowed_methods, reason = "a rate is about real time")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }

    pub(crate) fn rate(self, count: usize) -> f64 {
        count as f64 / self.elapsed().as_secs_f64()
    }
}
