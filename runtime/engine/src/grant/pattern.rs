//! Names, and beginnings of names.

use std::fmt;

/// A name, or with `*` at its end every name that begins so.
///
/// More would be possible, but what two such patterns have in common is again one such pattern, and
/// a person sees at once what it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pattern {
    stem: String,
    open: bool,
}

impl Pattern {
    /// Reads a pattern; says what is wrong with any other text.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let (stem, open) = text.strip_suffix('*').map_or((text, false), |stem| (stem, true));
        if text.is_empty() {
            return Err("a name is empty");
        }
        if stem.contains('*') {
            return Err("`*` stands elsewhere than at the end");
        }
        if stem.chars().any(char::is_control) {
            return Err("a name has control characters");
        }
        Ok(Self { stem: stem.to_owned(), open })
    }

    pub fn matches(&self, name: &str) -> bool {
        if self.open { name.starts_with(&self.stem) } else { name == self.stem }
    }

    /// The pattern of the names that both match, if there are any.
    pub fn meet(&self, other: &Self) -> Option<Self> {
        let (longer, shorter) =
            if self.stem.len() > other.stem.len() { (self, other) } else { (other, self) };
        let same = longer.stem == shorter.stem;
        let within = shorter.open && longer.stem.starts_with(&shorter.stem);
        let open = longer.open && (shorter.open || !same);
        (same || within).then(|| Self { stem: longer.stem.clone(), open })
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}", self.stem, if self.open { "*" } else { "" })
    }
}
