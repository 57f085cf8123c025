//! A plugin that uses everything the SDK offers, for its tests.

/// Steps for the finance portal.
#[wharf::plugin]
pub mod finance {
    use wharf::{DateTime, Decimal, Result};

    pub struct Invoice {
        pub invoice_id: String,
        pub amount: Decimal,
        pub due: Option<DateTime>,
    }

    pub enum Decision {
        Approved,
        NeedsReview { reason: String },
    }

    /// Decides whether an invoice may be paid.
    pub fn classify(invoice: Invoice, #[wharf(default = 5000)] limit: Decimal) -> Result<Decision> {
        wharf::queue::add("a", wharf::queue::NewItem::new(&invoice))?;
        if invoice.amount < limit {
            return Ok(Decision::Approved);
        }
        Ok(Decision::NeedsReview { reason: format!("{} is a lot", invoice.amount) })
    }
}
