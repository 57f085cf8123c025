//! Randomness for a plugin: one seed a call, so that a call can be repeated exactly.

use blake3::{Hasher, OutputReader};
use model::Entropy;

use crate::fault::Fault;
use crate::limits::Bound;

/// An endless stream of random bytes that its seed determines and nobody can tell from its past.
pub(crate) struct Dice {
    stream: OutputReader,
    bytes_max: usize,
}

impl Dice {
    pub(crate) fn new(entropy: &dyn Entropy, bytes_max: usize) -> Self {
        let mut seed = [0; blake3::KEY_LEN];
        let (one, other) = seed.split_at_mut(16);
        one.copy_from_slice(&entropy.next().to_le_bytes());
        other.copy_from_slice(&entropy.next().to_le_bytes());
        Self { stream: Hasher::new_keyed(&seed).finalize_xof(), bytes_max }
    }

    pub(crate) fn bytes(&mut self, count: u64) -> Result<Vec<u8>, Fault> {
        let allowed = self.bytes_max as u64;
        if count > allowed {
            return Err(Fault::over(Bound::Random, allowed, Some(count)));
        }
        let mut bytes = vec![0; count as usize];
        self.stream.fill(&mut bytes);
        Ok(bytes)
    }

    pub(crate) fn number(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.stream.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }
}

#[cfg(test)]
mod tests {
    use model::SeededEntropy;

    use super::*;

    #[test]
    fn same_seed_rolls_same_bytes() {
        let roll = |seed| Dice::new(&SeededEntropy::new(seed), 64).bytes(64).unwrap();
        assert_eq!(roll(1), roll(1));
        assert_ne!(roll(1), roll(2));
    }

    #[test]
    fn refuses_more_bytes_than_allowed() {
        let mut dice = Dice::new(&SeededEntropy::new(1), 8);
        assert_eq!(dice.bytes(7).unwrap().len(), 7);
        assert_eq!(dice.bytes(8).unwrap().len(), 8);
        assert_eq!(dice.bytes(9), Err(Fault::over(Bound::Random, 8, Some(9))));
        assert_ne!(dice.number(), dice.number());
    }
}
