//! Attributes that mean nothing where they stand.

#![expect(unused, reason = "nothing here runs")]

#[wharf::plugin]
pub mod attributes {
    #[wharf(opne)]
    pub struct Line {
        #[wharf(defualt = 5)]
        pub quantity: u8,
        #[wharf(default = 1, default = 2)]
        pub twice: u8,
    }

    #[wharf(open)]
    pub enum Color {
        #[wharf(it)]
        Red,
        Other(#[wharf(default = 1)] u8),
    }

    #[wharf(error = 5)]
    pub enum Misused {
        One,
    }

    #[wharf(error)]
    pub enum Problem {
        #[wharf(it, business)]
        Both,
        #[wharf(message)]
        Silent,
        #[wharf(message = 5)]
        Number,
        #[wharf(default = 5)]
        Default,
    }

    #[wharf(name = "x")]
    pub fn classify(line: Line, color: Color, misused: Misused) -> Result<(), Problem> {
        Ok(())
    }

    #[wharf(open)]
    fn private() {}

    #[wharf(open)]
    const NUMBER: u32 = 5;
}

#[wharf::plugin(name = "x")]
pub mod arguments {
    pub fn good() {}
}

#[wharf::plugin]
pub mod nothing {
    fn private() {}
}

#[wharf::plugin]
pub fn function() {}

fn main() {}
