//! Runs steps that are WebAssembly components.
