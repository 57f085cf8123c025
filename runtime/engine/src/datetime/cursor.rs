//! A place in a text that is read from left to right.

use super::error::Invalid;
use crate::shown::quoted;

#[derive(Debug)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// Passes over `wanted` if it stands here; small and capital letters are the same.
    pub(super) fn eat(&mut self, wanted: &str) -> bool {
        let found = self.rest().get(..wanted.len()).filter(|it| it.eq_ignore_ascii_case(wanted));
        self.at += found.map_or(0, str::len);
        found.is_some()
    }

    /// Passes over a number of so many digits, if one stands here.
    pub(super) fn number(&mut self, least: usize, most: usize) -> Option<i32> {
        self.digits(least, most)?.parse().ok()
    }

    /// Passes over so many digits, if they stand here.
    pub(super) fn digits(&mut self, least: usize, most: usize) -> Option<&'t str> {
        let rest = self.rest();
        let count = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        if count < least {
            return None;
        }
        self.at += count;
        Some(&rest[..count])
    }

    /// Says that something else was expected here.
    pub(super) fn misfit(&self, expected: impl Into<String>, hint: impl Into<String>) -> Invalid {
        self.misfit_at(self.at, expected, hint)
    }

    /// Says that something else was expected where the rest of the text was this long.
    pub(super) fn misfit_before(
        &self,
        rest: &str,
        expected: impl Into<String>,
        hint: impl Into<String>,
    ) -> Invalid {
        self.misfit_at(self.text.len() - rest.len(), expected, hint)
    }

    fn misfit_at(
        &self,
        at: usize,
        expected: impl Into<String>,
        hint: impl Into<String>,
    ) -> Invalid {
        let found = match &self.text[at..] {
            "" => "the end".into(),
            rest => format!("`{}`", quoted(rest)),
        };
        Invalid::Misfit {
            text: quoted(self.text),
            column: self.text[..at].chars().count() + 1,
            expected: expected.into(),
            found,
            hint: hint.into(),
        }
    }
}
