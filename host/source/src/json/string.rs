//! Strings of JSON and their escapes.

use super::Reader;
use crate::{Diagnostic, Span};

impl Reader<'_> {
    /// Reads the string that begins here with its opening quote.
    pub(super) fn string(&mut self) -> Result<String, Diagnostic> {
        let start = self.offset;
        self.offset += 1;
        let mut value = String::new();
        loop {
            let rest = self.rest();
            let plain = rest
                .find(|c: char| matches!(c, '"' | '\\' | '\0'..='\u{1f}'))
                .unwrap_or(rest.len());
            value.push_str(rest.get(..plain).unwrap_or_default());
            self.offset += plain;
            match self.peek() {
                Some('"') => {
                    self.offset += 1;
                    return Ok(value);
                }
                Some('\\') => value.push(self.escape()?),
                Some('\n' | '\r') | None => {
                    return Err(self
                        .error("This string is not closed", Span::new(start, self.offset))
                        .with_label("a closing `\"` is missing")
                        .with_help("a line break inside a string is written \\n"));
                }
                Some(control) => {
                    return Err(self
                        .error(
                            "A control character stands in a string",
                            Span::new(self.offset, self.offset + control.len_utf8()),
                        )
                        .with_help(format!("write it as \\u{:04x}", u32::from(control))));
                }
            }
        }
    }

    /// Reads the escape that begins here with its backslash.
    fn escape(&mut self) -> Result<char, Diagnostic> {
        let start = self.offset;
        self.offset += 1;
        let letter = self.peek();
        let character = match letter {
            Some(plain @ ('"' | '\\' | '/')) => plain,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => return self.unicode_escape(start),
            _ => {
                let end = self.offset + letter.map_or(0, char::len_utf8);
                return Err(self
                    .error("JSON knows no such escape", Span::new(start, end))
                    .with_help("for a backslash in a string write two: \\\\"));
            }
        };
        self.offset += 1;
        Ok(character)
    }

    fn unicode_escape(&mut self, start: usize) -> Result<char, Diagnostic> {
        let Some(first) = self.hex_unit() else {
            return Err(self.no_unicode(start, "four hexadecimal digits follow \\u"));
        };
        if let Some(character) = char::from_u32(first) {
            return Ok(character);
        }
        // Half of a pair: the other half has to follow, and in this order.
        if !(0xd800..0xdc00).contains(&first) || !self.take("\\") {
            return Err(self.no_unicode(start, "this is half of a surrogate pair"));
        }
        match self.hex_unit() {
            Some(second @ 0xdc00..=0xdfff) => {
                let code_point = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                char::from_u32(code_point)
                    .ok_or_else(|| self.no_unicode(start, "this is no character"))
            }
            _ => Err(self.no_unicode(start, "this is half of a surrogate pair")),
        }
    }

    /// Reads `uXXXX`, the part of an escape behind its backslash.
    fn hex_unit(&mut self) -> Option<u32> {
        let digits = self.rest().strip_prefix('u')?.get(..4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.offset += 5;
        u32::from_str_radix(digits, 16).ok()
    }

    fn no_unicode(&self, start: usize, label: &str) -> Diagnostic {
        self.error(
            "This escape is no Unicode character",
            Span::new(start, self.offset.max(start + 2)),
        )
        .with_label(label)
    }
}
