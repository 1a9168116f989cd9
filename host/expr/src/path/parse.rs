//! Text → segments, in Jayway's dialect: lenient names after a dot, `['…']`, indexes, slices, unions,
//! wildcards, `..` and filters. Hand-written descent; every failure says where it is.

use std::sync::Arc;

use crate::{
    cursor::Cursor,
    limits,
    path::{
        PathError,
        ast::{Origin, Query, Root, Segment, Selector},
    },
};

/// Where a path stands, which decides where a name without quotes ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The path is the whole text.
    Whole,
    /// An argument of an intrinsic call: `,` and `)` end it.
    Argument,
    /// In a filter: operators end it too.
    Filter,
}

/// Reads paths from a cursor and counts what its limits bound.
pub(super) struct Parser<'c, 't> {
    pub(super) cursor: &'c mut Cursor<'t>,
    segments: usize,
    pub(super) levels: usize,
}

/// Reads the path that begins at the cursor and stops where it ends.
pub(crate) fn query(cursor: &mut Cursor<'_>, place: Place) -> Result<Query, PathError> {
    let mut parser = Parser {
        cursor,
        segments: 0,
        levels: 0,
    };
    let root = parser.root()?;
    parser.segments(Origin::Root(root), place)
}

impl Parser<'_, '_> {
    /// `$`, `$$` or `$name`.
    pub(super) fn root(&mut self) -> Result<Root, PathError> {
        if !self.cursor.eat('$') {
            return Err(self.cursor.unexpected("a path that begins with `$`"));
        }
        if self.cursor.eat('$') {
            return Ok(Root::Context);
        }
        match self.cursor.peek() {
            Some(first) if first == '_' || first.is_alphabetic() => {
                let name = self.cursor.take_while(|c| c == '_' || c.is_alphanumeric());
                Ok(Root::Variable(Arc::from(name)))
            }
            _ => Ok(Root::Input),
        }
    }

    /// The steps after a root or after `@`.
    pub(super) fn segments(&mut self, origin: Origin, place: Place) -> Result<Query, PathError> {
        let mut segments = Vec::new();
        loop {
            let start = self.cursor.offset();
            let segment = if self.cursor.eat_text("..") {
                Segment::Descend(self.selector_after_dot(place)?)
            } else if self.cursor.eat('.') {
                Segment::Child(self.selector_after_dot(place)?)
            } else if self.cursor.eat('[') {
                Segment::Child(self.bracket()?)
            } else {
                return Ok(Query::new(origin, segments));
            };
            self.segments += 1;
            if self.segments > limits::PATH_SEGMENTS_MAX {
                return Err(self.cursor.fail_at(
                    start,
                    format!("a path has at most {} segments", limits::PATH_SEGMENTS_MAX),
                ));
            }
            segments.push(segment);
        }
    }

    fn selector_after_dot(&mut self, place: Place) -> Result<Selector, PathError> {
        if self.cursor.eat('[') {
            return self.bracket();
        }
        let name = self.bare_name(place);
        match name {
            "" => Err(match self.cursor.peek() {
                None => self.cursor.fail("a path must not end with `.`"),
                Some('\'' | '"') => self
                    .cursor
                    .fail("a quoted name stands in brackets: `['name']`"),
                Some(_) => self.cursor.unexpected("a name or `*` after `.`"),
            }),
            "*" => Ok(Selector::Wildcard),
            name => Ok(Selector::Name(name.into())),
        }
    }

    /// A name without quotes. Nearly everything is a name to Jayway, also `a-b`, `@type` and `length()`:
    /// functions do not exist, and such a path finds nothing at run time.
    fn bare_name(&mut self, place: Place) -> &str {
        let mut parentheses = 0_usize;
        self.cursor.take_while(|c| match c {
            '.' | '[' | ']' | '\'' | '"' | ',' => false,
            '(' => {
                parentheses += 1;
                true
            }
            ')' => {
                let opened = parentheses > 0;
                parentheses = parentheses.saturating_sub(1);
                opened
            }
            '=' | '!' | '<' | '>' | '&' | '|' | '~' => place != Place::Filter,
            c => !c.is_whitespace() && !c.is_control(),
        })
    }

