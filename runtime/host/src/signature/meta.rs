//! What a plugin says about itself in sections `wharf:meta`.

use std::collections::HashMap;

use indexmap::IndexMap;
use model::{Value, json};

use super::naming::{short, without_version};
use super::{Interface, Source};
use crate::error::Error;
use crate::names::snake;

/// The one format of entries that is known.
const FORMAT: u64 = 1;

/// What is said, by the full name of the interface it is said about.
#[derive(Debug, Default)]
pub(super) struct Meta {
    entries: HashMap<String, Vec<Entry>>,
}

/// What is said about one interface.
#[derive(Debug)]
struct Entry {
    about: Interface,
    steps: Vec<Item>,
    types: Vec<Item>,
}

/// What is said about a step or a type.
#[derive(Debug)]
pub(super) struct Item {
    name: String,
    pub(super) docs: Option<String>,
    pub(super) open: bool,
    pub(super) infallible: bool,
    pub(super) source: Option<Source>,
    members: Vec<Member>,
}

/// What is said about a parameter, a field or a case.
#[derive(Debug)]
pub(super) struct Member {
    name: String,
    pub(super) docs: Option<String>,
    pub(super) default: Option<Value>,
}

impl Item {
    pub(super) fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }
}

impl Meta {
    /// Reads the sections of a component that knows these interfaces.
    pub(super) fn read(sections: &[&[u8]], interfaces: &[String]) -> Result<Self, Error> {
        let mut meta = Self::default();
        for section in sections {
            let mut rest = *section;
            while !rest.is_empty() {
                let text = next(&mut rest)?;
                let value = json::parse(text).map_err(|error| bad(error.to_string()))?;
                if let Some(entry) = entry(&value)?
                    && let Some(name) = meant(&entry.about, interfaces)
                {
                    meta.entries.entry(name.clone()).or_default().push(entry);
                }
            }
        }
        Ok(meta)
    }

    pub(super) fn interface(&self, name: &str) -> Interface {
        let entry = self.entries.get(name).and_then(|entries| entries.first());
        let about = entry.map(|entry| entry.about.clone()).unwrap_or_default();
        Interface { name: name.to_owned(), ..about }
    }

    pub(super) fn step(&self, interface: &str, name: &str) -> Option<&Item> {
        self.find(interface, |entry| entry.steps.iter().find(|item| item.name == name))
    }

    pub(super) fn ty(&self, interface: &str, name: &str) -> Option<&Item> {
        self.find(interface, |entry| entry.types.iter().find(|item| item.name == name))
    }

    fn find<'m>(
        &'m self,
        interface: &str,
        in_entry: impl Fn(&'m Entry) -> Option<&'m Item>,
    ) -> Option<&'m Item> {
        self.entries.get(interface)?.iter().find_map(in_entry)
    }
}

/// Cuts the next entry off the section.
fn next<'s>(rest: &mut &'s [u8]) -> Result<&'s str, Error> {
    let cut = rest.split_first_chunk::<4>().and_then(|(length, entries)| {
        entries.split_at_checked(u32::from_le_bytes(*length) as usize)
    });
    let (entry, left) = cut.ok_or_else(|| bad("an entry is longer than its section"))?;
    *rest = left;
    str::from_utf8(entry).map_err(|_| bad("an entry is not text"))
}

/// The full name of the interface an entry is about, if the component has it. The short name is
/// enough; where it stands for several interfaces, the plugin's name decides.
fn meant<'i>(about: &Interface, interfaces: &'i [String]) -> Option<&'i String> {
    let named = |full: &&String| [full.as_str(), without_version(full)].contains(&&*about.name);
    if let Some(full) = interfaces.iter().find(named) {
        return Some(full);
    }
    let mut alike = interfaces.iter().filter(|full| short(full) == about.name);
    match (alike.next(), alike.next()) {
        (Some(only), None) => Some(only),
        (Some(_), Some(_)) => {
            let plugin = snake(about.plugin.as_deref()?);
            interfaces
                .iter()
                .find(|full| short(full) == about.name && snake(package(full)) == plugin)
        }
        (None, _) => None,
    }
}

