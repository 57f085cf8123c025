//! Vendor invoices: which may be paid, how they get into the ledger, and where those go that
//! somebody has to look at.

mod steps;

pub use steps::invoices;
