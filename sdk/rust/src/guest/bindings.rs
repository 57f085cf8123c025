//! What `wit-bindgen` makes of the contract.

wit_bindgen::generate!({
    path: "../wit/host-1.0.0",
    world: "imports",
    generate_all,
    generate_unused_types: true,
});
