//! The examples of `docs/guide/plugins.md`: each block of Rust is a documentation test of this
//! crate. Blocks with tests in them stand in `tests/it` too, where they run.

#[expect(clippy::test_attr_in_doctest, reason = "they run in `tests/it`")]
#[doc = include_str!("../../../docs/guide/plugins.md")]
mod guide {}
