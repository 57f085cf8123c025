//! Tests of the engine against a real store.

mod agreement;
mod documents;
mod ground;
mod runs;
mod step;
mod vectors;
mod work;
