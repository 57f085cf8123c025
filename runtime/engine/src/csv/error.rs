//! Why rows cannot be had.

use crate::files;
use crate::limits::Exceeded;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    File(#[from] files::Error),
    /// The file as a whole cannot be read.
    #[error(transparent)]
    Input(#[from] rows::Error),
    #[error("there is no column `{column}`")]
    MissingColumn { column: String, has: Vec<String> },
    #[error("`{file}` is not what it was when it was looked at first")]
    Changed { file: String },
    /// A row cannot be read, and that is to end the reading.
    #[error("{message}")]
    Row { code: &'static str, message: String },
    #[error("`{file}` has more than {most} bad rows, the last of them in {message}")]
    TooManyBadRows { file: String, most: u64, message: String },
    #[error(transparent)]
    Exceeded(#[from] Exceeded),
}

impl Error {
    /// The stable word scripts match on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::File(error) => error.code(),
            Self::Input(error) => error.code(),
            Self::MissingColumn { .. } => "csv/missing-column",
            Self::Changed { .. } => "csv/changed",
            Self::Row { code, .. } => code,
            Self::TooManyBadRows { .. } => "csv/too-many-bad-rows",
            Self::Exceeded(exceeded) => exceeded.code(),
        }
    }

    /// What is allowed, or what to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::File(error) => error.hint(),
            Self::Input(error) => input_hint(error).into(),
            Self::MissingColumn { has, .. } if has.is_empty() => "the file has no columns".into(),
            Self::MissingColumn { has, .. } => format!("the file has {}", has.join(", ")),
            Self::Changed { .. } => "let whoever writes it finish, then begin again".into(),
            Self::Row { .. } => {
                "mend the row, or let `bad-rows: reject` keep it beside the file".into()
            }
            Self::TooManyBadRows { .. } => {
                "look whether the format is declared as it is, or raise `bad-rows-max`".into()
            }
            Self::Exceeded(exceeded) => exceeded.hint(),
        }
    }
}

fn input_hint(error: &rows::Error) -> &'static str {
    match error {
        rows::Error::Io(_) => "look at the disk, then try again",
        rows::Error::UnknownEncoding { .. } => "encodings are named as `utf-8` or `windows-1252`",
        rows::Error::NotUtf8 { .. } => {
            "say which `encoding:` it has, or which `fallback:` to take, such as `windows-1252`"
        }
        rows::Error::Dialect { .. } => "give each its own character",
        rows::Error::ZeroLimit { .. } => "give at least 1",
        rows::Error::Header(_) => "mend the header, or say which `delimiter:` it has",
        rows::Error::EmptyHeader { .. } | rows::Error::DuplicateHeader { .. } => {
            "give each column a name of its own, or let `dedupe: true` do so"
        }
    }
}
