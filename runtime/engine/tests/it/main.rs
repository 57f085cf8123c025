//! What the crate shows to others.

mod documents;
mod vectors;
