//! Where an expression in a text begins and ends.

use crate::expr::SOURCE;

/// What opens an expression.
pub(crate) const OPEN: &str = "${{";
/// What closes it.
pub(crate) const CLOSE: &str = "}}";

/// Where the `}}` stands that closes the expression whose source begins at `from`. Braces and texts
/// of the expression itself are passed over; where these do not add up, the first `}}` closes it.
pub(crate) fn closing(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (from, 0_usize);
    // No expression is longer, and looking further again and again would take long.
    let end = bytes.len().min(from + 2 * SOURCE);
    while at < end {
        match bytes[at] {
            quote @ (b'"' | b'\'') => match after_quote(&bytes[..end], at, quote) {
                Some(after) => {
                    at = after;
                    continue;
                }
                None => break,
            },
            b'{' => depth += 1,
            b'}' if depth > 0 => depth -= 1,
            b'}' if bytes.get(at + 1) == Some(&b'}') => return Some(at),
            _ => {}
        }
        at += 1;
    }
    text[from..].find(CLOSE).map(|found| from + found)
}

/// Behind the quote that ends the text which begins at `at`.
fn after_quote(bytes: &[u8], at: usize, quote: u8) -> Option<usize> {
    let mut at = at + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_end_of_expressions() {
        for (text, source) in [
            ("a }} b", Some("a ")),
            ("{a: {b: 1}} }} }}", Some("{a: {b: 1}} ")),
            ("\"}}\" }}", Some("\"}}\" ")),
            ("'it\\'s }}' }}", Some("'it\\'s }}' ")),
            ("{a: 1 }}", Some("{a: 1 ")),
            ("it's }}", Some("it's ")),
            ("a } b }}", Some("a } b ")),
            ("a }", None),
            ("", None),
            ("ä\\", None),
        ] {
            assert_eq!(closing(text, 0).map(|end| &text[..end]), source, "{text}");
        }
    }
}
