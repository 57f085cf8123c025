//! Functions that cannot be steps.

#![expect(unused, reason = "nothing here runs")]

#[wharf::plugin]
pub mod functions {
    pub fn generic<T>(value: T) {}
    pub fn lifetime<'a>(value: u32) {}
    pub unsafe fn dangerous() {}
    pub extern "C" fn foreign() {}
    pub fn pattern((left, right): (u32, u32)) {}
    pub fn ignored(_: u32) {}
    pub fn method(self) {}
    #[cfg(unix)]
    pub fn conditional() {}
    pub fn parameter(#[cfg(unix)] value: u32) {}

    // None of these is a step.
    fn private(value: &str) {}
    pub(crate) fn internal(value: &str) {}
    #[cfg(test)]
    pub fn only_for_tests(value: &str) {}
}

fn main() {}
