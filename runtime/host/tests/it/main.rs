//! What components offer, and values on their way in and out.

mod component;
mod damage;
mod guests;
mod properties;
mod refusals;
mod schemas;
mod signatures;
mod values;
