//! From the text of a project file to what it says, or to everything that is wrong with it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use engine::grant::{self, Grants, Table};
use model::similar;
use toml_edit::{Document, Item, TableLike};

use super::{Entry, Error, Problem, is_plugin_name};
use crate::value::shown;

/// What a project file says.
pub(super) const PROJECT_KEYS: &[&str] = &["folders", "plugins"];
/// What it says of a plugin.
pub(super) const PLUGIN_KEYS: &[&str] = &["source", "digest", "imports", "grants"];
/// What is granted to a plugin, and what a ceiling allows to all.
pub(super) const GRANT_KEYS: &[&str] = &["queues", "files", "http", "secrets"];

type Sections = (BTreeMap<String, PathBuf>, BTreeMap<String, Entry>);

/// The folders, as they are written, and the plugins.
pub(super) fn project(file: &Path, text: &str) -> Result<Sections, Error> {
    read(file, text, |reader, root| {
        let (mut folders, mut plugins) = Sections::default();
        for field in fields(root) {
            match field.name {
                "folders" => folders = reader.folders(&field),
                "plugins" => plugins = reader.plugins(&field),
                _ => reader.unknown(&field, PROJECT_KEYS),
            }
        }
        (folders, plugins)
    })
}

pub(super) fn ceiling(file: &Path, text: &str) -> Result<Grants, Error> {
    read(file, text, |reader, root| reader.grants(root, 0..0))
}

fn read<T>(
    file: &Path,
    text: &str,
    take: impl FnOnce(&mut Reader<'_>, &dyn TableLike) -> T,
) -> Result<T, Error> {
    let mut reader = Reader { file, text, problems: Vec::new() };
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            let message = error.message().trim_end().replace('\n', ", ");
            let hint = "correct the file at that place; https://toml.io tells what TOML looks like";
            reader.problem(error.span().unwrap_or(0..0), "project/invalid", message, hint);
            return Err(Error::Invalid { problems: reader.problems });
        }
    };
    let taken = take(&mut reader, document.as_table());
    if reader.problems.is_empty() {
        return Ok(taken);
    }
    reader.problems.sort_by_key(|problem| (problem.line, problem.column));
    Err(Error::Invalid { problems: reader.problems })
}

/// A key, what stands behind it, and where.
struct Field<'d> {
    name: &'d str,
    item: &'d Item,
    key: Range<usize>,
}

impl Field<'_> {
    /// Where its content is; of a section, where its name is.
    fn place(&self) -> Range<usize> {
        let value = self.item.as_value().and_then(toml_edit::Value::span);
        value.unwrap_or_else(|| self.key.clone())
    }
}

fn fields(table: &dyn TableLike) -> impl Iterator<Item = Field<'_>> {
    table.iter().map(|(name, item)| {
        let key = table.key(name).and_then(toml_edit::Key::span).or_else(|| item.span());
        Field { name, item, key: key.unwrap_or(0..0) }
    })
}

