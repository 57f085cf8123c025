//! Unquoted `${{ … }}` that YAML would read as something else: with ` #` in it (a comment to YAML),
//! with `: ` in it (a mapping), and within `{ }` or `[ ]` (a mapping in a mapping).
//!
//! They are found before YAML is parsed and kept from the parser, so that one of them costs one
//! problem and everything around it is still read.

use crate::braces::{CLOSE, OPEN, closing};
use crate::source::Span;

/// A scalar that needs quotes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Trap {
    pub(super) scalar: Span,
    /// The expressions in it, braces included.
    pub(super) expressions: Vec<Span>,
    pub(super) why: Why,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    Comment,
    Colon,
    Brackets,
}

/// Finds all of them, reading no more of YAML than is needed to know what is quoted.
pub(super) fn find(text: &str) -> Vec<Trap> {
    if !text.contains(OPEN) {
        return Vec::new();
    }
    let mut scan = Scan {
        text,
        at: 0,
        line: 0,
        end: 0,
        depth: 0,
        column: 0,
        runs_on: false,
        traps: Vec::new(),
    };
    scan.begin_line(0);
    scan.run();
    scan.traps
}

/// The text with each trap replaced by as many harmless bytes.
pub(super) fn hidden(text: &str, traps: &[Trap]) -> String {
    let mut hidden = String::with_capacity(text.len());
    let mut from = 0;
    for span in traps.iter().flat_map(|trap| &trap.expressions) {
        hidden.push_str(&text[from..span.start]);
        hidden.extend(std::iter::repeat_n('x', span.end - span.start));
        from = span.end;
    }
    hidden.push_str(&text[from..]);
    hidden
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
    /// Where the line begins.
    line: usize,
    /// Where the line ends.
    end: usize,
    /// Open brackets.
    depth: usize,
    /// The column of the key or dash whose value is being read.
    column: usize,
    /// The line before ended with an unquoted text, which may go on.
    runs_on: bool,
    traps: Vec<Trap>,
}

