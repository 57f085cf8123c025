//! What components offer, and values on their way in and out.

mod component;
mod signatures;
