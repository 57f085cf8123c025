//! Grants that say nothing sensible, and wishes that were not granted.

use std::fmt;

use super::{Access, Verb};
use crate::limits::Exceeded;
use crate::shown::quoted;
use crate::url::{BadUrl, Url};

/// What is wrong with a table of grants.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("`{name}` in `{section}`: {problem}")]
    BadName { section: &'static str, name: String, problem: &'static str },
    #[error("`{name}` in `files` is a path, not the name of a folder")]
    NotAFolderName { name: String },
    #[error("`{word}` is nothing that can be done with the {section} `{name}`")]
    UnknownWord {
        section: &'static str,
        name: String,
        word: String,
        known: Vec<&'static str>,
        similar: Option<&'static str>,
    },
    #[error(transparent)]
    BadOrigin(#[from] BadUrl),
    #[error(transparent)]
    Exceeded(#[from] Exceeded),
}

impl Error {
    /// The stable word scripts match on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadName { .. }
            | Self::NotAFolderName { .. }
            | Self::UnknownWord { .. }
            | Self::BadOrigin(_) => "grant/invalid",
            Self::Exceeded(exceeded) => exceeded.code(),
        }
    }

    /// What is allowed, or what to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::BadName { .. } => {
                "write a name, or the start of names and `*`, such as `vendor-*`".into()
            }
            Self::NotAFolderName { .. } => {
                "grant a name, such as `ledger`; wharf.toml says under `[folders]` where it is: \
                 `ledger = \"data/ledger\"`"
                    .into()
            }
            Self::UnknownWord { similar: Some(similar), .. } => {
                format!("did you mean `{similar}`?")
            }
            Self::UnknownWord { known, .. } => format!("there is {}", known.join(", ")),
            Self::BadOrigin(bad) => bad.hint(),
            Self::Exceeded(exceeded) => exceeded.hint(),
        }
    }
}

/// Something a plugin wanted to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    Queue { queue: String, verb: Verb },
    Files { folder: String, access: Access },
    Http { origin: String },
    Secret { secret: String },
}

impl Wish {
    pub(super) fn queue(queue: &str, verb: Verb) -> Self {
        Self::Queue { queue: quoted(queue), verb }
    }

    pub(super) fn files(folder: &str, access: Access) -> Self {
        Self::Files { folder: quoted(folder), access }
    }

    pub(super) fn http(url: &Url) -> Self {
        Self::Http { origin: url.origin() }
    }

    pub(super) fn secret(secret: &str) -> Self {
        Self::Secret { secret: quoted(secret) }
    }

    /// The option of `wharf plugin grant` that grants it.
    fn option(&self) -> String {
        match self {
            Self::Queue { queue, verb } => format!("--queue {}", word(queue, verb.name())),
            Self::Files { folder, access } => format!("--files {}", word(folder, access.name())),
            Self::Http { origin } => format!("--http {}", word(origin, "")),
            Self::Secret { secret } => format!("--secret {}", word(secret, "")),
        }
    }
}

/// One word of a command line, quoted for a shell where it must be: names come from plugins.
fn word(name: &str, value: &str) -> String {
    let joined = if value.is_empty() { name.to_owned() } else { format!("{name}={value}") };
    let plain = |it: char| it.is_ascii_alphanumeric() || "-_./:=@%+".contains(it);
    if !joined.is_empty() && joined.chars().all(plain) {
        return joined;
    }
    format!("'{}'", joined.replace('\'', r"'\''"))
}

impl fmt::Display for Wish {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Queue { queue, verb } => {
                write!(out, "`{}` on the queue `{queue}`", verb.name())
            }
            Self::Files { folder, access } => {
                write!(out, "`{}` on the folder `{folder}`", access.name())
            }
            Self::Http { origin } => write!(out, "requests to `{origin}`"),
            Self::Secret { secret } => write!(out, "the secret `{secret}`"),
        }
    }
}

/// Who did not allow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Project,
    Ceiling,
}

/// A plugin, or a flow, wanted what it was not granted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} not granted {wish}", whose(plugin))]
pub struct Denied {
    /// Empty for a flow.
    pub plugin: String,
    pub wish: Wish,
    pub by: By,
}

fn whose(plugin: &str) -> String {
    if plugin.is_empty() { "flows were".into() } else { format!("the plugin `{plugin}` was") }
}

impl Denied {
    /// The stable word scripts match on.
    pub fn code(&self) -> &'static str {
        "grant/denied"
    }

    /// The command that grants it, if the project may.
    pub fn hint(&self) -> String {
        match self.by {
            By::Project => {
                let (plugin, option) = (word(&self.plugin, ""), self.wish.option());
                format!("`wharf plugin grant {plugin} {option}` grants it")
            }
            By::Ceiling if self.plugin.is_empty() => {
                "the operator of this installation does not allow it to any project".into()
            }
            By::Ceiling => "the project grants it, but the operator of this installation does not \
                            allow it to any project: see `ceiling.toml` in the data directory"
                .into(),
        }
    }
}
