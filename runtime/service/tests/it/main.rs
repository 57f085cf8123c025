//! The control socket as its users see it: `Access` on one side, raw bytes on the other.

mod loss;
mod ownership;
mod robustness;
mod speed;
mod support;
mod variants;
