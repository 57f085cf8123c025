//! What components offer, values on their way in and out, and components in the sandbox.

mod bed;
mod bombs;
mod caching;
mod calls;
mod compiling;
mod component;
mod damage;
mod documents;
mod doors;
mod flows;
mod golden;
mod guests;
mod mishaps;
mod plugins;
mod pooling;
mod programs;
mod properties;
mod refusals;
mod schemas;
mod signatures;
mod stage;
mod stopped;
mod values;
mod zoo;
