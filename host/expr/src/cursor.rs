//! A place in the text of an expression: what the hand-written parsers share. It knows characters and
//! offsets, and nothing of any grammar.

use crate::path::PathError;

/// Reads a text from left to right.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'t> {
    text: &'t str,
    offset: usize,
}

impl<'t> Cursor<'t> {
    pub(crate) fn new(text: &'t str) -> Cursor<'t> {
        Cursor { text, offset: 0 }
    }

    /// Bytes read so far; always at a character's border.
    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    /// What is left to read.
    pub(crate) fn rest(&self) -> &'t str {
        self.text.get(self.offset..).unwrap_or_default()
    }

    /// What was read since `start`, an earlier offset.
    pub(crate) fn since(&self, start: usize) -> &'t str {
        self.text.get(start..self.offset).unwrap_or_default()
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(crate) fn advance(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.offset += next.len_utf8();
        Some(next)
    }

    /// Reads `expected` if it comes next.
    pub(crate) fn eat(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        if found {
            self.offset += expected.len_utf8();
        }
        found
    }

    /// Reads `expected` if it comes next.
    pub(crate) fn eat_text(&mut self, expected: &str) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.offset += expected.len();
        }
        found
    }

    /// Reads as long as `accept` says so.
    pub(crate) fn take_while(&mut self, mut accept: impl FnMut(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|c| !accept(c)).unwrap_or(rest.len());
        self.offset += length;
        rest.get(..length).unwrap_or_default()
    }

    pub(crate) fn skip_whitespace(&mut self) {
        self.take_while(char::is_whitespace);
    }

    /// An error at the place reached.
    pub(crate) fn fail(&self, message: impl Into<String>) -> PathError {
        self.fail_at(self.offset, message)
    }

    /// An error at an earlier place.
    pub(crate) fn fail_at(&self, offset: usize, message: impl Into<String>) -> PathError {
        PathError {
            message: message.into(),
            offset,
        }
    }

    /// An error that says what stands here instead of what was `expected`.
    pub(crate) fn unexpected(&self, expected: &str) -> PathError {
        match self.peek() {
            Some(found) => self.fail(format!("expected {expected}, found `{found}`")),
            None => self.fail(format!("expected {expected}, found the end")),
        }
    }
}
