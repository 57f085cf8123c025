//! A mapping by the keys that the grammar gives it.

use indexmap::IndexSet;
use model::similar::closest;

use super::{Reader, described, shown};
use crate::diagnostic::Diagnostic;
use crate::grammar::{Construct, Default, Key, Shape, Takes, words};
use crate::source::Span;
use crate::yaml::{Content, Entry, Node};

/// The entries of a mapping that have the shape their keys take.
pub(super) struct Fields<'n> {
    entries: Vec<(&'static str, &'n Entry)>,
    /// What is pointed at where a key is missing.
    pub(super) head: Span,
    /// Nothing was cut off, so what is not there was not written.
    whole: bool,
}

impl<'n> Fields<'n> {
    /// The value of a key; `None` where it is not given, or cannot be one.
    pub(super) fn get(&self, name: &str) -> Option<&'n Node> {
        self.entry(name).map(|entry| &entry.value)
    }

    pub(super) fn entry(&self, name: &str) -> Option<&'n Entry> {
        self.entries.iter().find(|(key, _)| *key == name).map(|(_, entry)| *entry)
    }
}

impl Reader {
    /// Judges a mapping whose keys are those of one construct; `None` where it is no mapping.
    pub(super) fn fields<'n>(
        &mut self,
        node: &'n Node,
        construct: &'static Construct,
        head: Span,
    ) -> Option<Fields<'n>> {
        let takes = Takes::One(construct.name);
        if !self.fits(construct.title, node, takes) {
            return None;
        }
        Some(self.keys(node, &[construct], head))
    }

    /// Judges the keys of a mapping that may have those of several constructs.
    pub(super) fn keys<'n>(
        &mut self,
        node: &'n Node,
        constructs: &[&'static Construct],
        head: Span,
    ) -> Fields<'n> {
        let written = node.as_mapping().unwrap_or_default();
        let of = constructs[0];
        let mut entries = Vec::new();
        let mut sound = node.whole;
        let mut guessed = Vec::new();
        for entry in written {
            let name = entry.key.text.as_str();
            let known = constructs.iter().find_map(|construct| construct.key(name));
            let Some(key) = known else {
                // A misspelt key is not missing too, and what it holds is read as what was meant.
                let meant = self.unknown_key(entry, constructs, written);
                let fitting =
                    meant.filter(|key| key.takes.shapes().contains(&shape_of(&entry.value)));
                entries.extend(fitting.map(|key| (key.name, entry)));
                guessed.extend(meant.map(|key| key.name));
                continue;
            };
            if self.fits(&format!("`{name}`"), &entry.value, key.takes) {
                entries.push((key.name, entry));
            } else {
                sound = false;
            }
        }
        let fields = Fields { entries, head, whole: sound };
        for key in of.keys.iter().filter(|key| key.default == Default::Required) {
            let there = written.iter().any(|entry| entry.key.text == key.name);
            if node.whole && !there && !guessed.contains(&key.name) {
                self.missing(of, key, head);
            }
        }
        fields
    }

    /// Tells an unknown key; gives the one that was meant, if one was.
    fn unknown_key(
        &mut self,
        entry: &Entry,
        constructs: &[&'static Construct],
        written: &[Entry],
    ) -> Option<&'static Key> {
        let (name, span) = (entry.key.text.as_str(), entry.key.span);
        let known = constructs.iter().flat_map(|construct| construct.keys);
        let free = known.clone().filter(|key| written.iter().all(|e| e.key.text != key.name));
        let meant = closest(name, free.map(|key| key.name));
        let names = known.clone().map(|key| key.name).collect::<IndexSet<_>>();
        let names = names.into_iter().collect::<Vec<_>>().join(", ");
        let message = format!("{} has no key {}", constructs[0].title, shown(name));
        let owner = words().find(|word| word.key(name).is_some() && constructs.len() > 1);
        let guess = match (meant, owner) {
            (_, Some(owner)) => format!("`{name}` goes with {}; ", owner.title),
            (Some(meant), _) => format!("did you mean `{meant}`? "),
            _ => String::new(),
        };
        let meant = meant.filter(|_| owner.is_none());
        let hint = format!("{guess}its keys are {names}");
        let problem = Diagnostic::error("flow/unknown-key", &self.source, span, message, hint);
        self.problems.push(match meant {
            Some(meant) => problem.mended(span, meant),
            None => problem,
        });
        known.clone().find(|key| Some(key.name) == meant)
    }

    fn missing(&mut self, construct: &Construct, key: &Key, head: Span) {
        let message = format!("{} needs the key `{}`", construct.title, key.name);
        let hint =
            format!("`{}` takes {}: {}", key.name, key.takes.expected(), key.takes.example());
        self.report("flow/missing-key", head, message, hint);
    }

    /// Whether a value has a shape that is taken there.
    pub(super) fn fits(&mut self, what: &str, node: &Node, takes: Takes) -> bool {
        let hollow = matches!(takes, Takes::Many(_) | Takes::OneOrMany(_))
            && node.as_list().is_some_and(<[_]>::is_empty);
        if (node.is_empty() || hollow) && !takes.may_be_empty() {
            if node.whole {
                let message = format!("{what} has no value");
                let hint = format!("it takes {}: {}", takes.expected(), takes.example());
                self.report("flow/no-value", node.span, message, hint);
            }
            return false;
        }
        if takes.shapes().contains(&shape_of(node)) {
            return true;
        }
        let message = format!("{what} takes {}, not {}", takes.expected(), described(node));
        let hint = match &node.content {
            Content::Scalar(scalar) if is_glued(&scalar.text) => {
                "a key needs a blank behind its colon: `key: value`".to_owned()
            }
            _ if takes.example().starts_with('`') => format!("write {}", takes.example()),
            _ => takes.example(),
        };
        self.report("flow/wrong-shape", node.span, message, hint);
        false
    }

    /// Exactly one of the keys of a construct must be given; gives its name and value.
    pub(super) fn one_of<'n>(
        &mut self,
        node: &'n Node,
        construct: &'static Construct,
        head: Span,
    ) -> Option<(&'static str, &'n Node)> {
        let before = self.problems.len();
        let fields = self.fields(node, construct, head)?;
        let names = construct.keys.iter().map(|key| key.name);
        let given = names.clone().filter_map(|name| Some((name, fields.entry(name)?)));
        let given = given.collect::<Vec<_>>();
        if let [(name, entry)] = given[..] {
            return Some((name, &entry.value));
        }
        let all = names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let hint = format!("write exactly one of {all}");
        if let [.., (name, entry)] = given[..] {
            let message = format!("{} has `{name}` besides `{}`", construct.title, given[0].0);
            self.report("flow/one-of", entry.key.span, message, hint);
        } else if fields.whole && self.problems.len() == before {
            let message = format!("{} says neither of its keys", construct.title);
            self.report("flow/one-of", node.span, message, hint);
        }
        None
    }
}

fn shape_of(node: &Node) -> Shape {
    match node.content {
        Content::Scalar(_) => Shape::Scalar,
        Content::List(_) => Shape::List,
        Content::Mapping(_) => Shape::Mapping,
    }
}

/// `id:entry`, which YAML takes for a text.
fn is_glued(text: &str) -> bool {
    let Some((key, rest)) = text.split_once(':') else {
        return false;
    };
    !rest.is_empty()
        && !key.is_empty()
        && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}
