//! What the crate shows to others.

mod vectors;
