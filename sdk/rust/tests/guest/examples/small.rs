//! The smallest plugin that does something: its size and its imports are what a plugin pays.

/// Steps for the finance portal.
#[wharf::plugin]
pub mod finance {
    use wharf::queue::{self, NewItem};
    use wharf::{DateTime, Decimal, Result};

    #[derive(Debug)]
    pub struct Invoice {
        pub invoice_id: String,
        pub account_name: String,
        pub amount: Decimal,
        pub due: Option<DateTime>,
    }

    #[derive(Debug)]
    pub enum Decision {
        Approved,
        NeedsReview { reason: String },
    }

    /// Decides whether an invoice may be paid.
    pub fn classify(invoice: Invoice, #[wharf(default = 5000)] limit: Decimal) -> Result<Decision> {
        if invoice.amount < limit {
            return Ok(Decision::Approved);
        }
        queue::add("reviews", NewItem::new(&invoice).reference(&invoice.invoice_id))?;
        Ok(Decision::NeedsReview { reason: format!("{} is a lot", invoice.amount) })
    }
}
