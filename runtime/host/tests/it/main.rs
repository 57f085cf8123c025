//! What components offer, values on their way in and out, and components in the sandbox.

mod bed;
mod calls;
mod component;
mod signatures;