struct Reader<'t> {
    file: &'t Path,
    text: &'t str,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn problem(
        &mut self,
        at: Range<usize>,
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |start| start.chars().count()) + 1;
        let (message, hint) = (message.into(), hint.into());
        let file = self.file.to_owned();
        self.problems.push(Problem { file, line, column, code, message, hint });
    }

    fn unknown(&mut self, field: &Field<'_>, known: &[&str]) {
        let message = format!("there is no setting `{}`", shown(field.name));
        let hint = similar::one_of(field.name, known);
        self.problem(field.key.clone(), "project/unknown-key", message, hint);
    }

    fn mistyped(&mut self, field: &Field<'_>, expected: &str, hint: &str) {
        let (name, found) = (shown(field.name), field.item.type_name());
        let message = format!("`{name}` is {expected}, not a TOML {found}");
        self.problem(field.place(), "project/wrong-type", message, hint);
    }

    fn section<'d>(&mut self, field: &Field<'d>, hint: &str) -> Option<&'d dyn TableLike> {
        let table = field.item.as_table_like();
        if table.is_none() {
            self.mistyped(field, "a section", hint);
        }
        table
    }

    fn word<'d>(&mut self, field: &Field<'d>, hint: &str) -> Option<&'d str> {
        let word = field.item.as_str();
        if word.is_none() {
            self.mistyped(field, "a text", hint);
        }
        word
    }

    /// The texts of a list, each with its place.
    fn words(&mut self, field: &Field<'_>, hint: &str) -> Vec<(String, Range<usize>)> {
        let Some(list) = field.item.as_array() else {
            self.mistyped(field, "a list of texts", hint);
            return Vec::new();
        };
        let mut words = Vec::new();
        for value in list {
            let place = value.span().unwrap_or_else(|| field.place());
            if let Some(word) = value.as_str() {
                words.push((word.to_owned(), place));
            } else {
                let message = format!("`{}` is a list of texts", shown(field.name));
                self.problem(place, "project/wrong-type", message, hint);
            }
        }
        words
    }

    fn folders(&mut self, field: &Field<'_>) -> BTreeMap<String, PathBuf> {
        let hint = "a folder is a name and a path, such as `ledger = \"data/ledger\"`";
        let mut folders = BTreeMap::new();
        for field in self.section(field, hint).into_iter().flat_map(fields) {
            if let Some(path) = self.word(&field, hint) {
                folders.insert(field.name.to_owned(), PathBuf::from(path));
            }
        }
        folders
    }

    fn plugins(&mut self, field: &Field<'_>) -> BTreeMap<String, Entry> {
        let hint = "a plugin is a section of its own, such as `[plugins.finance]`";
        let mut plugins = BTreeMap::new();
        for field in self.section(field, hint).into_iter().flat_map(fields) {
            if !is_plugin_name(field.name) {
                let message = format!("`{}` cannot be the name of a plugin", shown(field.name));
                let hint = "lowercase letters, digits and `-`, a letter first, such as `finance`";
                self.problem(field.key.clone(), "plugin/bad-name", message, hint);
            }
            if let Some(table) = self.section(&field, hint) {
                plugins.insert(field.name.to_owned(), self.plugin(table));
            }
        }
        plugins
    }

    fn plugin(&mut self, table: &dyn TableLike) -> Entry {
        let mut entry = Entry::default();
        for field in fields(table) {
            match field.name {
                "source" => {
                    let hint = "the path that it was installed from";
                    entry.source = self.word(&field, hint).map(str::to_owned);
                }
                "digest" => {
                    let hint = "`wharf plugin install` writes it: 64 digits from 0 to f";
                    let word = self.word(&field, hint);
                    entry.digest = word.and_then(|word| word.parse().ok());
                    if word.is_some() && entry.digest.is_none() {
                        let message = "this is not the digest of a component";
                        self.problem(field.place(), "project/bad-digest", message, hint);
                    }
                }
                "imports" => {
                    let words = self.words(&field, "`wharf plugin install` writes it");
                    let names = words.into_iter().map(|(word, _)| word);
                    entry.imports = Some(names.collect::<BTreeSet<_>>());
                }
                "grants" => {
                    let hint = "grants are a section, such as `[plugins.finance.grants]`";
                    if let Some(table) = self.section(&field, hint) {
                        entry.grants = self.grants(table, field.key.clone());
                    }
                }
                _ => self.unknown(&field, PLUGIN_KEYS),
            }
        }
        entry
    }

    /// A table of grants. Each entry is understood by itself, so that its errors have a place.
    fn grants(&mut self, table: &dyn TableLike, at: Range<usize>) -> Grants {
        let mut grants = Grants::default();
        for field in fields(table) {
            match field.name {
                "queues" => self.queues(&field, &mut grants),
                "files" => self.files(&field, &mut grants),
                "http" => {
                    let hint = "origins, such as `[\"https://api.example.com\"]`";
                    for (word, place) in self.words(&field, hint) {
                        let one = Table { http: vec![word], ..Table::default() };
                        grants.http.extend(self.granted(&one, place).http);
                    }
                }
                "secrets" => {
                    let hint = "names of secrets, such as `[\"portal-token\"]`";
                    for (word, place) in self.words(&field, hint) {
                        let one = Table { secrets: vec![word], ..Table::default() };
                        grants.secrets.extend(self.granted(&one, place).secrets);
                    }
                }
                _ => self.unknown(&field, GRANT_KEYS),
            }
        }
        // All together may be more than there may be.
        if let Err(errors) = Grants::parse(&grants.table()) {
            self.refused(errors, &at);
        }
        grants
    }

    fn queues(&mut self, field: &Field<'_>, grants: &mut Grants) {
        let hint = "verbs by queue, such as `{ orders = [\"add\"] }`";
        for field in self.section(field, hint).into_iter().flat_map(fields) {
            let verbs = self.words(&field, "verbs, such as `[\"add\", \"process\"]`");
            for (verb, place) in verbs {
                let queues = BTreeMap::from([(field.name.to_owned(), vec![verb])]);
                let one = self.granted(&Table { queues, ..Table::default() }, place);
                for (queue, verbs) in one.queues {
                    grants.queues.entry(queue).or_default().extend(verbs);
                }
            }
        }
    }

    fn files(&mut self, field: &Field<'_>, grants: &mut Grants) {
        let hint = "`read` or `read-write` by folder, such as `{ ledger = \"read\" }`";
        for field in self.section(field, hint).into_iter().flat_map(fields) {
            if let Some(access) = self.word(&field, hint) {
                let files = BTreeMap::from([(field.name.to_owned(), access.to_owned())]);
                let one = self.granted(&Table { files, ..Table::default() }, field.place());
                grants.files.extend(one.files);
            }
        }
    }

    fn granted(&mut self, one: &Table, at: Range<usize>) -> Grants {
        Grants::parse(one).unwrap_or_else(|errors| {
            self.refused(errors, &at);
            Grants::default()
        })
    }

    fn refused(&mut self, errors: Vec<grant::Error>, at: &Range<usize>) {
        for error in errors {
            self.problem(at.clone(), error.code(), error.to_string(), error.hint());
        }
    }
}
