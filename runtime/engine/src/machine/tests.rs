//! Flows run on a machine, with a world made up for them.

mod blocks;
mod failing;
mod stage;
mod states;
