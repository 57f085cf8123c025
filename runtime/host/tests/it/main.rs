//! What components offer, and values on their way in and out.

mod component;
mod guests;
mod properties;
mod schemas;
mod signatures;
