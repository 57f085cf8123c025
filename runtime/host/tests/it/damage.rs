//! Components that were damaged: refused or read, and never a panic or a long wait.

use std::panic::{AssertUnwindSafe, catch_unwind};

use host::Signature;
use host::signature::limits::{EXTERNS_MAX, NESTED_LEVELS_MAX};
use model::{Entropy, SeededEntropy};

use crate::component;

const FLIPS: usize = 9_000;

/// Components with all kinds of types between them, on both sides.
fn components() -> [Vec<u8>; 2] {
    let meta = component::entries(&[
        r#"{"format":1,"interface":"steps","steps":[{"name":"work","docs":"Works."}]}"#,
    ]);
    [
        include_str!("../data/signatures/imports.wit"),
        include_str!("../data/signatures/every-type.wit"),
    ]
    .map(|wit| component::with_core_sections(wit, &[("wharf:meta", &meta)]))
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
    for whole in components() {
        assert!(survives(&whole, "the whole"));
        for length in 0..whole.len() {
            survives(&whole[..length], &format!("length {length}"));
        }
    }
}

#[test]
fn flipped_bits_never_panic() {
    let components = components();
    let entropy = SeededEntropy::new(7);
    let mut refused = 0;
    for round in 0..FLIPS {
        let mut bytes = components[round % components.len()].clone();
        for _ in 0..=round % 3 {
            let random = entropy.next();
            let at = (random >> 8) as usize % bytes.len();
            bytes[at] ^= 1 << (random % 8);
        }
        refused += usize::from(!survives(&bytes, &format!("round {round}")));
    }
    assert!(refused > FLIPS / 4, "only {refused} were refused: the flips hit nothing");
}

/// A component whose one section of types holds these bytes.
fn with_types(types: Vec<u8>) -> Vec<u8> {
    section(7, [vec![1], types].concat())
}

fn section(id: u8, content: Vec<u8>) -> Vec<u8> {
    let header = b"\0asm\x0d\0\x01\0".to_vec();
    [header, vec![id], component::leb(content.len()), content].concat()
}

/// A type within a type: component types and instance types take turns.
fn nested_types(levels: usize) -> Vec<u8> {
    let each = [[0x41, 1, 1], [0x42, 1, 1]];
    let around = (1..levels).flat_map(|level| each[level % 2]);
    with_types(around.chain([0x41, 0]).collect())
}

/// Components within the outermost one.
fn nested_components(levels: usize) -> Vec<u8> {
    const COMPONENT: u8 = 4;
    let innermost = section(0, vec![1, b'x']);
    (0..levels).fold(innermost, |inner, _| section(COMPONENT, inner))
}

#[test]
fn deep_nesting_is_refused_early() {
    for make in [nested_types, nested_components] {
        for (levels, fits) in [
            (NESTED_LEVELS_MAX - 1, true),
            (NESTED_LEVELS_MAX, true),
            (NESTED_LEVELS_MAX + 1, false),
            (1_000, false),
        ] {
            let error = Signature::decode(&make(levels)).expect_err("it has no steps");
            let expected = if fits { "plugin/no-steps" } else { "limit/exceeded" };
            assert_eq!(error.code(), expected, "{levels} levels: {error}");
        }
    }
    let error = Signature::decode(&nested_types(10_000_000)).expect_err("it has no end");
    assert_eq!(error.code(), "limit/exceeded");
}

#[test]
fn many_imports_are_refused_early() {
    for (count, fits) in [(EXTERNS_MAX - 1, true), (EXTERNS_MAX, true), (EXTERNS_MAX + 1, false)] {
        let imports = (0..count).map(|n| format!("(import \"f{n}\" (func))"));
        let text = format!("(component {})", imports.collect::<String>());
        let bytes = wat::parse_str(text).expect("a test writes WAT");
        let error = Signature::decode(&bytes).expect_err("nobody offers these");
        let expected = if fits { "plugin/unknown-import" } else { "limit/exceeded" };
        assert_eq!(error.code(), expected, "{count} imports: {error}");
    }
}

#[test]
fn names_that_nobody_expects_are_refused() {
    let text = r#"(component
        (core module $m (func (export "f")))
        (core instance $i (instantiate $m))
        (func $f (canon lift (core func $i "f")))
        (export "a:b/c" (func $f)))"#;
    let bytes = wat::parse_str(text).expect("a test writes WAT");
    let error = Signature::decode(&bytes).expect_err("functions have other names");
    assert_eq!(error.code(), "plugin/invalid");
}
