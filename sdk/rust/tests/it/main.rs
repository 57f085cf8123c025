//! What the SDK makes of modules: components, values, and errors for what it cannot.

mod component;
mod refused;
