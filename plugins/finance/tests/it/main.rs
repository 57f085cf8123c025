//! The walkthrough of vendor invoices, as its author tests it.

mod ledger;
mod queues;
mod rows;