    /// What stands in brackets; `[` is read already, `]` is read here.
    fn bracket(&mut self) -> Result<Selector, PathError> {
        self.cursor.skip_whitespace();
        let selector = match self.cursor.peek() {
            Some('*') => {
                self.cursor.advance();
                Selector::Wildcard
            }
            Some('?') => {
                self.cursor.advance();
                Selector::Filter(self.filter()?)
            }
            Some('\'' | '"') => self.names()?,
            Some('-' | ':' | '0'..='9') => self.indexes_or_slice()?,
            Some('(') => return Err(self.cursor.fail("scripts are not supported in a path")),
            _ => {
                return Err(self
                    .cursor
                    .unexpected("a quoted name, an index, a slice, `*` or a filter"));
            }
        };
        self.cursor.skip_whitespace();
        if !self.cursor.eat(']') {
            return Err(self.cursor.unexpected("`]`"));
        }
        Ok(selector)
    }

    fn names(&mut self) -> Result<Selector, PathError> {
        let first = self.quoted()?.into_boxed_str();
        let mut names = vec![first];
        while self.comma() {
            if !matches!(self.cursor.peek(), Some('\'' | '"')) {
                return Err(self.cursor.unexpected("a quoted name after `,`"));
            }
            names.push(self.quoted()?.into_boxed_str());
        }
        Ok(match <[Box<str>; 1]>::try_from(names) {
            Ok([name]) => Selector::Name(name),
            Err(names) => Selector::Names(names),
        })
    }

    fn indexes_or_slice(&mut self) -> Result<Selector, PathError> {
        let first = self.integer()?;
        self.cursor.skip_whitespace();
        if self.cursor.peek() == Some(':') {
            return self.slice(first);
        }
        let mut indexes: Vec<i64> = first.into_iter().collect();
        while self.comma() {
            match self.integer()? {
                Some(index) => indexes.push(index),
                None => return Err(self.cursor.unexpected("an index after `,`")),
            }
        }
        Ok(match indexes.as_slice() {
            [index] => Selector::Index(*index),
            _ => Selector::Indexes(indexes),
        })
    }

    /// `[from:to]`. Jayway reads a third number, the step, and ignores it; so do we.
    fn slice(&mut self, from: Option<i64>) -> Result<Selector, PathError> {
        self.cursor.eat(':');
        self.cursor.skip_whitespace();
        let to = self.integer()?;
        self.cursor.skip_whitespace();
        if self.cursor.eat(':') {
            self.cursor.skip_whitespace();
            self.integer()?;
        }
        Ok(Selector::Slice { from, to })
    }

    fn comma(&mut self) -> bool {
        self.cursor.skip_whitespace();
        let found = self.cursor.eat(',');
        self.cursor.skip_whitespace();
        found
    }

    /// A whole number, or nothing if none stands here.
    fn integer(&mut self) -> Result<Option<i64>, PathError> {
        let start = self.cursor.offset();
        self.cursor.eat('-');
        self.cursor.take_while(|c| c.is_ascii_digit());
        match self.cursor.since(start) {
            "" => Ok(None),
            "-" => Err(self.cursor.unexpected("a digit after `-`")),
            digits => match digits.parse() {
                Ok(number) => Ok(Some(number)),
                Err(_) => Err(self.cursor.fail_at(start, "the index is too large")),
            },
        }
    }

    /// A string in single or double quotes, with backslash escapes.
    pub(super) fn quoted(&mut self) -> Result<String, PathError> {
        let start = self.cursor.offset();
        let quote = self.cursor.advance();
        let mut text = String::new();
        loop {
            match self.cursor.advance() {
                None => return Err(self.cursor.fail_at(start, "the quote is never closed")),
                Some('\\') => text.push(self.escape()?),
                next if next == quote => return Ok(text),
                Some(c) => text.push(c),
            }
        }
    }

    /// The character that a backslash and what follows it stand for.
    fn escape(&mut self) -> Result<char, PathError> {
        let start = self.cursor.offset();
        match self.cursor.advance() {
            Some('n') => Ok('\n'),
            Some('t') => Ok('\t'),
            Some('r') => Ok('\r'),
            Some('b') => Ok('\u{8}'),
            Some('f') => Ok('\u{c}'),
            Some('u') => {
                let digits = self.cursor.rest().get(..4).unwrap_or_default();
                let code = u32::from_str_radix(digits, 16)
                    .ok()
                    .filter(|_| !digits.starts_with('+'));
                match code.and_then(char::from_u32) {
                    Some(c) if self.cursor.eat_text(digits) => Ok(c),
                    _ => Err(self
                        .cursor
                        .fail_at(start, "`\\u` takes four hexadecimal digits")),
                }
            }
            Some(c) => Ok(c),
            None => Err(self
                .cursor
                .fail_at(start, "the text ends after a backslash")),
        }
    }
}
