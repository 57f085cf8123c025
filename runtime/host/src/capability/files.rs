//! `files`: in the folders that were granted.

use engine::Step;
use engine::files::{self, Error};
use wasmtime::Result;

use super::contract::files::{Entry, FileError, Host, Writing};
use super::contract::types::Problem;
use super::problem;
use crate::state::State;

type Answer<T> = std::result::Result<T, FileError>;

impl Host for State<Step> {
    fn read(&mut self, path: String) -> Result<Answer<Vec<u8>>> {
        Ok(self.step.files().read(&path).map_err(FileError::from))
    }

    fn write(&mut self, path: String, content: Vec<u8>, how: Writing) -> Result<Answer<()>> {
        let how = match how {
            Writing::Create => files::Writing::Create,
            Writing::Replace => files::Writing::Replace,
            Writing::Append => files::Writing::Append,
        };
        Ok(self.step.files().write(&path, &content, how).map_err(FileError::from))
    }

    fn list(&mut self, folder: String) -> Result<Answer<Vec<Entry>>> {
        let entries = self.step.files().list(&folder);
        Ok(entries.map(|entries| entries.into_iter().map(shown).collect()).map_err(FileError::from))
    }

    fn delete(&mut self, path: String) -> Result<Answer<()>> {
        Ok(self.step.files().delete(&path).map_err(FileError::from))
    }
}

fn shown(entry: files::Entry) -> Entry {
    let files::Entry { name, folder, size, modified } = entry;
    Entry { name, folder, size, modified: modified.to_string() }
}

impl From<Error> for FileError {
    fn from(error: Error) -> Self {
        let case: fn(Problem) -> Self = match &error {
            Error::NotFound { .. } | Error::NoFolder { .. } => Self::NotFound,
            Error::Denied(_) => Self::Denied,
            Error::Exists { .. } => Self::Exists,
            Error::TooLarge(_) => Self::TooLarge,
            Error::Outside { .. }
            | Error::BadPath { .. }
            | Error::NotAFile { .. }
            | Error::NotAFolder { .. } => Self::Invalid,
            Error::NotPermitted { .. } | Error::Io { .. } => Self::Other,
        };
        case(problem(error.code(), &error, error.hint()))
    }
}
