//! The control socket as its users see it, `Access` on one side and raw bytes on the other; and
//! requests over the network.

mod loss;
mod network;
mod ownership;
mod robustness;
mod speed;
mod support;
mod variants;
