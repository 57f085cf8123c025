//! Why a file cannot be had.

use std::io;

use crate::grant::Denied;
use crate::limits::Exceeded;
use crate::shown::quoted;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("there is no `{path}`")]
    NotFound { path: String },
    #[error("this project has no folder `{folder}`")]
    NoFolder { folder: String },
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("`{path}` leads out of its folder")]
    Outside { path: String },
    #[error("wharf itself may not: `{path}`: {detail}")]
    NotPermitted { path: String, detail: String },
    #[error("`{path}` is there already")]
    Exists { path: String },
    #[error(transparent)]
    TooLarge(#[from] Exceeded),
    #[error("`{path}` is not an acceptable path: {problem}")]
    BadPath { path: String, problem: &'static str },
    #[error("`{path}` is not a file")]
    NotAFile { path: String },
    #[error("`{path}` is not a folder")]
    NotAFolder { path: String },
    #[error("`{path}`: {detail}")]
    Io { path: String, detail: String },
}

impl Error {
    /// What the system says about a path.
    pub(super) fn io(path: &str, error: &io::Error) -> Self {
        let path = quoted(path);
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::NotFound { path },
            io::ErrorKind::AlreadyExists => Self::Exists { path },
            io::ErrorKind::IsADirectory => Self::NotAFile { path },
            // Without a number it is not the system that refused, but the guard of the folder.
            io::ErrorKind::PermissionDenied if error.raw_os_error().is_none() => {
                Self::Outside { path }
            }
            io::ErrorKind::PermissionDenied => {
                Self::NotPermitted { path, detail: error.to_string() }
            }
            _ if error.raw_os_error() == Some(rustix::io::Errno::NXIO.raw_os_error()) => {
                // A pipe that nobody reads, or a socket.
                Self::NotAFile { path }
            }
            _ => Self::Io { path, detail: error.to_string() },
        }
    }

    /// The stable word scripts match on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "file/not-found",
            Self::NoFolder { .. } => "file/no-folder",
            Self::Denied(denied) => denied.code(),
            Self::Outside { .. } => "file/outside",
            Self::NotPermitted { .. } => "file/not-permitted",
            Self::Exists { .. } => "file/exists",
            Self::TooLarge(exceeded) => exceeded.code(),
            Self::BadPath { .. } => "file/bad-path",
            Self::NotAFile { .. } => "file/not-a-file",
            Self::NotAFolder { .. } => "file/not-a-folder",
            Self::Io { .. } => "file/io",
        }
    }

    /// What is allowed, or what to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::NotFound { .. } => "list the folder to see what there is".into(),
            Self::NoFolder { folder } => {
                let line = folder_line(folder);
                format!("say in wharf.toml, under `[folders]`, where it is: `{line}`")
            }
            Self::Denied(denied) => denied.hint(),
            Self::Outside { .. } => "a link in the folder leads out of it; remove it".into(),
            Self::NotPermitted { .. } => "let the user that wharf runs as have the file".into(),
            Self::Exists { .. } => "replace it, append to it, or take another name".into(),
            Self::TooLarge(exceeded) => exceeded.hint(),
            Self::BadPath { .. } => "paths look like `ledger/2026/april.csv`".into(),
            Self::NotAFile { .. } => "give the path of an ordinary file".into(),
            Self::NotAFolder { .. } => "give the path of a folder".into(),
            Self::Io { .. } => "look at the disk, then try again".into(),
        }
    }
}

/// The line of a project file that gives a name to a folder.
pub fn folder_line(name: &str) -> String {
    let bare = |it: char| it.is_ascii_alphanumeric() || "-_".contains(it);
    let key = if name.chars().all(bare) { name.to_owned() } else { format!("\"{name}\"") };
    format!("{key} = \"path/to/it\"")
}
