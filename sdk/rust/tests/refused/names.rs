//! Names that an interface cannot have, or not twice.

#![expect(unused, reason = "nothing here runs")]

#[wharf::plugin]
pub mod names {
    pub struct Invoice {
        pub line_2: String,
        pub due_date: String,
        pub dueDate: String,
        pub double__word: String,
        pub größe: u32,
    }

    pub enum Color {
        DarkGreen,
        Dark_Green,
        _2024,
    }

    pub struct Decimal {
        pub digits: String,
    }

    pub enum Decision {
        NeedsReview { reason: String },
    }
    pub struct DecisionNeedsReview {
        pub reason: String,
    }

    pub fn classify(invoice: Invoice, color: Color, decimal: Decimal) {}
    pub fn Classify() {}
    pub fn decision(decision: Decision, other: DecisionNeedsReview) {}
    pub fn twice(limit: u32, _limit: u32) {}
    pub fn r#gen() {}
}

#[wharf::plugin]
pub mod step_2 {
    pub fn good() {}
}

fn main() {}
