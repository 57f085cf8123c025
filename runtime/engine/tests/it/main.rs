//! Tests of the engine against a real store.

mod agreement;
mod documents;
mod ground;
mod step;
mod vectors;
mod work;
