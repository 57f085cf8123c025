//! The command `wharf`.

fn main() {}
