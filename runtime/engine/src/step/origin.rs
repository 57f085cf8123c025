//! Where what a step does comes from, so that it is done once however often the step is performed.

use model::Id;
use model::run::EffectKey;

/// Names the effects of one step: alike whenever the same step is performed again.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// The run, or the item that is worked on.
    of: Id,
    scope: blake3::Hasher,
    effects: u64,
}

impl Origin {
    pub(crate) fn new(of: Id, attempt: &str, path: &str) -> Self {
        let mut scope = blake3::Hasher::new();
        for part in [&of.to_bytes()[..], attempt.as_bytes(), path.as_bytes()] {
            scope.update(&(part.len() as u64).to_le_bytes());
            scope.update(part);
        }
        Self { of, scope, effects: 0 }
    }

    /// The name of the next effect, and an id for what it makes.
    pub(crate) fn next(&mut self) -> (EffectKey, Id) {
        let mut hasher = self.scope.clone();
        hasher.update(&self.effects.to_le_bytes());
        self.effects += 1;
        let digest = *hasher.finalize().as_bytes();
        let mut id = self.of.to_bytes();
        // The first bytes are a time: neighbours in time stay neighbours in an index.
        id[6..].copy_from_slice(&digest[..10]);
        (EffectKey::new(digest), Id::from_bytes(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_are_named_by_where_they_come_from() {
        let id = |byte| Id::from_bytes([byte; 16]);
        let first = |of, attempt, path| Origin::new(of, attempt, path).next();
        assert_eq!(first(id(1), "0", "a/b"), first(id(1), "0", "a/b"));
        let others = [first(id(2), "0", "a/b"), first(id(1), "1", "a/b"), first(id(1), "0", "a/c")];
        for other in others {
            assert_ne!(other, first(id(1), "0", "a/b"));
        }
        assert_ne!(first(id(1), "0a", "b"), first(id(1), "0", "ab"), "parts do not run together");
        let mut origin = Origin::new(id(1), "0", "a/b");
        assert_ne!(origin.next(), origin.next());
    }
}
