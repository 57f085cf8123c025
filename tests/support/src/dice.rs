//! Random choices that a seed repeats.

use model::{Entropy, SeededEntropy};

/// Throws the same numbers for the same seed.
#[derive(Debug)]
pub struct Dice(SeededEntropy);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(SeededEntropy::new(seed))
    }

    /// A number from 0 to `end - 1`.
    pub fn below(&self, end: usize) -> usize {
        (self.0.next() % end as u128) as usize
    }

    /// True once in `times`.
    pub fn once_in(&self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub fn pick<'a, T>(&self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}
