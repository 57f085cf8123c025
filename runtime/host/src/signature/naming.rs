//! What steps are called.

use std::collections::HashMap;

/// The name of each step, given its interface and its function: the function alone, or as much of
/// the interface before it as no other step shares.
pub(super) fn names(steps: &[(Option<&str>, &str)]) -> Vec<String> {
    let mut names = vec![String::new(); steps.len()];
    let mut open = (0..steps.len()).collect::<Vec<_>>();
    for level in LEVELS {
        let mut same: HashMap<String, Vec<usize>> = HashMap::new();
        for index in open {
            let (interface, function) = steps[index];
            same.entry(level(interface, function)).or_default().push(index);
        }
        open = Vec::new();
        for (name, indices) in same {
            for &index in &indices {
                names[index].clone_from(&name);
            }
            let clash = indices.len() > 1;
            open.extend(indices.into_iter().filter(|index| clash && steps[*index].0.is_some()));
        }
    }
    names
}

type Level = fn(Option<&str>, &str) -> String;

/// From `classify` to `acme:checks/checks@1.0.0.classify`.
const LEVELS: [Level; 4] = [
    |_, function| function.to_owned(),
    |interface, function| joined(interface.map(short), function),
    |interface, function| joined(interface.map(without_version), function),
    joined,
];

fn joined(interface: Option<&str>, function: &str) -> String {
    interface.map_or_else(|| function.to_owned(), |interface| format!("{interface}.{function}"))
}

pub(super) fn without_version(interface: &str) -> &str {
    interface.split_once('@').map_or(interface, |(name, _)| name)
}

/// The name of an interface within its package.
pub(super) fn short(interface: &str) -> &str {
    let name = without_version(interface);
    name.rsplit_once('/').map_or(name, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_as_long_as_needed() {
        let named = names(&[
            (None, "classify"),
            (Some("a:x/checks@1.0.0"), "classify"),
            (Some("a:x/rules"), "classify"),
            (Some("a:x/checks@1.0.0"), "enter"),
            (Some("a:x/checks@1.0.0"), "check"),
            (Some("b:x/checks"), "check"),
            (Some("c:x/checks@1.0.0"), "run"),
            (Some("c:x/checks@2.0.0"), "run"),
        ]);
        let expected = [
            "classify",
            "checks.classify",
            "rules.classify",
            "enter",
            "a:x/checks.check",
            "b:x/checks.check",
            "c:x/checks@1.0.0.run",
            "c:x/checks@2.0.0.run",
        ];
        assert_eq!(named, expected);
    }
}
