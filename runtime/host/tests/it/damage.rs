//! Components that were damaged: refused or read, and never a panic or a long wait.

use std::panic::{AssertUnwindSafe, catch_unwind};

use host::Signature;
use model::{Entropy, SeededEntropy};

use crate::component;

const FLIPS: usize = 9_000;

fn whole() -> Vec<u8> {
    let wit = include_str!("../data/signatures/imports.wit");
    let meta = component::entries(&[
        r#"{"format":1,"interface":"steps","steps":[{"name":"work","docs":"Works."}]}"#,
    ]);
    component::with_core_sections(wit, &[("wharf:meta", &meta)])
}

/// Decodes; what matters is that it returns.
fn survives(bytes: &[u8], what: &str) -> bool {
    let decoded = catch_unwind(AssertUnwindSafe(|| Signature::decode(bytes)));
    match decoded.unwrap_or_else(|_| panic!("a panic at {what}")) {
        Ok(_) => true,
        Err(error) => {
            assert!(!error.hint().is_empty() && error.to_string().len() < 2_000, "{error}");
            false
        }
    }
}

#[test]
fn cut_components_are_refused() {
    let whole = whole();
    assert!(survives(&whole, "the whole"));
    for length in 0..whole.len() {
        survives(&whole[..length], &format!("length {length}"));
    }
}

#[test]
fn flipped_bits_never_panic() {
    let whole = whole();
    let entropy = SeededEntropy::new(7);
    let mut refused = 0;
    for round in 0..FLIPS {
        let mut bytes = whole.clone();
        for _ in 0..=round % 3 {
            let random = entropy.next();
            let at = (random >> 8) as usize % bytes.len();
            bytes[at] ^= 1 << (random % 8);
        }
        refused += usize::from(!survives(&bytes, &format!("round {round}")));
    }
    assert!(refused > FLIPS / 4, "only {refused} were refused: the flips hit nothing");
}
