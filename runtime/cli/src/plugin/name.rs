//! What plugins may be called: a name has to do as a crate, as a module and in an interface.

use crate::toolchain::Error;

/// A name has at most as many letters: folders, files and interfaces repeat it.
const NAME_BYTES_MAX: usize = 64;

/// Words that Rust keeps for itself, and names that are taken by the libraries of every crate.
const TAKEN: &[&str] = &[
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "core",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "proc-macro",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "wharf",
    "wharf-macros",
    "where",
    "while",
    "yield",
];

/// What makes a name of a taken word.
const ADDED: &str = "-steps";

/// An error that names the rule, and a name close by that would do.
pub(crate) fn check(name: &str) -> Result<(), Error> {
    match problem(name) {
        None => Ok(()),
        Some(problem) => {
            Err(Error::BadName { name: shown(name), problem, suggestion: suggestion(name) })
        }
    }
}

fn problem(name: &str) -> Option<&'static str> {
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() {
        Some("it is empty")
    } else if name.len() > NAME_BYTES_MAX {
        Some("it is longer than 64 letters")
    } else if !name.chars().all(known) {
        Some("only lowercase letters a to z, digits, and `-` between words are possible")
    } else if name.split('-').any(str::is_empty) {
        Some("one `-` stands between words, and none around them")
    } else if !name.split('-').all(|word| word.starts_with(|c: char| c.is_ascii_lowercase())) {
        Some("every word begins with a letter")
    } else if TAKEN.contains(&name) {
        Some("the word is taken by Rust or by the SDK")
    } else {
        None
    }
}

/// The name with everything mended that can be.
fn suggestion(name: &str) -> Option<String> {
    let plain: String = name.chars().filter_map(plain).collect();
    let mut mended = String::new();
    for word in plain.split('-').filter(|word| !word.is_empty()) {
        let is_number = word.starts_with(|c: char| c.is_ascii_digit());
        if mended.is_empty() {
            mended.push_str(word.trim_start_matches(|c: char| c.is_ascii_digit()));
        } else if is_number {
            // `finance-2` is no name, `finance2` is one.
            mended.push_str(word);
        } else {
            mended.push('-');
            mended.push_str(word);
        }
    }
    mended.truncate(NAME_BYTES_MAX);
    let mut mended = mended.trim_end_matches('-').to_owned();
    if TAKEN.contains(&mended.as_str()) {
        mended.push_str(ADDED);
    }
    problem(&mended).is_none().then_some(mended)
}

/// The letter as names have it; what stands between words becomes `-`, the rest goes.
fn plain(c: char) -> Option<char> {
    match c {
        'a'..='z' | '0'..='9' => Some(c),
        'A'..='Z' => Some(c.to_ascii_lowercase()),
        '_' | '-' | '.' | ' ' | '/' | ':' => Some('-'),
        _ => None,
    }
}

/// The name as it can be printed.
fn shown(name: &str) -> String {
    crate::output::one_line(name, NAME_BYTES_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_for_everywhere_are_accepted() {
        let longest = "a".repeat(NAME_BYTES_MAX);
        for name in ["finance", "a", "v2", "invoice-lines", "x1-y2-z3", "types", &longest] {
            assert!(check(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn refused_names_come_with_better_ones() {
        let (long, cut) = ("a".repeat(NAME_BYTES_MAX + 1), "a".repeat(NAME_BYTES_MAX));
        for (name, better) in [
            ("Finance_2", Some("finance2")),
            ("finance-2", Some("finance2")),
            ("Invoice Lines", Some("invoice-lines")),
            ("2fast", Some("fast")),
            ("--a--b--", Some("a-b")),
            ("plugins/x", Some("plugins-x")),
            ("Größe", Some("gre")),
            ("type", Some("type-steps")),
            ("wharf", Some("wharf-steps")),
            ("proc_macro", Some("proc-macro-steps")),
            (&long, Some(cut.as_str())),
            ("", None),
            ("42", None),
            ("🦀", None),
        ] {
            let Err(Error::BadName { suggestion, .. }) = check(name) else {
                panic!("`{name}` was accepted")
            };
            assert_eq!(suggestion.as_deref(), better, "{name}");
            assert!(better.is_none_or(|better| check(better).is_ok()), "{name}");
        }
    }

    #[test]
    fn each_rule_has_its_words() {
        for (name, words) in [
            ("", "empty"),
            ("A", "only lowercase"),
            ("a--b", "one `-`"),
            ("-a", "one `-`"),
            ("a-1", "begins with a letter"),
            ("mod", "taken"),
        ] {
            let problem = problem(name).expect(name);
            assert!(problem.contains(words), "{name}: {problem}");
        }
    }
}
