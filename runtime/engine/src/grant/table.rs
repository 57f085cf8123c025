//! Grants as they stand in a file.

use std::collections::BTreeMap;

use model::similar::closest;
use serde::{Deserialize, Serialize};

use super::{Access, Error, Grants, Origin, Pattern, Verb};
use crate::limits;
use crate::shown::quoted;

/// The words of a table of grants, before they are understood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Table {
    /// Verbs by queue.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub queues: BTreeMap<String, Vec<String>>,
    /// `read` or `read-write` by folder.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub http: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<String>,
}

impl Grants {
    /// Understands a table, or tells everything that is wrong with it.
    pub fn parse(table: &Table) -> Result<Self, Vec<Error>> {
        let (mut grants, mut errors) = (Self::default(), Vec::new());
        let count = table.queues.len() + table.files.len() + table.http.len() + table.secrets.len();
        if let Err(exceeded) = limits::check("grants", count) {
            return Err(vec![exceeded.into()]);
        }
        for (queue, verbs) in &table.queues {
            let verbs = verbs.iter().map(|verb| word("queue", queue, verb, Verb::ALL, Verb::name));
            let verbs = verbs.filter_map(|verb| noted(verb, &mut errors)).collect();
            if let Some(pattern) = noted(pattern("queues", queue), &mut errors) {
                grants.queues.insert(pattern, verbs);
            }
        }
        for (folder, access) in &table.files {
            let access = word("folder", folder, access, Access::ALL, Access::name);
            let access = noted(access, &mut errors);
            if let Some(pattern) = noted(folder_pattern(folder), &mut errors) {
                grants.files.extend(access.map(|access| (pattern, access)));
            }
        }
        for origin in &table.http {
            grants.http.extend(noted(Origin::parse(origin).map_err(Error::from), &mut errors));
        }
        for secret in &table.secrets {
            grants.secrets.extend(noted(pattern("secrets", secret), &mut errors));
        }
        if errors.is_empty() { Ok(grants) } else { Err(errors) }
    }

    /// The table that says the same.
    pub fn table(&self) -> Table {
        let verbs = |verbs: &std::collections::BTreeSet<Verb>| {
            verbs.iter().map(|verb| verb.name().to_owned()).collect()
        };
        let queues = self.queues.iter().map(|(queue, of)| (queue.to_string(), verbs(of)));
        let files =
            self.files.iter().map(|(folder, access)| (folder.to_string(), access.name().into()));
        Table {
            queues: queues.collect(),
            files: files.collect(),
            http: self.http.iter().map(ToString::to_string).collect(),
            secrets: self.secrets.iter().map(ToString::to_string).collect(),
        }
    }
}

fn noted<T>(result: Result<T, Error>, errors: &mut Vec<Error>) -> Option<T> {
    result.map_err(|error| errors.push(error)).ok()
}

fn pattern(section: &'static str, name: &str) -> Result<Pattern, Error> {
    Pattern::parse(name).map_err(|problem| Error::BadName { section, name: quoted(name), problem })
}

/// The name of a folder; where it is, the project says.
fn folder_pattern(name: &str) -> Result<Pattern, Error> {
    if name.contains(['/', '\\']) {
        return Err(Error::NotAFolderName { name: quoted(name) });
    }
    pattern("files", name)
}

fn word<T: Copy, const N: usize>(
    section: &'static str,
    name: &str,
    word: &str,
    all: [T; N],
    spelling: fn(T) -> &'static str,
) -> Result<T, Error> {
    let found = all.into_iter().find(|known| spelling(*known) == word);
    found.ok_or_else(|| {
        let known: Vec<&str> = all.into_iter().map(spelling).collect();
        let similar = closest(word, known.iter().copied());
        let similar = known.iter().copied().find(|known| Some(*known) == similar);
        Error::UnknownWord { section, name: quoted(name), word: quoted(word), known, similar }
    })
}
