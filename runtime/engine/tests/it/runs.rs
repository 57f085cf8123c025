//! Runs of flows, driven on a real store.

mod crashes;
mod flows;
mod stage;
