//! What a plugin may touch: queues, folders, hosts, secrets. Without a grant, nothing.
//!
//! The project grants, and the operator of an installation may set a ceiling above all projects;
//! both must allow. A name may end in `*`, which stands for anything that follows.
//!
//! ```toml
//! queues = { vendor-invoices = ["add", "process"], "archive-*" = ["add"] }
//! files = { ledger = "read-write" }
//! http = ["https://api.example.com", "https://*.example.org:8443"]
//! secrets = ["portal-token"]
//! ```

mod error;
mod origin;
mod pattern;
mod permit;
mod table;

use std::collections::{BTreeMap, BTreeSet};

pub use error::{By, Denied, Error, Wish};
pub use origin::{HostPattern, Origin, PortPattern};
pub use pattern::Pattern;
pub use permit::{Permit, Reach};
pub use table::Table;

use crate::url::{Scheme, Url};

/// What may be done with a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verb {
    Add,
    Process,
    Read,
    Update,
    Requeue,
    Note,
}

impl Verb {
    pub const ALL: [Self; 6] =
        [Self::Add, Self::Process, Self::Read, Self::Update, Self::Requeue, Self::Note];

    pub fn name(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Process => "process",
            Self::Read => "read",
            Self::Update => "update",
            Self::Requeue => "requeue",
            Self::Note => "note",
        }
    }
}

/// What may be done with the files of a folder. The later includes the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Access {
    Read,
    ReadWrite,
}

impl Access {
    pub const ALL: [Self; 2] = [Self::Read, Self::ReadWrite];

    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::ReadWrite => "read-write",
        }
    }
}

/// A set of permissions. Empty, it permits nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    pub queues: BTreeMap<Pattern, BTreeSet<Verb>>,
    pub files: BTreeMap<Pattern, Access>,
    pub http: BTreeSet<Origin>,
    pub secrets: BTreeSet<Pattern>,
}

impl Grants {
    /// All queues, folders and secrets, and requests to every name of a host.
    pub fn everything() -> Self {
        let any = || Pattern::parse("*").expect("it is a pattern");
        let origin = |scheme| Origin { scheme, host: HostPattern::Any, port: PortPattern::Any };
        Self {
            queues: [(any(), Verb::ALL.into())].into(),
            files: [(any(), Access::ReadWrite)].into(),
            http: [Scheme::Http, Scheme::Https].map(origin).into(),
            secrets: [any()].into(),
        }
    }

    pub fn allows_queue(&self, queue: &str, verb: Verb) -> bool {
        self.queues.iter().any(|(pattern, verbs)| pattern.matches(queue) && verbs.contains(&verb))
    }

    pub fn allows_files(&self, folder: &str, access: Access) -> bool {
        self.files.iter().any(|(pattern, most)| pattern.matches(folder) && access <= *most)
    }

    pub fn allows_http(&self, url: &Url) -> bool {
        self.http.iter().any(|origin| origin.matches(url))
    }

    pub fn allows_secret(&self, secret: &str) -> bool {
        self.secrets.iter().any(|pattern| pattern.matches(secret))
    }

    /// What both allow, and nothing else.
    #[must_use]
    pub fn meet(&self, ceiling: &Self) -> Self {
        let mut met = Self::default();
        for (pattern, (verbs, most)) in pairs(&self.queues, &ceiling.queues) {
            let both = verbs & most;
            if !both.is_empty() {
                met.queues.entry(pattern).or_default().extend(both);
            }
        }
        for (pattern, (access, most)) in pairs(&self.files, &ceiling.files) {
            let both = *access.min(most);
            let known = met.files.entry(pattern).or_insert(both);
            *known = both.max(*known);
        }
        let origins =
            self.http.iter().flat_map(|one| ceiling.http.iter().map(move |two| (one, two)));
        met.http = origins.filter_map(|(one, two)| one.meet(two)).collect();
        let secrets =
            self.secrets.iter().flat_map(|one| ceiling.secrets.iter().map(move |two| (one, two)));
        met.secrets = secrets.filter_map(|(one, two)| one.meet(two)).collect();
        met
    }
}

/// The names that a pattern of each side matches, with what each side says about them.
fn pairs<'g, T>(
    ours: &'g BTreeMap<Pattern, T>,
    theirs: &'g BTreeMap<Pattern, T>,
) -> impl Iterator<Item = (Pattern, (&'g T, &'g T))> {
    ours.iter().flat_map(move |(one, mine)| {
        theirs.iter().filter_map(move |(two, yours)| Some((one.meet(two)?, (mine, yours))))
    })
}

#[cfg(test)]
mod tests;
