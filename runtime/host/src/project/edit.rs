//! Changes to a project file that leave everything else in it as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use engine::grant::Grants;
use rustix::fs::{FlockOperation, flock};
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use super::{Error, FILE, Project, text};
use crate::registry::Digest;

/// The file while it is changed.
#[derive(Debug)]
pub struct Draft(DocumentMut);

impl Draft {
    /// Says which component a plugin is, where it came from and what it asked for. Its grants stay.
    pub fn pin(
        &mut self,
        name: &str,
        source: &str,
        digest: &Digest,
        imports: Option<&BTreeSet<String>>,
    ) {
        let entry = self.plugin(name);
        set(entry, "source", source.into());
        set(entry, "digest", digest.to_string().into());
        if let Some(imports) = imports {
            set(entry, "imports", list(imports));
        }
    }

    /// Says what a plugin asked for when its grants were given.
    pub fn accept(&mut self, name: &str, imports: &BTreeSet<String>) {
        set(self.plugin(name), "imports", list(imports));
    }

    /// Gives a plugin these grants instead of those it has.
    pub fn grant(&mut self, name: &str, grants: &Grants) {
        let table = grants.table();
        let queues = table.queues.iter().map(|(queue, verbs)| (queue, list(verbs))).collect();
        let files = table.files.iter().map(|(folder, access)| (folder, access.into())).collect();
        let entry = section(self.plugin(name), "grants", false);
        fill(entry, "queues", &queues);
        fill(entry, "files", &files);
        for (key, names) in [("http", &table.http), ("secrets", &table.secrets)] {
            if names.is_empty() {
                entry.remove(key);
            } else {
                set(entry, key, list(names));
            }
        }
    }

    fn plugin(&mut self, name: &str) -> &mut dyn TableLike {
        section(section(self.0.as_table_mut(), "plugins", true), name, false)
    }
}

/// The section of that name, which is made where it is missing. An implicit one has no line of its
/// own.
fn section<'d>(table: &'d mut dyn TableLike, name: &str, implicit: bool) -> &'d mut dyn TableLike {
    let mut new = Table::new();
    new.set_implicit(implicit);
    let found = table.entry(name).or_insert(Item::Table(new));
    found.as_table_like_mut().expect("the file was read before, and this is a section")
}

/// Sets a value, and leaves one that says the same as it is written.
fn set(table: &mut dyn TableLike, key: &str, value: Value) {
    let present = table.get(key).and_then(Item::as_value);
    let same = |old: &Value| bare(old.clone()).to_string() == bare(value.clone()).to_string();
    if present.is_some_and(same) {
        return;
    }
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            // What stands around it, a comment perhaps, stays.
            let around = old.decor().clone();
            *old = value;
            *old.decor_mut() = around;
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}

/// The value without blanks, line breaks and comments.
fn bare(mut value: Value) -> Value {
    if let Value::Array(array) = &mut value {
        array.fmt();
    }
    value.decorated("", "")
}

/// Makes a section hold these entries and no others.
fn fill(table: &mut dyn TableLike, key: &str, wanted: &BTreeMap<&String, Value>) {
    if wanted.is_empty() {
        table.remove(key);
        return;
    }
    let found = table.entry(key).or_insert_with(|| Item::Value(InlineTable::new().into()));
    let inner = found.as_table_like_mut().expect("the file was read before, and this is a section");
    let known: Vec<String> = inner.iter().map(|(name, _)| name.to_owned()).collect();
    let same = known.len() == wanted.len() && known.iter().all(|name| wanted.contains_key(name));
    for name in known.iter().filter(|name| !wanted.contains_key(name)) {
        inner.remove(name);
    }
    for (name, value) in wanted {
        set(inner, name, value.clone());
    }
    // An entry that went took the blanks before the brace along.
    if let Some(inline) = found.as_inline_table_mut().filter(|_| !same) {
        inline.fmt();
    }
}

fn list<'n>(names: impl IntoIterator<Item = &'n String>) -> Value {
    names.into_iter().map(String::as_str).collect::<Array>().into()
}

pub(super) fn edit(root: &Path, change: impl FnOnce(&mut Draft)) -> Result<(), Error> {
    let file = root.join(FILE);
    let fault = |error: io::Error| Error::io("write", &file, &error);
    let folder = File::open(root).map_err(|error| Error::io("open", root, &error))?;
    flock(&folder, FlockOperation::LockExclusive).map_err(|error| fault(error.into()))?;
    // What cannot be understood is not changed either.
    Project::open(root)?;
    let before = text(&file)?.unwrap_or_default();
    let document = before.parse().expect("it was parsed just now");
    let mut draft = Draft(document);
    change(&mut draft);
    let after = draft.0.to_string();
    if after == before {
        return Ok(());
    }
    replace(&file, &after).and_then(|()| folder.sync_all()).map_err(fault)
}

/// Puts a new text in the place of the file, whole or not at all. A link stays, and what it leads
/// to is replaced.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    let real = match fs::canonicalize(file) {
        Ok(real) => real,
        Err(error) if error.kind() == io::ErrorKind::NotFound => file.to_owned(),
        Err(error) => return Err(error),
    };
    let new = real.with_extension("toml.new");
    let mut written = File::create(&new)?;
    written.write_all(text.as_bytes())?;
    if let Ok(old) = fs::metadata(&real) {
        written.set_permissions(old.permissions())?;
    }
    written.sync_all()?;
    fs::rename(&new, &real)
}
