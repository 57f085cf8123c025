//! The first test of the guide.

#![expect(unreachable_pub, reason = "steps are public, and this crate is a test")]

#[wharf::plugin]
pub mod checks {
    use wharf::Decimal;

    /// Whether somebody has to look at an invoice.
    pub fn needs_review(amount: Decimal, #[wharf(default = 5000)] limit: Decimal) -> bool {
        amount >= limit
    }
}

use checks::needs_review;
use wharf::decimal;

#[test]
fn the_limit_itself_is_looked_at() {
    assert!(!needs_review(decimal!(4999.99), decimal!(5000)));
    assert!(needs_review(decimal!(5000), decimal!(5000)));
}
