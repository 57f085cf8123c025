//! The first plugin of the guide, with its tests.

#![expect(unreachable_pub, reason = "steps are public, and this crate is a test")]

#[wharf::plugin]
pub mod checks {
    use wharf::Decimal;

    /// An order, as it stands in a queue.
    pub struct Order {
        pub customer: String,
        /// What it comes to, digit for digit.
        pub total: Decimal,
        /// A word from whoever took it.
        pub note: Option<String>,
    }

    /// What becomes of an order.
    #[derive(Debug, PartialEq)]
    pub enum Decision {
        Approved,
        NeedsReview { reason: String },
    }

    /// Decides whether an order may go out, or somebody has to look at it first.
    pub fn decide(order: Order, #[wharf(default = 5000)] limit: Decimal) -> Decision {
        let reason = match order.note {
            Some(note) => format!("it says: {note}"),
            None if order.total > limit => {
                format!("{} of {} is over {limit}", order.total, order.customer)
            }
            None => return Decision::Approved,
        };
        Decision::NeedsReview { reason }
    }
}

#[cfg(test)]
mod tests {
    use wharf::{Decimal, decimal};

    use super::checks::{Decision, Order, decide};

    fn order(total: Decimal) -> Order {
        Order { customer: "Fabrikam".into(), total, note: None }
    }

    #[test]
    fn small_orders_are_approved() {
        assert_eq!(decide(order(decimal!(5000)), decimal!(5000)), Decision::Approved);
    }

    #[test]
    fn large_orders_are_looked_at() {
        let reason = "5000.01 of Fabrikam is over 5000".into();
        let decision = decide(order(decimal!(5000.01)), decimal!(5000));
        assert_eq!(decision, Decision::NeedsReview { reason });
    }

    #[test]
    fn notes_are_read_by_people() {
        let noted = Order { note: Some("call first".into()), ..order(decimal!(1)) };
        let reason = "it says: call first".into();
        assert_eq!(decide(noted, decimal!(5000)), Decision::NeedsReview { reason });
    }
}
