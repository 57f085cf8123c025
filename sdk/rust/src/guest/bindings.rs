//! What `wit-bindgen` makes of the contract.

#![expect(clippy::same_length_and_capacity, reason = "that is how memory comes from the host")]

wit_bindgen::generate!({
    path: "../wit/host-1.0.0",
    world: "imports",
    generate_all,
    generate_unused_types: true,
});
