//! Text in, checked program out: for now the expressions of flows and filters.

pub mod expr;
