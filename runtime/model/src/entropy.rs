//! Randomness comes in from outside: `Entropy` is the only way to get it.

use std::sync::atomic::{AtomicU64, Ordering};

/// Where randomness comes from. The real source lives at the edge; tests bring a seed.
pub trait Entropy: Send + Sync {
    /// The next 128 random bits.
    fn next(&self) -> u128;
}

/// The same numbers for the same seed (`SplitMix64`): for tests and simulations, never for tokens
/// of real claims.
#[derive(Debug)]
pub struct SeededEntropy {
    state: AtomicU64,
}

impl SeededEntropy {
    pub fn new(seed: u64) -> Self {
        Self { state: AtomicU64::new(seed) }
    }

    fn half(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let state = self.state.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl Entropy for SeededEntropy {
    fn next(&self) -> u128 {
        u128::from(self.half()) << 64 | u128::from(self.half())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_gives_same_numbers() {
        let (one, other) = (SeededEntropy::new(7), SeededEntropy::new(7));
        let numbers: Vec<u128> = (0..100).map(|_| one.next()).collect();
        assert!(numbers.iter().all(|number| *number == other.next()));
        assert_eq!(numbers.iter().collect::<std::collections::HashSet<_>>().len(), 100);
    }
}
