//! Why a step may not do something to a queue, or why it is not possible.

use crate::failure::{Failure, Kind};
use crate::grant::Denied;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Store(#[from] model::Error),
    #[error(transparent)]
    Denied(#[from] Denied),
}

impl Error {
    /// The stable word scripts match on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Denied(denied) => denied.code(),
        }
    }

    /// What is allowed, or what to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::Store(error) => error.hint(),
            Self::Denied(denied) => denied.hint(),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::new(Kind::It, error.code(), error.to_string()).with_hint(error.hint())
    }
}
