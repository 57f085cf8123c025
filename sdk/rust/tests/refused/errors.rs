//! Errors that do not say how a step fails, and messages that name what is not there.

#[wharf::plugin]
pub mod errors {
    pub enum Unmarked {
        Down,
    }

    #[wharf(error)]
    pub enum Problem {
        #[wharf(message = "{refernce} is there already")]
        Duplicate { reference: String },
    }

    pub fn unmarked() -> Result<(), Unmarked> {
        Ok(())
    }

    pub fn elsewhere() -> Result<u32, std::num::ParseIntError> {
        Ok(1)
    }

    pub fn by_alias() -> std::io::Result<u32> {
        Ok(1)
    }

    pub fn marked() -> Result<u32, Problem> {
        Ok(1)
    }
}

fn main() {}
