//! What the crate shows to others.

mod agreement;
mod ground;
mod vectors;
mod work;
