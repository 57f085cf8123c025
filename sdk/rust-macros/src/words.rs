//! Names: as Rust spells them, as the interface does, and as JSON does.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt as _;

/// How far a misspelt word may be from the one that was meant.
const SLIPS_MAX: usize = 2;

/// `UnitPrice`, `unit_price` and `_unit_price` are all `unit-price`; `HTTPError` is `http-error`,
/// and `type_` is `type`.
pub(crate) fn kebab(name: &str) -> String {
    let name: Vec<char> = name.trim_matches('_').chars().collect();
    let mut words = String::new();
    for (at, &c) in name.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| name[at]);
        let after_small = before.is_some_and(|c| c.is_lowercase() || c.is_ascii_digit());
        let after_capital = before.is_some_and(char::is_uppercase);
        let before_small = name.get(at + 1).is_some_and(|c| c.is_lowercase());
        if c.is_uppercase() && (after_small || after_capital && before_small) {
            words.push('-');
        }
        words.extend(if c == '_' { '-' } else { c }.to_lowercase());
    }
    words
}

/// The name as JSON has it.
pub(crate) fn snake(kebab: &str) -> String {
    kebab.replace('-', "_")
}

/// The name in the interface, or why it cannot be one.
pub(crate) fn wire_name(ident: &Ident) -> syn::Result<String> {
    let name = ident.unraw().to_string();
    let wire = kebab(&name);
    let problem = |why: String| Err(syn::Error::new(ident.span(), why));
    if !wire.is_ascii() {
        return problem(format!("`{name}` has letters beyond a to z, which an interface cannot"));
    }
    if name == "gen" {
        return problem("`gen` is a word of Rust that bindings cannot use: choose another".into());
    }
    match wire.split('-').find(|word| !word.starts_with(|c: char| c.is_ascii_alphabetic())) {
        Some("") => problem(format!("`{name}` has an empty word: write one `_` between words")),
        Some(word) => problem(format!(
            "every word of a name begins with a letter, and `{word}` in `{name}` does not: write \
             it out, or join it to the word before"
        )),
        None => Ok(wire),
    }
}

/// The type or case that bindings make of a name in the interface.
pub(crate) fn type_ident(wire: &str) -> Ident {
    let mut name = String::new();
    for word in wire.split('-') {
        let (first, rest) = word.split_at(word.len().min(1));
        name.push_str(&first.to_ascii_uppercase());
        name.push_str(rest);
    }
    Ident::new(&name, Span::call_site())
}

/// The field or function that bindings make of a name in the interface.
pub(crate) fn value_ident(wire: &str) -> Ident {
    let mut name = snake(wire);
    if syn::parse_str::<Ident>(&name).is_err() {
        name.push('_');
    }
    Ident::new(&name, Span::call_site())
}

/// The name that was probably meant.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let far = |name: &str| distance(&word.to_lowercase(), &name.to_lowercase());
    let near = known
        .map(|name| (far(name), name))
        .filter(|(slips, name)| *slips <= SLIPS_MAX && *slips < name.chars().count());
    near.min_by_key(|(slips, _)| *slips).map(|(_, name)| name)
}

/// How many letters have to be put in, taken out or changed.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, a) in left.chars().enumerate() {
        let mut corner = row[0];
        row[0] = at + 1;
        for (to, b) in right.iter().enumerate() {
            let changed = corner + usize::from(a != *b);
            corner = row[to + 1];
            row[to + 1] = changed.min(corner + 1).min(row[to] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_names_for_the_interface() {
        for (rust, wire) in [
            ("classify", "classify"),
            ("unit_price", "unit-price"),
            ("UnitPrice", "unit-price"),
            ("HTTPError", "http-error"),
            ("V2Model", "v2-model"),
            ("Line2", "line2"),
            ("_limit", "limit"),
            ("type_", "type"),
            ("A", "a"),
        ] {
            assert_eq!(kebab(rust), wire, "{rust}");
        }
    }

    #[test]
    fn knows_what_bindings_call_it() {
        assert_eq!(type_ident("http-error"), "HttpError");
        assert_eq!(value_ident("unit-price"), "unit_price");
        assert_eq!(value_ident("type"), "type_");
    }

    #[test]
    fn guesses_what_was_meant() {
        let known = || ["Invoice", "Line", "Id"].into_iter();
        assert_eq!(nearest("Invioce", known()), Some("Invoice"));
        assert_eq!(nearest("invoices", known()), Some("Invoice"));
        assert_eq!(nearest("Xy", known()), None);
        assert_eq!(nearest("Customer", known()), None);
    }
}
