//! Foreign text as a person may safely see it.

use std::fmt::Write;

/// How much of a text a message quotes.
const QUOTED_CHARS_MAX: usize = 64;

/// The start of a text, on one line, with characters that would not be seen written out.
pub(crate) fn quoted(text: &str) -> String {
    let mut shown = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == QUOTED_CHARS_MAX {
            shown.push('…');
            break;
        }
        show(&mut shown, character);
    }
    shown
}

/// The whole text on one line, with characters that would not be seen written out.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    text.chars().for_each(|character| show(&mut shown, character));
    shown
}

fn show(shown: &mut String, character: char) {
    match character {
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push_str("\\t"),
        _ if misleads(character) => {
            write!(shown, "\\u{{{:x}}}", character as u32).expect("a String takes all");
        }
        _ => shown.push(character),
    }
}

/// Moves a cursor, changes the direction of what follows, breaks a line, or is not seen at all.
fn misleads(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_out_what_cannot_be_seen() {
        for (text, shown) in [
            ("plain é 年", "plain é 年"),
            ("a\nb\r\tc", "a\\nb\\r\\tc"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("a\u{202e}b\u{2066}c", "a\\u{202e}b\\u{2066}c"),
            ("zero\u{200b}width", "zero\\u{200b}width"),
            ("\0\u{7f}", "\\u{0}\\u{7f}"),
        ] {
            assert_eq!(visible(text), shown);
            assert_eq!(quoted(text), shown);
        }
    }

    #[test]
    fn quotes_only_the_start() {
        let full = "x".repeat(QUOTED_CHARS_MAX);
        assert_eq!(quoted(&full), full);
        assert_eq!(quoted(&format!("{full}y")), format!("{full}…"));
    }
}
