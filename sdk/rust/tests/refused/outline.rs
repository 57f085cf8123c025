//! A module whose text the macro does not see.

#[wharf::plugin]
pub mod elsewhere;

fn main() {}
