//! `secrets`: by name, those that were granted.

use engine::Step;
use engine::secret::Error;
use wasmtime::Result;

use super::contract::secrets::{Host, SecretError};
use super::contract::types::Problem;
use super::problem;
use crate::state::State;

impl Host for State<Step> {
    fn get(&mut self, name: String) -> Result<std::result::Result<String, SecretError>> {
        let secret = self.step.secret(&name);
        Ok(secret.map(|secret| secret.reveal().to_owned()).map_err(SecretError::from))
    }
}

impl From<Error> for SecretError {
    fn from(error: Error) -> Self {
        let case: fn(Problem) -> Self = match &error {
            Error::NotFound { .. } => Self::NotFound,
            Error::Denied(_) => Self::Denied,
            Error::Exposed { .. } | Error::Unusable { .. } | Error::Exceeded(_) => Self::Other,
        };
        case(problem(error.code(), &error, error.hint()))
    }
}
