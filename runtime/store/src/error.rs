//! What SQLite says, in the words of `model::Error`.

use model::Error;
use rusqlite::ErrorCode;

pub(crate) type Result<T> = std::result::Result<T, Error>;

/// Why a change was not made.
#[derive(Debug)]
pub(crate) enum Fault {
    /// A rule says no. Nothing of the change has been written.
    Refused(Error),
    /// The database failed: the whole transaction is lost.
    Fatal(Error),
}

/// The result of whatever happens inside a transaction of the writer.
pub(crate) type Attempt<T> = std::result::Result<T, Fault>;

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        match translate(&error) {
            // The database is as sound as before; an item in it is not.
            damaged @ Error::ItemDamaged { .. } => Self::Refused(damaged),
            other => Self::Fatal(other),
        }
    }
}

/// Translates an error of SQLite; none of these is about the data of a request.
pub(crate) fn translate(error: &rusqlite::Error) -> Error {
    if let rusqlite::Error::FromSqlConversionFailure(_, _, source) = error
        && let Some(damaged) = source.downcast_ref::<Error>()
    {
        return damaged.clone();
    }
    let detail = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Error::StoreFull { detail },
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            Error::StoreDamaged { detail }
        }
        // What stands there is not what the format says.
        None => Error::StoreDamaged { detail },
        Some(_) => Error::StoreIo { detail },
    }
}

/// `?` for results of SQLite outside a transaction of the writer.
pub(crate) trait Translated<T> {
    fn translated(self) -> Result<T>;
}

impl<T> Translated<T> for rusqlite::Result<T> {
    fn translated(self) -> Result<T> {
        self.map_err(|error| translate(&error))
    }
}
