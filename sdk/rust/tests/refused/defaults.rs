//! Defaults that are no value of their type.

#![expect(unused, reason = "nothing here runs")]

#[wharf::plugin]
pub mod defaults {
    use std::collections::BTreeMap;

    use wharf::{DateTime, Decimal};

    pub struct Line {
        pub sku: String,
        #[wharf(default = 1)]
        pub quantity: u8,
        pub note: Option<String>,
    }
    pub enum Decision {
        Approved,
        NeedsReview { reason: String },
        Other(u32),
    }
    pub struct Id(pub String);

    pub fn plain(
        #[wharf(default = 256)] byte: u8,
        #[wharf(default = -1)] unsigned: u32,
        #[wharf(default = 1.5)] int: i64,
        #[wharf(default = "x")] number: u32,
        #[wharf(default = 5)] text: String,
        #[wharf(default = 1)] flag: bool,
        #[wharf(default = "ab")] letter: char,
        #[wharf(default = 1e3)] exponent: Decimal,
        #[wharf(default = 12345678901234567890123456789)] long: Decimal,
        #[wharf(default = 2026)] moment: DateTime,
        #[wharf(default = None)] needed: String,
        #[wharf(default = 5)] id: Id,
    ) {
    }

    pub fn made_of_others(
        #[wharf(default = { sku: 5 })] wrong: Line,
        #[wharf(default = { quantity: 5 })] missing: Line,
        #[wharf(default = { sku: "A", quantty: 5 })] unknown: Line,
        #[wharf(default = [1, "x"])] list: Vec<u32>,
        #[wharf(default = [1])] tuple: (u32, u32),
        #[wharf(default = [1])] map: BTreeMap<String, u32>,
        #[wharf(default = Aproved)] case: Decision,
        #[wharf(default = NeedsReview)] payload: Decision,
        #[wharf(default = { other: "x" })] inner: Decision,
        #[wharf(default = { approved: 1 })] none: Decision,
    ) {
    }
}

#[wharf::plugin]
pub mod spelling {
    pub fn forms(
        #[wharf(default = 5u8)] suffix: u8,
        #[wharf(default = 2 + 3)] sum: u8,
        #[wharf(default = b"x")] bytes: Vec<u8>,
        #[wharf(default = -"x")] negative: i8,
        #[wharf(default)] nothing: u8,
        #[wharf(default = String::new())] call: String,
    ) {
    }
}

fn main() {}
