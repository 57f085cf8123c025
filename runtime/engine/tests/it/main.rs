//! Tests of the engine against a real store.

mod agreement;
mod ground;
mod work;
