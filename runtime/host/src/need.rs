//! What a plugin must be granted before all of its functions can work.

use std::collections::BTreeSet;

use engine::grant::{Access, Grants, Verb};

use crate::signature::{Import, Provider, Signature};

/// Something that a plugin asks for and that must be granted. Which queue, folder, host or secret
/// it will be is not known before it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    Queue(Verb),
    Files(Access),
    Http,
    Secret,
}

impl Need {
    /// Everything that a component asks for.
    pub fn of(component: &Signature) -> BTreeSet<Self> {
        component.imports.iter().flat_map(Self::of_import).collect()
    }

    /// What of an import must be granted.
    pub fn of_import(import: &Import) -> BTreeSet<Self> {
        let Provider::Host(interface) = &import.from else { return BTreeSet::new() };
        let functions = import.functions.iter();
        functions.filter_map(|function| Self::of_function(interface, function)).collect()
    }

    fn of_function(interface: &str, function: &str) -> Option<Self> {
        match (interface, function) {
            ("work-queue", "add" | "add-many") => Some(Self::Queue(Verb::Add)),
            ("work-queue", "process") => Some(Self::Queue(Verb::Process)),
            ("work-queue", "get" | "find") => Some(Self::Queue(Verb::Read)),
            ("work-queue", "update") => Some(Self::Queue(Verb::Update)),
            ("work-queue", "requeue") => Some(Self::Queue(Verb::Requeue)),
            ("work-queue", "note") => Some(Self::Queue(Verb::Note)),
            ("files", "read" | "list") => Some(Self::Files(Access::Read)),
            ("files", "write" | "delete" | "create-folder") => Some(Self::Files(Access::ReadWrite)),
            ("http", _) => Some(Self::Http),
            ("secrets", _) => Some(Self::Secret),
            _ => None,
        }
    }

    /// The interfaces a component asks for of which something must be granted.
    pub fn interfaces(component: &Signature) -> BTreeSet<String> {
        let granted = component.imports.iter().filter(|it| !Self::of_import(it).is_empty());
        let names = granted.filter_map(|import| match &import.from {
            Provider::Host(interface) => Some(interface.clone()),
            Provider::Wasi => None,
        });
        names.collect()
    }

    /// Whether there is anything that it was granted for.
    pub fn is_met(self, grants: &Grants) -> bool {
        match self {
            Self::Queue(verb) => grants.queues.values().any(|verbs| verbs.contains(&verb)),
            Self::Files(access) => grants.files.values().any(|most| access <= *most),
            Self::Http => !grants.http.is_empty(),
            Self::Secret => !grants.secrets.is_empty(),
        }
    }

    /// The option of `wharf plugin grant` that grants it, with a word in capitals for what only a
    /// person knows.
    pub fn option(self) -> String {
        match self {
            Self::Queue(verb) => format!("--queue QUEUE={}", verb.name()),
            Self::Files(access) => format!("--files FOLDER={}", access.name()),
            Self::Http => "--http ORIGIN".into(),
            Self::Secret => "--secret NAME".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    /// A function that is added to the contract must be judged here.
    #[test]
    fn every_function_of_contract_is_judged() {
        let interfaces = contract::offered().interfaces.iter();
        let all = interfaces.flat_map(|(name, all)| all.iter().map(move |it| (name, it)));
        for (interface, function) in all {
            // A method is imported as `[method]claimed.note`.
            let function = function.rsplit(']').next().expect("there is a last one");
            let asks = Need::of_function(interface, function).is_some();
            let is_free = match interface.as_str() {
                "work-queue" => function == "commit" || function.starts_with("claimed."),
                "datetime" | "json" | "log" => true,
                _ => false,
            };
            assert_eq!(asks, !is_free, "{interface} {function}");
        }
    }

    #[test]
    fn needs_are_met_by_what_includes_them() {
        let table = engine::grant::Table {
            queues: [("a".to_owned(), vec!["add".to_owned()])].into(),
            files: [("b".to_owned(), "read-write".to_owned())].into(),
            ..engine::grant::Table::default()
        };
        let grants = Grants::parse(&table).expect("it is one");
        for (need, met) in [
            (Need::Queue(Verb::Add), true),
            (Need::Queue(Verb::Read), false),
            (Need::Files(Access::Read), true),
            (Need::Files(Access::ReadWrite), true),
            (Need::Http, false),
            (Need::Secret, false),
        ] {
            assert_eq!(need.is_met(&grants), met, "{}", need.option());
        }
    }
}
