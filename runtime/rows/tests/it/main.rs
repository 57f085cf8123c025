//! The reader as its callers see it.

mod dialects;
mod encodings;
mod invoices;
mod limits;
mod policies;
mod properties;
mod quotes;
mod spectrum;
mod support;