/// `finance` of `plugin:finance/checks`.
fn package(interface: &str) -> &str {
    let name = interface.split_once('/').map_or(interface, |(package, _)| package);
    name.split_once(':').map_or(name, |(_, name)| name)
}

/// One entry; none where its format is not known.
fn entry(value: &Value) -> Result<Option<Entry>, Error> {
    let entry = Object::new("the entry", value)?;
    if value.get("format").and_then(Value::as_number).and_then(model::Number::as_u64)
        != Some(FORMAT)
    {
        return Ok(None);
    }
    let about = Interface {
        name: entry.needed("interface")?,
        docs: entry.text("docs")?,
        plugin: entry.text("plugin")?,
        version: entry.text("version")?,
        sdk: entry.text("sdk")?,
    };
    let steps = entry.each("steps", |step| item(step, "params"))?;
    let types = entry.each("types", |ty| item(ty, "fields"))?;
    Ok(Some(Entry { about, steps, types }))
}

fn item(object: &Object<'_>, members: &str) -> Result<Item, Error> {
    let file = object.text("file")?;
    let line = object.line("line")?;
    Ok(Item {
        name: object.needed("name")?,
        docs: object.text("docs")?,
        open: object.flag("open")?,
        infallible: object.flag("infallible")?,
        source: file.zip(line).map(|(file, line)| Source { file, line }),
        members: object.each(members, member)?,
    })
}

fn member(object: &Object<'_>) -> Result<Member, Error> {
    Ok(Member {
        name: object.needed("name")?,
        docs: object.text("docs")?,
        default: object.fields.get("default").cloned(),
    })
}

fn bad(problem: impl Into<String>) -> Error {
    Error::BadMeta { problem: problem.into() }
}

/// An object of an entry, and where it stands there.
struct Object<'v> {
    path: String,
    fields: &'v IndexMap<String, Value>,
}

impl<'v> Object<'v> {
    fn new(path: impl Into<String>, value: &'v Value) -> Result<Self, Error> {
        let path = path.into();
        match value.as_object() {
            Some(fields) => Ok(Self { path, fields }),
            None => Err(bad(format!("{path} must be an object"))),
        }
    }

    fn mistyped(&self, name: &str, wanted: &str) -> Error {
        bad(format!("`{name}` of {} must be {wanted}", self.path))
    }

    fn needed(&self, name: &str) -> Result<String, Error> {
        self.text(name)?.ok_or_else(|| self.mistyped(name, "there"))
    }

    fn text(&self, name: &str) -> Result<Option<String>, Error> {
        match self.fields.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text.clone())),
            Some(_) => Err(self.mistyped(name, "a text")),
        }
    }

    fn flag(&self, name: &str) -> Result<bool, Error> {
        match self.fields.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(self.mistyped(name, "true or false")),
        }
    }

    fn line(&self, name: &str) -> Result<Option<u32>, Error> {
        let Some(value) = self.fields.get(name) else { return Ok(None) };
        let line = value.as_number().and_then(|number| number.as_str().parse().ok());
        line.map(Some).ok_or_else(|| self.mistyped(name, "the number of a line"))
    }

    fn each<T>(
        &self,
        name: &str,
        read: impl Fn(&Object<'v>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let items = match self.fields.get(name) {
            None => &[],
            Some(Value::List(items)) => items.as_slice(),
            Some(_) => return Err(self.mistyped(name, "a list")),
        };
        let place = if self.path == "the entry" { "" } else { &self.path };
        let dot = if place.is_empty() { "" } else { "." };
        let items = items.iter().enumerate();
        items
            .map(|(index, item)| read(&Object::new(format!("{place}{dot}{name}[{index}]"), item)?))
            .collect()
    }
}
