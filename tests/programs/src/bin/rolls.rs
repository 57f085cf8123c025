//! Shows what its randomness is made of.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

fn main() {
    println!("{}", RandomState::new().hash_one("dice"));
}
