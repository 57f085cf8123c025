//! Strict JSON (RFC 8259): text to [`Value`] and back.
//!
//! Written by hand because three things are wanted together that no JSON library gives at once:
//! the exact digits of numbers, an error for duplicate keys, and positions a person can go to.
//! [`check`] applies the same rules without building anything; it runs for every enqueued item.
//!
//! Beyond the standard, duplicate keys and nesting deeper than [`DEPTH`] are errors, and a byte
//! order mark at the start is skipped.

mod error;
mod scan;
mod write;

use std::borrow::Cow;
use std::collections::HashSet;

use indexmap::IndexMap;
use indexmap::map::Entry;

use crate::value::{Number, Value};
pub use error::{Error, Kind};
use scan::{Fault, Lead, Scanner, Text};
pub use write::{pretty, write};

/// How deep lists and objects may nest.
pub const DEPTH: usize = crate::limits::JSON_DEPTH_MAX;

/// Reads the one value that `text` is.
pub fn parse(text: &str) -> Result<Value, Error> {
    Scanner::document(text, build).map_err(|fault| fault.locate(text))
}

/// Finds what [`parse`] would find, without building the value.
pub fn check(text: &str) -> Result<(), Error> {
    let mut keys = Vec::new();
    Scanner::document(text, |scanner| skip(scanner, &mut keys)).map_err(|fault| fault.locate(text))
}

/// One step of the way to a part of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'s> {
    Name(&'s str),
    Index(usize),
}

/// Reads only what stands where the steps lead; `None` if they lead nowhere.
///
/// For text that passed [`check`]: of two equal keys on the way the last would win.
pub fn find(text: &str, steps: &[Step<'_>]) -> Result<Option<Value>, Error> {
    let mut keys = Vec::new();
    Scanner::document(text, |scanner| seek(scanner, steps, &mut keys))
        .map_err(|fault| fault.locate(text))
}

fn seek<'t>(
    scanner: &mut Scanner<'t>,
    steps: &[Step<'_>],
    keys: &mut Vec<Cow<'t, str>>,
) -> Result<Option<Value>, Fault> {
    let Some((step, rest)) = steps.split_first() else {
        return build(scanner).map(Some);
    };
    let mut found = None;
    match *step {
        Step::Name(name) if scanner.stands_at(b'{') => scanner.object(|scanner, key| {
            if key.decoded() != name {
                return skip(scanner, keys);
            }
            found = seek(scanner, rest, keys)?;
            Ok(())
        }),
        Step::Index(index) if scanner.stands_at(b'[') => {
            let mut count = 0;
            scanner.list(|scanner| {
                count += 1;
                if count - 1 != index {
                    return skip(scanner, keys);
                }
                found = seek(scanner, rest, keys)?;
                Ok(())
            })
        }
        _ => skip(scanner, keys),
    }?;
    Ok(found)
}

/// Whether `text` is exactly one JSON number.
pub(crate) fn is_number(text: &str) -> bool {
    let mut scanner = Scanner::new(text);
    scanner.number().is_ok_and(|number| number.len() == text.len())
}

fn build(scanner: &mut Scanner<'_>) -> Result<Value, Fault> {
    Ok(match scanner.lead()? {
        Lead::Null => Value::Null,
        Lead::Bool(flag) => Value::Bool(flag),
        Lead::Number => Value::Number(Number::scanned(scanner.number()?)),
        Lead::Text => Value::Text(scanner.text()?.decoded().into_owned()),
        Lead::List => {
            let mut items = Vec::new();
            scanner.list(|scanner| {
                items.push(build(scanner)?);
                Ok(())
            })?;
            Value::List(items)
        }
        Lead::Object => {
            let mut fields = IndexMap::new();
            scanner.object(|scanner, key| match fields.entry(key.decoded().into_owned()) {
                Entry::Occupied(entry) => Err(duplicate(&key, entry.key())),
                Entry::Vacant(entry) => {
                    entry.insert(build(scanner)?);
                    Ok(())
                }
            })?;
            Value::Object(fields)
        }
    })
}

/// Passes over one value. `keys` is a stack shared by all levels, so that one allocation serves.
fn skip<'t>(scanner: &mut Scanner<'t>, keys: &mut Vec<Cow<'t, str>>) -> Result<(), Fault> {
    match scanner.lead()? {
        Lead::Null | Lead::Bool(_) => Ok(()),
        Lead::Number => scanner.number().map(drop),
        Lead::Text => scanner.text().map(drop),
        Lead::List => scanner.list(|scanner| skip(scanner, keys)),
        Lead::Object => {
            let base = keys.len();
            let mut many = HashSet::new();
            scanner.object(|scanner, key| {
                let name = key.decoded();
                if !remember(name, base, keys, &mut many) {
                    return Err(duplicate(&key, &key.decoded()));
                }
                skip(scanner, keys)
            })?;
            keys.truncate(base);
            Ok(())
        }
    }
}

/// Notes a key of the object whose keys start at `base`; false when it was there already.
fn remember<'t>(
    name: Cow<'t, str>,
    base: usize,
    keys: &mut Vec<Cow<'t, str>>,
    many: &mut HashSet<Cow<'t, str>>,
) -> bool {
    // Comparing with each of a few keys is cheaper than hashing; with many it would be quadratic.
    const FEW: usize = 24;
    if keys[base..].contains(&name) {
        return false;
    }
    if keys.len() - base < FEW {
        keys.push(name);
        return true;
    }
    many.insert(name)
}

fn duplicate(key: &Text<'_>, name: &str) -> Fault {
    Fault::new(Kind::DuplicateKey(name.to_owned()), key.start, "each key of an object once")
}

/// For a field that is left out where it stays: what is there is a change, `null` included.
pub(crate) fn some<'de, T, D>(from: D) -> Result<Option<T>, D::Error>
where
    T: serde::Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    T::deserialize(from).map(Some)
}

#[cfg(test)]
mod tests;
