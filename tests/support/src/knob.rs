//! Knobs that make a test longer or repeat a seed.

/// The number in the environment variable `name`; `usual` where there is none.
#[expect(clippy::disallowed_methods, reason = "knobs of tests are not read by the product")]
pub fn knob(name: &str, usual: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is `{text}`, not a number")),
        Err(_) => usual,
    }
}
