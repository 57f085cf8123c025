//! Where each byte of a scalar stands in the file.

use granit_parser::ScalarStyle;

use crate::program::Origins;
use crate::source::Span;

/// Follows the text of a scalar through what is written for it. Where the two do not fit together,
/// everything is at the start of the scalar.
pub(super) fn origins(text: &str, style: ScalarStyle, file: &str, span: Span) -> Origins {
    let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
    let quotes =
        usize::from(matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted));
    // Lines without text at the start of a block lie before its span.
    let before =
        if block { file[..span.start].trim_end_matches(is_white).len() } else { span.start };
    let (start, end) = (before + quotes, span.end.saturating_sub(quotes).max(span.start));
    let written = file.get(start..end).unwrap_or_default();
    let mut walk = Walk { text, written, style, at: 0, from: 0, start, pieces: Vec::new() };
    if walk.run().is_none() {
        walk.pieces = vec![(0, span.start)];
    }
    if walk.pieces.is_empty() {
        walk.pieces.push((0, start));
    }
    Origins(walk.pieces)
}

struct Walk<'t> {
    text: &'t str,
    /// What is written for the text, without quotes around it.
    written: &'t str,
    style: ScalarStyle,
    /// The next byte of the text.
    at: usize,
    /// The next byte of what is written.
    from: usize,
    /// Where what is written begins in the file.
    start: usize,
    pieces: Vec<(usize, usize)>,
}

impl Walk<'_> {
    fn run(&mut self) -> Option<()> {
        while self.at < self.text.len() {
            let Some(next) = self.written[self.from..].chars().next() else {
                // The last line of a block may lack its end.
                return self.text[self.at..].chars().all(is_white).then_some(());
            };
            if self.style == ScalarStyle::DoubleQuoted && next == '\\' {
                self.escape()?;
            } else if is_white(next) {
                self.white()?;
            } else {
                if !self.text[self.at..].starts_with(next) {
                    return None;
                }
                let doubled = self.style == ScalarStyle::SingleQuoted && next == '\'';
                self.take(next.len_utf8(), next.len_utf8() + usize::from(doubled));
            }
        }
        Some(())
    }

    /// So many bytes of the text stand for so many that are written.
    fn take(&mut self, bytes: usize, written: usize) {
        let place = self.start + self.from;
        let continues =
            self.pieces.last().is_some_and(|(text, file)| file + (self.at - text) == place);
        if bytes > 0 && !continues {
            self.pieces.push((self.at, place));
        }
        self.at += bytes;
        self.from += written;
    }

    fn escape(&mut self) -> Option<()> {
        let rest = &self.written[self.from + 1..];
        let written = match rest.as_bytes().first()? {
            // The end of the line is lost, and what indents the next one; empty lines are kept.
            b'\n' | b'\r' => {
                let white = run_of_white(rest);
                self.take(breaks(white) - 1, 1 + white.len());
                return Some(());
            }
            b'x' => 4,
            b'u' if is_high_surrogate(rest) => 12,
            b'u' => 6,
            b'U' => 10,
            _ => 2,
        };
        let made = self.text[self.at..].chars().next()?.len_utf8();
        self.take(made, written);
        Some(())
    }

    /// White space, which YAML keeps, folds or cuts.
    fn white(&mut self) -> Option<()> {
        let written = run_of_white(&self.written[self.from..]);
        let text = run_of_white(&self.text[self.at..]);
        if self.is_block() {
            self.block_white(text, written);
            return Some(());
        }
        let made = match breaks(written) {
            0 if text.starts_with(written) => written.len(),
            0 => return None,
            1 => 1,
            more => more - 1,
        };
        self.take(made.min(text.len()), written.len());
        Some(())
    }

    /// The indentation of the last line is cut on its left, so what is left of it ends where the
    /// written one ends. What stands before belongs to the ends of lines.
    fn block_white(&mut self, text: &str, written: &str) {
        let kept = text.len() - text.rfind(['\n', '\r']).map_or(0, |line| line + 1);
        let indented = written.len() - written.rfind(['\n', '\r']).map_or(0, |line| line + 1);
        let kept = kept.min(indented);
        self.take(text.len() - kept, written.len() - kept);
        self.take(kept, kept);
    }

    fn is_block(&self) -> bool {
        matches!(self.style, ScalarStyle::Literal | ScalarStyle::Folded)
    }
}

fn is_white(char: char) -> bool {
    matches!(char, ' ' | '\t' | '\n' | '\r')
}

fn run_of_white(text: &str) -> &str {
    &text[..text.find(|char| !is_white(char)).unwrap_or(text.len())]
}

/// Ends of lines, however they are written.
fn breaks(text: &str) -> usize {
    text.matches('\n').count() + text.matches('\r').count() - text.matches("\r\n").count()
}

fn is_high_surrogate(escape: &str) -> bool {
    let code = escape.get(1..5).and_then(|digits| u16::from_str_radix(digits, 16).ok());
    code.is_some_and(|code| (0xd800..0xdc00).contains(&code))
}
