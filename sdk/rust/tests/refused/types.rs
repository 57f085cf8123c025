//! Types that cannot leave a plugin.

#![expect(unused, reason = "nothing here runs")]

#[wharf::plugin]
pub mod types {
    use std::collections::{BTreeMap, HashSet};
    use std::rc::Rc;

    use crate::other::Elsewhere;

    pub struct Pair(pub u32, pub u32);
    pub struct Marker;
    pub struct Generic<T> {
        pub value: T,
    }
    pub union Either {
        pub one: u32,
        pub other: f32,
    }
    pub enum Empty {}
    pub enum Wide {
        Two(u32, u32),
        Good,
    }
    struct Hidden {
        pub value: u32,
    }
    pub struct Invoice {
        pub total: u128,
        pub note: &'static str,
        pub tags: HashSet<String>,
        pub names: BTreeMap<u32, String>,
        pub shared: Rc<u32>,
        pub fixed: [u8; 4],
    }

    pub fn pair(value: Pair) {}
    pub fn marker(value: Marker) {}
    pub fn generic(value: Generic<u32>) {}
    pub fn either(value: Either) {}
    pub fn no_cases(value: Empty) {}
    pub fn two_values(value: Wide) {}
    pub fn hidden(value: Hidden) {}
    pub fn fields(value: Invoice) {}
    pub fn text(value: &str) {}
    pub fn list(value: &[Invoice]) {}
    pub fn misspelt(value: Invioce) {}
    pub fn known(value: Strin) {}
    pub fn unknown(value: Customer) {}
    pub fn elsewhere(value: Elsewhere) {}
    pub fn above(value: super::other::Elsewhere) {}
    pub fn eight(value: (u8, u8, u8, u8, u8, u8, u8, u8)) {}
    pub fn size(value: usize) {}
    pub fn unit(value: ()) {}
    pub fn bare(value: Vec) {}
    pub fn any(value: impl Iterator<Item = u32>) {}
    pub fn object(value: Box<dyn Fn(u32)>) {}
    pub fn function(value: fn(u32)) {}
    pub fn never() -> ! {
        loop {}
    }
    pub fn result() -> Result {}
    pub fn moment(value: DateTime<Utc>) {}
}

mod other {
    pub struct Elsewhere;
}

fn main() {}
