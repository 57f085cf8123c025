//! What is wrong with a project file, and where.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a project, or the ceiling above it, cannot be read or changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("{}", listed(.problems))]
    Invalid {
        /// Everything that was found, in the order of the text; never empty.
        problems: Vec<Problem>,
    },
    #[error("`{file}` is larger than {most} bytes", file = .file.display())]
    TooLarge { file: PathBuf, most: usize },
    #[error(
        "`{file}` is not UTF-8: the byte at {offset} belongs to no character",
        file = .file.display()
    )]
    NotUtf8 { file: PathBuf, offset: usize },
    #[error("cannot {doing} `{file}`: {detail}", file = .file.display())]
    Io { doing: &'static str, file: PathBuf, detail: String },
}

/// One thing that is wrong, at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Of a project its name alone, of a ceiling its path.
    pub file: PathBuf,
    /// From 1, as is the column, which counts characters.
    pub line: usize,
    pub column: usize,
    pub code: &'static str,
    pub message: String,
    pub hint: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}:{}: {}", self.file.display(), self.line, self.column, self.message)
    }
}

fn listed(problems: &[Problem]) -> String {
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    problems.join("\n")
}

impl Error {
    pub(super) fn io(doing: &'static str, file: &Path, error: &io::Error) -> Self {
        Self::Io { doing, file: file.to_owned(), detail: model::plain(error) }
    }

    /// The stable word that scripts match on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid { problems } => problems.first().map_or("project/invalid", |it| it.code),
            Self::TooLarge { .. } => "limit/exceeded",
            Self::NotUtf8 { .. } => "file/not-utf8",
            Self::Io { .. } => "project/io",
        }
    }

    /// What is allowed, or what to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::Invalid { problems } => match problems.first() {
                Some(problem) => problem.hint.clone(),
                None => "correct the file".into(),
            },
            Self::TooLarge { .. } => "keep in it what the project says, and data elsewhere".into(),
            Self::NotUtf8 { .. } => "save the file as UTF-8 and try again".into(),
            Self::Io { .. } => "check the rights on the file and its folder, and the disk".into(),
        }
    }
}