impl Scan<'_> {
    fn run(&mut self) {
        while let Some(byte) = self.byte(0) {
            match byte {
                b'\n' => self.next_line(),
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'#' if self.blank_before() => self.skip_line(),
                _ if self.runs_on => self.skip_line(),
                quote @ (b'"' | b'\'') => self.quoted(quote),
                b'[' | b'{' => self.bracket(1),
                b']' | b'}' if self.depth > 0 => self.bracket(-1),
                b'-' | b'?' | b':' if self.ends_word(1) => self.indicator(),
                // Behind a quoted key within brackets no blank is needed.
                b':' | b',' if self.depth > 0 => self.at += 1,
                b'|' | b'>' if self.depth == 0 && self.is_header() => self.block(),
                b'&' | b'!' | b'*' => self.property(),
                _ => self.plain(),
            }
        }
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn blank_before(&self) -> bool {
        self.at == self.line || matches!(self.text.as_bytes()[self.at - 1], b' ' | b'\t')
    }

    /// Whether a blank, the end of the line, or within brackets a bracket or comma stands there.
    fn ends_word(&self, ahead: usize) -> bool {
        match self.byte(ahead) {
            None | Some(b' ' | b'\t' | b'\n' | b'\r') => true,
            Some(b',' | b'[' | b']' | b'{' | b'}') => self.depth > 0,
            _ => false,
        }
    }

    fn begin_line(&mut self, at: usize) {
        self.line = at;
        self.end = self.text[at..].find('\n').map_or(self.text.len(), |end| at + end);
    }

    fn next_line(&mut self) {
        self.at += 1;
        self.begin_line(self.at);
        let blank = self.rest_of_line().trim().is_empty();
        let indent = self.indent();
        // A text goes on in lines that are indented more than what it belongs to.
        self.runs_on &= blank || indent > self.column && self.depth == 0;
    }

    fn rest_of_line(&self) -> &str {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    fn indent(&self) -> usize {
        self.text[self.line..].bytes().take_while(|byte| *byte == b' ').count()
    }

    fn skip_line(&mut self) {
        self.at = self.end;
    }

    fn quoted(&mut self, quote: u8) {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.byte(0) {
            self.at += 1;
            match byte {
                b'\\' if quote == b'"' && self.byte(0) != Some(b'\n') => self.at += 1,
                b'\n' => self.begin_line(self.at),
                _ if byte != quote => {}
                b'\'' if self.byte(0) == Some(b'\'') => self.at += 1,
                _ => break,
            }
        }
        self.at = self.text.ceil_char_boundary(self.at);
        if self.byte(0) == Some(b':') && self.line <= start {
            self.column = start - self.line;
        }
    }

    fn bracket(&mut self, change: isize) {
        self.depth = self.depth.saturating_add_signed(change);
        self.at += 1;
    }

    fn indicator(&mut self) {
        if self.depth == 0 && self.byte(0) != Some(b':') {
            self.column = self.at - self.line;
        }
        self.at += 1;
    }

    /// An anchor, a tag or an alias.
    fn property(&mut self) {
        self.at += 1;
        while !self.ends_word(0) {
            self.at += 1;
        }
    }

    fn is_header(&self) -> bool {
        let header = self.rest_of_line()[1..].trim_end();
        let marks = header.trim_start_matches(|mark: char| matches!(mark, '+' | '-' | '1'..='9'));
        marks.is_empty() || marks.trim_start().starts_with('#') && marks.starts_with([' ', '\t'])
    }

    /// A block of text goes on in all lines that are indented more than what it belongs to.
    fn block(&mut self) {
        let top = self.column == 0 && self.text[self.line..self.at].trim().is_empty();
        self.skip_line();
        while self.byte(0).is_some() {
            self.next_line();
            let blank = self.rest_of_line().trim().is_empty();
            if !blank && !top && self.indent() <= self.column {
                return;
            }
            self.skip_line();
        }
    }

    /// An unquoted text, up to the end of the line at most.
    fn plain(&mut self) {
        let start = self.at;
        let mut expressions = Vec::new();
        let line_end = self.end;
        let mut closes = true;
        while self.at < line_end {
            let blank = matches!(self.byte(0), Some(b' ' | b'\t'));
            if closes && self.text.as_bytes()[self.at..].starts_with(OPEN.as_bytes()) {
                if let Some(close) = closing(&self.text[..line_end], self.at + OPEN.len()) {
                    expressions.push(Span::new(self.at, close + CLOSE.len()));
                    self.at = close + CLOSE.len();
                    continue;
                }
                closes = false;
                self.at += OPEN.len() - 1;
            } else if self.byte(0) == Some(b':') && self.ends_word(1)
                || blank && self.byte(1) == Some(b'#')
                || self.depth > 0 && matches!(self.byte(0), Some(b',' | b'[' | b']' | b'{' | b'}'))
            {
                break;
            }
            self.at += 1;
        }
        if self.byte(0) == Some(b':') && self.depth == 0 {
            self.column = start - self.line;
        } else {
            self.runs_on = self.at == line_end && self.depth == 0;
        }
        self.judge(start, expressions);
    }

    fn judge(&mut self, start: usize, expressions: Vec<Span>) {
        let end = start + self.text[start..self.at].trim_end().len();
        let says = |what: &str| {
            expressions.iter().any(|span| self.text[span.start..span.end].contains(what))
        };
        let why = if expressions.is_empty() {
            return;
        } else if self.depth > 0 {
            Why::Brackets
        } else if says(" #") || says("\t#") {
            Why::Comment
        } else if says(": ") || says(":\t") {
            Why::Colon
        } else {
            return;
        };
        self.traps.push(Trap { scalar: Span::new(start, end), expressions, why });
    }
}
