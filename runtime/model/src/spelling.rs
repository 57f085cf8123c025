//! Spellings of one name: `due_date`, `due-date`, `dueDate` and `DueDate`.

/// The words of `spelt` in lower case, with `_` between them.
pub fn snake(spelt: &str) -> String {
    let mut words = String::with_capacity(spelt.len() + 4);
    let mut before = '_';
    let mut rest = spelt.chars().peekable();
    while let Some(character) = rest.next() {
        let starts_word = character.is_ascii_uppercase()
            && before != '_'
            && (!before.is_ascii_uppercase() || rest.peek().is_some_and(char::is_ascii_lowercase));
        before = if character == '-' { '_' } else { character };
        if starts_word {
            words.push('_');
        }
        words.push(before.to_ascii_lowercase());
    }
    words
}

/// Whether `spelt` is `snake` with a capital in place of each `_`; the first letter may be either.
pub fn is_camel(spelt: &str, snake: &str) -> bool {
    let mut spelt = spelt.bytes();
    let mut starts_word = false;
    for (index, byte) in snake.bytes().enumerate() {
        if byte == b'_' {
            starts_word = true;
            continue;
        }
        let Some(found) = spelt.next() else { return false };
        let capital = found == byte.to_ascii_uppercase();
        if !(capital && (starts_word || index == 0) || found == byte && !starts_word) {
            return false;
        }
        starts_word = false;
    }
    spelt.next().is_none()
}

/// The name among `names`, which are in snake case, that is meant by `spelt`: as it is, then by
/// words, then as camel case.
pub fn meant<'n>(spelt: &str, names: &(impl Iterator<Item = &'n str> + Clone)) -> Option<&'n str> {
    let words = snake(spelt);
    let exact = |wanted: &str| names.clone().find(|name| *name == wanted);
    exact(spelt).or_else(|| exact(&words)).or_else(|| names.clone().find(|it| is_camel(spelt, it)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_spellings() {
        for (spelt, expected) in [
            ("due_date", "due_date"),
            ("due-date", "due_date"),
            ("dueDate", "due_date"),
            ("DueDate", "due_date"),
            ("DUE_DATE", "due_date"),
            ("duedate", "duedate"),
            ("customerID", "customer_id"),
            ("HTTPServer", "http_server"),
            ("line2Total", "line2_total"),
            ("due__date", "due__date"),
            ("due date", "due date"),
            ("Straße", "straße"),
            ("", ""),
        ] {
            assert_eq!(snake(spelt), expected, "{spelt}");
        }
    }

    #[test]
    fn names_are_meant_by_spellings() {
        let names = ["number", "due_date", "x_y_z", "x_yz"];
        for (spelt, expected) in [
            ("Number", Some("number")),
            ("due-date", Some("due_date")),
            ("DueDate", Some("due_date")),
            ("duedate", None),
            ("xYZ", Some("x_yz")),
            ("x_y_z", Some("x_y_z")),
            ("", None),
        ] {
            assert_eq!(meant(spelt, &names.into_iter()), expected, "{spelt}");
        }
    }
}
