//! The rules of items from outside: by table, against a naive model, by scenario, as documents.

mod documents;
mod naive;
mod random;
mod runs;
mod table;
mod vectors;
