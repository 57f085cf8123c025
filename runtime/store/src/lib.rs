//! Persistence: the only SQL in the tree, behind model::Store.
